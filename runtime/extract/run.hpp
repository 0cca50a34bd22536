#pragma once

#include "key_set.hpp"
#include "list_reader.hpp"
#include "lists.hpp"

#include <callrail/extract.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// The extraction of one endpoint: its lists one after the other, each in the order of its pages.
///
/// A run without a sink reads the rows another endpoint waits for and keeps their keys only.
class Run {
 public:
  Run(const Api&, const ExtractOptions&, Wanted, Sink*);

  EndpointSummary summary;
  const Endpoint& endpoint() const { return *wanted_.endpoint; }
  bool has_sink() const { return sink_ != nullptr; }
  bool finished() const { return finished_; }
  void collect_keys() { keys_wanted_ = true; }

  /// Lays out the lists, once the rows of the parents are known.
  Status plan(const ParentKeys&, const Clock&);
  bool planned() const { return planned_; }

  struct Ask {
    std::size_t list = 0;
    int page = 0;
    std::string url;
    std::string what;
  };
  /// The next page to ask for, looking at most `ahead` lists beyond the current one.
  std::optional<Ask> next(std::size_t ahead) const;
  void asked(const Ask&);
  /// The request of a page again, with the fields as they are now.
  Ask again(std::size_t list, int page) const;
  std::size_t waiting() const;  ///< pages here that wait for an earlier one

  /// A page came. Fails with Code::bad_answer if it is of no use; then the caller has it back.
  Status arrived(std::size_t list, int page, Body&&, std::uint64_t ticket);
  /// The API refused to read a list (403), or does not know it (404): it counts as empty, and the
  /// summary says why. Not behind its first page: that is a failure.
  Status refused(std::size_t list, int page, const std::string& reason);
  Status not_found(std::size_t list, int page, const std::string& reason);
  /// What kept this run from telling the keys that others wait for, if anything did.
  const std::optional<Error>& keys_missing() const { return keys_missing_; }
  /// Part of what this endpoint is asked for could not be told: the rest is read all the same.
  void leave_out(const Error&);
  bool read_something() const;
  /// Takes the fields out of the request that a 400 complains about; false if it complains about
  /// something else.
  bool heal(const std::string& message);
  /// Grows with every field taken out, so that a request can tell whether it is out of date.
  std::size_t fields_version() const { return healed_.size(); }
  void fail_with(const Error&);

  /// A page nobody should believe at once: it only repeats the page before, or is empty in the
  /// middle of the list.
  struct Doubt {
    std::size_t list = 0;
    int page = 0;
    std::uint64_t ticket = 0;
    Error error;        ///< what the run fails with, if the page stays like that
    bool fatal = true;  ///< else the page may be taken as it is
  };
  /// Writes the pages that are due, and finishes when none is left.
  Result<std::optional<Doubt>> deliver(ParentKeys&);
  /// Takes a doubtful page as it is, because asking again brought the same.
  void accept(const Doubt& page) { accepted_ = {page.list, page.page}; }

  std::optional<std::uint64_t> expected() const;

 private:
  struct Slot {
    List list;
    ListReader reader;
    bool over = false;  ///< refused or not found
  };

  std::string of_list(std::size_t list) const;  ///< "ACC1 COM2: "
  std::vector<std::string> fields_to_name() const;
  Selection selection_asked() const;
  std::uint64_t rows_left() const;
  Result<std::optional<Doubt>> write(Slot&, ListReader::Delivered, ParentKeys&);
  std::optional<Doubt> doubt(Slot&, const ListReader::Delivered&) const;
  bool repeats_only(const Page&, bool counted) const;
  void remember(const Page&);
  std::size_t drop_repeated(Page&);
  void fill_in(Page&, const Scope&) const;
  void keep_keys(const Rows&, const Scope&, ParentKeys&);
  bool same_rows_possible(std::size_t list, std::size_t other) const;
  Status open();
  Status finish();
  void end_list();
  void count_list(const Slot&);

  const Api& api_;
  const ExtractOptions& options_;
  Wanted wanted_;
  Selection decoded_;
  Sink* sink_;
  Table table_;
  std::unique_ptr<Writer> writer_;
  PageDecoder decoder_;
  std::vector<Slot> slots_;
  std::vector<std::string> healed_;  ///< fields no longer asked for
  std::size_t current_ = 0;
  KeySet keys_;       ///< of the current list, and of those before it that may hold the same rows
  KeySet page_keys_;  ///< of the page before
  std::size_t key_field_ = Endpoint::npos;
  std::optional<std::pair<std::size_t, int>> accepted_;
  std::optional<Error> keys_missing_;
  std::uint64_t refused_lists_ = 0;
  bool keys_wanted_ = false;
  bool planned_ = false;
  bool finished_ = false;
};

}  // namespace callrail
