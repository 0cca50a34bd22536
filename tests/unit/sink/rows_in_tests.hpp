#pragma once

#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>

#include <deque>
#include <initializer_list>
#include <string>
#include <vector>

namespace callrail::test {

inline Cell text(Text t) { return Cell::of(t); }
inline Cell number(Text t) { return Cell::of(t, Kind::number); }
inline Cell boolean(Text t) { return Cell::of(t, Kind::boolean); }
inline Cell json(Text t) { return Cell::of(t, Kind::json); }
inline Cell null() { return Cell::null(); }
inline Cell absent() { return {}; }

/// Rows that own their cells and, where asked, their text.
class OwnedRows {
 public:
  explicit OwnedRows(std::size_t width) : width_{width} {}
  OwnedRows(std::initializer_list<std::initializer_list<Cell>> rows)
      : width_{rows.size() == 0 ? 0 : rows.begin()->size()} {
    for (const auto& row : rows) cells_.insert(cells_.end(), row.begin(), row.end());
  }
  void add(const Cell& cell) { cells_.push_back(cell); }
  Text keep(std::string t) { return texts_.emplace_back(std::move(t)); }
  std::size_t width() const { return width_; }
  std::size_t size() const { return width_ == 0 ? 0 : cells_.size() / width_; }
  const Cell& at(std::size_t row, std::size_t column) const {
    return cells_[row * width_ + column];
  }
  operator Rows() const { return {cells_.data(), size(), width_}; }  // NOLINT: as sinks take them

 private:
  std::size_t width_;
  std::vector<Cell> cells_;
  std::deque<std::string> texts_;
};

inline Selection all_of(const Endpoint& endpoint) {
  Selection all;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) all.add(i);
  return all;
}

/// A table of plain columns with these names.
inline Table table_with(std::initializer_list<Text> names, Text name = "things") {
  Table table{.name = name, .columns = {}, .key = Endpoint::npos};
  for (const Text column : names) {
    const std::size_t field = table.columns.size();
    table.columns.push_back({std::string{column}, field, {}, nullptr, false});
  }
  return table;
}

/// The whole file.
inline std::string spell(const Table& table, const Rows& rows, const TextOptions& options) {
  std::string out;
  const auto format = make_text_format(options);
  format->begin(table, out);
  format->rows(table, rows, out);
  format->end(table, out);
  return out;
}

}  // namespace callrail::test
