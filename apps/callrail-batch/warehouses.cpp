#include "warehouses.hpp"

#include "exit_code.hpp"
#include "output_config.hpp"
#include "unfinished.hpp"

#include <callrail/sha256.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <database.hpp>
#include <migrate.hpp>

namespace callrail::cli {
namespace {

WarehouseOptions options_of(const Config& config, std::string_view key) {
  WarehouseOptions options{.mode = config.dry_run ? SyncMode::dry_run : config.sync.mode,
                           .look_back = config.sync.look_back,
                           .checks = config.sync.checks,
                           .strict = config.strict,
                           .options = {},
                           .source = config.extract.base_url,
                           .resume = config.dry_run ? Resume::never : config.resume,
                           .identity = run_identity(config, key)};
  options.options = options.identity.options;
  Sha256 reader;
  reader.add("callrail-batch reader " + config.extract.base_url + ' ');
  reader.add(key);
  options.seen_by = reader.hex().substr(0, 16);
  for (const Wanted& wanted : config.extract.endpoints)
    if (std::string text = narrowing(*wanted.endpoint, wanted.fields); !text.empty())
      options.narrowed.emplace(wanted.endpoint->name, std::move(text));
  return options;
}

/// What a run takes for itself: whoever reads some accounts only keeps nobody from reading others.
std::pair<std::vector<const Endpoint*>, std::vector<std::string>> taken(const Config& config) {
  std::pair<std::vector<const Endpoint*>, std::vector<std::string>> out;
  for (const Wanted& wanted : config.extract.endpoints) {
    out.first.push_back(wanted.endpoint);
    if (wanted.endpoint->parents.empty()) continue;
    const auto fixed = config.extract.fixed.find(wanted.endpoint->parents.front().parameter);
    if (fixed != config.extract.fixed.end()) out.second = fixed->second;
  }
  return out;
}

}  // namespace

Result<Warehouses> Warehouses::open(const Config& config, const Api& api, std::string_view key,
                                    const Clock& clock,
                                    const std::function<void(const std::string&)>& say) {
  Warehouses all;
  for (const std::string& address : config.output.databases) {
    auto database = open_database(address, config.sync.migrate && !config.dry_run);
    if (!database) return std::unexpected(std::move(database).error());
    const std::string where = (*database)->where();
    auto identity = identity_of(**database);
    if (!identity) return std::unexpected(std::move(identity).error());
    // Both would be one run's, and take from each other what the run holds.
    for (const One& one : all.all_)
      if (one.identity == *identity)
        return fail(Code::bad_request, "--output: " + one.where + " and " + where +
                                           " are one database; leave one of them out");
    if (config.sync.migrate && !config.dry_run) {
      const auto plan = plan_migration(**database, api, config.destructive);
      if (!plan) return std::unexpected(plan.error());
      if (auto done = apply(**database, *plan); !done)
        return std::unexpected(std::move(done).error());
      for (const std::string& line : plan->says) say(where + ": " + line);
    }
    if (auto ready = check_tables(**database, api); !ready)
      return std::unexpected(std::move(ready).error());
    auto warehouse = Warehouse::open(*std::move(database), api, clock, options_of(config, key));
    if (!warehouse) return std::unexpected(std::move(warehouse).error());
    all.all_.push_back({*std::move(warehouse), where, *std::move(identity)});
  }
  return all;
}

std::optional<bool> Warehouses::go_on() const {
  const auto with = static_cast<std::size_t>(std::ranges::count_if(
      all_, [](const One& one) { return one.warehouse->began().has_value(); }));
  if (with != 0 && with != all_.size()) return std::nullopt;
  return with != 0;
}

std::optional<Clock::Wall> Warehouses::began() const {
  return all_.empty() ? std::nullopt : all_.front().warehouse->began();
}

Status Warehouses::begin_run(const Config& config, const Clock& clock,
                             const std::function<void(std::chrono::milliseconds)>& sleep,
                             const std::function<bool()>& stop,
                             const std::function<void(const std::string&)>& say) {
  constexpr std::chrono::milliseconds step{500};
  const auto [endpoints, accounts] = taken(config);
  const auto deadline = clock.now() + config.sync.wait;
  bool told = false;
  for (const One& one : all_)
    while (true) {
      auto begun = one.warehouse->begin_run(endpoints, accounts);
      if (begun) break;
      if (begun.error().code != Code::held) return begun;
      if (clock.now() >= deadline || stop()) {
        // What kept this run from beginning stays the more important word.
        (void)one.warehouse->note_overlap(endpoints, accounts, begun.error().what);
        return begun;
      }
      if (!told) say(begun.error().what);
      told = true;
      sleep(step);
      beat();
    }
  return {};
}

Status Warehouses::look(const Config& config) {
  const auto [endpoints, accounts] = taken(config);
  for (const One& one : all_)
    if (auto status = one.warehouse->look(endpoints, accounts); !status) return status;
  return {};
}

std::optional<std::string> Warehouses::read_from(const Endpoint& endpoint,
                                                 const Scope& scope) const {
  std::optional<std::string> earliest;
  for (const One& one : all_) {
    auto from = one.warehouse->read_from(endpoint, scope);
    if (!from) return std::nullopt;
    if (!earliest || *from < *earliest) earliest = std::move(from);
  }
  return earliest;
}

void Warehouses::beat() {
  for (const One& one : all_) one.warehouse->beat();
}

Status Warehouses::end_run(Summary& summary, std::optional<int> signal) {
  for (EndpointSummary& endpoint : summary.endpoints)
    for (const One& one : all_)
      endpoint.stored.push_back({one.where, one.warehouse->counts(endpoint.name)});
  Status ended;
  // The first one's word decides whether there is a run to go on with, so it goes last.
  for (auto one = all_.rbegin(); one != all_.rend(); ++one)
    if (auto status = one->warehouse->end_run(summary, signal); !status && ended)
      ended = std::move(status);
  return ended;
}

std::vector<std::string> Warehouses::edits_seen(const Summary& summary) const {
  std::vector<std::string> lines;
  for (const One& one : all_)
    for (const EndpointSummary& endpoint : summary.endpoints)
      if (const auto seen = one.warehouse->edits_seen(endpoint.name); seen && *seen)
        lines.push_back(fmt::format(
            "{}: 99.9 % of edits come within {} days; the {} days looked back cost {} requests",
            endpoint.name, (*seen)->days, one.warehouse->look_back_days(endpoint.name),
            endpoint.requests));
  return lines;
}

std::vector<Warehouse*> Warehouses::all() const {
  std::vector<Warehouse*> out;
  for (const One& one : all_) out.push_back(one.warehouse.get());
  return out;
}

std::vector<std::string> Warehouses::numbers() const {
  std::vector<std::string> out;
  for (const One& one : all_)
    out.push_back(fmt::format("{}: run {}", one.where, one.warehouse->run()));
  return out;
}

int exit_code_of(const Error& error) {
  return error.code == Code::held          ? exit_held
         : error.code == Code::bad_request ? exit_usage
                                           : exit_destination;
}

}  // namespace callrail::cli
