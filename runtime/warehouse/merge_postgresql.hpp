#pragma once

#include "table_merge.hpp"

namespace callrail {

/// A batch at a time: what counts here is how often the server is asked.
class PostgresqlMerge final : public TableMerge {
 public:
  explicit PostgresqlMerge(const TablePlan& plan) : TableMerge{plan, Dialect::postgresql} {}
  Status merge(Database&, const RowBatch&, const Stamp&, std::span<MergeRow>, MergeNotes&) override;

 private:
  using Chosen = std::vector<MergeRow*>;

  Status chunk(Database&, const RowBatch&, const Stamp&, const Chosen&, MergeNotes&);
  Status look_up(Database&, const Chosen&);
  Status compare(Database&, const Chosen&);
  Status put(Database&, Chosen, MergeNotes&);
  Status put_halves(Database&, const Chosen&, std::string why, MergeNotes&);
  Status put_each(Database&, const Chosen&, MergeNotes&);
  Status stage(Database&, const Chosen&, std::optional<std::size_t>& bad);
  Status put_children(Database&, const RowBatch&, const Chosen&, std::size_t child, MergeNotes&);
  std::vector<std::string> keys_of(const Chosen&) const;
  const SqlValue* values_of(const MergeRow* row) const;

  std::vector<std::size_t> places_;  ///< of each row of the batch, in `all_`
  std::vector<SqlValue> all_, staged_;
  std::int64_t next_ = 0;  ///< `_n` of the next row in the staging table
};

}  // namespace callrail
