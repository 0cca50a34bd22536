#pragma once

#include "cursors.hpp"
#include "row_batch.hpp"
#include "table_merge.hpp"
#include "table_plan.hpp"

#include <callrail/warehouse.hpp>

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace callrail {

/// What a transaction did; it counts once it is committed.
struct Applied {
  TableCounts counts;
  std::map<std::int64_t, std::uint64_t> edit_ages;  ///< in days
};

/// What the rows of a run have in common.
struct LoadFacts {
  SyncMode mode = SyncMode::delta;
  bool checks = true, strict = false;
  std::int64_t run = 0;
  Clock::Wall began = {};
  std::string narrowed = {};  ///< as `narrowing` says it
  std::string seen_by = {};
};

/// The rows of one endpoint on their way into the database: those since the last commit, and what
/// is known about the windows they are of.
class Loading {
 public:
  Loading(const Endpoint&, const Table*, Dialect, const LoadFacts&, Cursors&);
  Loading(const Loading&) = delete;

  void write(const Rows&);
  void settled(const Scope&, const WindowProof&, bool whole_list);
  /// Rows of no window are rows of a list without parameters.
  void settle_rest();

  std::uint64_t bytes() const { return bytes_before_ + batch_.bytes(); }
  std::uint64_t rows() const { return rows_before_ + batch_.size(); }
  void go_on_at(const Position& position) {
    bytes_before_ = position.bytes;
    rows_before_ = position.rows;
  }

  /// All that is waiting, into a transaction; again, if that one failed.
  Status apply(Database&, const std::string& now, Applied&);
  /// The database would not take a row when the transaction failed, and the next time it is left
  /// out.
  bool may_go_on() { return std::exchange(learnt_, false); }
  void committed();
  /// Gives up what was not committed.
  void discard();
  /// Whether a statement on these columns fails: the tables are not those of this program.
  Status look_at_table(Database&) const;

 private:
  struct Window {
    std::size_t first = 0, behind = 0;  ///< rows of the batch
    ListValues list;
    WindowProof proof;
    bool whole_list = false, complete = false;
  };
  void check(Window&);
  void clear();
  std::optional<Clock::Wall> cursor_of(std::size_t row) const;
  bool may_remove(const Window&) const;
  std::unordered_set<Text> listed_keys(ByteStore&) const;
  std::string account_of(const Window&, std::size_t row) const;

  Status remove_unlisted(Database&, const Stamp&, Applied&);
  Status keep_what_others_see(Database&, const Stamp&, const Window&,
                              std::vector<std::vector<std::string>>& gone);
  Status merge(Database&, const Stamp&, Applied&);
  Status put_findings(Database&, const Stamp&, const std::vector<MergeRow>&, MergeNotes&, Applied&);
  Status forget_findings(Database&, const std::vector<MergeRow>&);
  Status put_rejects(Database&, const Stamp&, Applied&);
  Status put_edit_ages(Database&, const Applied&);

  const Endpoint& endpoint_;
  LoadFacts facts_;
  Dialect dialect_;
  TablePlan plan_;
  RowBatch batch_;
  std::unique_ptr<TableMerge> merge_;
  Cursors& cursors_;
  std::vector<Window> windows_;
  std::map<std::size_t, std::string> rejected_;  ///< rows of the batch, and why
  std::size_t settled_ = 0;                      ///< rows of the batch
  std::uint64_t bytes_before_ = 0, rows_before_ = 0;
  bool learnt_ = false;
  ByteStore scratch_;
};

}  // namespace callrail
