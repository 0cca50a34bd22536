#pragma once

#include "key_set.hpp"
#include "lists.hpp"
#include "scopes.hpp"
#include "window_reader.hpp"

#include <callrail/checkpoint.hpp>
#include <callrail/extract.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace callrail {

/// Lists of which each that the API does not know has a warning of its own.
inline constexpr std::uint64_t most_told = 10;

/// The extraction of one endpoint: its lists one after the other, each window by window. Rows are
/// written when their window is settled, in the order of the windows.
///
/// A run without a sink reads the rows another endpoint waits for and keeps their keys only.
class Run {
 public:
  Run(const Api&, const ExtractOptions&, Wanted, Sink*, Checkpoint*, PageDecoder&, const Clock&);

  EndpointSummary summary;
  const Endpoint& endpoint() const { return *wanted_.endpoint; }
  bool has_sink() const { return sink_ != nullptr; }
  bool finished() const { return finished_; }
  bool contract_broken() const { return contract_broken_; }
  void collect_keys() { keys_wanted_ = true; }

  /// Takes up what an earlier process left. Afterwards the run may be planned, or even finished.
  Status restore(ParentKeys&);
  /// Lays out the lists, once the rows of the parents are known.
  Status plan(const ParentKeys&);
  bool planned() const { return planned_ && !waits_for_keys_; }

  struct Ask {
    std::uint64_t slot = 0;
    std::size_t read = 0;
    std::string url;
    std::string what;
  };
  /// The next page to ask for: of the current window, or of at most `ahead` windows beyond it.
  std::optional<Ask> next(std::size_t ahead) const;
  void asked(const Ask&);
  /// The request of a page again, with the fields as they are now.
  Ask again(std::uint64_t slot, std::size_t read) const;
  std::size_t pages_held() const;  ///< here, or on their way

  /// Whether an answer is still of use: its window may have been cut meanwhile. Only then may it be
  /// handed to the next two.
  bool waits_for(const Ask&) const;

  /// A page came. Fails with Code::bad_answer if it is of no use; `insist`: asking again would not
  /// help, so what can be lived with is taken. The caller has a page of no use back.
  Status arrived(const Ask&, Body&&, bool insist, Events&);
  /// The API refused to read a list (403), or does not know it (404): it counts as empty, and the
  /// summary says why. Not behind its first page: then it could not be read.
  bool refused(const Ask&, const Error&, bool by_api);
  /// A list could not be read. False if the run cannot do without it.
  bool missed(const Ask&, const Error&, int status);
  /// What kept this run from telling the keys that others wait for, if anything did.
  const std::optional<Error>& keys_missing() const { return keys_missing_; }
  /// Part of what this endpoint is asked for could not be told: the rest is read all the same.
  void leave_out(const Error&);
  bool read_something() const;
  /// Takes the fields out of the request that a 400 complains about; false if it complains about
  /// something else.
  bool heal(const std::string& message);
  /// Grows with every field taken out, so that a request can tell whether it is out of date.
  std::size_t fields_version() const { return saved_.healed.size(); }
  /// Ends the run. What was read is kept for a later process if that may go on with it.
  void fail_with(const Error&);
  /// Whether a later process finds something here that it need not read again.
  bool is_kept() const {
    const bool any = current_ > 0 || (saved_.many && saved_.many->sum.lists != 0);
    return checkpoint_ != nullptr && any && (parked_ || finished_);
  }
  bool is_parked() const { return parked_; }

  /// Writes the windows that are due, and finishes when none is left.
  Status deliver(ParentKeys&);

  std::optional<std::uint64_t> expected() const;

 private:
  /// What came instead of the rows. What that means is decided when its turn comes, so that it
  /// does not depend on which answer came first.
  struct Trouble {
    Error error;
    std::string what;  ///< that was asked for
    bool refused = false, answered = false;
  };
  struct Slot {
    std::uint64_t id = 0;
    std::unique_ptr<WindowReader> reader;  ///< nothing: settled before, or not to be read
    std::optional<Trouble> trouble = {};
  };
  using SavedWindow = SavedEndpoint::Window;

  // run.cpp
  void spell_lines();
  bool is_sample(std::size_t list, const Drift&);
  void find_media();
  std::size_t index_of(std::uint64_t slot) const;  ///< npos: it was cut meanwhile
  List list_of(std::size_t index) const;
  Ask request_of(std::size_t index, const WindowReader::Ask&) const;
  std::string of_list(std::size_t index) const;  ///< "ACC1 COM2: "
  std::vector<std::string> fields_to_name() const;
  std::pair<Selection, bool> selection_asked() const;
  std::uint64_t rows_left() const;
  Slot make_slot(std::size_t window);
  void cut_what_is_too_large(std::size_t list);
  void put_aside();
  std::optional<bool> dates_are_ignored(std::size_t index) const;
  bool dates_are_heeded(std::size_t index) const;
  void uncut(std::size_t list);
  void cut(std::size_t index);
  WindowProof proof_of(std::size_t index) const;
  bool has_one_window(std::size_t list) const;
  void give_no_rows(std::size_t index, const std::string& why);
  void take_for_empty(std::size_t index, const std::string& reason);

