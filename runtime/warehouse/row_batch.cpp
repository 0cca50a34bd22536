#include "row_batch.hpp"

#include <cstring>

namespace callrail {

void RowBatch::add(const Rows& rows) {
  const std::size_t fields = plan_.endpoint->fields.size();
  for (std::size_t r = 0; r < rows.count; ++r) {
    const std::size_t first = cells_.size();
    for (const auto& column : plan_.columns) cells_.push_back(rows.at(r, column.from));
    cells_.push_back(rows.width > fields ? rows.at(r, fields) : Cell{});
    std::size_t size = 0;
    for (std::size_t c = first; c < cells_.size(); ++c)
      if (cells_[c].has_value()) size += cells_[c].size;
    char* at = bytes_.room(size);
    bytes_.use(size);
    hasher_.begin();
    for (std::size_t c = first; c < cells_.size(); ++c) {
      Cell& cell = cells_[c];
      if (!cell.has_value()) continue;
      const std::size_t i = c - first;
      hasher_.add(i < plan_.columns.size() ? plan_.columns[i].name : extra_column, cell);
      if (cell.size != 0) std::memcpy(at, cell.data, cell.size);
      cell.data = at;
      at += cell.size;
    }
    hashes_.push_back(hasher_.end());
  }
}

void RowBatch::clear() {
  bytes_.clear();
  cells_.clear();
  hashes_.clear();
}

}  // namespace callrail
