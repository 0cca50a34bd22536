#include "row_batch.hpp"

#include <cstring>

namespace callrail {

void RowBatch::add(const Rows& rows) {
  const auto& all = plan_.endpoint->fields;
  for (std::size_t r = 0; r < rows.count; ++r) {
    const std::size_t first = cells_.size();
    for (const std::size_t field : plan_.fields) cells_.push_back(rows.at(r, field));
    cells_.push_back(rows.width > all.size() ? rows.at(r, all.size()) : Cell{});
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
      hasher_.add(i < plan_.fields.size() ? all[plan_.fields[i]].name : extra_column, cell);
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
