#include "reconcile.hpp"

#include "dates.hpp"
#include "json_writer.hpp"

#include <callrail/day_counts.hpp>
#include <callrail/plan.hpp>
#include <callrail/redact.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::cli {
namespace {

bool has_days(const Endpoint& endpoint) {
  return endpoint.dates && !endpoint.dates.cursor.empty() && !endpoint.dates.whole;
}

std::vector<std::string> accounts_of(const Endpoint& endpoint, const Config& config) {
  if (endpoint.parents.empty()) return {};
  const auto fixed = config.extract.fixed.find(endpoint.parents.front().parameter);
  return fixed == config.extract.fixed.end() ? std::vector<std::string>{} : fixed->second;
}

}  // namespace

void prepare_reconcile(Config& config) {
  // Of the others each row's list would have to be asked for, or read whole.
  std::erase_if(config.extract.endpoints, [](const Wanted& wanted) {
    const Endpoint& e = *wanted.endpoint;
    return e.table == nullptr || (e.dates && !has_days(e)) ||
           std::ranges::find(e.paging, Paging::whole) != e.paging.end();
  });
  config.extract.range.zone = "UTC";
  config.extract.range.from = days_before(today_in("UTC", config.now), config.days.value_or(0));
  config.extract.range.to = days_before(today_in("UTC", config.now), 0);
  config.sync.mode = SyncMode::range;
}

SourceCounts SourceCounts::ask(const Api& api, const Config& config, Client& client,
                               const Clock& clock, const std::function<bool()>& stop) {
  SourceCounts counts;
  ExtractOptions options = config.extract;
  options.limit.reset();
  const auto count = [&](bool with_days) {
    options.endpoints.clear();
    for (const Wanted& wanted : config.extract.endpoints)
      if (has_days(*wanted.endpoint) == with_days) options.endpoints.push_back(wanted);
    Plan plan;
    if (!options.endpoints.empty()) plan = callrail::plan(api, options, client, clock, stop);
    for (const auto& [parameter, values] : plan.keys) options.fixed.try_emplace(parameter, values);
    if (plan.ended && !counts.ended_) counts.ended_ = plan.ended;
    return plan;
  };
  const auto note = [&](const PlannedEndpoint& planned, std::string why) {
    std::string line = planned.name + ": " + why;
    if (std::ranges::find(counts.unknown_, line) == counts.unknown_.end())
      counts.unknown_.push_back(std::move(line));
  };
  for (const PlannedEndpoint& planned : count(false).endpoints)
    if (planned.wanted && planned.refused)
      note(planned, planned.refused->what);
    else if (planned.wanted && planned.rows)
      counts.in_all_[planned.name] = *planned.rows;
  const auto today = today_in("UTC", config.now);
  for (int back = config.days.value_or(0); back >= 0 && !counts.ended_; --back) {
    const std::string day = days_before(today, back);
    options.range.from = options.range.to = day;
    counts.days_.push_back(day);
    for (const PlannedEndpoint& planned : count(true).endpoints)
      if (planned.wanted && planned.refused)
        note(planned, planned.refused->what);
      else if (planned.wanted && planned.rows)
        counts.by_day_[planned.name][day] = *planned.rows;
  }
  return counts;
}

Result<std::vector<Difference>> SourceCounts::compare(Database& db, const Api& api,
                                                      const Config& config) const {
  std::vector<Difference> differences;
  for (const auto& [name, days] : by_day_) {
    const Endpoint& endpoint = *api.find(name);
    auto here =
        rows_by_day(db, endpoint, days_.front(), days_.back(), accounts_of(endpoint, config));
    if (!here) return std::unexpected(std::move(here).error());
    for (const auto& [day, rows] : days)
      if (const std::uint64_t ours = (*here)[day]; ours != rows)
        differences.push_back({name, day, rows, ours});
  }
  for (const auto& [name, rows] : in_all_) {
    const Endpoint& endpoint = *api.find(name);
    const auto here = rows_in_all(db, endpoint, accounts_of(endpoint, config));
    if (!here) return std::unexpected(here.error());
    if (*here != rows) differences.push_back({name, {}, rows, *here});
  }
  return differences;
}

void keep_what_differs(Config& config, const std::vector<Difference>& differences) {
  std::erase_if(config.extract.endpoints, [&](const Wanted& wanted) {
    return !has_days(*wanted.endpoint) &&
           std::ranges::find(differences, wanted.endpoint->name, &Difference::endpoint) ==
               differences.end();
  });
}

std::string spell(const Difference& difference) {
  return fmt::format("{}{}{}: {} at the source, {} in the database", difference.day,
                     difference.day.empty() ? "" : " ", difference.endpoint, difference.at_source,
                     difference.here);
}

std::string differences_json(const std::vector<Difference>& differences,
                             const SourceCounts& counts) {
  JsonWriter json;
  json.open('{');
  json.key("from").text_or_null(counts.days().empty() ? "" : counts.days().front());
  json.key("to").text_or_null(counts.days().empty() ? "" : counts.days().back());
  json.key("differences").open('[');
  for (const Difference& each : differences) {
    json.open('{');
    json.key("endpoint").text(escape_controls(each.endpoint));
    json.key("day").text_or_null(each.day);
    json.key("source").number(each.at_source);
    json.key("database").number(each.here);
    json.close('}');
  }
  json.close(']');
  json.key("not_counted").open('[');
  for (const std::string& why : counts.unknown()) json.text(escape_controls(why));
  json.close(']');
  json.close('}');
  return std::move(json).take();
}

}  // namespace callrail::cli
