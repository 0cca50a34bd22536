#include "row_cells.hpp"
#include "speller.hpp"
#include "text_formats.hpp"

#include <cstring>
#include <optional>
#include <vector>

namespace callrail {

namespace {

/// -5, +3.2, 1e9, and with them phone numbers as +15550100123: a spreadsheet takes these for
/// numbers and computes nothing.
bool is_plain_number(Text text) {
  std::size_t i = 0;
  const auto at = [&] { return i < text.size() ? text[i] : '\0'; };
  const auto digits = [&] {
    const std::size_t begin = i;
    while (at() >= '0' && at() <= '9') ++i;
    return i > begin;
  };
  if (at() == '+' || at() == '-') ++i;
  if (!digits()) return false;
  if (at() == '.' && (++i, !digits())) return false;
  if (at() == 'e' || at() == 'E') {
    ++i;
    if (at() == '+' || at() == '-') ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

bool would_be_run(Text text) {
  return !text.empty() && std::memchr("=+-@\t\r", text.front(), 6) != nullptr &&
         !is_plain_number(text);
}

/// RFC 4180. Null and absent are an empty cell, empty text is a quoted one: most readers see no
/// difference, those that do get it right.
class CsvFormat : public TextFormat {
 public:
  explicit CsvFormat(const TextOptions& options)
      : mark_{options.dialect == CsvDialect::excel}, escape_formulas_{options.escape_formulas} {}

  void begin(const Table& table, std::string& out) override {
    cells_.emplace(table);
    if (mark_) out += "\xef\xbb\xbf";
    std::vector<Cell> names;
    for (const Column& column : table.columns) names.push_back(Cell::of(column.name));
    append(names, out);
  }

  std::optional<RowLines> lines(const Table& table) const override {
    if (escape_formulas_) return std::nullopt;
    return lines_of(table, RowLines::Form::csv);
  }

  void rows(const Table&, const Rows& rows, std::string& out) override {
    if (rows.lines != nullptr) return append_lines(rows, out);
    for (std::size_t r = 0; r < rows.count; ++r) {
      const std::span<const Cell> cells = cells_->of(rows, r);
      append(escape_formulas_ ? harmless(cells) : cells, out);
    }
  }

  void end(const Table&, std::string&) override {}

 private:
  void append(std::span<const Cell> cells, std::string& out) const {
    append_within(out, csv_room(cells), [&](char* const begin) {
      char* end = speller_.csv(cells, begin);
      // A line without a character is no row to most readers.
      const Text rest = end == begin ? "\"\"\r\n" : "\r\n";
      std::memcpy(end, rest.data(), rest.size());
      return end + rest.size();
    });
  }

  /// The cells with an apostrophe before what would be run. Valid until the next call.
  std::span<const Cell> harmless(std::span<const Cell> cells) {
    harmless_.assign(cells.begin(), cells.end());
    escaped_.clear();
    escaped_.reserve(size_of(cells) + cells.size());  // cells point into it
    for (Cell& cell : harmless_) {
      if (cell.kind != Kind::text || !would_be_run(cell.text())) continue;
      const std::size_t begin = escaped_.size();
      escaped_.append(1, '\'').append(cell.text());
      cell = Cell::of(Text{escaped_}.substr(begin));
    }
    return harmless_;
  }

  bool mark_, escape_formulas_;
  const Speller& speller_ = best_speller();
  std::optional<RowCells> cells_;
  std::vector<Cell> harmless_;
  std::string escaped_;
};

}  // namespace

std::unique_ptr<TextFormat> make_csv_format(const TextOptions& options) {
  return std::make_unique<CsvFormat>(options);
}

}  // namespace callrail
