#include "row_batch.hpp"

#include <cstring>

namespace callrail {

RowBatch::RowBatch(const TablePlan& plan) : plan_{plan} {
  for (const std::size_t field : plan.fields) names_.push_back(plan.endpoint->fields[field].name);
  names_.push_back(extra_column);
}

/// Cells are kept as their hash wants them, each behind its name, so they are copied once.
void RowBatch::add(const Rows& rows) {
  const std::size_t extra = plan_.endpoint->fields.size();
  for (std::size_t r = 0; r < rows.count; ++r) {
    const std::size_t first = cells_.size();
    for (const std::size_t field : plan_.fields) cells_.push_back(rows.at(r, field));
    cells_.push_back(rows.width > extra ? rows.at(r, extra) : Cell{});
    std::size_t size = 0;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (const Cell& cell = cells_[first + i]; cell.has_value()) {
        size += names_[i].size() + RowHasher::head_size + cell.size;
        cell_bytes_ += cell.size;
      }
    char* const begin = bytes_.room(size);
    bytes_.use(size);
    char* at = begin;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      Cell& cell = cells_[first + i];
      if (!cell.has_value()) continue;
      at += names_[i].copy(at, names_[i].size());
      at = RowHasher::put_head(cell, at);
      if (cell.size != 0) std::memcpy(at, cell.data, cell.size);
      cell.data = at;
      at += cell.size;
    }
    hashes_.push_back(hasher_.of({begin, size}));
  }
}

void RowBatch::clear() {
  bytes_.clear();
  cells_.clear();
  hashes_.clear();
  cell_bytes_ = 0;
}

}  // namespace callrail
