#include "tables_there.hpp"

#include <algorithm>

namespace callrail {

namespace {

struct Catalog {
  std::string_view columns, views, key_names, beside;
};

constexpr Catalog sqlite{
    .columns =
        "SELECT m.name, c.name, c.type || CASE WHEN c.dflt_value IS NULL THEN '' WHEN "
        "c.\"notnull\" THEN ' NOT NULL DEFAULT ' ELSE ' DEFAULT ' END || "
        "coalesce(c.dflt_value, '') FROM sqlite_master AS m "
        "JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' ORDER BY m.name, c.cid",
    .views = "SELECT name FROM sqlite_master WHERE type = 'view'",
    .key_names = {},
    .beside =
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') "
        "AND sql IS NOT NULL ORDER BY name",
};

/// Of the schema the connection makes its tables in.
constexpr Catalog postgresql{
    .columns =
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) "
        "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 "
        "AND NOT a.attisdropped WHERE c.relkind IN ('r', 'p', 'f') "
        "AND n.nspname = current_schema() ORDER BY c.relname, a.attnum",
    .views =
        "SELECT c.relname::text FROM pg_class AS c "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('v', 'm') AND n.nspname = current_schema()",
    .key_names =
        "SELECT c.relname::text, k.conname::text FROM pg_constraint AS k "
        "JOIN pg_class AS c ON c.oid = k.conrelid "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE k.contype = 'p' AND n.nspname = current_schema()",
    .beside = {},
};

std::string text(const SqlRow& row, std::size_t column) { return std::string{row.text(column)}; }

}  // namespace

bool TablesThere::has(std::string_view table, std::string_view column) const {
  const auto there = tables.find(table);
  return there != tables.end() &&
         std::ranges::find(there->second, column, &ColumnThere::name) != there->second.end();
}

Result<TablesThere> tables_there(Database& db) {
  const Catalog& catalog = db.dialect() == Dialect::sqlite ? sqlite : postgresql;
  TablesThere there;
  Status asked = db.query(catalog.columns, {}, [&](const SqlRow& row) {
    there.tables[text(row, 0)].push_back({text(row, 1), text(row, 2)});
  });
  const auto ask = [&](std::string_view statement, const std::function<void(const SqlRow&)>& take) {
    if (asked && !statement.empty()) asked = db.query(statement, {}, take);
  };
  ask(catalog.views, [&](const SqlRow& row) { there.views.insert(text(row, 0)); });
  ask(catalog.key_names, [&](const SqlRow& row) { there.key_names[text(row, 0)] = text(row, 1); });
  ask(catalog.beside, [&](const SqlRow& row) {
    there.beside.push_back({text(row, 0), text(row, 1), text(row, 2)});
  });
  if (asked && there.has("_schema"))
    ask("SELECT thing, part, definition FROM _schema", [&](const SqlRow& row) {
      there.made[{text(row, 0), text(row, 1)}] = text(row, 2);
    });
  if (!asked) return std::unexpected(asked.error());
  return there;
}

}  // namespace callrail
