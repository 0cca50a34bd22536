#include "simulate.hpp"
#include "virtual_time.hpp"

#include <callrail/fake/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace callrail::sim {
namespace {

using fake::Dice;
using std::chrono::milliseconds;

constexpr std::array zones{"America/New_York", "America/Los_Angeles", "Asia/Kolkata",
                           "Australia/Lord_Howe", "UTC"};

/// Once they happened, asking again helps.
constexpr std::array passing{"refused",       "reset",
                             "reset-in-body", "stall",
                             "slow",          "bad-gzip",
                             "short-body",    "wrong-length",
                             "bad-chunk",     "html",
                             "empty",         "no-content",
                             "cut-json",      "429",
                             "429-seconds:2", "429-date:3",
                             "429-nonsense",  "429-negative",
                             "500",           "500-html",
                             "502",           "503",
                             "503-seconds:1", "504",
                             "bad-utf8",      "wrong-envelope",
                             "top-array",     "repeated-page",
                             "duplicate",     "408"};
/// These end an endpoint or the run.
constexpr std::array final{"401", "403", "429-huge", "redirect-other", "422", "next-loop"};

std::uint64_t rows_of(Dice& dice) {
  switch (dice.below(24)) {
    case 0: return 0;
    case 1: return 1;
    case 2: return 300 + dice.below(1200);
    case 3:
    case 4:
    case 5: return 100 + dice.below(200);
    default: return 1 + dice.below(100);
  }
}

std::string date_text(fake::Instant at, bool with_time) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  std::string out =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (with_time) {
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::minutes>(at - day)};
    out += fmt::format("T{:02}:{:02}", time.hours().count(), time.minutes().count());
  }
  return out;
}

DateRange range_of(Dice& dice, fake::Instant now) {
  DateRange range;
  if (dice.one_in(2)) return range;
  const auto moment = [&] { return now - std::chrono::hours{dice.below(760 * 24)}; };
  auto from = moment(), to = moment();
  if (to < from) std::swap(from, to);
  const bool with_time = dice.one_in(3);
  if (!dice.one_in(4)) range.from = date_text(from, with_time);
  if (!dice.one_in(4)) range.to = date_text(to, with_time && dice.one_in(2));
  if (dice.one_in(2)) range.zone = zones[dice.below(zones.size())];
  return range;
}

/// The key, the instant and a few others, so that a row is small and can still be told from others.
Wanted wanted_of(const Endpoint& endpoint, Dice& dice) {
  if (dice.one_in(3)) return {&endpoint, Selection::everything(endpoint), false};
  Wanted wanted{&endpoint, {}, true};
  if (const auto key = endpoint.find(endpoint.key); key != Endpoint::npos) wanted.fields.add(key);
  const auto all = Selection::everything(endpoint).order();
  for (std::uint64_t i = dice.below(6); i > 0; --i) wanted.fields.add(all[dice.below(all.size())]);
  return wanted;
}

}  // namespace

