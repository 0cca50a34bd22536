#pragma once

#include <callrail/page.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace callrail {

/// Walks the pages of one list: says which page may be asked for next and hands the pages that came
/// out in their order, whatever the order they came in.
///
/// Offset paging asks for several pages at once as soon as the first one has said how many there
/// are; without such a number it goes on until an empty page. Relative paging has to go one by one.
class ListReader {
 public:
  /// `address`: of the list without page and size.
  ListReader(const PagingFacts&, Paging style, std::string address, int page_size);

  struct Ask {
    int page = 0;  ///< counted from 1, in both styles
    std::string url;
  };
  /// The next page to ask for, if one is known that was not asked for yet.
  std::optional<Ask> next() const;
  void asked(const Ask&);
  /// The address of a page again, after the fields in it changed.
  std::string url_of(int page) const;
  void set_address(std::string address);

  /// Fails if the page is not the one asked for, or leads astray: to another host, or in a circle.
  /// Then the page stays with the caller. `ticket` is handed back with the page.
  Status arrived(int page, Page&&, std::uint64_t ticket);
  struct Delivered {
    int page = 0;
    Page content;
    std::uint64_t ticket = 0;
  };
  /// The next page in order, once it is here.
  std::optional<Delivered> take();
  /// Whether a page without rows ends the list too early: the totals say that rows are left.
  bool ends_early(const Delivered&) const;
  /// Puts the page just taken back, to be asked for again: its content was of no use. False if
  /// later pages depend on it.
  bool give_back(int page);

  bool begun() const { return next_taken_ > 1; }
  bool done() const { return done_ && arrived_.empty(); }
  int unfinished() const { return next_page_ - next_taken_; }  ///< asked for, not yet taken
  std::size_t waiting() const { return arrived_.size(); }      ///< pages here, not yet taken
  bool counted() const { return pages_.has_value() || total_.has_value(); }
  std::optional<std::int64_t> total() const { return total_; }

 private:
  std::string first_relative() const;
  Status follow(const Page&);
  bool was_last(int page, std::size_t rows);

  const PagingFacts& facts_;
  Paging style_;
  std::string address_;
  int page_size_;
  int next_page_ = 1;                ///< to be asked for
  int next_taken_ = 1;               ///< to be delivered
  std::optional<int> pages_;         ///< how many there are, as far as the API says
  std::string next_url_;             ///< relative: of next_page_
  std::map<int, std::string> urls_;  ///< relative: of pages on their way
  std::set<std::string> followed_;
  std::map<int, Delivered> arrived_;
  std::optional<std::int64_t> total_;
  std::size_t full_page_ = 0;  ///< rows of the first page
  std::int64_t rows_taken_ = 0;
  bool done_ = false;  ///< no further page is to be asked for, and the last one was taken
};

}  // namespace callrail
