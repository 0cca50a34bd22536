#include "json_text.hpp"
#include "row_cells.hpp"
#include "text_formats.hpp"

#include <optional>
#include <vector>

namespace callrail {

namespace {

/// Writes rows as objects, one a line: absent members left out, null as null, numbers and nested
/// values as they were sent.
class JsonObjects {
 public:
  explicit JsonObjects(const Table& table) : cells_{table} {
    for (const Column& column : table.columns) {
      std::string& key = keys_.emplace_back();
      append_json_string(column.name, key);
      key += ':';
    }
  }

  void append(const Rows& rows, std::size_t row, std::string& out) {
    char before = '{';
    std::size_t column = 0;
    for (const Cell& cell : cells_.of(rows, row)) {
      const std::string& key = keys_[column++];
      if (cell.is_absent()) continue;
      out += before;
      before = ',';
      out += key;
      switch (cell.kind) {
        case Kind::absent: break;
        case Kind::null: out += "null"; break;
        case Kind::text: append_json_string(cell.text(), out); break;
        case Kind::boolean:
        case Kind::number:
        case Kind::json: out.append(cell.text()); break;
      }
    }
    if (before == '{') out += before;
    out += '}';
  }

 private:
  RowCells cells_;
  std::vector<std::string> keys_;  ///< "name":
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
