#pragma once

#include "byte_store.hpp"
#include "row_hash.hpp"
#include "table_plan.hpp"

#include <callrail/page.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace callrail {

/// Rows that wait to be committed. They own their bytes, so that they can be written again after a
/// transaction that failed.
class RowBatch {
 public:
  explicit RowBatch(const TablePlan&);

  void add(const Rows&);
  void clear();

  std::size_t size() const { return hashes_.size(); }
  /// In the order of the plan's fields, and behind them what the schema does not know.
  std::span<const Cell> row(std::size_t i) const {
    return {cells_.data() + (i * width()), width()};
  }
  const RowHash& hash(std::size_t i) const { return hashes_[i]; }
  std::size_t width() const { return plan_.fields.size() + 1; }
  std::uint64_t bytes() const { return cell_bytes_; }  ///< of the cells

 private:
  const TablePlan& plan_;
  std::vector<Text> names_;  ///< of the cells of a row
  ByteStore bytes_;
  std::vector<Cell> cells_;
  std::vector<RowHash> hashes_;
  RowHasher hasher_;
  std::uint64_t cell_bytes_ = 0;
};

}  // namespace callrail
