#include "process_alive.hpp"

#include <callrail/past_runs.hpp>

#include <fmt/format.h>

#include <database.hpp>

namespace callrail {

namespace {

constexpr std::int64_t longest_silence = 60;  // seconds, as of History
constexpr std::int64_t longest_dry = 24 * 3600;

std::string instant(Dialect dialect, std::string_view column) {
  return dialect == Dialect::sqlite
             ? std::string{column}
             : fmt::format("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
                           column);
}

std::string columns_of_runs(Dialect dialect) {
  return fmt::format(
      "r.run_id, r.source, r.endpoint, r.account, r.mode, r.status, {}, {}, r.fetched, r.created, "
      "r.updated, r.unchanged, r.rejected, r.removed, r.returned, r.warnings, r.requests, "
      "r.retries, r.error, r.options, r.rows_per_second, r.look_back_days, r.pid, r.host",
      instant(dialect, "r.started_at"), instant(dialect, "r.ended_at"));
}
constexpr std::size_t columns = 24;

PastRun read(const SqlRow& row) {
  std::size_t at = 0;
  const auto number = [&] { return static_cast<std::uint64_t>(row.number(at++)); };
  const auto text = [&] {
    const std::size_t n = at++;
    return row.is_null(n) ? std::string{} : std::string{row.text(n)};
  };
  PastRun run;
  run.run_id = row.number(at++);
  for (std::string* const out : {&run.source, &run.endpoint, &run.account, &run.mode, &run.status,
                                 &run.started_at, &run.ended_at})
    *out = text();
  TableCounts& c = run.counts;
  for (std::uint64_t* const out :
       {&run.fetched, &c.created, &c.updated, &c.unchanged, &c.rejected, &c.removed, &c.returned,
        &c.warnings, &run.requests, &run.retries})
    *out = number();
  run.error = text();
  run.options = text();
  if (const auto speed = row.number_or_null(at++))
    run.rows_per_second = static_cast<std::uint64_t>(*speed);
  if (const auto days = row.number_or_null(at++)) run.look_back_days = static_cast<int>(*days);
  run.pid = row.number(at++);
  run.host = text();
  return run;
}

Status mark(Database& db, const std::vector<PastRun>& runs) {
  const std::string now = db.dialect() == Dialect::sqlite ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
                                                          : "clock_timestamp()";
  for (const PastRun& run : runs) {
    const SqlValue values[] = {run.error, run.run_id, run.endpoint};
    auto done =
        db.change(fmt::format("UPDATE runs SET status = 'failed', ended_at = {}, error = $1 "
                              "WHERE run_id = $2 AND endpoint = $3 AND status = 'running'",
                              now),
                  values);
    if (done)
      done = db.change("DELETE FROM _lease WHERE run_id = $1 AND endpoint = $2",
                       std::span{values}.subspan(1));
    if (!done) return std::unexpected(std::move(done).error());
  }
  return {};
}

}  // namespace

Result<std::vector<PastRun>> past_runs(Database& db, std::size_t last) {
  std::vector<PastRun> runs;
  const SqlValue values[] = {static_cast<std::uint64_t>(last)};
  auto status = db.query(
      fmt::format("SELECT {} FROM runs AS r WHERE r.run_id IN (SELECT DISTINCT run_id FROM runs "
                  "ORDER BY run_id DESC LIMIT $1) ORDER BY r.run_id DESC, r.endpoint",
                  columns_of_runs(db.dialect())),
      values, [&](const SqlRow& row) { runs.push_back(read(row)); });
  if (!status) return std::unexpected(std::move(status).error());
  return runs;
}

Result<std::vector<PastRun>> end_stale_runs(Database& db) {
  const std::string silence =
      db.dialect() == Dialect::sqlite
          ? "CAST((julianday('now') - julianday(l.beat)) * 86400 AS INTEGER)"
          : "CAST(extract(epoch FROM clock_timestamp() - l.beat) AS bigint)";
  const std::string age =
      db.dialect() == Dialect::sqlite
          ? "CAST((julianday('now') - julianday(r.started_at)) * 86400 AS INTEGER)"
          : "CAST(extract(epoch FROM clock_timestamp() - r.started_at) AS bigint)";
  const std::string host = host_name();
  std::vector<PastRun> stale;
  if (auto begun = db.begin(); !begun) return std::unexpected(std::move(begun).error());
  auto status = db.query(
      fmt::format(
          "SELECT {}, {}, {} FROM runs AS r LEFT JOIN _lease AS l ON l.run_id = r.run_id AND "
          "l.endpoint = r.endpoint WHERE r.status = 'running'",
          columns_of_runs(db.dialect()), silence, age),
      {}, [&](const SqlRow& row) {
        PastRun run = read(row);
        const auto silent = row.number_or_null(columns);
        // A dry run takes no lease, and tells nobody on another machine whether it is alive.
        const bool heard = silent ? *silent < longest_silence
                                  : run.mode == "dry_run" &&
                                        (run.host == host || row.number(columns + 1) < longest_dry);
        if (heard && (run.host != host || process_is_alive(run.pid))) return;
        run.status = "failed";
        run.error = "its process ended without a word";
        stale.push_back(std::move(run));
      });
  if (status) status = mark(db, stale);
  if (status) status = db.commit();
  if (status) return stale;
  db.roll_back();
  return std::unexpected(std::move(status).error());
}

}  // namespace callrail