  // run_trouble.cpp
  bool can_do_without(std::size_t index, const Error&, int status) const;
  std::size_t troubled() const;
  enum class Decision { wait, leave_out, end };
  Decision decide() const;
  Decision decide_at_the_end() const;
  bool leave_out_or_end();
  void leave_out_list(std::size_t index);
  void leave_out_account(std::size_t index, const std::string& reason);
  bool refused_from_the_start(std::size_t list) const;
  bool of_account(std::size_t list, std::size_t other) const;
  // run_many.cpp
  Result<Window> range() const;
  Status go_on_laying_out(const ParentKeys&);
  std::uint64_t number_of_lists() const;
  void lay_out_more();
  void lay_out(Scope);
  Window window_of(const Scope&) const;
  void sum_up(std::size_t lists);
  void tell_sum();

  // run_rows.cpp
  Status settle(Slot&, ParentKeys&);
  Status settle_count(std::size_t index);
  Status write(WindowReader&, const SavedWindow&, ParentKeys&);
  Status tell_writer(const SavedWindow&);
  void end_list(std::size_t list);
  bool count_list_again(std::size_t index);
  /// `before`: rows of the list before those of the page.
  void fill_in(Page&, const Scope&, std::uint64_t before);
  void queue_media(const Rows&, const Scope&);
  void keep_keys(const Rows&, const Scope&, ParentKeys&);
  bool same_rows_possible(std::size_t list, std::size_t other) const;
  bool same_rows_possible_anywhere() const;
  bool keeps_all_keys(std::size_t list) const;
  void judge(const SavedWindow&);
  Status finish();
  Status end_with(SavedEndpoint::Stage);
  void count_announced();
  TableProof table_proof() const;
  TableProof show_proof();

  // run_saved.cpp
  Status take_up(ParentKeys&);
  Status begin_anew();
  Status open();
  Status commit_if_due();
  Status commit();
  Status save(SavedEndpoint::Stage);
  void note_facts();
  void adopt(SavedEndpoint, ParentKeys&);

  const Api& api_;
  const ExtractOptions& options_;
  Wanted wanted_;
  Selection decoded_;
  Sink* sink_;
  Checkpoint* checkpoint_;
  const Clock& clock_;
  Table table_;
  std::unique_ptr<Writer> writer_;
  PageDecoder& decoder_;
  std::size_t key_field_ = Endpoint::npos, cursor_field_ = Endpoint::npos;
  std::size_t key_cell_ = Endpoint::npos, cursor_cell_ = Endpoint::npos;  ///< of a row's cells
  std::vector<std::pair<const Media*, std::size_t>> media_;               ///< and their cells
  std::optional<RowLines> lines_;  ///< what rows are spelled as while they are read
  Paging style_ = Paging::offset;

  SavedEndpoint saved_;              ///< with all windows, also those to come
  std::vector<Slot> slots_;          ///< parallel to saved_.windows
  std::optional<Scopes> to_come_;    ///< of lists that are not laid out
  Window range_;                     ///< the days of all lists
  std::deque<std::string> counted_;  ///< "1", "2", …: what rows that are counted point to
  std::uint64_t last_slot_ = 0;
  std::size_t current_ = 0;      ///< of slots_: the next to be written
  std::size_t frontier_ = 0;     ///< of slots_: behind the last one that was asked for
  std::uint64_t list_rows_ = 0;  ///< written of the current list
  std::string fresh_keys_;       ///< of keys_, as bytes: not yet committed, unless all of them go
  bool keys_anew_ = true;        ///< and what was committed before is to go
  bool torn_ = false;            ///< a window is being written, or failed to be
  bool cut_short_ = false;       ///< by the limit: the window being written
  KeySet keys_;                  ///< of rows that may come again in a later window
  KeySet here_;                  ///< of the window being written; kept for its memory

  std::size_t kept_keys_ = 0;             ///< of saved_.keys: committed
  std::vector<std::size_t> uncommitted_;  ///< settled windows
  std::uint64_t uncommitted_rows_ = 0;
  bool lists_changed_ = true;  ///< since the last commit
  Clock::Steady committed_at_{};

  std::uint64_t rows_read_ = 0;  ///< in this process; more than were written, beyond the limit
  std::uint64_t pages_ = 0;      ///< that came
  std::size_t sampled_lists_ = 0, sampled_drift_ = 0;

  std::optional<Error> keys_missing_;
  bool keys_wanted_ = false;
  bool contract_broken_ = false;
  bool waits_for_keys_ = false;  ///< to lay out what an earlier process did not get to
  bool planned_ = false, finished_ = false, parked_ = false;
  bool restored_ = false;  ///< what an earlier process left is known
  bool whole_ = false;     ///< the writer has written the end
};

}  // namespace callrail
