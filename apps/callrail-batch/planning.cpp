#include "planning.hpp"

#include "dates.hpp"
#include "exit_code.hpp"
#include "plan_text.hpp"
#include "process.hpp"

#include <callrail/retry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <unistd.h>

namespace callrail::cli {
namespace {

constexpr int choices_of_days[] = {7, 30, 90};

bool stopped() { return stop_signal().has_value(); }

/// The lists a run reads, parents first, and whether for their rows or for their keys only.
std::vector<std::pair<const Endpoint*, bool>> lists_of(const Api& api, const Config& config) {
  std::vector<std::pair<const Endpoint*, bool>> lists;
  const auto& wanted = config.extract.endpoints;
  const auto add_parents = [&](const auto& self, const Endpoint& endpoint) -> void {
    for (const Parent& parent : endpoint.parents) {
      const Endpoint* const rows = api.find(parent.endpoint);
      if (rows == nullptr || config.extract.fixed.contains(parent.parameter)) continue;
      self(self, *rows);
      const bool known = std::ranges::find(wanted, rows, &Wanted::endpoint) != wanted.end() ||
                         std::ranges::any_of(lists, [&](const auto& l) { return l.first == rows; });
      if (!known) lists.emplace_back(rows, false);
    }
  };
  for (const Wanted& one : wanted) add_parents(add_parents, *one.endpoint);
  for (const Wanted& one : wanted) lists.emplace_back(one.endpoint, true);
  return lists;
}

/// What `--offline` knows: rows and lists as they were, scaled to the days asked for now.
Plan plan_from(const Api& api, const Counts& counts, const Config& config,
               std::vector<std::string>& notes, Clock::Wall now) {
  Plan plan;
  std::chrono::hours oldest{0};
  for (const auto& [endpoint, wanted] : lists_of(api, config)) {
    PlannedEndpoint out{
        .name = std::string{endpoint->name},
        .wanted = wanted,
        .price = std::string{endpoint->opt_in},
        .each_list = std::ranges::find(endpoint->paging, Paging::whole) != endpoint->paging.end()};
    const auto known = counts.find(endpoint->name);
    if (known == counts.end()) {
      if (wanted)
        out.refused =
            Error{Code::not_found, "no run or plan counted it yet: plan without --offline"};
      out.at_least = true;
      out.lists = out.requests = wanted ? 0 : 1;
      plan.endpoints.push_back(std::move(out));
      continue;
    }
    const Counted& of = known->second;
    out.lists = of.lists;
    out.from = of.from;
    out.to = of.to;
    out.zone = of.zone;
    const std::uint64_t lists = std::max<std::uint64_t>(of.lists, 1);
    out.requests = lists;
    out.at_least = !of.rows_known && !out.each_list;
    out.lists_by_days = !endpoint->dates && !of.from.empty();
    if (of.rows_known) {
      out.rows = of.rows;
      const int size = endpoint->page_size(config.extract.page_size);
      out.requests = lists * requests_for((of.rows + lists - 1) / lists, size);
    }
    oldest = std::max(oldest, std::chrono::floor<std::chrono::hours>(now - of.at));
    plan.endpoints.push_back(std::move(out));
  }
  if (oldest >= std::chrono::hours{1})
    notes.push_back(fmt::format("the oldest of these counts is {} old", spell_duration(oldest)));
  const DateRange& range = config.extract.range;
  const auto today = today_in(range.zone, now);
  constexpr double days_a_month = 30.44;
  const int kept = static_cast<int>(api.keeps_months * days_a_month);
  const PlannedEndpoint asked{.from = range.from.empty() ? days_before(today, kept) : range.from,
                              .to = range.to.empty() ? days_before(today, 0) : range.to};
  const int days = std::max(days_in(asked), 1);
  // A few days more or less are the calendar's.
  const bool differs = std::ranges::any_of(plan.endpoints, [&](const PlannedEndpoint& endpoint) {
    const int then = days_in(endpoint);
    return then != 0 && std::abs(then - days) > 1 + std::max(then, days) / 100;
  });
  if (!differs) return plan;
  notes.emplace_back("rows of lists with dates are in proportion to the days asked for");
  Plan scaled = in_proportion(plan, days, config.extract.page_size);
  for (PlannedEndpoint& endpoint : scaled.endpoints)
    if (!endpoint.from.empty()) {
      endpoint.from = asked.from;
      endpoint.to = asked.to;
    }
  return scaled;
}

Counts counts_in(const Plan& plan, Clock::Wall now) {
  Counts counts;
  for (const PlannedEndpoint& endpoint : plan.endpoints)
    if (!endpoint.refused)
      counts[endpoint.name] = {.rows = endpoint.rows.value_or(0),
                               .lists = endpoint.lists,
                               .rows_known = endpoint.rows.has_value(),
                               .from = endpoint.from,
                               .to = endpoint.to,
                               .zone = endpoint.zone,
                               .at = now};
  return counts;
}

std::uint64_t wanted_rows(const Plan& plan) {
  std::uint64_t rows = 0;
  for (const PlannedEndpoint& endpoint : plan.endpoints)
    if (endpoint.wanted) rows += endpoint.rows.value_or(0);
  return rows;
}

Choice choice_of(std::string words, const Plan& plan, const Limiter& limiter, Clock::Steady now) {
  const Timing times = timing(plan, limiter, now);
  return {std::move(words), wanted_rows(plan), times.requests, times.total};
}

int longest_window(const Plan& plan) {
  int days = 0;
  for (const PlannedEndpoint& endpoint : plan.endpoints) days = std::max(days, days_in(endpoint));
  return days;
}

/// The plan for the last so many days, with a count for each list with dates; the rest is as it
/// was.
Plan count_days(const Api& api, const Config& config, const Plan& plan, int days, Client& client,
                const Clock& clock) {
  ExtractOptions options = config.extract;
  std::erase_if(options.endpoints, [&](const Wanted& wanted) {
    const auto planned =
        std::ranges::find(plan.endpoints, wanted.endpoint->name, &PlannedEndpoint::name);
    return planned == plan.endpoints.end() || planned->from.empty();
  });
  for (const auto& [parameter, values] : plan.keys) options.fixed.try_emplace(parameter, values);
  options.range.from = days_before(today_in(options.range.zone, clock.today()), days);
  options.range.to.clear();
  const Plan counted = callrail::plan(api, options, client, clock, stopped);
  Plan out = plan;
  out.ended = counted.ended;
  for (const PlannedEndpoint& endpoint : counted.endpoints) {
    const auto same = std::ranges::find(out.endpoints, endpoint.name, &PlannedEndpoint::name);
    if (same != out.endpoints.end() && !endpoint.from.empty()) *same = endpoint;
  }
  return out;
}

/// One for each row that may have something to fetch.
std::uint64_t media_requests(const Api& api, const Plan& plan, const Config& config) {
  std::uint64_t most = 0;
  for (const PlannedEndpoint& planned : plan.endpoints)
    if (const Endpoint* endpoint = api.find(planned.name); endpoint != nullptr && planned.wanted)
      most += planned.rows.value_or(0) * endpoint->media.size();
  return std::min(most, config.media.most_requests);
}

struct End {
  int code = exit_complete;
  std::string error;
};

End end_of(const Plan& plan, const Client& client, bool offline) {
  if (plan.ended && plan.ended->code == Code::cancelled)
    return {exit_signal + stop_signal().value_or(SIGINT), "interrupted"};
  if (plan.ended)
    return {exit_bad_key,
            plan.ended->what + "; the key was refused: check CALLRAIL_API_KEY, then run again"};
  std::size_t missing = 0, later = 0;
  std::string why;
  for (const PlannedEndpoint& endpoint : plan.endpoints) {
    if (!endpoint.refused) continue;
    ++missing;
    later += endpoint.refused->code == Code::try_later ? 1 : 0;
    if (why.empty()) why = endpoint.name + ": " + endpoint.refused->what;
  }
  if (missing == 0) return {};
  if (offline) return {exit_incomplete, why};
  const bool nothing = client.stats.answers == 0 || client.stats.quota_used_up;
  if (later != 0 && nothing) return {exit_out_of_reach, why + "; run again later"};
  return {exit_incomplete, why + "; ask for the permission, or leave it out of --endpoints"};
}

}  // namespace

int planning(const Api& api, const Config& config, Client& client, Limiter& limiter,
             const Clock& clock, const State& state, Console& console, Log& log) {
  PlanFacts facts;
  facts.limits = config.limits;
  facts.now = clock.today();
  facts.fields_named = std::ranges::any_of(config.extract.endpoints, &Wanted::named);
  if (config.offline) {
    facts.plan = plan_from(api, read_counts(state), config, facts.notes, facts.now);
    facts.source = "nothing was requested: these are the counts of the last run or plan";
  } else {
    facts.plan = plan(api, config.extract, client, clock, stopped);
    facts.source = fmt::format("counted with {} requests", client.stats.requests);
    if (config.extract.fixed.empty() && !config.extract.limit)
      if (auto kept = write_counts(state, counts_in(facts.plan, facts.now)); !kept)
        log.warning("the counts for plan --offline: " + kept.error().what);
  }
  if (config.media.wanted()) facts.recordings = media_requests(api, facts.plan, config);
  limiter.look();
  for (const RateLimit& limit : config.limits)
    if (limit.seconds >= 3600)
      facts.timing.used.push_back({limit, limiter.used(limit, clock.now())});
  const auto used = std::move(facts.timing.used);
  facts.timing = timing(facts.plan, limiter, clock.now());
  facts.timing.used = used;

  Plan counted = facts.plan;
  const int all = longest_window(facts.plan);
  for (const int days : choices_of_days) {
    if (days >= all || facts.plan.ended || counted.ended) continue;
    if (config.compare) counted = count_days(api, config, facts.plan, days, client, clock);
    facts.choices.push_back(choice_of(
        fmt::format("--days {}", days),
        config.compare ? counted : in_proportion(facts.plan, days, config.extract.page_size),
        limiter, clock.now()));
  }
  if (!facts.choices.empty()) {
    facts.choices_counted = config.compare;
    facts.choices.push_back(choice_of("all", facts.plan, limiter, clock.now()));
  }

  const End end = end_of(counted.ended ? counted : facts.plan, client, config.offline);
  if (!facts.plan.ended && end.code != exit_out_of_reach) {
    for (PlannedEndpoint& endpoint : facts.plan.endpoints)
      if (endpoint.refused) endpoint.refused->what = console.clean(endpoint.refused->what);
    const std::string text = config.json ? plan_json(facts) : plan_text(facts);
    if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) return exit_destination;
  }
  log.info(fmt::format("plan: {} requests in {}, exit code {}", facts.timing.requests,
                       spell_duration(facts.timing.total), end.code));
  if (end.code != exit_complete) {
    log.error(end.error);
    console.error(end.error);
  }
  return end.code;
}

}  // namespace callrail::cli
