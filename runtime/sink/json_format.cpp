#include "row_cells.hpp"
#include "speller.hpp"
#include "text_formats.hpp"

#include <optional>

namespace callrail {

namespace {

/// Writes rows as objects, one a line: absent members left out, null as null, numbers and nested
/// values as they were sent.
class JsonObjects {
 public:
  explicit JsonObjects(const Table& table) : cells_{table} {
    for (const Column& column : table.columns) keys_.add(column.name);
  }

  void append(const Rows& rows, std::size_t row, std::string& out) {
    const std::span<const Cell> cells = cells_.of(rows, row);
    append_within(out, json_room(cells, keys_),
                  [&](char* begin) { return speller_.json(cells, keys_, begin); });
  }

 private:
  const Speller& speller_ = best_speller();
  RowCells cells_;
  JsonKeys keys_;
};

class JsonlFormat : public TextFormat {
 public:
  void begin(const Table& table, std::string&) override { objects_.emplace(table); }
  std::optional<RowLines> lines(const Table& table) const override {
    return lines_of(table, RowLines::Form::jsonl);
  }
  void rows(const Table&, const Rows& rows, std::string& out) override {
    if (rows.lines != nullptr) return append_lines(rows, out);
    for (std::size_t r = 0; r < rows.count; ++r) {
      objects_->append(rows, r, out);
      out += '\n';
    }
  }
  void end(const Table&, std::string&) override {}

 private:
  std::optional<JsonObjects> objects_;
};

/// The same objects in one array, one a line.
class JsonFormat : public TextFormat {
 public:
  void begin(const Table& table, std::string& out) override {
    objects_.emplace(table);
    out += '[';
  }
  void go_on(const Table& table, std::uint64_t rows) override {
    objects_.emplace(table);
    empty_ = rows == 0;
  }
  void rows(const Table&, const Rows& rows, std::string& out) override {
    for (std::size_t r = 0; r < rows.count; ++r) {
      out += empty_ ? "\n" : ",\n";
      empty_ = false;
      objects_->append(rows, r, out);
    }
  }
  void end(const Table&, std::string& out) override { out += empty_ ? "]\n" : "\n]\n"; }

 private:
  std::optional<JsonObjects> objects_;
  bool empty_ = true;
};

}  // namespace

std::unique_ptr<TextFormat> make_jsonl_format() { return std::make_unique<JsonlFormat>(); }
std::unique_ptr<TextFormat> make_json_format() { return std::make_unique<JsonFormat>(); }

}  // namespace callrail
