#include "delta.hpp"

#include "fake_transport.hpp"
#include "scratch_folder.hpp"

#include <callrail/extract.hpp>
#include <callrail/warehouse.hpp>

#include <fmt/format.h>

#include <database.hpp>
#include <migrate.hpp>

namespace callrail::counts {
namespace {

constexpr Text calls = "calls";
/// Of one account, in 25 months: some 1,840 in a week.
constexpr std::uint64_t rows = 200'000;
constexpr std::uint64_t edits = 1000;

fake::FakeOptions options_of(const VirtualClock& clock) {
  fake::FakeOptions options;
  options.world.until = clock.today();
  options.world.rows = {{"accounts", 1}, {std::string{calls}, rows}};
  options.limits.emplace();
  return options;
}

class Syncs {
 public:
  Syncs(const Api& api, std::string address)
      : api_{api},
        endpoint_{*api.find(calls)},
        address_{std::move(address)},
        fake_{api, options_of(clock_)} {}

  Status make_tables() {
    auto db = open_database(address_, true);
    if (!db) return std::unexpected(std::move(db).error());
    auto plan = plan_migration(**db, api_, false);
    if (!plan) return std::unexpected(std::move(plan).error());
    return apply(**db, *plan);
  }

  struct Run {
    std::uint64_t requests = 0;
    TableCounts counts;
  };
  /// `from`: where reading begins as long as nobody knows better.
  Result<Run> run(SyncMode mode, const std::string& from) {
    auto db = open_database(address_, false);
    if (!db) return std::unexpected(std::move(db).error());
    WarehouseOptions how;
    how.mode = mode;
    how.identity = {"counts", "counts"};
    auto warehouse = Warehouse::open(*std::move(db), api_, clock_, std::move(how));
    if (!warehouse) return std::unexpected(std::move(warehouse).error());
    Warehouse& into = **warehouse;
    if (auto begun = into.begin_run({&endpoint_}, {}); !begun)
      return std::unexpected(std::move(begun).error());

    test::FakeTransport transport{clock_, fake_, {.key = fake_.options().key}};
    ExtractOptions options;
    options.base_url = "http://127.0.0.1:8080";
    options.endpoints = {{&endpoint_, Selection::everything(endpoint_)}};
    options.range = {.from = from, .to = {}, .zone = "UTC"};
    options.keep_unknown = true;
    options.read_from = [&](const Endpoint& endpoint, const Scope& scope) {
      return into.read_from(endpoint, scope);
    };
    Limiter limiter{std::vector<RateLimit>{}};
    ClientOptions client_options;
    client_options.retry_statuses.assign(api_.retry.statuses.begin(), api_.retry.statuses.end());
    Client client{transport, limiter, clock_, client_options, 1};
    Events silent;
    const Summary summary = extract(
        api_, options, client, into, clock_, silent, [] { return false; }, &into);
    if (auto ended = into.end_run(summary, std::nullopt); !ended)
      return std::unexpected(std::move(ended).error());
    if (summary.ended) return std::unexpected(*summary.ended);
    for (const EndpointSummary& e : summary.endpoints)
      if (e.outcome != Outcome::complete || !e.proof || !is_complete(*e.proof))
        return fail(Code::bad_answer, e.name + ": not complete: " + e.reason);
    return Run{transport.sent.size(), into.counts(calls)};
  }

  /// Notes on the newest calls, as people write them days after.
  Status edit() {
    fake::World& world = fake_.world();
    const auto& plan = *world.model().find(calls);
    std::uint64_t edited = 0;
    for (std::uint64_t number = world.first_rows(plan, 0); number-- > 0 && edited < edits;) {
      const fake::Row row = world.row(plan, 0, number);
      if (!world.is_listed(row)) continue;
      if (auto done = world.edit(calls, 0, world.key(row), "note", R"("called back")"); !done)
        return done;
      ++edited;
    }
    return {};
  }

  void pass(std::chrono::hours time) { clock_.advance(time); }

  /// Of the rows that a delta can meet.
  std::uint64_t hash() const {
    Hash hash;
    const auto& plan = *fake_.world().model().find(calls);
    fake::Days days;
    days.from = clock_.today() - std::chrono::days{8};
    fake::dump(
        fake_.world(), fake_.listing(), plan, std::nullopt, [&](Text line) { hash.add(line); },
        days);
    return hash.value();
  }

 private:
  const Api& api_;
  const Endpoint& endpoint_;
  std::string address_;
  VirtualClock clock_;
  fake::FakeApi fake_;
};

}  // namespace

Result<std::vector<Count>> count_delta(const Api& api) {
  const ScratchFolder folder;
  Syncs syncs{api, "sqlite:" + folder / "callrail.db"};
  if (auto made = syncs.make_tables(); !made) return std::unexpected(std::move(made).error());
  // Ten days are enough: a delta looks back a week.
  const auto first = syncs.run(SyncMode::full, "2026-02-28");
  if (!first) return std::unexpected(first.error());
  if (auto edited = syncs.edit(); !edited) return std::unexpected(std::move(edited).error());
  syncs.pass(std::chrono::hours{1});
  const auto delta = syncs.run(SyncMode::delta, {});
  if (!delta) return std::unexpected(delta.error());
  const TableCounts& found = delta->counts;
  if (found.updated != edits || found.created != 0 || found.removed != 0)
    return fail(Code::bad_answer, fmt::format("{} updated, {} created and {} removed, of {} edits",
                                              found.updated, found.created, found.removed, edits));
  return std::vector<Count>{
      {fmt::format("delta/{}.requests_per_1000_changed_rows", calls),
       1000 * static_cast<double>(delta->requests) / static_cast<double>(found.updated),
       syncs.hash(),
       {}}};
}

}  // namespace callrail::counts
