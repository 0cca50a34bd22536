#include <callrail/day_counts.hpp>
#include <callrail/sql_names.hpp>
#include <callrail/stored_table.hpp>

#include <fmt/format.h>

#include <database.hpp>

namespace callrail {

namespace {

std::string where(std::vector<SqlValue>& values, const std::vector<std::string>& accounts) {
  std::string text = "_removed_at IS NULL";
  for (const std::string& account : accounts) {
    values.emplace_back(account);
    text += fmt::format("{}${}", &account == &accounts.front() ? " AND _account_id IN (" : ", ",
                        values.size());
  }
  return text + (accounts.empty() ? "" : ")");
}

}  // namespace

Result<std::map<std::string, std::uint64_t>> rows_by_day(Database& db, const Endpoint& endpoint,
                                                         const std::string& first_day,
                                                         const std::string& last_day,
                                                         const std::vector<std::string>& accounts) {
  std::map<std::string, std::uint64_t> days;
  const std::string cursor = sql_name(endpoint.dates.cursor);
  const std::string day = db.dialect() == Dialect::sqlite
                              ? fmt::format("substr({}, 1, 10)", cursor)
                              : fmt::format("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD')", cursor);
  // By an index: so the whole table is not looked at.
  const std::string begin = first_day + "T00:00:00.000Z", end = last_day + "T23:59:59.999Z";
  const std::string_view type = db.dialect() == Dialect::sqlite ? "text" : "timestamptz";
  std::vector<SqlValue> values{begin, end};
  const std::string of_accounts = where(values, accounts);
  auto status = db.query(
      fmt::format(
          "SELECT {0}, count(*) FROM {1} WHERE {2} >= CAST($1 AS {3}) AND {2} <= CAST($2 AS "
          "{3}) AND {4} GROUP BY 1",
          day, sql_name(endpoint.table->name), cursor, type, of_accounts),
      values, [&](const SqlRow& row) {
        days[std::string{row.text(0)}] = static_cast<std::uint64_t>(row.number(1));
      });
  if (!status) return std::unexpected(std::move(status).error());
  return days;
}

Result<std::uint64_t> rows_in_all(Database& db, const Endpoint& endpoint,
                                  const std::vector<std::string>& accounts) {
  std::uint64_t rows = 0;
  std::vector<SqlValue> values;
  const std::string of_accounts = where(values, accounts);
  auto status = db.query(
      fmt::format("SELECT count(*) FROM {} WHERE {}", sql_name(endpoint.table->name), of_accounts),
      values, [&](const SqlRow& row) { rows = static_cast<std::uint64_t>(row.number(0)); });
  if (!status) return std::unexpected(std::move(status).error());
  return rows;
}

}  // namespace callrail
