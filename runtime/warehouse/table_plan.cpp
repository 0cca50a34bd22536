#include "table_plan.hpp"

#include "row_hash.hpp"

#include <algorithm>
#include <limits>

namespace callrail {

bool has_range(const Field& field) {
  return field.min > -std::numeric_limits<double>::infinity() ||
         field.max < std::numeric_limits<double>::infinity();
}

namespace {

std::string mark_of(const Endpoint& endpoint, const std::vector<std::size_t>& fields) {
  RowHasher hasher;
  hasher.begin();
  for (const std::size_t field : fields) hasher.add(endpoint.fields[field].name, Cell::of(""));
  const RowHash hash = hasher.end();
  return std::string{bytes_of(hash).substr(0, part_mark_size)};
}

}  // namespace

TablePlan TablePlan::of(const Endpoint& endpoint, const StoredTable& table, const Table* selected) {
  TablePlan plan{
      .endpoint = &endpoint, .table = &table, .fields = {}, .columns = {}, .children = {}};
  std::vector<Text> keys{endpoint.keys.begin(), endpoint.keys.end()};
  if (keys.empty()) keys.push_back(endpoint.key);
  const auto is_key = [&](std::size_t field) {
    return std::ranges::find(keys, endpoint.fields[field].name) != keys.end();
  };
  const std::size_t cursor = endpoint.dates ? endpoint.find(endpoint.dates.cursor) : Endpoint::npos;
  const auto wants = [&](std::size_t field) {
    return selected == nullptr || field == cursor || is_key(field) ||
           std::ranges::any_of(selected->columns, [&](const callrail::Column& column) {
             return column.facts != nullptr && column.field == field;
           });
  };
  bool is_part = false;
  for (std::size_t field = 0; field < endpoint.fields.size(); ++field) {
    const bool stored = std::ranges::any_of(
        table.columns, [&](const StoredColumn& column) { return column.from == field; });
    if (stored && !wants(field)) is_part = true;
    if (!stored || !wants(field)) continue;
    if (field == cursor) plan.cursor = plan.fields.size();
    for (const ChildTable& child : table.children)
      if (child.field == field) plan.children.push_back({&child, plan.fields.size()});
    plan.fields.push_back(field);
  }
  const auto add = [&](const StoredColumn& column, std::size_t cell) {
    const Field& field = endpoint.fields[column.from];
    plan.columns.push_back(
        {.name = column.name,
         .as = column.as,
         .cell = cell,
         .field = &field,
         .member = column.member < field.members.size() ? &field.members[column.member] : nullptr,
         .required = column.required});
  };
  const auto cell_of = [&](const StoredColumn& column) {
    return static_cast<std::size_t>(std::ranges::find(plan.fields, column.from) -
                                    plan.fields.begin());
  };
  for (const StoredColumn& column : table.columns)
    if (const std::size_t cell = cell_of(column); cell < plan.fields.size() && !is_key(column.from))
      add(column, cell);
  for (const Text key : keys)
    for (const StoredColumn& column : table.columns)
      if (endpoint.fields[column.from].name == key && column.member == StoredColumn::whole) {
        add(column, cell_of(column));
        ++plan.keys;
      }
  for (std::size_t n = 0; n < plan.columns.size(); ++n) {
    // The key comes first: without it nobody knows which row this is.
    const std::size_t i = (n + plan.first_key()) % plan.columns.size();
    const Column& column = plan.columns[i];
    if (column.member != nullptr) continue;
    if (i >= plan.first_key() || column.required || has_range(*column.field))
      plan.checked.push_back(i);
  }
  if (is_part) plan.part = mark_of(endpoint, plan.fields);
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

std::string name_of(const Endpoint& endpoint, const Scope& scope, const std::string& narrowed) {
  std::string name;
  for (const auto& [parameter, value] : scope) {
    if (!name.empty()) name += ' ';
    if (!is_parent(endpoint, parameter)) name += parameter + '=';
    name += value;
  }
  if (!narrowed.empty()) name += (name.empty() ? "" : " ") + narrowed;
  return name;
}

std::string narrowing(const Endpoint& endpoint, const Selection& read) {
  std::string with, without;
  const Selection everything = Selection::everything(endpoint);
  for (const std::size_t field : everything.order()) {
    const Text name = endpoint.fields[field].name;
    // These are read whether they were named or not.
    if (name == endpoint.dates.cursor || name == endpoint.key ||
        std::ranges::find(endpoint.keys, name) != endpoint.keys.end())
      continue;
    std::string& list = read.has(field) ? with : without;
    list.append(list.empty() ? "" : ",").append(name);
  }
  if (without.empty()) return {};
  return with.size() < without.size() ? "fields " + with : "without " + without;
}

}  // namespace callrail
