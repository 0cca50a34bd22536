#include "scope_text.hpp"
#include "sqlite.hpp"

#include <callrail/sqlite_checkpoint.hpp>

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <tuple>
#include <unistd.h>

namespace callrail {

namespace {

constexpr std::int64_t format_version = 4;

constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS run(
  id INTEGER PRIMARY KEY CHECK (id = 1), print TEXT NOT NULL, options TEXT NOT NULL,
  began INTEGER NOT NULL, touched INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS endpoint(
  name TEXT PRIMARY KEY, stage INTEGER, bytes INTEGER, rows INTEGER, sha256 TEXT, window TEXT,
  place TEXT, repeated INTEGER, requests INTEGER, retries INTEGER, refused INTEGER,
  took INTEGER, outcome INTEGER, reason TEXT, keys_missing TEXT, code INTEGER);
CREATE TABLE IF NOT EXISTS list(
  endpoint TEXT, n INTEGER, over INTEGER, total INTEGER, rows INTEGER,
  PRIMARY KEY (endpoint, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scope(
  endpoint TEXT, list INTEGER, n INTEGER, parameter TEXT, value TEXT,
  PRIMARY KEY (endpoint, list, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS window(
  endpoint TEXT, n INTEGER, list INTEGER, first TEXT, last TEXT, zone TEXT, only_count INTEGER,
  may_be_cut INTEGER, settled INTEGER, scope TEXT, rows INTEGER, announced INTEGER,
  proof INTEGER, why TEXT,
  PRIMARY KEY (endpoint, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS many(
  endpoint TEXT PRIMARY KEY, lists INTEGER, laid_out INTEGER, print INTEGER, summed INTEGER,
  rows INTEGER, proven INTEGER, churned INTEGER, unproven INTEGER, contradicted INTEGER,
  unread INTEGER, unknown INTEGER, doubtful INTEGER, announced INTEGER, counted INTEGER);
CREATE TABLE IF NOT EXISTS named(
  endpoint TEXT, n INTEGER, missing INTEGER, scope TEXT, first TEXT, last TEXT, zone TEXT,
  rows INTEGER, announced INTEGER, proof INTEGER, why TEXT,
  PRIMARY KEY (endpoint, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refusal(
  endpoint TEXT, n INTEGER, parameter TEXT, value TEXT, reason TEXT,
  PRIMARY KEY (endpoint, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parent_key(
  endpoint TEXT, n INTEGER, value TEXT, scope TEXT, PRIMARY KEY (endpoint, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen(endpoint TEXT, n INTEGER PRIMARY KEY, prints BLOB);
CREATE TABLE IF NOT EXISTS remark(
  endpoint TEXT, kind INTEGER, n INTEGER, text TEXT, count INTEGER, example TEXT,
  PRIMARY KEY (endpoint, kind, n)) WITHOUT ROWID;
)";

enum NoteKind { warning, healed, first_drift, compared_rows = 100 };

/// In the order of their kinds.
template <class D>
auto findings(D& drift) {
  return std::array{&drift.unknown_fields, &drift.missing_fields, &drift.unknown_values,
                    &drift.changed_types,  &drift.broken_formats, &drift.repeated_fields,
                    &drift.withheld};
}

std::int64_t milliseconds(Clock::Wall when) { return when.time_since_epoch().count(); }

}  // namespace

struct SqliteCheckpoint::State {
  std::string path;
  Sqlite db;
  const Clock& clock;
  std::optional<Clock::Wall> began = {};
  std::string set_aside = {};

  void save_facts(Text, const SavedEndpoint&);
  void save_notes(Text, const SavedEndpoint&);
  void save_lists(Text, const SavedEndpoint&);
  void save_sum(Text, const SavedEndpoint::Many&);
  void save_named(Text, const SavedEndpoint::Many&);
  void save_windows(Text, const SavedEndpoint&, const std::vector<std::size_t>&);
  void save_keys(Text, const SavedEndpoint&, std::size_t fresh);
  void clear(Text endpoint, std::initializer_list<const char*> from);
  bool load_facts(Text, SavedEndpoint&);
  void load_rest(Text, SavedEndpoint&);
  std::optional<SavedEndpoint::Many> load_many(Text);
};

SqliteCheckpoint::SqliteCheckpoint(std::unique_ptr<State> state) : state_{std::move(state)} {}
SqliteCheckpoint::~SqliteCheckpoint() = default;

std::optional<Clock::Wall> SqliteCheckpoint::began() const { return state_->began; }
const std::string& SqliteCheckpoint::set_aside() const { return state_->set_aside; }

namespace {

/// What is in a checkpoint file about its run.
struct Found {
  std::string print, options;
  std::int64_t began = 0, touched = 0;
};

std::optional<Found> find_run(Sqlite& db) {
  const auto version = db.last_number("PRAGMA user_version");
  if (version == 0) return std::nullopt;
  if (version != format_version) {
    db.complain("it is of format " + std::to_string(version));
    return std::nullopt;
  }
  Statement query{db, "SELECT print, options, began, touched FROM run"};
  if (!query.step()) return std::nullopt;
  Found found;
  found.print = query.text();
  found.options = query.text();
  found.began = query.number();
  found.touched = query.number();
  return found;
}

/// `why`: what is wrong with the run that is there; empty: none is.
std::unexpected<Error> cannot_go_on(const std::string& folder, const std::string& why) {
  if (why.empty())
    return fail(Code::bad_request,
                folder + ": there is no unfinished run to go on with; run without --resume");
  return fail(Code::bad_request, folder + ": the unfinished run there cannot be gone on with: " +
                                     why + "; run without --resume to begin anew");
}

Result<Sqlite> open_whole(const std::string& path) {
  auto db = Sqlite::open(path);
  if (!db) return db;
  Statement check{*db, "PRAGMA quick_check(1)"};
  if (check.step() && check.text() != "ok") db->complain("it is damaged");
  if (auto status = db->status(); !status) return std::unexpected(std::move(status).error());
  return db;
}

}  // namespace

Result<std::unique_ptr<SqliteCheckpoint>> SqliteCheckpoint::open(const std::string& folder,
                                                                 const RunIdentity& run,
                                                                 Resume resume,
                                                                 const Clock& clock) {
  const Clock::Wall now = clock.today();
  const std::string path =
      folder + (folder.empty() || folder.back() == '/' ? "" : "/") + std::string{name};
  std::string why;
  auto db = open_whole(path);
  std::optional<Found> found;
  if (db) {
    found = find_run(*db);
    if (auto status = db->status(); !status) db = std::unexpected(std::move(status).error());
  }
  if (!db) {
    if (db.error().code != Code::bad_answer) return std::unexpected(std::move(db).error());
    why = db.error().what;
    if (resume == Resume::always) return cannot_go_on(folder, why);
    const std::string aside = path.substr(0, path.rfind('.')) + ".damaged";
    if (std::rename(path.c_str(), aside.c_str()) != 0)
      return fail(Code::sink_failed, path + ": damaged, and it cannot be moved; remove it");
    why += "; kept as " + aside;
    found.reset();
    db = open_whole(path);
    if (!db) return std::unexpected(std::move(db).error());
  }
  if (found && why.empty()) {
    const auto rest = milliseconds(now) - found->touched;
    if (resume == Resume::never)
      why = "as asked";
    else if (found->print != run.print)
      why = found->options == run.options
                ? "it was made with another key, schema or version of this program"
                : "it was another one: " + found->options;
    else if (rest > std::chrono::milliseconds{longest_rest}.count() && resume != Resume::always)
      why = "it stopped more than 48 hours ago";
  }
  const bool goes_on = found && why.empty();
  if (resume == Resume::always && !goes_on) return cannot_go_on(folder, why);
  auto state = std::unique_ptr<State>(new State{path, *std::move(db), clock});
  if (goes_on) {
    state->began = Clock::Wall{std::chrono::milliseconds{found->began}};
  } else {
    state->set_aside = why;
    state->db.run("BEGIN IMMEDIATE");
    for (const char* table : {"run", "endpoint", "list", "scope", "window", "many", "named",
                              "refusal", "parent_key", "seen", "remark"})
      state->db.run(("DROP TABLE IF EXISTS " + std::string{table}).c_str());
    state->db.run(tables);
    state->db.run(("PRAGMA user_version=" + std::to_string(format_version)).c_str());
    Statement{state->db, "INSERT INTO run VALUES (1, ?, ?, ?, ?)"}
        .bind(run.print)
        .bind(run.options)
        .bind(milliseconds(now))
        .bind(milliseconds(now))
        .run();
    state->db.run("COMMIT");
  }
  if (auto status = state->db.status(); !status) return std::unexpected(std::move(status).error());
  return std::unique_ptr<SqliteCheckpoint>{new SqliteCheckpoint{std::move(state)}};
}

void SqliteCheckpoint::State::clear(Text endpoint, std::initializer_list<const char*> from) {
  for (const char* table : from)
    Statement{db, ("DELETE FROM " + std::string{table} + " WHERE endpoint = ?").c_str()}
        .bind(endpoint)
        .run();
}

void SqliteCheckpoint::State::save_facts(Text endpoint, const SavedEndpoint& e) {
  Statement statement{db,
                      "INSERT OR REPLACE INTO endpoint VALUES "
                      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  statement.bind(endpoint).bind(static_cast<int>(e.stage));
  statement.bind(e.position.bytes).bind(e.position.rows).bind(e.position.sha256);
  statement.bind(e.window).bind(e.where);
  statement.bind(e.repeated).bind(e.requests).bind(e.retries).bind(e.left_out);
  statement.bind(e.took_milliseconds).bind(e.outcome).bind(e.reason).bind(e.keys_missing);
  statement.bind(e.code).run();
}

void SqliteCheckpoint::State::save_notes(Text endpoint, const SavedEndpoint& e) {
  clear(endpoint, {"remark"});
  Statement statement{db, "INSERT INTO remark VALUES (?, ?, ?, ?, ?, ?)"};
  const auto add = [&](int kind, std::size_t n, Text text, std::size_t count, Text example) {
    statement.bind(endpoint).bind(kind).bind(std::uint64_t{n}).bind(text);
    statement.bind(std::uint64_t{count}).bind(example).run();
  };
  for (std::size_t n = 0; n < e.warnings.size(); ++n) add(warning, n, e.warnings[n], 0, {});
  for (std::size_t n = 0; n < e.healed.size(); ++n) add(healed, n, e.healed[n], 0, {});
  add(compared_rows, 0, {}, e.drift.rows, {});
  int kind = first_drift;
  for (const Drift::Findings* found : findings(e.drift)) {
    std::size_t n = 0;
    for (const auto& [where, finding] : *found)
      add(kind, n++, where, finding.count, finding.example);
    ++kind;
  }
}

void SqliteCheckpoint::State::save_lists(Text endpoint, const SavedEndpoint& e) {
  clear(endpoint, {"list", "scope", "window"});
  Statement scope{db, "INSERT INTO scope VALUES (?, ?, ?, ?, ?)"};
  for (std::size_t n = 0; n < e.lists.size(); ++n) {
    std::uint64_t part = 0;
    for (const auto& [parameter, value] : e.lists[n].scope)
      scope.bind(endpoint).bind(std::uint64_t{n}).bind(part++).bind(parameter).bind(value).run();
  }
  if (e.many) save_named(endpoint, *e.many);
  std::vector<std::size_t> all(e.windows.size());
  for (std::size_t n = 0; n < all.size(); ++n) all[n] = n;
  save_windows(endpoint, e, all);
}

void SqliteCheckpoint::State::save_sum(Text endpoint, const SavedEndpoint::Many& many) {
  Statement statement{
      db, "INSERT OR REPLACE INTO many VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  const ListSum& sum = many.sum;
  statement.bind(endpoint).bind(many.lists).bind(many.laid_out).bind(many.print);
  statement.bind(sum.lists).bind(sum.rows);
  for (const std::uint64_t windows : sum.windows) statement.bind(windows);
  statement.bind(sum.unread).bind(sum.unknown).bind(sum.doubtful).bind(sum.announced);
  statement.bind(sum.counted ? 1 : 0).run();
}

void SqliteCheckpoint::State::save_named(Text endpoint, const SavedEndpoint::Many& many) {
  clear(endpoint, {"named", "refusal"});
  Statement named{db, "INSERT INTO named VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  std::uint64_t n = 0;
  for (const auto* windows : {&many.doubtful, &many.missing})
    for (const WindowProof& w : *windows) {
      named.bind(endpoint).bind(n++).bind(windows == &many.missing ? 1 : 0);
      named.bind(w.scope).bind(w.from).bind(w.to).bind(w.zone).bind(w.rows).bind(w.announced);
      named.bind(static_cast<int>(w.proof.value_or(Proof::unproven))).bind(w.why).run();
    }
  Statement refusal{db, "INSERT INTO refusal VALUES (?, ?, ?, ?, ?)"};
  n = 0;
  for (const auto& [of, reason] : many.refused)
    refusal.bind(endpoint).bind(n++).bind(of.first).bind(of.second).bind(reason).run();
}

void SqliteCheckpoint::State::save_windows(Text endpoint, const SavedEndpoint& e,
                                           const std::vector<std::size_t>& changed) {
  Statement window{
      db, "INSERT OR REPLACE INTO window VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement list{db, "INSERT OR REPLACE INTO list VALUES (?, ?, ?, ?, ?)"};
  const auto save_list = [&](std::size_t n) {
    const SavedEndpoint::List& l = e.lists[n];
    list.bind(endpoint)
        .bind(std::uint64_t{n})
        .bind((l.over ? 1 : 0) + (l.unknown ? 2 : 0) + (l.refused ? 4 : 0) +
              (l.failed_once ? 8 : 0))
        .bind(l.total)
        .bind(l.rows)
        .run();
  };
  if (e.many) save_sum(endpoint, *e.many);
  std::size_t last = e.lists.size();
  for (const std::size_t n : changed) {
    const SavedEndpoint::Window& w = e.windows[n];
    window.bind(endpoint).bind(std::uint64_t{n}).bind(std::uint64_t{w.list});
    window.bind(w.from).bind(w.to).bind(w.zone).bind(w.only_count ? 1 : 0);
    window.bind(w.may_be_cut ? 1 : 0).bind(w.settled ? 1 : 0);
    window.bind(w.found.scope).bind(w.found.rows).bind(w.found.announced);
    w.found.proof ? window.bind(static_cast<int>(*w.found.proof)) : window.bind_null();
    window.bind(w.found.why).run();
    if (w.list != last) save_list(last = w.list);
  }
}

void SqliteCheckpoint::State::save_keys(Text endpoint, const SavedEndpoint& e, std::size_t fresh) {
  Statement key{db, "INSERT OR REPLACE INTO parent_key VALUES (?, ?, ?, ?)"};
  for (std::size_t n = e.keys.size() - fresh; n < e.keys.size(); ++n)
    key.bind(endpoint)
        .bind(std::uint64_t{n})
        .bind(e.keys[n])
        .bind(join_scope(e.keys.scope(n)))
        .run();
}

Status SqliteCheckpoint::save(Text endpoint, const CheckpointChange& change) {
  State& state = *state_;
  // A commit that failed changed nothing; the next one has everything that this one had.
  state.db.forgive();
  const SavedEndpoint& saved = *change.facts;
  state.db.run("BEGIN IMMEDIATE");
  state.save_facts(endpoint, saved);
  state.save_notes(endpoint, saved);
  if (change.lists)
    state.save_lists(endpoint, saved);
  else
    state.save_windows(endpoint, saved, change.windows);
  state.save_keys(endpoint, saved, change.new_keys);
  if (change.seen_anew) state.clear(endpoint, {"seen"});
  if (!saved.seen.empty())
    Statement{state.db, "INSERT INTO seen (endpoint, prints) VALUES (?, ?)"}
        .bind(endpoint)
        .bind_blob(saved.seen)
        .run();
  Statement{state.db, "UPDATE run SET touched = max(touched, ?)"}
      .bind(milliseconds(state.clock.today()))
      .run();
  state.db.run("COMMIT");
  auto status = state.db.status();
  if (!status) state.db.roll_back();
  return status;
}

bool SqliteCheckpoint::State::load_facts(Text endpoint, SavedEndpoint& e) {
  Statement facts{db,
                  "SELECT stage, bytes, rows, sha256, window, place, repeated, requests, "
                  "retries, refused, took, outcome, reason, keys_missing, code FROM endpoint "
                  "WHERE name = ?"};
  if (!facts.bind(endpoint).step()) return false;
  const auto stage = facts.number();
  if (stage < 0 || stage > 2) return db.complain("a stage nobody knows"), false;
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
  if (e.outcome < 0 || e.outcome > 2) db.complain("an outcome nobody knows");
  return true;
}

void SqliteCheckpoint::State::load_rest(Text endpoint, SavedEndpoint& e) {
  const auto optional = [](std::optional<std::int64_t> number) {
    return number ? std::optional{static_cast<std::uint64_t>(*number)} : std::nullopt;
  };
  Statement list{db, "SELECT over, total, rows FROM list WHERE endpoint = ? ORDER BY n"};
  list.bind(endpoint);
  while (list.step()) {
    SavedEndpoint::List& l = e.lists.emplace_back();
    const auto over = list.number();
    l.over = (over & 1) != 0;
    l.unknown = (over & 2) != 0;
    l.refused = (over & 4) != 0;
    l.failed_once = (over & 8) != 0;
    l.total = optional(list.number_or_null());
    l.rows = list.count();
  }
  Statement scope{db,
                  "SELECT list, parameter, value FROM scope WHERE endpoint = ? ORDER BY list, n"};
  scope.bind(endpoint);
  while (scope.step()) {
    const auto n = static_cast<std::size_t>(scope.number());
    if (n >= e.lists.size()) return db.complain("a scope of no list");
    std::string parameter = scope.text();
    e.lists[n].scope.emplace_back(std::move(parameter), scope.text());
  }
  Statement window{
      db,
      "SELECT list, first, last, zone, only_count, may_be_cut, settled, scope, rows, announced, "
      "proof, why FROM window WHERE endpoint = ? ORDER BY n"};
  window.bind(endpoint);
  while (window.step()) {
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
    w.found.announced = optional(window.number_or_null());
    if (const auto proof = window.number_or_null()) {
      if (*proof < 0 || *proof > static_cast<int>(Proof::contradicted))
        return db.complain("a proof nobody knows");
      w.found.proof = static_cast<Proof>(*proof);
    }
    w.found.why = window.text();
    if (w.list >= e.lists.size()) return db.complain("a window of no list");
  }
  Statement seen{db, "SELECT prints FROM seen WHERE endpoint = ? ORDER BY n"};
  seen.bind(endpoint);
  while (seen.step()) e.seen += seen.text();
  Statement key{db, "SELECT value, scope FROM parent_key WHERE endpoint = ? ORDER BY n"};
  key.bind(endpoint);
  while (key.step()) {
    const std::string value = key.text();
    e.keys.add(split_scope(key.text()), value);
  }
  e.many = load_many(endpoint);
  Statement note{
      db, "SELECT kind, text, count, example FROM remark WHERE endpoint = ? ORDER BY kind, n"};
  note.bind(endpoint);
  const auto drift = findings(e.drift);
  while (note.step()) {
    const auto kind = note.number();
    std::string text = note.text();
    if (kind == warning) {
      e.warnings.push_back(std::move(text));
    } else if (kind == healed) {
      e.healed.push_back(std::move(text));
    } else if (kind >= first_drift && kind < first_drift + static_cast<int>(drift.size())) {
      auto& finding = (*drift[static_cast<std::size_t>(kind - first_drift)])[text];
      finding.count = static_cast<std::size_t>(note.number());
      finding.example = note.text();
    } else if (kind == compared_rows) {
      e.drift.rows = static_cast<std::uint64_t>(note.number());
    }
  }
}

std::optional<SavedEndpoint::Many> SqliteCheckpoint::State::load_many(Text endpoint) {
  Statement query{
      db,
      "SELECT lists, laid_out, print, summed, rows, proven, churned, unproven, "
      "contradicted, unread, unknown, doubtful, announced, counted FROM many WHERE endpoint = ?"};
  if (!query.bind(endpoint).step()) return std::nullopt;
  SavedEndpoint::Many many{.lists = query.count(),
                           .laid_out = query.count(),
                           .print = query.count(),
                           .sum = {.lists = query.count(), .rows = query.count()},
                           .doubtful = {},
                           .missing = {},
                           .refused = {}};
  for (std::uint64_t& windows : many.sum.windows) windows = query.count();
  many.sum.unread = query.count();
  many.sum.unknown = query.count();
  many.sum.doubtful = query.count();
  many.sum.announced = query.count();
  many.sum.counted = query.number() != 0;
  if (many.sum.lists > many.laid_out || many.laid_out > many.lists)
    db.complain("more lists than there are");
  Statement named{
      db,
      "SELECT missing, scope, first, last, zone, rows, announced, proof, why FROM named "
      "WHERE endpoint = ? ORDER BY n"};
  named.bind(endpoint);
  while (named.step()) {
    WindowProof& w = (named.number() != 0 ? many.missing : many.doubtful).emplace_back();
    w.scope = named.text();
    w.from = named.text();
    w.to = named.text();
    w.zone = named.text();
    w.rows = named.count();
    if (const auto number = named.number_or_null())
      w.announced = static_cast<std::uint64_t>(*number);
    const auto proof = named.number();
    if (proof < 0 || proof > static_cast<int>(Proof::contradicted))
      db.complain("a proof nobody knows");
    else
      w.proof = static_cast<Proof>(proof);
    w.why = named.text();
  }
  Statement refusal{db,
                    "SELECT parameter, value, reason FROM refusal WHERE endpoint = ? ORDER BY n"};
  refusal.bind(endpoint);
  while (refusal.step()) {
    auto& [of, reason] = many.refused.emplace_back();
    of.first = refusal.text();
    of.second = refusal.text();
    reason = refusal.text();
  }
  return many;
}

Result<std::optional<SavedEndpoint>> SqliteCheckpoint::load(Text endpoint) {
  std::optional<SavedEndpoint> saved{std::in_place};
  if (state_->load_facts(endpoint, *saved))
    state_->load_rest(endpoint, *saved);
  else
    saved.reset();
  if (auto status = state_->db.status(); !status) return std::unexpected(std::move(status).error());
  return saved;
}

Status SqliteCheckpoint::forget(Text endpoint) {
  State& state = *state_;
  state.db.forgive();
  state.db.run("BEGIN IMMEDIATE");
  state.clear(endpoint, {"list", "scope", "window", "many", "named", "refusal", "parent_key",
                         "seen", "remark"});
  Statement{state.db, "DELETE FROM endpoint WHERE name = ?"}.bind(endpoint).run();
  state.db.run("COMMIT");
  auto status = state.db.status();
  if (!status) state.db.roll_back();
  return status;
}

Status SqliteCheckpoint::remove() {
  const std::string path = state_->path;
  state_.reset();
  if (std::remove(path.c_str()) != 0)
    return fail(Code::sink_failed, path + ": cannot be removed; remove it by hand");
  // Else a power cut may bring it back, and the next run goes on where it should begin anew. That
  // is no reason to fail: all rows are there.
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return {};
  ::fsync(fd);
  ::close(fd);
  return {};
}

}  // namespace callrail
