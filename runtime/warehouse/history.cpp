#include "history.hpp"

#include "process_alive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unistd.h>

namespace callrail {

namespace {

/// Whoever did not say for so long that it is alive is not.
constexpr std::int64_t longest_silence = 60;

/// The database's own clock: the machines that use it may not agree.
Text now_in(Dialect dialect) {
  return dialect == Dialect::sqlite ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" : "clock_timestamp()";
}
Text seconds_since_beat(Dialect dialect) {
  return dialect == Dialect::sqlite
             ? "CAST((julianday('now') - julianday(beat)) * 86400 AS INTEGER)"
             : "CAST(extract(epoch FROM clock_timestamp() - beat) AS bigint)";
}

std::vector<std::string> split(std::string_view accounts) {
  std::vector<std::string> all;
  while (!accounts.empty()) {
    const auto comma = accounts.find(',');
    all.emplace_back(accounts.substr(0, comma));
    accounts.remove_prefix(comma == accounts.npos ? accounts.size() : comma + 1);
  }
  return all;
}

bool overlap(std::string_view some, std::string_view others) {
  if (some.empty() || others.empty()) return true;
  const auto theirs = split(others);
  return std::ranges::any_of(split(some), [&](const std::string& account) {
    return std::ranges::find(theirs, account) != theirs.end();
  });
}

std::int64_t own_pid() { return ::getpid(); }

struct Lease {
  std::string endpoint, accounts;
  std::int64_t run = 0, pid = 0;
  std::string host, since;
  bool alive = false;
};
bool is_own(const Lease& lease) { return lease.pid == own_pid() && lease.host == host_name(); }

/// In the order of their endpoints, so that messages do not depend on the database.
Status each_lease(Database& db, const std::function<void(const Lease&)>& take) {
  const std::string host = host_name();
  return db.query(
      fmt::format("SELECT endpoint, account, run_id, pid, host, since, {} FROM _lease ORDER BY 1",
                  seconds_since_beat(db.dialect())),
      {}, [&](const SqlRow& row) {
        Lease lease{
            std::string{row.text(0)}, std::string{row.text(1)}, row.number(2), row.number(3),
            std::string{row.text(4)}, std::string{row.text(5)}};
        lease.alive =
            row.number(6) < longest_silence && (lease.host != host || process_is_alive(lease.pid));
        take(lease);
      });
}

/// `endpoints`: those of the lease's run that are meant.
std::string told(const Lease& lease, const std::string& endpoints) {
  return fmt::format("{} {} already running (pid {} on {}, since {})", endpoints,
                     endpoints.find(',') == endpoints.npos ? "is" : "are", lease.pid, lease.host,
                     lease.since);
}

}  // namespace

Status nobody_runs(Database& db) {
  if (db.dialect() == Dialect::postgresql)
    // Nor does anybody begin before this transaction ends.
    if (auto status = db.run("LOCK TABLE _lease IN SHARE ROW EXCLUSIVE MODE"); !status)
      return status;
  std::optional<Lease> holder;
  auto status = each_lease(db, [&](const Lease& found) {
    if (found.alive && !holder) holder = found;
  });
  if (!status || !holder) return status;
  return fail(Code::held, fmt::format("{}: {}; wait for run {} to end", db.where(),
                                      told(*holder, holder->endpoint), holder->run));
}

Text to_text(SyncMode mode) {
  switch (mode) {
    case SyncMode::full: return "full";
    case SyncMode::delta: return "delta";
    case SyncMode::range: return "range";
    case SyncMode::dry_run: break;
  }
  return "dry_run";
}

std::string join_accounts(const std::vector<std::string>& accounts) {
  auto sorted = accounts;
  std::ranges::sort(sorted);
  std::string text;
  for (const std::string& account : sorted) text.append(text.empty() ? "" : ",").append(account);
  return text;
}

Text status_of(const EndpointSummary& summary, const TableCounts& counts, bool cancelled,
               bool strict) {
  if (cancelled && summary.outcome == Outcome::failed) return "cancelled";
  if (summary.outcome == Outcome::failed) return "failed";
  // Without a proof a limit ended it, as asked.
  const bool doubtful =
      strict && ((summary.proof && !is_complete(*summary.proof)) || !summary.drift.empty());
  if (summary.outcome != Outcome::complete || counts.rejected != 0 || doubtful) return "partial";
  return is_unavailable(summary) ? "unavailable" : "success";
}

std::string words_about(const EndpointSummary& summary) {
  if (!summary.reason.empty() || !summary.proof || is_complete(*summary.proof))
    return summary.reason;
  std::string text{to_text(*summary.proof)};
  const auto window = std::ranges::find(summary.windows, summary.proof, &WindowProof::proof);
  if (window == summary.windows.end()) return text;
  if (!window->scope.empty()) text += ", " + window->scope;
  if (!window->from.empty()) text += ", " + window->from + ".." + window->to;
  return window->why.empty() ? text : text + ": " + window->why;
}

Status History::change(std::string_view statement, std::span<const SqlValue> values) {
  auto done = db_.change(statement, values);
  if (!done) return std::unexpected(std::move(done).error());
  return {};
}

Status History::number(bool goes_on) {
  if (db_.dialect() == Dialect::postgresql)
    // Nobody else finds the same number, or takes what this run is about to take.
    if (auto status = db_.run("LOCK TABLE _lease IN SHARE ROW EXCLUSIVE MODE"); !status)
      return status;
  run_ = 0;
  if (goes_on) {
    const SqlValue values[] = {facts_.print};
    auto status = db_.query("SELECT coalesce(max(run_id), 0) FROM runs WHERE _print = $1", values,
                            [&](const SqlRow& row) { run_ = row.number(0); });
    if (!status || run_ != 0) return status;
  }
  return db_.query("SELECT coalesce(max(run_id), 0) + 1 FROM runs", {},
                   [&](const SqlRow& row) { run_ = row.number(0); });
}

Status History::take(const std::vector<const Endpoint*>& endpoints, const std::string& accounts) {
  std::optional<Lease> holder;
  std::string held;
  std::vector<Lease> gone;
  auto status = each_lease(db_, [&](const Lease& found) {
    const bool wanted = std::ranges::find(endpoints, Text{found.endpoint}, [](const Endpoint* e) {
                          return e->name;
                        }) != endpoints.end();
    if (!wanted || !overlap(found.accounts, accounts)) return;
    if (!found.alive || is_own(found))
      gone.push_back(found);
    else if (!holder)
      holder = found, held = found.endpoint;
    else if (found.run == holder->run)
      held += ", " + found.endpoint;
  });
  if (!status) return status;
  if (holder)
    return fail(Code::held, fmt::format("{}: {}; wait for it, or run with --wait 60s", db_.where(),
                                        told(*holder, held)));
  const std::string host = host_name();
  for (const Lease& dead : gone) {
    const SqlValue values[] = {dead.endpoint, dead.run};
    if (auto done = change("DELETE FROM _lease WHERE endpoint = $1 AND run_id = $2", values); !done)
      return done;
    if (dead.run == run_) continue;
    if (auto done =
            change("UPDATE runs SET status = 'failed', error = 'its process ended without a "
                   "word' WHERE endpoint = $1 AND run_id = $2 AND status = 'running'",
                   values);
        !done)
      return done;
  }
  for (const Endpoint* const endpoint : endpoints) {
    const SqlValue values[] = {endpoint->name, accounts, run_, own_pid(), host};
    const Text now = now_in(db_.dialect());
    if (auto done = change(fmt::format("INSERT INTO _lease (endpoint, account, run_id, pid, host, "
                                       "since, beat) VALUES ($1, $2, $3, $4, $5, {}, {})",
                                       now, now),
                           values);
        !done)
      return done;
  }
  return {};
}

Status History::still_ours(Text endpoint) {
  const std::string host = host_name();
  const SqlValue values[] = {endpoint, run_, own_pid(), host};
  auto done = db_.change(fmt::format("UPDATE _lease SET beat = {} WHERE endpoint = $1 AND run_id = "
                                     "$2 AND pid = $3 AND host = $4",
                                     now_in(db_.dialect())),
                         values);
  if (!done) return std::unexpected(std::move(done).error());
  if (*done != 0) return {};
  return fail(Code::held, fmt::format("{}: another run took {} over, because this one gave no sign "
                                      "of life for a minute; run again",
                                      db_.where(), endpoint));
}

Status History::beat() {
  const std::string host = host_name();
  const SqlValue values[] = {run_, own_pid(), host};
  return change(fmt::format("UPDATE _lease SET beat = {} WHERE run_id = $1 AND pid = $2 AND host = "
                            "$3",
                            now_in(db_.dialect())),
                values);
}

Status History::give_back() {
  const std::string host = host_name();
  const SqlValue values[] = {run_, own_pid(), host};
  return change("DELETE FROM _lease WHERE run_id = $1 AND pid = $2 AND host = $3", values);
}

Status History::begin(const std::vector<const Endpoint*>& endpoints, const std::string& accounts,
                      const std::string& now, const std::map<std::string, int>& look_back_days,
                      std::map<std::string, TableCounts>& counts) {
  const std::string host = host_name();
  for (const Endpoint* const endpoint : endpoints) {
    const std::string name{endpoint->name};
    const auto days = look_back_days.find(name);
    const auto narrowed = facts_.narrowed.find(name);
    const SqlValue values[] = {run_,
                               facts_.source,
                               name,
                               accounts,
                               to_text(facts_.mode),
                               now,
                               facts_.options,
                               days == look_back_days.end() ? SqlValue{} : SqlValue{days->second},
                               own_pid(),
                               host,
                               facts_.print,
                               narrowed == facts_.narrowed.end() ? Text{""} : narrowed->second};
    if (auto done = change("INSERT INTO runs (run_id, source, endpoint, account, mode, status, "
                           "started_at, fetched, "
                           "created, updated, unchanged, rejected, removed, returned, warnings, "
                           "requests, retries, "
                           "options, look_back_days, pid, host, _print, _fields) VALUES ($1, $2, "
                           "$3, $4, $5, 'running', $6, "
                           "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $7, $8, $9, $10, $11, $12) ON CONFLICT "
                           "(run_id, endpoint) DO UPDATE SET status = 'running', ended_at = NULL, "
                           "error = NULL, pid "
                           "= excluded.pid, host = excluded.host",
                           values);
        !done)
      return done;
    TableCounts& c = counts[name];
    auto status = db_.query(
        "SELECT created, updated, unchanged, rejected, removed, returned, warnings FROM runs WHERE "
        "run_id = $1 AND endpoint = $2",
        std::vector<SqlValue>{run_, name}, [&](const SqlRow& row) {
          std::size_t n = 0;
          for (std::uint64_t* const count : {&c.created, &c.updated, &c.unchanged, &c.rejected,
                                             &c.removed, &c.returned, &c.warnings})
            *count = static_cast<std::uint64_t>(row.number(n++));
        });
    if (!status) return status;
  }
  return {};
}

Status History::note_overlap(const std::vector<const Endpoint*>& endpoints,
                             const std::string& accounts, const std::string& now,
                             const std::string& why) {
  std::map<std::string, TableCounts> none;
  if (auto status = number(false); !status) return status;
  if (auto status = begin(endpoints, accounts, now, {}, none); !status) return status;
  return end_rest("skipped_overlap", why, now);
}

Status History::count(Text endpoint, const TableCounts& c) {
  const SqlValue values[] = {c.created + c.updated + c.unchanged + c.rejected,
                             c.created,
                             c.updated,
                             c.unchanged,
                             c.rejected,
                             c.removed,
                             c.returned,
                             c.warnings,
                             run_,
                             endpoint};
  return change(
      "UPDATE runs SET fetched = $1, created = $2, updated = $3, unchanged = $4, rejected = $5, "
      "removed = $6, returned = $7, warnings = $8 WHERE run_id = $9 AND endpoint = $10",
      values);
}

Status History::end(const EndpointSummary& summary, const TableCounts& c, const std::string& status,
                    const std::string& now, std::optional<int> looked_back) {
  const std::uint64_t rows = c.created + c.updated + c.unchanged + c.rejected;
  const auto took = static_cast<std::uint64_t>(std::max<std::int64_t>(summary.took.count(), 1));
  const std::string host = host_name(), words = words_about(summary);
  // Another process may have gone on with this run, if this one was silent for too long.
  const SqlValue values[] = {status,
                             now,
                             summary.requests,
                             summary.retries,
                             words.empty() ? SqlValue{} : SqlValue{words},
                             rows * 1000 / took,
                             run_,
                             summary.name,
                             own_pid(),
                             host,
                             looked_back ? SqlValue{*looked_back} : SqlValue{}};
  auto done = db_.change(
      "UPDATE runs SET status = $1, ended_at = $2, requests = $3, retries = $4, error = $5, "
      "rows_per_second = $6, _looked_back = $11 WHERE run_id = $7 AND endpoint = $8 AND pid = $9 "
      "AND host = $10",
      values);
  if (!done) return std::unexpected(std::move(done).error());
  return *done != 0 ? count(summary.name, c) : Status{};
}

Status History::end_rest(const std::string& status, const std::string& why,
                         const std::string& now) {
  const std::string host = host_name();
  const SqlValue values[] = {status, now,       why.empty() ? SqlValue{} : SqlValue{why},
                             run_,   own_pid(), host};
  return change(
      "UPDATE runs SET status = $1, ended_at = $2, error = $3 WHERE run_id = $4 AND status = "
      "'running' AND pid = $5 AND host = $6",
      values);
}

}  // namespace callrail
