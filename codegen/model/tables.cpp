#include "tables.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// FormSubmission → form_submission
std::string words_in(std::string_view type_name) {
  std::string out;
  for (const char c : type_name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !out.empty()) out += '_';
    out += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::vector<TableColumn> columns_of(const Schema& schema, const Endpoint& endpoint) {
  std::vector<TableColumn> out;
  for (const auto& field : endpoint.fields) {
    if (field.sent == "single") continue;
    const bool is_key = std::any_of(endpoint.key.begin(), endpoint.key.end(),
                                    [&](const Name& key) { return key.text == field.name.text; });
    out.push_back({.name = field.name.text,
                   .as = stored_as(field.type.alternatives),
                   .field = &field,
                   .required = is_key || endpoint.cursor.text == field.name.text});
    const Alternative* object = field.type.find(Base::object);
    const Shape* shape = object ? schema.find_shape(object->name) : nullptr;
    if (!shape) continue;
    for (const auto& member : shape->fields) {
      const std::string name = field.name.text + "_" + member.name.text;
      if (!member.refers_to.empty() && !find_field(endpoint.fields, name))
        out.push_back({.name = name,
                       .as = stored_as(member.type.alternatives),
                       .field = &field,
                       .member = &member});
    }
  }
  return out;
}

/// Of a list's elements: their members, and themselves where they are no objects.
std::vector<TableColumn> columns_of_elements(const Schema& schema, const Field& list) {
  std::vector<TableColumn> out;
  std::vector<Alternative> others;
  const Alternative* type = list.type.find(Base::list);
  for (const auto& item : type ? type->items : std::vector<Alternative>{}) {
    const Shape* shape = item.base == Base::object ? schema.find_shape(item.name) : nullptr;
    if (!shape) others.push_back(item);
    if (shape)
      for (const auto& member : shape->fields)
        out.push_back({.name = member.name.text,
                       .as = stored_as(member.type.alternatives),
                       .field = &member});
  }
  const bool has_others =
      std::any_of(others.begin(), others.end(), [](const auto& a) { return a.base != Base::null; });
  if (has_others) out.push_back({.name = "value", .as = stored_as(others)});
  return out;
}

}  // namespace

Stored stored_as(const std::vector<Alternative>& alternatives) {
  Base main = Base::null;
  for (const auto& a : alternatives) {
    if (a.base == Base::any || a.base == Base::object || a.base == Base::map ||
        a.base == Base::list)
      return Stored::json;
    if (main == Base::null) main = a.base;
  }
  switch (main) {
    case Base::integer: return Stored::integer;
    case Base::number: return Stored::numeric;
    case Base::boolean: return Stored::boolean;
    case Base::timestamp: return Stored::instant;
    case Base::null: return Stored::json;
    default: return Stored::text;
  }
}

const TableColumn* EndpointTable::find(std::string_view column) const {
  for (const auto& one : columns)
    if (one.name == column) return &one;
  return nullptr;
}

EndpointTable table_of(const Schema& schema, const Endpoint& endpoint) {
  const std::string record = words_in(endpoint.record.text);
  EndpointTable out{.name = endpoint.name.text,
                    .view = "v_" + record,
                    .parent_keys = {},
                    .columns = columns_of(schema, endpoint),
                    .children = {}};
  for (const auto& key : endpoint.key) out.parent_keys.push_back(record + "_" + key.text);
  for (const auto& field : endpoint.fields)
    if (!field.table.empty() && field.sent != "single")
      out.children.push_back({.name = field.table.text,
                              .list = &field,
                              .columns = columns_of_elements(schema, field)});
  return out;
}

std::string index_name(std::string_view table, std::string_view column) {
  return std::string{table} + "_by_" + std::string{column};
}

std::vector<std::string> indexed(const std::vector<TableColumn>& columns, const Endpoint* of_rows) {
  std::vector<std::string> out;
  for (const auto& column : columns) {
    const Field* told = column.told();
    const bool is_cursor = of_rows && !column.member && column.name == of_rows->cursor.text;
    // The index of the primary key begins with it.
    const bool leads = of_rows && !column.member && column.name == of_rows->key.front().text;
    if (!leads && (is_cursor || (told && !told->refers_to.empty()))) out.push_back(column.name);
  }
  return out;
}

}  // namespace callrail::codegen
