#include "table_plan.hpp"

#include <algorithm>

namespace callrail {

TablePlan TablePlan::of(const Endpoint& endpoint, const StoredTable& table, const Table* selected) {
  TablePlan plan{.endpoint = &endpoint, .table = &table, .columns = {}, .children = {}};
  std::vector<Text> keys{endpoint.keys.begin(), endpoint.keys.end()};
  if (keys.empty()) keys.push_back(endpoint.key);
  const auto wants = [&](std::size_t field) {
    if (selected == nullptr) return true;
    return std::ranges::any_of(selected->columns, [&](const callrail::Column& column) {
      return column.facts != nullptr && column.field == field;
    });
  };
  const auto add = [&](const StoredColumn& column) {
    plan.columns.push_back({.name = column.name,
                            .as = column.as,
                            .from = column.from,
                            .field = &endpoint.fields[column.from],
                            .required = column.required});
  };
  const auto is_key = [&](const StoredColumn& column) {
    return std::ranges::find(keys, endpoint.fields[column.from].name) != keys.end();
  };
  for (const StoredColumn& column : table.columns) {
    if (is_key(column)) continue;
    const bool is_cursor =
        endpoint.dates && endpoint.fields[column.from].name == endpoint.dates.cursor;
    if (!is_cursor && !wants(column.from)) continue;
    if (is_cursor) plan.cursor = plan.columns.size();
    for (const ChildTable& child : table.children)
      if (child.field == column.from) plan.children.push_back({&child, plan.columns.size()});
    add(column);
  }
  for (const Text key : keys)
    for (const StoredColumn& column : table.columns)
      if (endpoint.fields[column.from].name == key) {
        add(column);
        ++plan.keys;
      }
  return plan;
}

namespace {
bool is_parent(const Endpoint& endpoint, const std::string& parameter) {
  return std::ranges::any_of(endpoint.parents,
                             [&](const Parent& parent) { return parent.parameter == parameter; });
}
}  // namespace

ListValues values_of(const Endpoint& endpoint, const Scope& scope) {
  ListValues values;
  for (const auto& [parameter, value] : scope) {
    // The outermost parent is the account.
    const bool is_account =
        !endpoint.parents.empty() && endpoint.parents.front().parameter == parameter;
    if (is_account) values.account = value;
    const auto field = std::ranges::find_if(endpoint.fields, [&](const Field& f) {
      return f.sent == Sent::of_request && f.parameter == parameter;
    });
    if (is_parent(endpoint, parameter) && field != endpoint.fields.end())
      values.columns.emplace_back(field->name, value);
    else
      values.narrowed = values.narrowed || !is_account;
  }
  return values;
}

std::string name_of(const Endpoint& endpoint, const Scope& scope) {
  std::string name;
  for (const auto& [parameter, value] : scope) {
    if (!name.empty()) name += ' ';
    if (!is_parent(endpoint, parameter)) name += parameter + '=';
    name += value;
  }
  return name;
}

}  // namespace callrail
