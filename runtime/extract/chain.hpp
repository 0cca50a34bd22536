#pragma once

#include "span.hpp"

#include <callrail/page.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace callrail {

/// The pages of one window in the order of the list, each read at its own moment.
///
/// Two neighbours with a row in common have nothing between them that was listed all the while:
/// each page is a stretch of the list as it stood then, so what follows the common row is either
/// on the first page or on the second. A chain of such pages has lost no row that stayed, however
/// many came and went. A common row counts if its cursor did not change: else it may have moved.
class Chain {
 public:
  struct Link {
    Span span;
    std::optional<Page> page = {};  ///< nothing: on its way
    std::uint64_t read = 0;         ///< larger is newer
    std::optional<bool> more = {};  ///< what the page said about pages behind it
    bool linked = true;             ///< meant to have a row in common with the one before
    bool bridge = false;  ///< need not bring new rows: closes a gap, or was looked at again
    bool aside = false;   ///< its large pieces are on the shelf
    int again = 0;        ///< how often it was read again because it brought nothing new

    bool is_full() const { return page && page->size() >= static_cast<std::size_t>(span.size); }
    /// Rows of the list before the end of this page, as the list stood when it was read.
    std::uint64_t end() const { return span.begin() + (page ? page->size() : 0); }
  };

  /// `cursor`: the field whose value tells where a row stands in the list; npos: unknown.
  Chain(std::size_t key, std::size_t cursor) : key_{key}, cursor_{cursor} {}

  std::vector<Link> links;

  /// Looks at the pages, but not again at those it looked at last time if they are still the first
  /// ones; what follows is as of the last call.
  void count();
  /// The same up to the first page that is missing, so that `count` has less to do.
  void count_ahead();
  std::size_t counted() const { return counted_.size(); }  ///< of the links, from the first on
  std::size_t rows() const { return seen_.size(); }        ///< different ones
  bool touches_previous(std::size_t link) const { return facts_[link].touches; }
  std::size_t new_rows(std::size_t link) const { return facts_[link].fresh; }
  bool begins_alike(std::size_t link, std::size_t other) const;
  /// A number that is the same for the same rows in the same order.
  std::uint64_t print() const { return print_; }
  /// Whether the rows go one way by their cursor. Ties and rows without it tell nothing.
  bool is_ordered() const { return !(rises_ && falls_); }

  /// One page after the other, with every row once: at the place it was first seen, in its newest
  /// reading. Rows point into their own page and into those behind it, so each may go before the
  /// next one is taken, but not the other way round. Adds to `repeated` how many came twice on one
  /// page; what two pages have in common was asked for twice.
  std::optional<Page> take(std::uint64_t& repeated);
  void clear();

 private:
  struct Seen {
    std::string_view identity;
    std::uint64_t hash;
    std::uint32_t first_link, first_row;
    std::uint32_t last_link, last_row;
    std::uint32_t link, row;  ///< of the newest reading
  };
  struct Facts {
    bool touches = false;
    std::size_t fresh = 0, repeated = 0;
  };

  void begin();
  void begin_taking();
  void count(std::uint32_t link);
  bool goes_on() const;
  Seen& find(std::string_view identity, bool& fresh);
  void grow();
  std::string_view identity(const Page&, std::size_t row);
  void note_order(const Page&, std::size_t row);
  bool same_cursor(const Page&, std::size_t row, const Page& other, std::size_t other_row) const;

  std::size_t key_, cursor_;
  std::vector<Seen> seen_;               ///< in the order they came
  std::vector<std::uint32_t> places_;    ///< by hash: 1 + the place in seen_; 0: free
  std::vector<Facts> facts_;             ///< by link
  std::vector<std::uint64_t> counted_;   ///< by link: which reading of it was counted
  std::vector<std::vector<bool>> keep_;  ///< by link and row, while pages are taken
  std::vector<std::uint32_t> moved_;     ///< of seen_: those whose newest reading is elsewhere
  std::size_t taken_ = 0, next_moved_ = 0;
  std::deque<std::string> spelled_;             ///< identities of rows without a key
  std::unordered_map<std::string, int> alike_;  ///< of the current page, without a key
  std::uint64_t print_ = 0;
  std::optional<std::int64_t> last_;
  bool rises_ = false, falls_ = false;
};

}  // namespace callrail
