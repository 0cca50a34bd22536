#include "table_run.hpp"

#include "exit_code.hpp"
#include "warehouses.hpp"

#include <callrail/fake/mutations.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <migrate.hpp>
#include <postgres_server.hpp>
#include <set>
#include <unistd.h>

namespace callrail::trust {
namespace {

using nlohmann::json;

std::map<Dialect, std::unique_ptr<Bed>>& beds() {
  static std::map<Dialect, std::unique_ptr<Bed>> all;
  return all;
}

std::vector<json> listed(const fake::FakeApi& api) {
  std::vector<json> rows;
  const fake::World& world = api.world();
  fake::dump(world, api.listing(), *world.model().find(SmallRun::list), std::nullopt,
             [&](Text line) { rows.push_back(json::parse(line)); });
  return rows;
}

/// Of the rows that are listed at first, the oldest first: every world here has the same.
const std::string& key_of(const fake::FakeApi& api, std::size_t n) {
  static const auto keys = [&] {
    std::vector<std::string> all;
    for (const json& row : listed(api)) all.push_back(row.at("id").get<std::string>());
    return all;
  }();
  return keys.at(n);
}

/// What happens to the list after the earlier run: rows come, go and change, among them old ones.
void move_on(fake::FakeApi& api, Clock::Wall now) {
  using Editing = fake::World::Editing;
  fake::World& world = api.world();
  const auto key = [&](std::size_t n) -> const std::string& { return key_of(api, n); };
  EXPECT_TRUE(world.hide(SmallRun::list, 0, key(8)));
  EXPECT_TRUE(world.edit(SmallRun::list, 0, key(11), "note", "\"Called again.\""));
  EXPECT_TRUE(world.edit(SmallRun::list, 0, key(17), "tags", R"(["Odd","Even"])", Editing::kept));
  EXPECT_TRUE(world.insert(SmallRun::list, 0, now - std::chrono::hours{30}));
  EXPECT_TRUE(world.insert(SmallRun::list, 0, now - std::chrono::hours{24 * 200}));
}

/// Makes the earlier state: a first load, and a run that misses one of the rows.
void make_earlier_state(Bed& bed, Dialect dialect) {
  bed.make();
  TableRun run{{.database = dialect}};
  run.mend_api();
  run.api->world().forget_changes();
  const auto first = run.go();
  EXPECT_TRUE(first.complete()) << words_of(first);
  EXPECT_TRUE(
      run.api->world().hide(SmallRun::list, 0, listed(*run.api).at(5).at("id").get<std::string>()));
  const auto second = run.go();
  EXPECT_TRUE(second.complete()) << words_of(second);
  bed.keep();
}

}  // namespace

test::FaultyDatabase& disk() {
  static auto* const under_all = new test::FaultyDatabase;  // files outlive everything
  return *under_all;
}

Bed::Bed(Dialect dialect) : dialect_{dialect}, scratch_{dialect} {}

Bed& Bed::of(Dialect dialect) {
  disk();
  auto& bed = beds()[dialect];
  if (!bed) {
    bed.reset(new Bed{dialect});
    make_earlier_state(*bed, dialect);
  }
  return *bed;
}

void Bed::drop_all() { beds().clear(); }

Database& Bed::look() {
  if (!look_) {
    auto opened = open_database(address(), true);
    EXPECT_TRUE(opened) << opened.error().what;
    look_ = *std::move(opened);
  }
  return *look_;
}

void Bed::make() {
  Database& db = look();
  const auto plan = plan_migration(db, api::description(), false);
  ASSERT_TRUE(plan) << plan.error().what;
  const Status done = apply(db, *plan);
  ASSERT_TRUE(done) << done.error().what;
}

std::vector<std::string> Bed::tables() {
  return test::ask(look(),
                   "SELECT table_name FROM information_schema.tables WHERE table_schema = "
                   "'public' AND table_type = 'BASE TABLE'");
}

void Bed::keep() {
  made_ = true;
  if (dialect_ == Dialect::sqlite) {
    look_.reset();  // what the journal has is in the file then
    kept_ = scratch_.name() + ".kept";
    std::filesystem::copy_file(scratch_.name(), kept_);
    return;
  }
  std::string statements = "CREATE SCHEMA kept;";
  for (const std::string& table : tables()) {
    kept_ += fmt::format("DELETE FROM public.\"{0}\";", table);
    if (test::ask(look(), fmt::format("SELECT 1 FROM \"{}\" LIMIT 1", table)).empty()) continue;
    statements += fmt::format("CREATE TABLE kept.\"{0}\" AS TABLE public.\"{0}\";", table);
    kept_ += fmt::format("INSERT INTO public.\"{0}\" SELECT * FROM kept.\"{0}\";", table);
  }
  const Status done = look().run(statements);
  ASSERT_TRUE(done) << done.error().what;
}

void Bed::restore() {
  if (dialect_ == Dialect::postgresql) {
    const Status done = look().run(kept_);
    ASSERT_TRUE(done) << done.error().what;
    return;
  }
  look_.reset();
  for (const char* const journal : {"-wal", "-shm", "-journal"})
    std::filesystem::remove(scratch_.name() + journal);
  std::filesystem::copy_file(kept_, scratch_.name(),
                             std::filesystem::copy_options::overwrite_existing);
}

TableRun::TableRun(const Setting& setting, std::vector<std::string> faults,
                   std::vector<std::string> changes,
                   const std::function<void(fake::FakeOptions&)>& adapt)
    : SmallRun{setting, std::move(faults), std::move(changes), adapt},
      dialect_{*setting.database},
      bed_{Bed::of(dialect_)} {
  Wanted& wanted = job.endpoints.front();
  wanted.fields.add(wanted.endpoint->find("tags"));
  job.range.zone = "UTC";
  if (!adapt) move_on(*api, clock.today());
  if (bed_.is_made()) bed_.restore();
}

void TableRun::mend_api() {
  fake::FakeOptions options = api->options();
  options.faults.clear();
  options.mutations.clear();
  api = std::make_unique<fake::FakeApi>(api_, std::move(options));
  move_on(*api, VirtualClock{}.today());
}

WarehouseOptions TableRun::options(Resume going_on, const std::string& command) {
  WarehouseOptions options;
  options.mode = mode;
  options.look_back.all = {LookBack::How::days, look_back};
  options.resume = going_on;
  options.identity = {command, "--endpoints calls"};
  options.wait = [this](std::chrono::milliseconds time) { clock.advance(time); };
  return options;
}

sim::Report TableRun::not_begun(Error error) {
  sim::Report report;
  code = cli::exit_code_of(error);
  report.ended = std::move(error);
  return report;
}

sim::Report TableRun::go() {
  died = began = false;
  not_ended.reset();
  code = 0;
  calls = hits = requests = reconnects = 0;
  call_names.clear();
  windows.clear();
  asked.clear();
  auto opened = open_database(bed_.address(), false);
  if (!opened) return not_begun(std::move(opened).error());
  auto faulty = std::make_unique<test::FaultyConnection>(*std::move(opened));
  test::FaultyConnection& db = *faulty;
  if (const auto due = std::exchange(fault, std::nullopt)) db.fail(*due);
  if (!poison.empty()) db.poison(poison, says_which, std::string{list});
  db.on_call = [&](const char* name) { call_names.emplace_back(name); };

  const Clock& time = skewed != nullptr ? *skewed : clock;
  test::FakeTransport transport{clock, *api, {.key = api->options().key}};
  sim::Report report;
  std::unique_ptr<Warehouse> warehouse;
  try {
    report = [&]() -> sim::Report {
      auto made = Warehouse::open(std::move(faulty), api_, time, options(resume, print));
      if (!made) return not_begun(std::move(made).error());
      warehouse = *std::move(made);
      const Wanted& wanted = job.endpoints.front();
      if (auto status = warehouse->begin_run({wanted.endpoint}, {}); !status)
        return not_begun(std::move(status).error());
      began = true;
      ExtractOptions extracting = sim::extract_options(job, warehouse->began());
      extracting.keep_unknown = true;
      if (mode == SyncMode::delta)
        extracting.read_from = [&](const Endpoint& endpoint, const Scope& scope) {
          return warehouse->read_from(endpoint, scope);
        };
      bool stopped = false;
      const auto look = [&] {
        warehouse->beat();
        return stopped = stopped || stop();
      };
      Limiter limiter{job.limits};
      ClientOptions client_options = sim::client_options(api_, job);
      Client client{transport, limiter, clock, client_options, job.seed};
      Events silent;
      Summary summary =
          extract(api_, extracting, client, *warehouse, time, silent, look, warehouse.get());
      const auto signal = stopped ? std::optional{SIGINT} : std::nullopt;
      windows = summary.endpoints.empty() ? std::vector<WindowProof>{}
                                          : summary.endpoints.front().windows;
      for (EndpointSummary& endpoint : summary.endpoints)
        endpoint.stored.push_back({"", warehouse->counts(endpoint.name)});
      const Status ended = warehouse->end_run(summary, signal);
      code = cli::exit_code(summary, false, signal);
      if (!ended) not_ended = ended.error();
      if (!ended && (code == cli::exit_complete || code == cli::exit_incomplete))
        code = cli::exit_code_of(ended.error());
      sim::Report out = sim::report_of(summary);
      if (!ended && !out.ended) out.ended = ended.error();
      if (code != 0 && out.complete())
        out.ended = Error{Code::bad_answer, cli::last_words(code, summary)};
      return out;
    }();
  } catch (const test::Crash&) {
    died = true;
  }
  if (warehouse) {  // which has the connection
    calls = db.count();
    hits = db.hits();
    reconnects = db.count(test::FaultyConnection::Call::reconnect);
  }
  warehouse.reset();
  requests = transport.sent.size();
  for (const auto& sent : transport.sent) asked.push_back(sent.url);
  return report;
}

sim::Report TableRun::go_on_to_the_end() {
  sim::Report report = go();
  for (int tries = 0; report.resumable && tries < 5; ++tries) report = go();
  return report;
}

Result<std::unique_ptr<Warehouse>> TableRun::guest(Resume going_on, const std::string& command) {
  // A process that has this one's number would be this one.
  Database& db = bed_.look();
  const auto as = [&](std::int64_t pid, std::int64_t now) {
    const SqlValue values[] = {pid, now};
    const auto done = db.change("UPDATE _lease SET pid = $1 WHERE pid = $2", values);
    EXPECT_TRUE(done && *done == 1);
  };
  as(::getppid(), ::getpid());
  auto opened = open_database(bed_.address(), false);
  if (!opened) return std::unexpected(std::move(opened).error());
  auto made = Warehouse::open(*std::move(opened), api_, clock, options(going_on, command));
  if (made) {
    const std::vector<const Endpoint*> endpoints{job.endpoints.front().endpoint};
    if (auto begun = (*made)->begin_run(endpoints, {}); !begun) {
      EXPECT_TRUE((*made)->note_overlap(endpoints, {}, begun.error().what));
      made = std::unexpected(std::move(begun).error());
    }
  }
  as(::getpid(), ::getppid());
  return made;
}

std::vector<std::string> TableRun::ask(std::string_view statement) const {
  return test::ask(bed_.look(), statement);
}

std::vector<std::string> TableRun::tables() const {
  std::vector<std::string> all;
  for (const char* const statement :
       {"SELECT 'row', _account_id, id, start_time, note, source, tags, _extra, "
        "CASE WHEN _removed_at IS NULL THEN 'shown' ELSE _removed_reason END FROM calls",
        "SELECT 'tag', call_id, _n, value FROM call_tags",
        "SELECT 'issue', key, field, rule, value FROM quality_issues",
        "SELECT 'cursor', list, value FROM _cursor"}) {
    auto lines = ask(statement);
    std::ranges::sort(lines);
    all.insert(all.end(), lines.begin(), lines.end());
  }
  return all;
}

std::vector<std::string> TableRun::rows_shown() const {
  auto shown = ask("SELECT id, note FROM calls WHERE _removed_at IS NULL");
  std::ranges::sort(shown);
  return shown;
}

std::vector<std::string> TableRun::rows_listed() const {
  std::vector<std::string> lines;
  for (const json& row : listed(*api)) {
    const json& note = row.at("note");
    lines.push_back(row.at("id").get<std::string>() + '|' +
                    (note.is_null() ? "null" : note.get<std::string>()));
  }
  std::ranges::sort(lines);
  return lines;
}

std::vector<std::string> TableRun::contradictions() const {
  std::vector<std::string> out;
  // What is counted is what is there.
  const auto same = [&](const char* what, const char* told, const char* is) {
    const auto a = ask(told), b = ask(is);
    if (a != b) out.push_back(fmt::format("{}: {} and {}", what, a.at(0), b.at(0)));
  };
  same("created", "SELECT sum(created) FROM runs WHERE mode <> 'dry_run'",
       "SELECT count(*) FROM calls");
  same("removed", "SELECT sum(removed) - sum(returned) FROM runs",
       "SELECT count(*) FROM calls WHERE _removed_at IS NOT NULL");
  same("fetched", "SELECT sum(fetched) FROM runs",
       "SELECT sum(created + updated + unchanged + rejected) FROM runs");
  same("rejected rows in a success",
       "SELECT count(*) FROM runs WHERE rejected <> 0 AND status = 'success'", "SELECT 0");
  // The children of a row are those it says.
  std::map<std::string, std::vector<std::string>> children;
  for (const std::string& line : ask("SELECT call_id, value FROM call_tags ORDER BY call_id, _n")) {
    const auto bar = line.find('|');
    children[line.substr(0, bar)].push_back(line.substr(bar + 1));
  }
  for (const std::string& line : ask("SELECT id, coalesce(CAST(tags AS text), '[]') FROM calls")) {
    const auto bar = line.find('|');
    const json tags = json::parse(line.substr(bar + 1));
    std::vector<std::string> said;
    for (const json& tag : tags) said.push_back(tag.is_string() ? tag.get<std::string>() : "null");
    const auto found = children.find(line.substr(0, bar));
    if (found == children.end() ? !said.empty() : found->second != said)
      out.push_back("the tags of " + line);
    if (found != children.end()) children.erase(found);
  }
  if (!children.empty()) out.push_back("tags of no row: " + children.begin()->first);
  return out;
}

const std::vector<std::string>& quiet_tables(const Setting& setting) {
  static std::map<std::pair<Dialect, Paging>, std::vector<std::string>> known;
  auto& out = known[{*setting.database, setting.paging}];
  if (out.empty()) {
    TableRun run{setting};
    const auto report = run.go();
    EXPECT_TRUE(report.complete()) << words_of(report);
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(run.rows_shown(), run.rows_listed());
    EXPECT_TRUE(run.contradictions().empty()) << run.contradictions().front();
    EXPECT_EQ(run.ask("SELECT created, updated, removed, returned FROM runs ORDER BY run_id DESC "
                      "LIMIT 1"),
              std::vector<std::string>{"2|3|1|1"});
    out = run.tables();
    const auto again = run.go();
    EXPECT_TRUE(again.complete()) << words_of(again);
    EXPECT_EQ(run.tables(), out);
    EXPECT_EQ(run.ask("SELECT created, updated, removed, returned FROM runs ORDER BY run_id DESC "
                      "LIMIT 1"),
              std::vector<std::string>{"0|0|0|0"});
  }
  return out;
}

const std::vector<std::string>& earlier_tables(Dialect dialect) {
  static std::map<Dialect, std::vector<std::string>> known;
  auto& out = known[dialect];
  if (out.empty()) out = TableRun{{.database = dialect}}.tables();
  return out;
}

}  // namespace callrail::trust
