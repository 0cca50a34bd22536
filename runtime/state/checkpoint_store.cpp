#include "checkpoint_store.hpp"

#include "scope_text.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <plain_text.hpp>
#include <utility>

namespace callrail {

namespace {

// `~`: the prefix of the tables. `window` is a word of PostgreSQL's. What the dialects say
// differently is in brackets: [one without its own row numbers], [bytes], [a number of its own],
// [whose run].
constexpr const char* definitions = R"(
CREATE TABLE IF NOT EXISTS ~run(
  id [run] PRIMARY KEY, print TEXT NOT NULL, options TEXT NOT NULL,
  began BIGINT NOT NULL, touched BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS ~endpoint(
  name TEXT PRIMARY KEY, stage BIGINT, bytes BIGINT, rows BIGINT, sha256 TEXT, "window" TEXT,
  place TEXT, repeated BIGINT, requests BIGINT, retries BIGINT, refused BIGINT,
  took BIGINT, outcome BIGINT, reason TEXT, keys_missing TEXT, code BIGINT);
CREATE TABLE IF NOT EXISTS ~list(
  endpoint TEXT, n BIGINT, over BIGINT, total BIGINT, rows BIGINT,
  PRIMARY KEY (endpoint, n))[rowless];
CREATE TABLE IF NOT EXISTS ~scope(
  endpoint TEXT, list BIGINT, n BIGINT, parameter TEXT, value TEXT,
  PRIMARY KEY (endpoint, list, n))[rowless];
CREATE TABLE IF NOT EXISTS ~window(
  endpoint TEXT, n BIGINT, list BIGINT, first TEXT, last TEXT, zone TEXT, only_count BIGINT,
  may_be_cut BIGINT, settled BIGINT, scope TEXT, rows BIGINT, announced BIGINT,
  proof BIGINT, why TEXT,
  PRIMARY KEY (endpoint, n))[rowless];
CREATE TABLE IF NOT EXISTS ~many(
  endpoint TEXT PRIMARY KEY, lists BIGINT, laid_out BIGINT, print BIGINT, summed BIGINT,
  rows BIGINT, proven BIGINT, churned BIGINT, unproven BIGINT, contradicted BIGINT,
  unread BIGINT, unknown BIGINT, doubtful BIGINT, announced BIGINT, counted BIGINT);
CREATE TABLE IF NOT EXISTS ~named(
  endpoint TEXT, n BIGINT, missing BIGINT, scope TEXT, first TEXT, last TEXT, zone TEXT,
  rows BIGINT, announced BIGINT, proof BIGINT, why TEXT,
  PRIMARY KEY (endpoint, n))[rowless];
CREATE TABLE IF NOT EXISTS ~refusal(
  endpoint TEXT, n BIGINT, parameter TEXT, value TEXT, reason TEXT,
  PRIMARY KEY (endpoint, n))[rowless];
CREATE TABLE IF NOT EXISTS ~parent_key(
  endpoint TEXT, n BIGINT, value TEXT, scope TEXT, PRIMARY KEY (endpoint, n))[rowless];
CREATE TABLE IF NOT EXISTS ~seen(endpoint TEXT, n [number] PRIMARY KEY, prints [bytes]);
CREATE TABLE IF NOT EXISTS ~remark(
  endpoint TEXT, kind BIGINT, n BIGINT, text TEXT, count BIGINT, example TEXT,
  PRIMARY KEY (endpoint, kind, n))[rowless];
)";
constexpr const char* definition_of_commits =
    "CREATE TABLE IF NOT EXISTS ~commits(endpoint TEXT PRIMARY KEY, n BIGINT NOT NULL)";

using Columns = std::initializer_list<std::string_view>;

enum NoteKind { warning, healed, first_drift, compared_rows = 100 };

/// In the order of their kinds.
template <class D>
auto findings(D& drift) {
  return std::array{&drift.unknown_fields, &drift.missing_fields, &drift.unknown_values,
                    &drift.changed_types,  &drift.broken_formats, &drift.repeated_fields,
                    &drift.withheld};
}

std::string replace_all(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// The columns of a row one after the other.
class Cells {
 public:
  explicit Cells(const SqlRow& row) : row_{row} {}
  std::string text() { return std::string{row_.text(next_++)}; }
  std::int64_t number() { return row_.number(next_++); }
  std::uint64_t count() { return static_cast<std::uint64_t>(number()); }
  std::optional<std::int64_t> number_or_null() { return row_.number_or_null(next_++); }
  std::optional<std::uint64_t> count_or_null() {
    const auto number = number_or_null();
    return number ? std::optional{static_cast<std::uint64_t>(*number)} : std::nullopt;
  }
  std::string bytes() { return row_.blob(next_++); }

 private:
  const SqlRow& row_;
  std::size_t next_ = 0;
};

bool is_proof(std::int64_t number) {
  return number >= 0 && number <= static_cast<int>(Proof::contradicted);
}

}  // namespace

CheckpointStore::CheckpointStore(Database& db, std::string prefix, std::string run)
    : db_{db}, prefix_{std::move(prefix)}, run_{std::move(run)} {}

std::vector<std::string> CheckpointStore::tables(std::string_view prefix) {
  std::vector<std::string> names;
  for (const char* name : {"run", "endpoint", "list", "scope", "window", "many", "named", "refusal",
                           "parent_key", "seen", "remark"})
    names.push_back(std::string{prefix} + name);
  if (!prefix.empty()) names.push_back(std::string{prefix} + "commits");
  return names;
}

const std::string& CheckpointStore::sql(const char* text) {
  std::string& statement = statements_[text];
  if (statement.empty()) statement = replace_all(text, "~", prefix_);
  return statement;
}

/// Runs in one database have endpoints of the same names.
std::string CheckpointStore::key(Text endpoint) const {
  return run_.empty() ? std::string{endpoint} : run_ + ' ' + std::string{endpoint};
}

SqlValue CheckpointStore::run_key() const { return prefix_.empty() ? SqlValue{1} : SqlValue{run_}; }

/// Good until the change it is for has been made.
std::string_view CheckpointStore::text(std::string_view value) {
  if (db_.dialect() == Dialect::sqlite || is_plain_text(value)) return value;
  return *mended_.emplace_back(std::make_unique<std::string>(plain_text(value)));
}

Status CheckpointStore::change(const char* statement, std::initializer_list<SqlValue> values) {
  const auto changed = db_.change(sql(statement), std::span{values.begin(), values.size()});
  if (!changed) return std::unexpected(changed.error());
  return {};
}

Status CheckpointStore::load_rows(const char* table, std::span<const std::string_view> columns,
                                  const std::vector<SqlValue>& rows) {
  if (rows.empty()) return {};
  std::optional<std::size_t> bad_row;
  return db_.load(sql(table), columns, rows, bad_row);
}

Status CheckpointStore::clear(Text endpoint, std::initializer_list<const char*> statements) {
  const std::string name = key(endpoint);
  for (const char* statement : statements)
    if (auto cleared = change(statement, {name}); !cleared) return cleared;
  return {};
}

Status CheckpointStore::create() {
  const bool sqlite = db_.dialect() == Dialect::sqlite;
  std::string text = sql(definitions);
  text = replace_all(std::move(text), "[rowless]", sqlite ? " WITHOUT ROWID" : "");
  text = replace_all(std::move(text), "[bytes]", sqlite ? "BLOB" : "BYTEA");
  text = replace_all(std::move(text), "[number]",
                     sqlite ? "INTEGER" : "BIGINT GENERATED BY DEFAULT AS IDENTITY");
  text = replace_all(std::move(text), "[run]", prefix_.empty() ? "INTEGER CHECK (id = 1)" : "TEXT");
  if (!prefix_.empty()) text += sql(definition_of_commits);
  return db_.run(text);
}

Result<std::optional<CheckpointStore::Run>> CheckpointStore::run() {
  std::optional<Run> found;
  const std::array id{run_key()};
  auto asked = db_.query(sql("SELECT print, options, began, touched FROM ~run WHERE id = $1"), id,
                         [&](const SqlRow& row) {
                           Cells cells{row};
                           found = Run{};
                           found->print = cells.text();
                           found->options = cells.text();
                           found->began = cells.number();
                           found->touched = cells.number();
                         });
  if (!asked) return std::unexpected(std::move(asked).error());
  return found;
}

Status CheckpointStore::begin_run(const Run& run) {
  return change("INSERT INTO ~run VALUES ($1, $2, $3, $4, $5)",
                {run_key(), run.print, text(run.options), run.began, run.touched});
}

Status CheckpointStore::touch(std::int64_t now) {
  return change("UPDATE ~run SET touched = $1 WHERE id = $2 AND touched < $1", {now, run_key()});
}

namespace {

// Those whose first column is the endpoint.
constexpr std::initializer_list<const char*> forget_rows = {
    "DELETE FROM ~list WHERE endpoint = $1",       "DELETE FROM ~scope WHERE endpoint = $1",
    "DELETE FROM ~window WHERE endpoint = $1",     "DELETE FROM ~many WHERE endpoint = $1",
    "DELETE FROM ~named WHERE endpoint = $1",      "DELETE FROM ~refusal WHERE endpoint = $1",
    "DELETE FROM ~parent_key WHERE endpoint = $1", "DELETE FROM ~seen WHERE endpoint = $1",
    "DELETE FROM ~remark WHERE endpoint = $1",     "DELETE FROM ~endpoint WHERE name = $1"};

}  // namespace

Status CheckpointStore::forget(Text endpoint) { return clear(endpoint, forget_rows); }

Status CheckpointStore::forget_run() {
  std::vector<std::string> endpoints;
  const std::string begin = run_.empty() ? "" : run_ + ' ';
  for (const char* query : {"SELECT name FROM ~endpoint", "SELECT endpoint FROM ~commits"}) {
    if (prefix_.empty() && std::string_view{query}.ends_with("commits")) continue;
    auto asked = db_.query(sql(query), {}, [&](const SqlRow& row) {
      if (row.text(0).starts_with(begin)) endpoints.emplace_back(row.text(0).substr(begin.size()));
    });
    if (!asked) return asked;
  }
  for (const std::string& endpoint : endpoints) {
    if (auto forgotten = forget(endpoint); !forgotten) return forgotten;
    if (prefix_.empty()) continue;
    if (auto cleared = clear(endpoint, {"DELETE FROM ~commits WHERE endpoint = $1"}); !cleared)
      return cleared;
  }
  return change("DELETE FROM ~run WHERE id = $1", {run_key()});
}

Status CheckpointStore::forget_runs_before(std::int64_t touched) {
  std::vector<std::string> runs;
  const std::array before{SqlValue{touched}};
  if (auto asked = db_.query(sql("SELECT id FROM ~run WHERE touched < $1"), before,
                             [&](const SqlRow& row) { runs.emplace_back(row.text(0)); });
      !asked)
    return asked;
  for (const std::string& run : runs)
    if (auto forgotten = CheckpointStore{db_, prefix_, prefix_.empty() ? "" : run}.forget_run();
        !forgotten)
      return forgotten;
  return {};
}

Status CheckpointStore::save_facts(Text endpoint, const SavedEndpoint& e) {
  return change(
      "INSERT INTO ~endpoint(name, stage, bytes, rows, sha256, \"window\", place, repeated, "
      "requests, retries, refused, took, outcome, reason, keys_missing, code) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
      "ON CONFLICT (name) DO UPDATE SET stage = excluded.stage, bytes = excluded.bytes, "
      "rows = excluded.rows, sha256 = excluded.sha256, \"window\" = excluded.\"window\", "
      "place = excluded.place, repeated = excluded.repeated, requests = excluded.requests, "
      "retries = excluded.retries, refused = excluded.refused, took = excluded.took, "
      "outcome = excluded.outcome, reason = excluded.reason, "
      "keys_missing = excluded.keys_missing, code = excluded.code",
      {key(endpoint), static_cast<int>(e.stage), e.position.bytes, e.position.rows,
       text(e.position.sha256), text(e.window), text(e.where), e.repeated, e.requests, e.retries,
       e.left_out, e.took_milliseconds, e.outcome, text(e.reason), text(e.keys_missing),
       e.code ? SqlValue{*e.code} : SqlValue{}});
}

Status CheckpointStore::save_notes(Text endpoint, const SavedEndpoint& e) {
  const std::string name = key(endpoint);
  if (auto cleared = change("DELETE FROM ~remark WHERE endpoint = $1", {name}); !cleared)
    return cleared;
  std::vector<SqlValue> rows;
  const auto add = [&](int kind, std::size_t n, Text note, std::uint64_t count, Text example) {
    rows.insert(rows.end(), {name, kind, std::uint64_t{n}, text(note), count, text(example)});
  };
  for (std::size_t n = 0; n < e.warnings.size(); ++n) add(warning, n, e.warnings[n], 0, "");
  for (std::size_t n = 0; n < e.healed.size(); ++n) add(healed, n, e.healed[n], 0, "");
  add(compared_rows, 0, "", e.drift.rows, "");
  int kind = first_drift;
  for (const Drift::Findings* found : findings(e.drift)) {
    std::size_t n = 0;
    for (const auto& [where, finding] : *found)
      add(kind, n++, where, finding.count, finding.example);
    ++kind;
  }
  return load_rows("~remark", Columns{"endpoint", "kind", "n", "text", "count", "example"}, rows);
}

Status CheckpointStore::save_lists(Text endpoint, const SavedEndpoint& e) {
  if (auto cleared = clear(endpoint, {"DELETE FROM ~list WHERE endpoint = $1",
                                      "DELETE FROM ~scope WHERE endpoint = $1",
                                      "DELETE FROM ~window WHERE endpoint = $1"});
      !cleared)
    return cleared;
  const std::string name = key(endpoint);
  std::vector<SqlValue> rows;
  for (std::size_t n = 0; n < e.lists.size(); ++n) {
    std::size_t part = 0;
    for (const auto& [parameter, value] : e.lists[n].scope)
      rows.insert(rows.end(),
                  {name, std::uint64_t{n}, std::uint64_t{part++}, text(parameter), text(value)});
  }
  if (auto loaded =
          load_rows("~scope", Columns{"endpoint", "list", "n", "parameter", "value"}, rows);
      !loaded)
    return loaded;
  if (e.many)
    if (auto saved = save_named(endpoint, *e.many); !saved) return saved;
  std::vector<std::size_t> all(e.windows.size());
  for (std::size_t n = 0; n < all.size(); ++n) all[n] = n;
  return save_windows(endpoint, e, all);
}

Status CheckpointStore::save_sum(Text endpoint, const SavedEndpoint::Many& many) {
  const ListSum& sum = many.sum;
  return change(
      "INSERT INTO ~many(endpoint, lists, laid_out, print, summed, rows, proven, churned, "
      "unproven, contradicted, unread, unknown, doubtful, announced, counted) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
      "ON CONFLICT (endpoint) DO UPDATE SET lists = excluded.lists, laid_out = excluded.laid_out, "
      "print = excluded.print, summed = excluded.summed, rows = excluded.rows, "
      "proven = excluded.proven, churned = excluded.churned, unproven = excluded.unproven, "
      "contradicted = excluded.contradicted, unread = excluded.unread, "
      "unknown = excluded.unknown, doubtful = excluded.doubtful, announced = excluded.announced, "
      "counted = excluded.counted",
      {key(endpoint), many.lists, many.laid_out, many.print, sum.lists, sum.rows, sum.windows[0],
       sum.windows[1], sum.windows[2], sum.windows[3], sum.unread, sum.unknown, sum.doubtful,
       sum.announced, sum.counted});
}

Status CheckpointStore::save_named(Text endpoint, const SavedEndpoint::Many& many) {
  if (auto cleared = clear(endpoint, {"DELETE FROM ~named WHERE endpoint = $1",
                                      "DELETE FROM ~refusal WHERE endpoint = $1"});
      !cleared)
    return cleared;
  const std::string name = key(endpoint);
  std::vector<SqlValue> rows;
  std::size_t n = 0;
  for (const auto* windows : {&many.doubtful, &many.missing})
    for (const WindowProof& w : *windows)
      rows.insert(rows.end(), {name, std::uint64_t{n++}, windows == &many.missing, text(w.scope),
                               text(w.from), text(w.to), text(w.zone), w.rows, w.announced,
                               static_cast<int>(w.proof.value_or(Proof::unproven)), text(w.why)});
  if (auto loaded = load_rows("~named",
                              Columns{"endpoint", "n", "missing", "scope", "first", "last", "zone",
                                      "rows", "announced", "proof", "why"},
                              rows);
      !loaded)
    return loaded;
  rows.clear();
  n = 0;
  for (const auto& [of, reason] : many.refused)
    rows.insert(rows.end(),
                {name, std::uint64_t{n++}, text(of.first), text(of.second), text(reason)});
  return load_rows("~refusal", Columns{"endpoint", "n", "parameter", "value", "reason"}, rows);
}

Status CheckpointStore::save_windows(Text endpoint, const SavedEndpoint& e,
                                     const std::vector<std::size_t>& changed) {
  const std::string name = key(endpoint);
  const auto save_list = [&](std::size_t n) {
    const SavedEndpoint::List& l = e.lists[n];
    return change(
        "INSERT INTO ~list(endpoint, n, over, total, rows) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (endpoint, n) DO UPDATE SET over = excluded.over, total = excluded.total, "
        "rows = excluded.rows",
        {name, std::uint64_t{n},
         (l.over ? 1 : 0) + (l.unknown ? 2 : 0) + (l.refused ? 4 : 0) + (l.failed_once ? 8 : 0),
         l.total, l.rows});
  };
  if (e.many)
    if (auto saved = save_sum(endpoint, *e.many); !saved) return saved;
  std::size_t last = e.lists.size();
  for (const std::size_t n : changed) {
    const SavedEndpoint::Window& w = e.windows[n];
    const auto proof = w.found.proof ? SqlValue{static_cast<int>(*w.found.proof)} : SqlValue{};
    auto saved = change(
        "INSERT INTO ~window(endpoint, n, list, first, last, zone, only_count, may_be_cut, "
        "settled, scope, rows, announced, proof, why) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
        "ON CONFLICT (endpoint, n) DO UPDATE SET list = excluded.list, first = excluded.first, "
        "last = excluded.last, zone = excluded.zone, only_count = excluded.only_count, "
        "may_be_cut = excluded.may_be_cut, settled = excluded.settled, scope = excluded.scope, "
        "rows = excluded.rows, announced = excluded.announced, proof = excluded.proof, "
        "why = excluded.why",
        {name, std::uint64_t{n}, std::uint64_t{w.list}, text(w.from), text(w.to), text(w.zone),
         w.only_count, w.may_be_cut, w.settled, text(w.found.scope), w.found.rows,
         w.found.announced, proof, text(w.found.why)});
    if (saved && w.list != last) saved = save_list(last = w.list);
    if (!saved) return saved;
  }
  return {};
}

Status CheckpointStore::save_keys(Text endpoint, const SavedEndpoint& e, std::size_t fresh) {
  if (fresh == 0) return {};
  const std::string name = key(endpoint);
  const std::size_t first = e.keys.size() - fresh;
  if (auto cleared = change("DELETE FROM ~parent_key WHERE endpoint = $1 AND n >= $2",
                            {name, std::uint64_t{first}});
      !cleared)
    return cleared;
  std::vector<std::string> scopes;
  scopes.reserve(fresh);
  std::vector<SqlValue> rows;
  rows.reserve(fresh * 4);
  for (std::size_t n = first; n < e.keys.size(); ++n) {
    scopes.push_back(join_scope(e.keys.scope(n)));
    rows.insert(rows.end(), {name, std::uint64_t{n}, text(e.keys[n]), text(scopes.back())});
  }
  return load_rows("~parent_key", Columns{"endpoint", "n", "value", "scope"}, rows);
}

Status CheckpointStore::save(Text endpoint, const CheckpointChange& change_of) {
  const SavedEndpoint& saved = *change_of.facts;
  mended_.clear();
  if (auto done = save_facts(endpoint, saved); !done) return done;
  if (auto done = save_notes(endpoint, saved); !done) return done;
  if (auto done = change_of.lists ? save_lists(endpoint, saved)
                                  : save_windows(endpoint, saved, change_of.windows);
      !done)
    return done;
  if (auto done = save_keys(endpoint, saved, change_of.new_keys); !done) return done;
  if (change_of.seen_anew)
    if (auto done = clear(endpoint, {"DELETE FROM ~seen WHERE endpoint = $1"}); !done) return done;
  if (saved.seen.empty()) return {};
  return change("INSERT INTO ~seen(endpoint, prints) VALUES ($1, $2)",
                {key(endpoint), SqlValue::blob(saved.seen)});
}

std::unexpected<Error> CheckpointStore::wrong(std::string_view what) const {
  return fail(Code::bad_answer, fmt::format("{}: {}", db_.where(), what));
}

Result<bool> CheckpointStore::load_facts(Text endpoint, SavedEndpoint& e) {
  bool there = false, known = true;
  const std::string name = key(endpoint);
  auto asked = db_.query(
      sql("SELECT stage, bytes, rows, sha256, \"window\", place, repeated, requests, retries, "
          "refused, took, outcome, reason, keys_missing, code FROM ~endpoint WHERE name = $1"),
      std::array{SqlValue{name}}, [&](const SqlRow& row) {
        there = true;
        Cells facts{row};
        const auto stage = facts.number();
        known = stage >= 0 && stage <= 2;
        if (!known) return;
        e.stage = static_cast<SavedEndpoint::Stage>(stage);
        e.position = {.bytes = facts.count(), .rows = facts.count(), .sha256 = facts.text()};
        e.window = facts.text();
        e.where = facts.text();
        e.repeated = facts.count();
        e.requests = facts.count();
        e.retries = facts.count();
        e.left_out = facts.count();
        e.took_milliseconds = facts.number();
        e.outcome = static_cast<int>(facts.number());
        e.reason = facts.text();
        e.keys_missing = facts.text();
        if (const auto code = facts.number_or_null()) e.code = static_cast<int>(*code);
      });
  if (!asked) return std::unexpected(std::move(asked).error());
  if (!known) return wrong("a stage nobody knows");
  if (e.outcome < 0 || e.outcome > 2) return wrong("an outcome nobody knows");
  return there;
}

Status CheckpointStore::load_rest(Text endpoint, SavedEndpoint& e) {
  const std::string name = key(endpoint);
  const std::array of{SqlValue{name}};
  const char* odd = nullptr;
  auto asked = db_.query(sql("SELECT over, total, rows FROM ~list WHERE endpoint = $1 ORDER BY n"),
                         of, [&](const SqlRow& row) {
                           Cells list{row};
                           SavedEndpoint::List& l = e.lists.emplace_back();
                           const auto over = list.number();
                           l.over = (over & 1) != 0;
                           l.unknown = (over & 2) != 0;
                           l.refused = (over & 4) != 0;
                           l.failed_once = (over & 8) != 0;
                           l.total = list.count_or_null();
                           l.rows = list.count();
                         });
  if (!asked) return asked;
  asked = db_.query(
      sql("SELECT list, parameter, value FROM ~scope WHERE endpoint = $1 ORDER BY list, n"), of,
      [&](const SqlRow& row) {
        Cells scope{row};
        const auto n = static_cast<std::size_t>(scope.number());
        if (n >= e.lists.size()) {
          odd = "a scope of no list";
          return;
        }
        std::string parameter = scope.text();
        e.lists[n].scope.emplace_back(std::move(parameter), scope.text());
      });
  if (!asked) return asked;
  asked =
      db_.query(sql("SELECT list, first, last, zone, only_count, may_be_cut, settled, scope, rows, "
                    "announced, proof, why FROM ~window WHERE endpoint = $1 ORDER BY n"),
                of, [&](const SqlRow& row) {
                  Cells window{row};
                  SavedEndpoint::Window& w = e.windows.emplace_back();
                  w.list = static_cast<std::size_t>(window.number());
                  w.from = w.found.from = window.text();
                  w.to = w.found.to = window.text();
                  w.zone = w.found.zone = window.text();
                  w.only_count = window.number() != 0;
                  w.may_be_cut = window.number() != 0;
                  w.settled = window.number() != 0;
                  w.found.scope = window.text();
                  w.found.rows = window.count();
                  w.found.announced = window.count_or_null();
                  if (const auto proof = window.number_or_null()) {
                    if (!is_proof(*proof)) odd = "a proof nobody knows";
                    w.found.proof = static_cast<Proof>(*proof);
                  }
                  w.found.why = window.text();
                  if (w.list >= e.lists.size()) odd = "a window of no list";
                });
  if (!asked) return asked;
  if (odd != nullptr) return wrong(odd);
  asked = db_.query(sql("SELECT prints FROM ~seen WHERE endpoint = $1 ORDER BY n"), of,
                    [&](const SqlRow& row) { e.seen += Cells{row}.bytes(); });
  if (!asked) return asked;
  asked = db_.query(sql("SELECT value, scope FROM ~parent_key WHERE endpoint = $1 ORDER BY n"), of,
                    [&](const SqlRow& row) { e.keys.add(split_scope(row.text(1)), row.text(0)); });
  if (!asked) return asked;
  if (auto loaded = load_many(endpoint, e); !loaded) return loaded;
  const auto drift = findings(e.drift);
  return db_.query(
      sql("SELECT kind, text, count, example FROM ~remark WHERE endpoint = $1 ORDER BY kind, n"),
      of, [&](const SqlRow& row) {
        Cells note{row};
        const auto kind = note.number();
        std::string said = note.text();
        if (kind == warning) {
          e.warnings.push_back(std::move(said));
        } else if (kind == healed) {
          e.healed.push_back(std::move(said));
        } else if (kind >= first_drift && kind < first_drift + static_cast<int>(drift.size())) {
          auto& finding = (*drift[static_cast<std::size_t>(kind - first_drift)])[said];
          finding.count = static_cast<std::size_t>(note.number());
          finding.example = note.text();
        } else if (kind == compared_rows) {
          e.drift.rows = note.count();
        }
      });
}

Status CheckpointStore::load_many(Text endpoint, SavedEndpoint& e) {
  const std::string name = key(endpoint);
  const std::array of{SqlValue{name}};
  auto asked = db_.query(
      sql("SELECT lists, laid_out, print, summed, rows, proven, churned, unproven, contradicted, "
          "unread, unknown, doubtful, announced, counted FROM ~many WHERE endpoint = $1"),
      of, [&](const SqlRow& row) {
        Cells cells{row};
        SavedEndpoint::Many& many = e.many.emplace();
        many.lists = cells.count();
        many.laid_out = cells.count();
        many.print = cells.count();
        many.sum.lists = cells.count();
        many.sum.rows = cells.count();
        for (std::uint64_t& windows : many.sum.windows) windows = cells.count();
        many.sum.unread = cells.count();
        many.sum.unknown = cells.count();
        many.sum.doubtful = cells.count();
        many.sum.announced = cells.count();
        many.sum.counted = cells.number() != 0;
      });
  if (!asked || !e.many) return asked;
  SavedEndpoint::Many& many = *e.many;
  if (many.sum.lists > many.laid_out || many.laid_out > many.lists)
    return wrong("more lists than there are");
  bool odd = false;
  asked = db_.query(
      sql("SELECT missing, scope, first, last, zone, rows, announced, proof, why FROM ~named "
          "WHERE endpoint = $1 ORDER BY n"),
      of, [&](const SqlRow& row) {
        Cells named{row};
        WindowProof& w = (named.number() != 0 ? many.missing : many.doubtful).emplace_back();
        w.scope = named.text();
        w.from = named.text();
        w.to = named.text();
        w.zone = named.text();
        w.rows = named.count();
        w.announced = named.count_or_null();
        const auto proof = named.number();
        odd = odd || !is_proof(proof);
        w.proof = static_cast<Proof>(proof);
        w.why = named.text();
      });
  if (!asked) return asked;
  if (odd) return wrong("a proof nobody knows");
  return db_.query(
      sql("SELECT parameter, value, reason FROM ~refusal WHERE endpoint = $1 ORDER BY n"), of,
      [&](const SqlRow& row) {
        Cells refusal{row};
        auto& [whose, reason] = many.refused.emplace_back();
        whose.first = refusal.text();
        whose.second = refusal.text();
        reason = refusal.text();
      });
}

Result<std::optional<SavedEndpoint>> CheckpointStore::load(Text endpoint) {
  std::optional<SavedEndpoint> saved{std::in_place};
  const auto there = load_facts(endpoint, *saved);
  if (!there) return std::unexpected(there.error());
  if (!*there) return std::nullopt;
  if (auto loaded = load_rest(endpoint, *saved); !loaded)
    return std::unexpected(std::move(loaded).error());
  return saved;
}

Result<std::uint64_t> CheckpointStore::count_commit(Text endpoint) {
  std::uint64_t n = 0;
  const std::string name = key(endpoint);
  auto asked = db_.query(sql("INSERT INTO ~commits(endpoint, n) VALUES ($1, 1) ON CONFLICT "
                             "(endpoint) DO UPDATE SET n = ~commits.n + 1 RETURNING n"),
                         std::array{SqlValue{name}},
                         [&](const SqlRow& row) { n = static_cast<std::uint64_t>(row.number(0)); });
  if (!asked) return std::unexpected(std::move(asked).error());
  return n;
}

Result<std::uint64_t> CheckpointStore::commits(Text endpoint) {
  std::uint64_t n = 0;
  const std::string name = key(endpoint);
  auto asked =
      db_.query(sql("SELECT n FROM ~commits WHERE endpoint = $1"), std::array{SqlValue{name}},
                [&](const SqlRow& row) { n = static_cast<std::uint64_t>(row.number(0)); });
  if (!asked) return std::unexpected(std::move(asked).error());
  return n;
}

}  // namespace callrail
