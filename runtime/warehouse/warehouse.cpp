#include "history.hpp"
#include "loading.hpp"
#include "look_back.hpp"
#include "own_tables.hpp"
#include "stored_value.hpp"
#include "transaction.hpp"
#include "window_ends.hpp"

#include <callrail/warehouse.hpp>

#include <algorithm>
#include <checkpoint_store.hpp>
#include <database.hpp>
#include <set>
#include <thread>

namespace callrail {

namespace {

constexpr std::chrono::seconds between_beats{10};
/// What nobody went on with for so long is forgotten.
constexpr std::chrono::hours longest_kept{30 * 24};
/// Days, for a run that begins nowhere.
constexpr int everything = 36500;

std::int64_t milliseconds(Clock::Wall when) { return when.time_since_epoch().count(); }

}  // namespace

struct Warehouse::State {
  State(std::unique_ptr<Database> database, const Api& its_api, const Clock& its_clock,
        WarehouseOptions its_options)
      : db{std::move(database)},
        api{its_api},
        clock{its_clock},
        options{std::move(its_options)},
        store{*db, std::string{checkpoint_prefix}, options.identity.print},
        history{*db,
                {options.mode, options.options, options.source, options.identity.print,
                 options.narrowed}} {
    if (!options.wait) options.wait = [](auto time) { std::this_thread::sleep_for(time); };
  }

  std::unique_ptr<Database> db;
  const Api& api;
  const Clock& clock;
  WarehouseOptions options;
  CheckpointStore store;
  History history;
  std::optional<Clock::Wall> began = {};  ///< in an earlier process
  Clock::Wall begins = {};                ///< whichever it was
  std::optional<Clock::Steady> beaten = {};
  std::map<std::string, std::unique_ptr<Loading>, std::less<>> loadings = {};
  std::map<std::string, Cursors, std::less<>> cursors = {};
  std::map<std::string, TableCounts> counts = {};  ///< of the endpoints that were taken
  std::map<std::string, int> look_back = {};
  std::set<std::string, std::less<>> behind_cursor = {};  ///< lists of these begin there

  bool dry() const { return options.mode == SyncMode::dry_run; }
  std::string now() const { return spell_instant(clock.today()); }
  Loading* loading(Text endpoint) {
    const auto found = loadings.find(endpoint);
    return found == loadings.end() ? nullptr : found->second.get();
  }
  std::unexpected<Error> not_migrated(const std::string& why) const {
    return fail(Code::bad_request, db->where() + ": the tables are not those of this program (" +
                                       why + "); make them with callrail-batch migrate --output …");
  }
  Status look_at_tables(const std::vector<const Endpoint*>&);
  Status begin(const std::vector<const Endpoint*>&, const std::string& accounts);
  Status load_cursors(const std::vector<const Endpoint*>&, const std::string& accounts);
  std::optional<int> looked_back(const EndpointSummary&) const;
  std::string narrowed(Text endpoint) const {
    const auto found = options.narrowed.find(endpoint);
    return found == options.narrowed.end() ? std::string{} : found->second;
  }
  Status find_run();
  void add(Text endpoint, const TableCounts&);
};

namespace {

TableCounts sum(TableCounts a, const TableCounts& b) {
  a.created += b.created;
  a.updated += b.updated;
  a.unchanged += b.unchanged;
  a.rejected += b.rejected;
  a.removed += b.removed;
  a.returned += b.returned;
  a.warnings += b.warnings;
  return a;
}

/// Rows gather in memory until the checkpoint is saved, which puts both into one transaction.
class TableWriter final : public Writer {
 public:
  TableWriter(Loading& loading, std::string where) : loading_{loading}, where_{std::move(where)} {}
  ~TableWriter() override { loading_.discard(); }

  Status write(const Rows& rows) override {
    loading_.write(rows);
    return {};
  }
  void settled(const Scope& scope, const WindowProof& proof, bool whole_list) override {
    loading_.settled(scope, proof, whole_list);
  }
  Result<Position> commit() override {
    loading_.settle_rest();
    return Position{.bytes = loading_.bytes(), .rows = loading_.rows(), .sha256 = {}};
  }
  Result<Position> finish() override { return commit(); }
  Status publish(const TableProof&) override { return {}; }
  void discard() override { loading_.discard(); }
  std::uint64_t bytes() const override { return loading_.bytes(); }
  bool all_or_nothing() const override { return false; }
  std::string where() const override { return where_; }