Plan plan_of(const Api& api, std::uint64_t seed) {
  Dice dice{fake::mix(seed)};
  Plan plan;
  plan.seed = seed;
  const fake::Instant now = VirtualClock{}.today();

  plan.world.world.seed = dice.next();
  plan.world.world.until = now;
  plan.world.world.zone = zones[dice.below(zones.size())];
  plan.world.limits.emplace();
  auto& rows = plan.world.world.rows;
  // The witness knows lists of rows with keys. Those read only when named are mostly others.
  std::vector<const Endpoint*> all;
  for (const Endpoint* e : api.endpoints)
    if (e->opt_in.empty()) all.push_back(e);
  // What others refer to needs rows; what nobody asks for needs few.
  for (const Endpoint* e : all) rows[std::string{e->name}] = 1 + dice.below(4);
  for (const Endpoint* e : all)
    if (e->parents.empty()) rows[std::string{e->name}] = 1 + dice.below(2);

  std::vector<const Endpoint*> endpoints;
  for (std::uint64_t i = 1 + dice.below(3); i > 0; --i) {
    const Endpoint* e = all[dice.below(all.size())];
    // Lists with dates are where rows move: every second choice is one.
    for (int tries = 0; !e->dates && tries < 8 && dice.one_in(2); ++tries)
      e = all[dice.below(all.size())];
    if (std::ranges::count(endpoints, e) == 0) endpoints.push_back(e);
  }
  std::uint64_t most = 0;
  for (const Endpoint* e : endpoints) {
    plan.job.endpoints.push_back(wanted_of(*e, dice));
    const bool is_parent = std::ranges::any_of(all, [&](const Endpoint* child) {
      return std::ranges::count(child->parents, e->name, &Parent::endpoint) != 0;
    });
    if (!is_parent) rows[std::string{e->name}] = rows_of(dice);
    most = std::max(most, rows[std::string{e->name}]);
  }

  plan.job.page_size = static_cast<int>(5 + dice.below(46));
  if (most > 300) plan.job.page_size = static_cast<int>(25 + dice.below(26));
  plan.job.jobs = static_cast<int>(1 + dice.below(8));
  if (!dice.one_in(3)) plan.job.paging = dice.one_in(2) ? Paging::offset : Paging::relative;
  plan.job.range = range_of(dice, now);
  plan.job.format = static_cast<FileFormat>(dice.below(4));
  plan.job.stream = plan.job.endpoints.size() == 1 && dice.one_in(6);
  plan.job.seed = dice.next();
  if (dice.one_in(5)) {
    plan.job.limits = {{static_cast<int>(2 + dice.below(9)), 1},
                       {static_cast<int>(20 + dice.below(80)), 60}};
    plan.world.limits = plan.job.limits;
  }
  plan.up = milliseconds{1 + dice.below(200)};
  plan.down = milliseconds{1 + dice.below(400)};

  if (!dice.one_in(3)) {
    plan.changes = static_cast<int>(1 + dice.below(dice.one_in(3) ? 60 : 12));
    plan.churn_every = milliseconds{10 + dice.below(dice.one_in(2) ? 100 : 2000)};
  }
  if (dice.one_in(16)) {
    constexpr std::array quirks{"totals-missing", "totals-zero", "next-absent", "no-rate-headers"};
    (void)plan.world.quirks.add(Text{quirks[dice.below(quirks.size())]});
  }
  if (!dice.one_in(3)) {
    const std::uint64_t one_in = 4 + dice.below(80);
    for (std::uint64_t nth = 1; nth <= 600; ++nth) {
      if (!dice.one_in(one_in)) continue;
      const bool fatal = dice.one_in(200);
      const Text word =
          fatal ? final[dice.below(final.size())] : passing[dice.below(passing.size())];
      if (auto fault = fake::read_fault(fmt::format("*:{}={}", nth, word), api))
        plan.world.faults.push_back(*std::move(fault));
    }
    if (one_in < 12) plan.job.max_retries = 6;
  }
  if (dice.one_in(2)) {
    for (std::uint64_t i = 1 + dice.below(3); i > 0; --i) {
      Plan::Death death;
      death.how = static_cast<Plan::Death::How>(dice.below(3));
      if (plan.job.stream) death.how = Plan::Death::How::stop;  // a pipe outlives its writer
      death.at =
          1 + dice.below(death.how == Plan::Death::How::stop ? 60 : 4 + 6 * endpoints.size());
      if (runs_resume) death.at = 1 + dice.below(4 * death.at);
      death.after = dice.one_in(2);
      plan.deaths.push_back(death);
    }
  }
  plan.reruns = static_cast<int>(dice.below(3));
  return plan;
}

std::string Plan::text() const {
  std::string out = fmt::format("seed {}: ", seed);
  for (const Wanted& wanted : job.endpoints)
    out += fmt::format("{} ({} rows an account, {} columns) ", wanted.endpoint->name,
                       world.world.rows.at(std::string{wanted.endpoint->name}),
                       wanted.fields.order().size());
  constexpr std::array formats{"csv", "jsonl", "json", "xml"};
  out += fmt::format("\n  {} a page, {} jobs, {} paging, {}{}, range {}..{} {}, owner in {}\n",
                     job.page_size, job.jobs,
                     !job.paging                     ? "preferred"
                     : *job.paging == Paging::offset ? "offset"
                                                     : "relative",
                     formats[static_cast<std::size_t>(job.format)], job.stream ? " to a pipe" : "",
                     job.range.from, job.range.to, job.range.zone, world.world.zone);
  out += fmt::format("  {} changes about every {} ms, {} faults planned, {} reruns", changes,
                     churn_every.count(), world.faults.size(), reruns);
  for (const RateLimit& limit : job.limits)
    out += fmt::format(", {} requests in {} s", limit.requests, limit.seconds);
  for (const Death& death : deaths)
    out += fmt::format(", {} {} {}",
                       death.how == Death::How::kill        ? "killed"
                       : death.how == Death::How::power_cut ? "power cut"
                                                            : "stopped",
                       death.after ? "after call" : "before call", death.at);
  return out + '\n';
}

}  // namespace callrail::sim
