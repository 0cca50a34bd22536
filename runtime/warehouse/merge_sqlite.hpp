#pragma once

#include "table_merge.hpp"

namespace callrail {

class SqliteMerge final : public TableMerge {
 public:
  explicit SqliteMerge(const TablePlan& plan) : TableMerge{plan, Dialect::sqlite} {}
  Status merge(Database&, const RowBatch&, const Stamp&, std::span<MergeRow>, MergeNotes&) override;

 private:
  Status one(Database&, const RowBatch&, const Stamp&, MergeRow&, MergeNotes&);
  Status compare(Database&, MergeRow&);
  Status put_children(Database&, const RowBatch&, const MergeRow&, std::size_t child, bool is_new);

  std::vector<SqlValue> row_, of_children_;
};

}  // namespace callrail