 private:
  Loading& loading_;
  std::string where_;
};

}  // namespace

Warehouse::Warehouse(std::unique_ptr<State> state) : state_{std::move(state)} {}
Warehouse::~Warehouse() = default;

Result<std::unique_ptr<Warehouse>> Warehouse::open(std::unique_ptr<Database> db, const Api& api,
                                                   const Clock& clock, WarehouseOptions options) {
  auto state = std::make_unique<State>(std::move(db), api, clock, std::move(options));
  const auto look = [&]() -> Status {
    Database& its = *state->db;
    auto looked = its.query("SELECT run_id FROM runs WHERE 1 = 0", {}, [](const SqlRow&) {});
    if (!looked && its.trouble() == Trouble::destination)
      return state->not_migrated(looked.error().what);
    return looked ? state->find_run() : looked;
  };
  if (auto status = commit(*state->db, state->options.wait, {.body = look, .reads = true}); !status)
    return std::unexpected(std::move(status).error());
  return std::unique_ptr<Warehouse>{new Warehouse{std::move(state)}};
}

Status Warehouse::State::find_run() {
  if (dry()) return {};
  auto run = store.run();
  if (!run) return std::unexpected(std::move(run).error());
  const auto rest =
      std::chrono::milliseconds{*run ? milliseconds(clock.today()) - (*run)->touched : 0};
  const bool too_old = rest > SqliteCheckpoint::longest_rest && options.resume != Resume::always;
  if (*run && !too_old && options.resume != Resume::never)
    began = Clock::Wall{std::chrono::milliseconds{(*run)->began}};
  if (options.resume == Resume::always && !began)
    return fail(Code::bad_request, db->where() +
                                       ": there is no unfinished run of this command to go "
                                       "on with; run without --resume");
  return {};
}

Status Warehouse::State::look_at_tables(const std::vector<const Endpoint*>& endpoints) {
  for (const Endpoint* const endpoint : endpoints) {
    const std::string name{endpoint->name};
    if (endpoint->table == nullptr) return not_migrated("none for " + name);
    Cursors none;
    auto looked = Loading{*endpoint, nullptr, db->dialect(), {}, none}.look_at_table(*db);
    if (!looked && db->trouble() == Trouble::destination) return not_migrated(looked.error().what);
    if (!looked) return looked;
  }
  return {};
}

std::optional<Clock::Wall> Warehouse::began() const { return state_->began; }

Status Warehouse::State::begin(const std::vector<const Endpoint*>& endpoints,
                               const std::string& accounts) {
  if (auto status = history.number(began.has_value()); !status) return status;
  if (!dry())
    if (auto status = history.take(endpoints, accounts); !status) return status;
  if (auto status = load_cursors(endpoints, accounts); !status) return status;
  counts.clear();
  const bool looks_back = options.mode == SyncMode::delta || dry();
  if (auto status = history.begin(endpoints, accounts, now(),
                                  looks_back ? look_back : std::map<std::string, int>{}, counts);
      !status)
    return status;
  if (dry()) return {};
  const std::int64_t today = milliseconds(clock.today());
  if (auto status = store.forget_runs_before(today - milliseconds(Clock::Wall{longest_kept}));
      !status)
    return status;
  if (began) return store.touch(today);
  if (auto status = store.forget_run(); !status) return status;
  return store.begin_run({.print = options.identity.print,
                          .options = options.identity.options,
                          .began = today,
                          .touched = today});
}

Status Warehouse::State::load_cursors(const std::vector<const Endpoint*>& endpoints,
                                      const std::string& accounts) {
  for (const Endpoint* const endpoint : endpoints) {
    const std::string name{endpoint->name};
    if (!endpoint->dates || endpoint->dates.cursor.empty()) continue;
    auto days = callrail::look_back_days(*db, *endpoint, options.look_back.of(name), accounts,
                                         narrowed(name), begins);
    if (!days) return std::unexpected(std::move(days).error());
    look_back[name] = *days;
    if (auto status = cursors[name].load(*db, name, history.run()); !status) return status;
  }
  return {};
}

/// A first load has read everything, as one with --full has. An earlier process may have begun at a
/// cursor, what a limit ended did not get
/// far, and an edit in a list that could not be read was not looked for.
std::optional<int> Warehouse::State::looked_back(const EndpointSummary& endpoint) const {
  if (!endpoint.proof || !is_complete(*endpoint.proof) || endpoint.outcome == Outcome::failed)
    return std::nullopt;
  if (options.mode == SyncMode::full) return everything;
  const auto days = look_back.find(endpoint.name);
  if (options.mode != SyncMode::delta || days == look_back.end()) return std::nullopt;
  return behind_cursor.contains(endpoint.name) || endpoint.resumed ? days->second : everything;
}

Status Warehouse::look(const std::vector<const Endpoint*>& endpoints,
                       const std::vector<std::string>& accounts) {
  State& state = *state_;
  state.begins = state.clock.today();
  return commit(*state.db, state.options.wait,
                {.body =
                     [&] {
                       auto looked = state.look_at_tables(endpoints);
                       return looked ? state.load_cursors(endpoints, join_accounts(accounts))
                                     : looked;
                     },
                 .reads = true});
}

Status Warehouse::begin_run(const std::vector<const Endpoint*>& endpoints,
                            const std::vector<std::string>& accounts) {
  State& state = *state_;
  state.begins = state.began.value_or(state.clock.today());
  return commit(*state.db, state.options.wait, {.body = [&] {
    auto looked = state.look_at_tables(endpoints);
    return looked ? state.begin(endpoints, join_accounts(accounts)) : looked;
  }});
}

Status Warehouse::note_overlap(const std::vector<const Endpoint*>& endpoints,
                               const std::vector<std::string>& accounts, const std::string& why) {
  State& state = *state_;
  return commit(*state.db, state.options.wait, {.body = [&] {
    return state.history.note_overlap(endpoints, join_accounts(accounts), state.now(), why);
  }});
}

Status Warehouse::end_run(const Summary& summary, std::optional<int> signal) {
  State& state = *state_;
  const bool cancelled = signal || (summary.ended && summary.ended->code == Code::cancelled);
  const std::string why = summary.ended ? summary.ended->what : "";
  const auto body = [&]() -> Status {
    for (const EndpointSummary& endpoint : summary.endpoints) {
      const auto counts = state.counts.find(endpoint.name);
      if (counts == state.counts.end()) continue;
      const std::string status{
          status_of(endpoint, counts->second, cancelled, state.options.strict)};
      auto ended = state.history.end(endpoint, counts->second, status, state.now(),
                                     state.looked_back(endpoint));
      if (!ended) return ended;
    }
    if (auto ended = state.history.end_rest(cancelled ? "cancelled" : "failed", why, state.now());
        !ended)
      return ended;
    if (state.dry()) return {};
    if (!summary.resumable)
      if (auto forgotten = state.store.forget_run(); !forgotten) return forgotten;
    return state.history.give_back();
  };
  return commit(*state.db, state.options.wait, {.body = body});
}

void Warehouse::beat() {
  State& state = *state_;
  const auto now = state.clock.now();
  if (state.dry() || state.history.run() == 0 || state.db->in_transaction()) return;
  if (state.beaten && now - *state.beaten < between_beats) return;
  state.beaten = now;
  // If it fails, the next commit finds out what is wrong.
  if (state.db->begin() && state.history.beat() && state.db->commit()) return;
  state.db->roll_back();
}

Result<std::unique_ptr<Writer>> Warehouse::open(const Table& table, const Position& position) {
  State& state = *state_;
  const Endpoint* const endpoint = state.api.find(table.name);
  if (endpoint == nullptr || endpoint->table == nullptr)
    return state.not_migrated("none for " + std::string{table.name});
  auto& loading = state.loadings[std::string{table.name}];
  loading = std::make_unique<Loading>(
      *endpoint, &table, state.db->dialect(),
      LoadFacts{state.options.mode, state.options.checks, state.options.strict, state.history.run(),
                state.begins, state.narrowed(table.name), state.options.seen_by},
      state.cursors[std::string{table.name}]);
  loading->go_on_at(position);
  return std::make_unique<TableWriter>(*loading,
                                       state.db->where() + ": " + std::string{table.name});
}

Result<bool> Warehouse::publish_finished(const Table&, const Position&, const TableProof&) {
  return true;  // rows are visible as soon as they are committed
}

Result<std::optional<SavedEndpoint>> Warehouse::load(Text endpoint) {
  State& state = *state_;
  std::optional<SavedEndpoint> found;
  if (state.dry()) return found;
  auto status = commit(*state.db, state.options.wait, {.body = [&]() -> Status {
    auto loaded = state.store.load(endpoint);
    if (!loaded) return std::unexpected(std::move(loaded).error());
    found = *std::move(loaded);
    return {};
  }});
  if (!status) return std::unexpected(std::move(status).error());
  return found;
}

void Warehouse::State::add(Text endpoint, const TableCounts& more) {
  const auto found = counts.find(std::string{endpoint});
  if (found != counts.end()) found->second = sum(found->second, more);
}

Status Warehouse::save(Text endpoint, const CheckpointChange& change) {
  State& state = *state_;
  Loading* const loading = state.loading(endpoint);
  Applied applied;
  if (state.dry()) {
    if (loading == nullptr) return {};
    if (auto status = loading->apply(*state.db, {}, applied); !status) return status;
  } else {
    const bool taken = state.counts.contains(std::string{endpoint});
    std::uint64_t number = 0;
    const auto body = [&]() -> Status {
      if (taken)
        if (auto status = state.history.still_ours(endpoint); !status) return status;
      if (loading != nullptr)
        if (auto status = loading->apply(*state.db, state.now(), applied); !status) return status;
      if (taken) {
        const auto all = sum(state.counts[std::string{endpoint}], applied.counts);
        if (auto status = state.history.count(endpoint, all); !status) return status;
      }
      if (auto status = state.store.save(endpoint, change); !status) return status;
      if (auto status = state.store.touch(milliseconds(state.clock.today())); !status)
        return status;
      auto counted = state.store.count_commit(endpoint);
      if (!counted) return std::unexpected(std::move(counted).error());
      number = *counted;
      return {};
    };
    const auto arrived = [&]() -> Result<bool> {
      auto commits = state.store.commits(endpoint);
      if (!commits) return std::unexpected(std::move(commits).error());
      return number != 0 && *commits == number;
    };
    auto status =
        commit(*state.db, state.options.wait, {.body = body, .arrived = arrived, .may_go_on = [&] {
                                                 return loading != nullptr && loading->may_go_on();
                                               }});
    if (!status) return status;
    state.beaten = state.clock.now();
  }
  if (loading != nullptr) loading->committed();
  state.add(endpoint, applied.counts);
  return {};
}

Status Warehouse::forget(Text endpoint) {
  State& state = *state_;
  if (Loading* const loading = state.loading(endpoint)) loading->discard();
  if (state.dry()) return {};
  return commit(*state.db, state.options.wait,
                {.body = [&] { return state.store.forget(endpoint); }});
}

std::optional<std::string> Warehouse::read_from(const Endpoint& endpoint,
                                                const Scope& scope) const {
  const State& state = *state_;
  if (state.options.mode != SyncMode::delta && !state.dry()) return std::nullopt;
  const auto cursors = state.cursors.find(endpoint.name);
  const auto days = state.look_back.find(std::string{endpoint.name});
  if (cursors == state.cursors.end() || days == state.look_back.end()) return std::nullopt;
  const auto value = cursors->second.value(name_of(endpoint, scope, state.narrowed(endpoint.name)));
  if (!value) return std::nullopt;
  state_->behind_cursor.emplace(endpoint.name);
  return range_begin(*value - std::chrono::days{days->second});
}

std::int64_t Warehouse::run() const { return state_->history.run(); }

TableCounts Warehouse::counts(Text endpoint) const {
  const auto found = state_->counts.find(std::string{endpoint});
  return found == state_->counts.end() ? TableCounts{} : found->second;
}

int Warehouse::look_back_days(Text endpoint) const {
  const auto found = state_->look_back.find(std::string{endpoint});
  return found == state_->look_back.end() ? 0 : found->second;
}

Result<std::optional<EditsSeen>> Warehouse::edits_seen(Text endpoint) const {
  return callrail::edits_seen(*state_->db, endpoint);
}

}  // namespace callrail
