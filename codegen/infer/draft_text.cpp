#include "draft.hpp"
#include "model/json_text.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// Characters, not bytes, for columns that line up.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string text, std::size_t to) {
  const std::size_t is = width(text);
  return is < to ? text + std::string(to - is, ' ') : text;
}

/// Texts go into flow maps, where commas, colons and hashes end them.
std::string quoted_if_needed(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ' ' || c == '.' || c == '/';
  });
  const bool word = text == "true" || text == "false" || text == "null";
  return plain && !word && !text.empty() ? text : json_quoted(text);
}

/// Lines with comments behind them, in one column unless a line is too long for it.
class Commented {
 public:
  void add(std::string line, std::string comment) {
    lines_.emplace_back(std::move(line), std::move(comment));
  }
  std::string text() const {
    constexpr std::size_t rightmost = 120;
    std::size_t column = 0;
    for (const auto& [line, comment] : lines_)
      if (!comment.empty() && width(line) + 2 <= rightmost)
        column = std::max(column, width(line) + 2);
    std::string out;
    for (const auto& [line, comment] : lines_)
      out += comment.empty() ? line + "\n" : padded(line + "  ", column) + "# " + comment + "\n";
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

std::string field_rows(const std::vector<DraftField>& fields, std::string_view indent) {
  std::size_t names = 0, types = 0;
  for (const auto& field : fields) {
    names = std::max(names, field.name.size() + 2);
    // One long type shall not push all others to the right.
    if (field.type.size() <= 40) types = std::max(types, field.type.size() + 2);
  }
  Commented out;
  for (const auto& field : fields) {
    std::string line = std::string{indent} + padded(field.name + ": ", names) +
                       "{ type: " + padded(field.type + ", ", types) + "evidence: real";
    const auto word = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) line += ", " + std::string{name} + ": " + quoted_if_needed(value);
    };
    if (field.on_request) line += ", on_request: true";
    if (field.optional) line += ", optional: true";
    word("format", field.format);
    word("unit", field.unit);
    word("pii", field.pii);
    if (field.secret) line += ", secret: true";
    word("refers_to", field.refers_to);
    if (!field.example.empty()) line += ", example: " + field.example;
    out.add(line + " }", field.note);
  }
  return out.text();
}

std::string enum_rows(const Draft& draft) {
  std::size_t names = 0;
  for (const auto& e : draft.enums) names = std::max(names, e.name.size() + 2);
  Commented out;
  for (const auto& e : draft.enums) {
    std::string values;
    for (const auto& value : e.values)
      values += (values.empty() ? "" : ", ") + quoted_if_needed(value);
    out.add("  " + padded(e.name + ": ", names) + "{ values: [" + values + "] }", e.note);
  }
  return out.text();
}

std::string endpoint_rows(const Draft& draft) {
  Commented out;
  const auto word = [&](const std::string& name, const std::string& value,
                        const std::string& note = {}) {
    if (!value.empty()) out.add("    " + name + ": " + value, note);
  };
  out.add("  " + draft.name + ":", draft.seen);
  word("record", draft.record);
  word("path", draft.path, draft.path_note);
  word("per", draft.per, draft.per_note);
  word("rows", draft.rows == row_itself ? "." : quoted_if_needed(draft.rows), draft.rows_note);
  word("key", draft.key, draft.key_note);
  if (!draft.select.empty()) word("select", "{ parameter: " + draft.select + " }");
  std::string paging;
  for (const auto& style : draft.paging) paging += (paging.empty() ? "" : ", ") + style;
  word("paging", "[" + paging + "]", draft.paging_note);
  word("cursor", draft.cursor, draft.cursor_note);
  if (draft.cursor.empty() && !draft.cursor_note.empty()) out.add("    # " + draft.cursor_note, "");
  out.add("    fields:", "");
  return out.text();
}

}  // namespace

std::string draft_text(const Draft& draft) {
  std::string out =
      "# Draft of " + draft.name + ", from " + draft.seen +
      ". Paste each part below the same word of the schema.\n"
      "# A person adds: `doc` and `docs` of the endpoint, and the facts no page shows "
      "(filters, order, how far back).\n"
      "# Below 100 values one that was never null proves nothing: such types end in "
      "`or null` to be safe.\n";
  for (const auto& note : draft.notes) out += "# Look: " + note + ".\n";
  if (!draft.parameters.empty()) {
    out += "\napi:\n  parameters:\n";
    for (const auto& [name, source] : draft.parameters) out += "    " + name + ": " + source + "\n";
  }
  if (!draft.enums.empty()) out += "\nenums:\n\n" + enum_rows(draft);
  if (!draft.shapes.empty()) {
    out += "\nshapes:\n";
    for (const auto& shape : draft.shapes)
      out += "\n  " + shape.name + ":  # " + shape.note + "\n    fields:\n" +
             field_rows(shape.fields, "      ");
  }
  return out + "\nendpoints:\n\n" + endpoint_rows(draft) + field_rows(draft.fields, "      ");
}

}  // namespace callrail::codegen
