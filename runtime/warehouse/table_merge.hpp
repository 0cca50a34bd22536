#pragma once

#include "row_values.hpp"

#include <cstdint>
#include <database.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace callrail {

enum class Fate : std::uint8_t { created, updated, returned, unchanged, rejected };

struct MergeRow {
  std::size_t row;  ///< of the batch
  Text account;
  Fate fate = Fate::unchanged;
  /// A migration took it away, or it is of other fields: nobody need have edited the row.
  bool hash_was_unknown = false;
  bool hash_was_taken = false;  ///< by a migration: what is beside the row is not certain either
};

/// What is to be known about a merge beside the fates.
struct MergeNotes {
  bool dry = false;  ///< only find out
  bool findings_wanted = true;
  std::vector<RowFinding> findings = {};                          ///< of created and updated rows
  std::vector<std::pair<std::size_t, std::string>> refused = {};  ///< by the database, and why
};

/// Brings rows into their table, within a transaction.
class TableMerge {
 public:
  TableMerge(const TablePlan& plan, Dialect dialect)
      : plan_{plan},
        statements_{row_statements(plan, dialect)},
        values_{plan_, statements_, dialect} {
    for (const auto& child : plan.children)
      children_.push_back(child_statements(plan, *child.table, dialect));
    for (const auto& child : children_)
      child_columns_.emplace_back(child.columns.begin(), child.columns.end());
  }
  virtual ~TableMerge() = default;
  TableMerge(const TableMerge&) = delete;

  /// Says what becomes of each row; of rows with the same key the last one stays. If it fails with
  /// Trouble::row, `notes.refused` has grown, and the transaction may be done again without these.
  virtual Status merge(Database&, const RowBatch&, const Stamp&, std::span<MergeRow>,
                       MergeNotes&) = 0;
  RowValues& values() { return values_; }

 protected:
  /// Whether its columns have to be compared, because its hash does not say all.
  bool is_doubtful(const MergeRow& row) const {
    if (row.fate == Fate::updated)
      return (row.hash_was_unknown && !row.hash_was_taken) || !plan_.part.empty();
    return row.fate == Fate::returned && !plan_.part.empty();
  }
  /// After its values were filled, with what its row in the table said.
  void compared(MergeRow& row, bool same, Text extra, SqlValue* values) {
    if (!plan_.part.empty()) same = values_.keep_extra(extra, values) && same;
    if (same && row.fate == Fate::updated) row.fate = Fate::unchanged;
  }

  const TablePlan& plan_;
  RowStatements statements_;
  std::vector<ChildStatements> children_;
  std::vector<std::vector<std::string_view>> child_columns_;
  RowValues values_;
};

std::unique_ptr<TableMerge> make_table_merge(const TablePlan&, Dialect);

}  // namespace callrail
