#include "row_cells.hpp"
#include "text_formats.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace callrail {

namespace {

constexpr ByteClasses needs_quotes = [] {
  ByteClasses classes{};
  for (const char c : {',', '"', '\r', '\n'}) classes[static_cast<unsigned char>(c)] = 1;
  return classes;
}();

void append_quoted(Text text, std::string& out) {
  out += '"';
  while (true) {
    const auto quote = std::min(text.find('"'), text.size());
    out.append(text.substr(0, quote));
    if (quote == text.size()) break;
    out += "\"\"";
    text.remove_prefix(quote + 1);
  }
  out += '"';
}

void append_value(Text text, std::string& out) {
  if (find_class(text, needs_quotes) == text.size())
    out.append(text);
  else
    append_quoted(text, out);
}

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
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) out += ',';
      append_value(table.columns[i].name, out);
    }
    out += "\r\n";
  }

  std::optional<RowLines> lines(const Table& table) const override {
    if (escape_formulas_) return std::nullopt;
    return lines_of(table, RowLines::Form::csv);
  }

  void rows(const Table&, const Rows& rows, std::string& out) override {
    if (rows.lines != nullptr) return append_lines(rows, out);
    for (std::size_t r = 0; r < rows.count; ++r) {
      const std::size_t begin = out.size();
      bool first = true;
      for (const Cell& cell : cells_->of(rows, r)) {
        if (!first) out += ',';
        first = false;
        append(cell, out);
      }
      // A line without a character is no row to most readers.
      if (out.size() == begin) out += "\"\"";
      out += "\r\n";
    }
  }

  void end(const Table&, std::string&) override {}

 private:
  void append(const Cell& cell, std::string& out) {
    switch (cell.kind) {
      case Kind::absent:
      case Kind::null: return;
      case Kind::boolean:
      case Kind::number: out.append(cell.text()); return;
      case Kind::text: append_text(cell.text(), out); return;
      case Kind::json: append_quoted(cell.text(), out); return;
    }
  }

  void append_text(Text text, std::string& out) {
    if (text.empty()) {
      out += "\"\"";
    } else if (escape_formulas_ && would_be_run(text)) {
      escaped_.assign(1, '\'').append(text);
      append_value(escaped_, out);
    } else {
      append_value(text, out);
    }
  }

  bool mark_, escape_formulas_;
  std::optional<RowCells> cells_;
  std::string escaped_;
};

}  // namespace

std::unique_ptr<TextFormat> make_csv_format(const TextOptions& options) {
  return std::make_unique<CsvFormat>(options);
}

}  // namespace callrail
