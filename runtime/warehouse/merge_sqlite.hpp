#pragma once

#include "table_merge.hpp"

namespace callrail {

class SqliteMerge final : public TableMerge {
 public:
  explicit SqliteMerge(const TablePlan&);
  Status merge(Database&, const RowBatch&, const Stamp&, std::span<MergeRow>, MergeNotes&) override;

 private:
  Status one(Database&, const RowBatch&, const Stamp&, MergeRow&, MergeNotes&);
  Status find_same_lists(Database&, const MergeRow&);
  Status compare(Database&, MergeRow&);
  Status put_children(Database&, const RowBatch&, const MergeRow&, std::size_t child, bool is_new);

  std::vector<SqlValue> row_, of_children_;
  std::vector<std::size_t> list_values_;  ///< of each child, the list among the values of a row
  std::vector<SqlValue> asked_;
  std::vector<bool> same_lists_;
};

}  // namespace callrail
