#include "tables_wanted.hpp"

#include <callrail/sha256.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail {

namespace {

constexpr std::pair<Stored, std::string_view> kinds[] = {
    {Stored::text, "text"},       {Stored::integer, "integer"}, {Stored::numeric, "numeric"},
    {Stored::boolean, "boolean"}, {Stored::instant, "instant"}, {Stored::json, "json"},
};

Stored kind_of(const Endpoint& endpoint, Text key) {
  for (const StoredColumn& column : endpoint.table->columns)
    if (column.name == key && column.member == StoredColumn::whole) return column.as;
  return Stored::text;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \n");
  return begin == text.npos ? std::string_view{}
                            : text.substr(begin, text.find_last_not_of(" \n") + 1 - begin);
}

}  // namespace

std::string_view to_text(Stored as) {
  for (const auto& [kind, word] : kinds)
    if (kind == as) return word;
  return {};
}

std::optional<Stored> stored_from(std::string_view word) {
  for (const auto& [kind, name] : kinds)
    if (name == word) return kind;
  return std::nullopt;
}

std::string told(const Endpoint& endpoint) {
  std::string keys;
  for (const Text key : endpoint.keys)
    keys += fmt::format("{}{} {}", keys.empty() ? "" : ", ", key, to_text(kind_of(endpoint, key)));
  return "rows by " + keys;
}

std::string told(const Endpoint& endpoint, const ChildTable& child) {
  std::string keys;
  for (std::size_t n = 0; n < endpoint.keys.size(); ++n)
    keys += fmt::format(", {} {}", endpoint.table->parent_keys[n],
                        to_text(kind_of(endpoint, endpoint.keys[n])));
  return fmt::format("elements of {}.{}{}", endpoint.name, endpoint.fields[child.field].name, keys);
}

std::string digest(std::string_view text) {
  Sha256 sha;
  sha.add(text);
  return sha.hex().substr(0, 32);
}

std::vector<const Endpoint*> stored_endpoints(const Api& api) {
  std::vector<const Endpoint*> out;
  for (const Endpoint* endpoint : api.endpoints)
    if (endpoint->table != nullptr) out.push_back(endpoint);
  return out;
}

bool is_wanted(const Endpoint& endpoint, std::string_view column) {
  const auto& columns = endpoint.table->columns;
  return std::ranges::find(stored_columns_of_all, column) != std::end(stored_columns_of_all) ||
         std::ranges::find(columns, column, &StoredColumn::name) != columns.end();
}

std::vector<OwnTable> tables_in(std::string_view statements) {
  constexpr std::string_view begin = "CREATE TABLE IF NOT EXISTS ";
  std::vector<OwnTable> out;
  for (std::size_t at = 0; (at = statements.find(begin, at)) != statements.npos;) {
    at += begin.size();
    const auto open = statements.find('(', at);
    OwnTable table{.name = std::string{trimmed(statements.substr(at, open - at))}, .columns = {}};
    int depth = 1;
    std::size_t from = open + 1;
    for (at = from; at < statements.size() && depth > 0; ++at) {
      depth += statements[at] == '(' ? 1 : statements[at] == ')' ? -1 : 0;
      if (depth > 1 || (depth == 1 && statements[at] != ',')) continue;
      const auto part = trimmed(statements.substr(from, at - from));
      const auto blank = part.find(' ');
      if (!part.starts_with("PRIMARY KEY"))
        table.columns.emplace_back(part.substr(0, blank), trimmed(part.substr(blank)));
      from = at + 1;
    }
    out.push_back(std::move(table));
  }
  return out;
}

}  // namespace callrail
