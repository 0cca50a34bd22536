#pragma once

#include "table_plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace callrail {

/// The statements by which rows of one selection get into their table.
///
/// Values of a row, in this order: its columns without the key, `_extra`, `_updated_at`, `_run_id`,
/// `_row_hash`, `_account_id`, the key. Those from `_row_hash` on are what a row is looked up by.
struct RowStatements {
  std::size_t width = 0;             ///< values of a row
  std::size_t hash = 0;              ///< place of `_row_hash`
  std::vector<std::string> columns;  ///< of the values, as they stand in SQL

  // Row by row.
  /// Whether the hash is the same, whether it is marked as removed, and whether the hash is of
  /// something else than what is read now.
  std::string look_up;
  /// Whether the columns are the same, and `_extra`; by all values of the row. The hash does not
  /// say it where a run reads a part of the row, or the one before it did.
  std::string compare;
  std::string insert, update;
  /// Of a row that is there, whether each list that has a table of its own is the same: by the
  /// lists, in the order of the children, and the key.
  std::string same_lists;

  // A batch at once, in PostgreSQL.
  // The same of arrays of values, with the place in them, from 1; and of all values.
  std::string look_up_many, compare_many;
  std::string stage;  ///< makes the table `staging`, with these columns and `_n`
  std::string staging;
  /// Those of `staging` whose `_n` is from $1 to $2.
  std::string merge;
  /// The same row by row, for when that fails: gives those that were not taken in the table
  /// `_stage_bad`. It has no parameters: `first` and `last` stand in the text.
  std::string merge_one_by_one(std::int64_t first, std::int64_t last) const;
  std::string one_row;  ///< `merge` of the row `r`
};
RowStatements row_statements(const TablePlan&, Dialect);

/// Places of the values two rows are compared by: those that are read, `_extra` of whole rows, and
/// the key.
std::vector<std::size_t> compared_values(const TablePlan&, const RowStatements&);

/// Of a child table; the values of a row are the account, the key of the parent, `_n`, the columns.
struct ChildStatements {
  std::vector<std::string> columns;
  std::string table;
  std::string remove;       ///< by account and key
  std::string remove_many;  ///< by arrays of them, in PostgreSQL
};
ChildStatements child_statements(const TablePlan&, const ChildTable&, Dialect);

/// Of rows that are not listed any more.
struct RemovalStatements {
  /// The keys of a list's rows that are not marked: by the account, what its rows have in common,
  /// and (`in_window`) a begin and an end of their cursor.
  std::string listed;
  std::string mark;  ///< $1: now, $2: run, then account and key
};
RemovalStatements removal_statements(const TablePlan&, const ListValues&, bool in_window);

/// Texts as an array of PostgreSQL's: {"a","b"}.
void append_array_element(std::string& array, Text text, bool first);

}  // namespace callrail
