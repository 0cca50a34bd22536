#pragma once

#include "check_row.hpp"
#include "row_batch.hpp"
#include "statements.hpp"

#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// What all rows of a transaction have in common.
struct Stamp {
  std::string now;  ///< as an instant
  std::int64_t run = 0;
};

struct RowFinding {
  std::size_t row;
  Finding finding;
};

/// Rows of a batch as the values of a statement.
class RowValues {
 public:
  RowValues(const TablePlan& plan, const RowStatements& statements, Dialect dialect)
      : plan_{plan}, statements_{statements}, dialect_{dialect} {}

  /// Those a row is looked up by: hash, account and key, to where they stand among its values.
  void look_up(const RowBatch&, std::size_t row, Text account, SqlValue* values);
  /// The others. `findings`: values that do not fit their columns; nothing: nobody wants to know.
  void fill(const RowBatch&, std::size_t row, const Stamp&, SqlValue* values,
            std::vector<RowFinding>* findings);
  /// Of a part of a row, after `fill`: what the row has in `_extra` beside what was read stays.
  /// Says whether it stays as it is altogether.
  bool keep_extra(Text stored, SqlValue* values);
  /// The rows of a child table that this row has; appended.
  void children(const RowBatch&, std::size_t row, const TablePlan::Child&, const SqlValue* values,
                std::vector<SqlValue>& out);
  /// What was made is of no use any more.
  void clear() { store_.clear(); }

  ByteStore& store() { return store_; }

 private:
  SqlValue extra(const Cell& unknown, Text misfits);

  const TablePlan& plan_;
  const RowStatements& statements_;
  Dialect dialect_;
  ByteStore store_;
  std::string misfits_;
  std::vector<Finding> found_;
};

/// The columns of a child table for one element of its list, behind the key and the place.
void append_element(Text element, const Field& list, const ChildTable&, Dialect, ByteStore&,
                    std::vector<SqlValue>& out);

/// The key of a row as one text, for people and for sets: "CAL1", "CAL1 2".
std::string key_text(const TablePlan&, std::span<const Cell> row);

}  // namespace callrail
