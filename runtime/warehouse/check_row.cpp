#include "check_row.hpp"

#include "json_member.hpp"

#include <algorithm>
#include <charconv>
#include <formats.hpp>
#include <json_text.hpp>
#include <value_check.hpp>

namespace callrail {

namespace {

/// What a person needs to see of it.
constexpr std::size_t most_shown = 200;

Text shown(const Field& field, const Cell& cell) {
  if (field.secret) return {};
  std::size_t size = std::min<std::size_t>(cell.size, most_shown);
  // Not in the middle of a character.
  while (size < cell.size && size > 0 &&
         (static_cast<unsigned char>(cell.data[size]) & 0xc0u) == 0x80u)
    --size;
  return cell.text().substr(0, size);
}

Text name_of(Stored as) {
  switch (as) {
    case Stored::text: return "text";
    case Stored::integer: return "an integer";
    case Stored::numeric: return "a number";
    case Stored::boolean: return "true or false";
    case Stored::instant: return "an instant";
    case Stored::json: break;
  }
  return "JSON";
}

bool is_in_range(const Field& field, const Cell& cell) {
  if (cell.kind != Kind::number && cell.kind != Kind::text) return true;
  double number = 0;
  const char* const end = cell.data + cell.size;
  const auto [at, error] = std::from_chars(cell.data, end, number);
  if (error != std::errc{} || at != end) return true;  // no number; a matter of its type
  return number >= field.min && number <= field.max;
}

}  // namespace

std::optional<std::string> reason_to_reject(const TablePlan& plan, std::span<const Cell> row,
                                            bool ranges, ByteStore& scratch) {
  const bool one_key = plan.keys == 1;
  for (const std::size_t i : plan.checked) {
    const TablePlan::Column& column = plan.columns[i];
    const Cell& cell = row[column.cell];
    const bool is_key = i >= plan.first_key();
    if (!cell.has_value()) {
      // Of several fields that identify a row together one may say "none".
      if (is_key ? one_key || !column.field->nullable() : column.required)
        return std::string{column.name} + (cell.is_null() ? " is null" : " is missing");
      continue;
    }
    if (is_key || column.required) {
      SqlValue value;
      // PostgreSQL holds less; and what it would alter could make one key of two.
      if (stored_value(Dialect::postgresql, column.as, cell, scratch, value) != Fit::whole)
        return std::string{column.name} + " is not " +
               std::string{column.as == Stored::text ? "text a key can be" : name_of(column.as)};
    }
    if (ranges && has_range(*column.field) && !is_in_range(*column.field, cell))
      return std::string{column.name} +
             " is out of range: " + std::string{shown(*column.field, cell)};
  }
  return std::nullopt;
}

void find_oddities(const TablePlan& plan, std::span<const Cell> row, std::vector<Finding>& found) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const Field& field = plan.endpoint->fields[plan.fields[i]];
    const Cell& cell = row[i];
    const bool nested = (field.accepts & (accept_object | accept_array)) != 0;
    if (cell.kind != Kind::text || nested) continue;
    if (!field.values.empty() && std::ranges::find(field.values, cell.text()) == field.values.end())
      found.push_back({field.name, "word", shown(field, cell)});
    else if (field.format != Format::any && !fits(field.format, cell.text()))
      found.push_back({field.name, "format", shown(field, cell)});
  }
}

void note_misfit(const TablePlan::Column& column, const Cell& cell, Fit fit,
                 std::vector<Finding>& found) {
  if (fit == Fit::whole) return;
  found.push_back({column.name, fit == Fit::none ? Text{"type"} : Text{"characters"},
                   shown(*column.field, cell)});
}

std::optional<std::string> first_oddity(const TablePlan& plan, std::span<const Cell> row,
                                        ByteStore& scratch) {
  std::vector<Finding> found;
  find_oddities(plan, row, found);
  for (const auto& column : plan.columns) {
    const Cell cell = cell_of(column, row, scratch);
    SqlValue value;
    note_misfit(column, cell, stored_value(Dialect::postgresql, column.as, cell, scratch, value),
                found);
  }
  if (found.empty()) return std::nullopt;
  return text_of(found.front());
}

Cell cell_of(const TablePlan::Column& column, std::span<const Cell> row, ByteStore& scratch) {
  const Cell& cell = row[column.cell];
  if (column.member == nullptr) return cell;
  return member_of(cell, column.member->name, scratch);
}

std::string text_of(const Finding& finding) {
  std::string text{finding.field};
  text += finding.rule == "word"     ? " is a word the schema does not know"
          : finding.rule == "format" ? " does not look as its format promises"
          : finding.rule == "type"   ? " is of another type"
                                     : " has characters the database has no form for";
  if (!finding.value.empty()) text.append(": ").append(finding.value);
  return text;
}

std::string raw_json(const TablePlan& plan, std::span<const Cell> row) {
  std::string json = "{";
  const auto add = [&](Text name, const Cell& cell) {
    if (json.size() > 1) json += ',';
    append_json_string(name, json);
    json += ':';
    append_json(cell, json);
  };
  for (std::size_t i = 0; i < plan.fields.size(); ++i)
    if (!row[i].is_absent()) add(plan.endpoint->fields[plan.fields[i]].name, row[i]);
  if (row.back().has_value()) add(extra_column, row.back());
  return json + '}';
}

}  // namespace callrail
