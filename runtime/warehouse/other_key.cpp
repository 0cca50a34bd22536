#include "other_key.hpp"

#include "tables_wanted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace callrail {

namespace {

/// Other people's names may have capitals and blanks.
std::string quoted(std::string_view name) {
  std::string out{'"'};
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

bool is_key(const Endpoint& endpoint, std::string_view column) {
  return std::ranges::find(endpoint.keys, column) != endpoint.keys.end();
}

const std::vector<ColumnThere>& columns_of(const Endpoint& endpoint, const TablesThere& there) {
  return there.tables.find(endpoint.table->name)->second;
}

std::string in_postgresql(const Endpoint& endpoint, const TablesThere& there,
                          const std::set<const StoredColumn*>& other_kinds) {
  const std::string table = sql_name(endpoint.table->name);
  std::string text;
  if (const auto key = there.key_names.find(endpoint.table->name); key != there.key_names.end())
    text +=
        fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", table, quoted(key->second));
  for (const ColumnThere& column : columns_of(endpoint, there))
    if (there.is_ours(endpoint.table->name, column.name))
      text += fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL;\n", table,
                          quoted(column.name));
  std::string key = "_account_id";
  for (const StoredColumn& column : endpoint.table->columns) {
    if (!is_key(endpoint, column.name)) continue;
    const std::string name = sql_name(column.name);
    if (other_kinds.contains(&column))
      text += fmt::format("ALTER TABLE {0} ALTER COLUMN {1} TYPE {2} USING {1}::{2};\n", table,
                          name, sql_type(Dialect::postgresql, column.as));
    if (column.as == Stored::text)
      text += fmt::format("UPDATE {0} SET {1} = '' WHERE {1} IS NULL;\n", table, name);
  }
  for (const Text name : endpoint.keys) key += ", " + sql_name(name);
  return text +
         fmt::format(
             "DELETE FROM {0} WHERE ctid IN (SELECT r.ctid FROM (SELECT ctid, row_number() OVER "
             "(PARTITION BY {1} ORDER BY _updated_at DESC) AS n FROM {0}) AS r WHERE r.n > 1);\n"
             "ALTER TABLE {0} ADD PRIMARY KEY ({1});\n",
             table, key);
}

/// An index that the statements of the endpoint make, or made.
bool is_index_of_ours(const Endpoint& endpoint, const TablesThere& there, std::string_view name) {
  const std::string begin = std::string{endpoint.table->name} + "_by_";
  if (!name.starts_with(begin)) return false;
  const auto column = name.substr(begin.size());
  return is_wanted(endpoint, column) || there.is_ours(endpoint.table->name, column);
}

/// SQLite cannot alter a key: the table is made anew and the rows of the old one go over. What
/// people have put beside it stays: their columns, indexes, triggers, and their views, which the
/// pragma keeps from following the old table.
std::string in_sqlite(const Endpoint& endpoint, const TablesThere& there) {
  const std::string name{endpoint.table->name};
  const std::string table = sql_name(name), old = "_old_" + name;
  std::string text = "PRAGMA legacy_alter_table = ON;\n", again;
  for (const BesideTable& beside : there.beside) {
    if (beside.table != name) continue;
    const bool is_trigger = beside.sql.starts_with("CREATE TRIGGER");
    text += fmt::format("DROP {} IF EXISTS {};\n", is_trigger ? "TRIGGER" : "INDEX",
                        quoted(beside.name));
    if (is_trigger || !is_index_of_ours(endpoint, there, beside.name)) again += beside.sql + ";\n";
  }
  text += fmt::format("ALTER TABLE {} RENAME TO {};\n", table, old);
  text += endpoint.table->sqlite.create;
  std::string into, from;
  for (const ColumnThere& column : columns_of(endpoint, there)) {
    const std::string here = quoted(column.name);
    if (!is_wanted(endpoint, column.name))
      text += fmt::format("ALTER TABLE {} ADD COLUMN {} {};\n", table, here, column.type);
    into += (into.empty() ? "" : ", ") + here;
    from += (from.empty() ? "" : ", ") +
            (is_key(endpoint, column.name) ? fmt::format("coalesce({}, '')", here) : here);
  }
  text +=
      fmt::format("INSERT OR IGNORE INTO {} ({}) SELECT {} FROM {} ORDER BY _updated_at DESC;\n",
                  table, into, from, old);
  return text + fmt::format("DROP TABLE {};\n{}PRAGMA legacy_alter_table = OFF;\n", old, again);
}

}  // namespace

std::string other_key_statements(Dialect dialect, const Endpoint& endpoint,
                                 const TablesThere& there,
                                 const std::set<const StoredColumn*>& other_kinds) {
  return dialect == Dialect::sqlite ? in_sqlite(endpoint, there)
                                    : in_postgresql(endpoint, there, other_kinds);
}

}  // namespace callrail
