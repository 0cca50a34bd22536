#include <callrail/orphans.hpp>
#include <callrail/sql_names.hpp>
#include <callrail/stored_table.hpp>

#include <fmt/format.h>

#include <database.hpp>

namespace callrail {

namespace {

constexpr std::size_t most_named = 5;

/// Of endpoints the account stands in the key of, so a row belongs to the same account as what it
/// refers to; accounts themselves are their own.
Status look(Database& db, const StoredTable& table, const StoredColumn& column,
            const StoredTable& other, Text key, std::vector<Orphans>& found) {
  Orphans orphans{.table = std::string{table.name},
                  .column = std::string{column.name},
                  .refers_to = std::string{column.refers_to},
                  .first = {}};
  const std::string name = sql_name(column.name);
  auto status = db.query(
      fmt::format(
          "SELECT CAST(t.{0} AS text), count(*) FROM {1} AS t WHERE t._removed_at IS NULL "
          "AND t.{0} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {2} AS o WHERE "
          "o._account_id = t._account_id AND o.{3} = t.{0}) GROUP BY t.{0} ORDER BY 2 DESC, 1",
          name, sql_name(table.name), sql_name(other.name), sql_name(key)),
      {}, [&](const SqlRow& row) {
        ++orphans.missing;
        orphans.rows += static_cast<std::uint64_t>(row.number(1));
        if (orphans.first.size() < most_named) orphans.first.emplace_back(row.text(0));
      });
  if (status && orphans.rows != 0) found.push_back(std::move(orphans));
  return status;
}

const StoredColumn* column_of(const StoredTable& table, Text name) {
  for (const StoredColumn& column : table.columns)
    if (column.name == name) return &column;
  return nullptr;
}

}  // namespace

Result<std::vector<Orphans>> find_orphans(Database& db, const Api& api) {
  std::vector<Orphans> found;
  for (const Endpoint* const endpoint : api.endpoints) {
    if (endpoint->table == nullptr) continue;
    for (const StoredColumn& column : endpoint->table->columns) {
      const auto dot = column.refers_to.find('.');
      if (dot == Text::npos) continue;
      const Endpoint* const other = api.find(column.refers_to.substr(0, dot));
      const Text key = column.refers_to.substr(dot + 1);
      if (other == nullptr || other->table == nullptr) continue;
      // Of different types they are never equal, and PostgreSQL says so.
      const StoredColumn* const theirs = column_of(*other->table, key);
      if (theirs == nullptr || theirs->as != column.as) continue;
      if (auto status = look(db, *endpoint->table, column, *other->table, key, found); !status)
        return std::unexpected(std::move(status).error());
    }
  }
  return found;
}

}  // namespace callrail
