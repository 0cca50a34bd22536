#include "plan_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace callrail::cli {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Clock::Steady now{1000h};

PlannedEndpoint endpoint(std::string name, std::uint64_t rows, std::uint64_t requests) {
  return {.name = std::move(name), .lists = 1, .rows = rows, .requests = requests};
}

PlanFacts facts_of(Plan plan, std::vector<RateLimit> limits) {
  const Limiter limiter{limits};
  PlanFacts facts;
  facts.timing = timing(plan, limiter, now);
  facts.plan = std::move(plan);
  facts.limits = std::move(limits);
  facts.now = Clock::Wall{std::chrono::sys_days{std::chrono::year{2026} / 3 / 10}};
  return facts;
}

TEST(TimingOfAPlan, IsThatOfTheLimits) {
  const Plan plan{.endpoints = {endpoint("shops", 1, 1), endpoint("sales", 9, 30)}};
  const Timing one = timing(plan, Limiter{{{10, 1}}}, now);
  EXPECT_EQ(one.requests, 31u);
  EXPECT_EQ(one.ready.at(0), 0ms);
  EXPECT_EQ(one.total, 3003ms);
  EXPECT_FALSE(one.stop);
  EXPECT_EQ(timing(plan, Limiter{{}}, now).total, 0ms);
}

TEST(TimingOfAPlan, KnowsWhatIsUsedAlready) {
  Limiter limiter{{{10, 3600}}};
  for (std::uint64_t ticket = 0; ticket < 8; ++ticket) {
    limiter.sent(ticket, now - 10min);
    limiter.answered(ticket, now - 10min);
  }
  const Plan plan{.endpoints = {endpoint("sales", 9, 3)}};
  EXPECT_EQ(timing(plan, limiter, now).total, 50min + 1ms);
  EXPECT_EQ(limiter.used({10, 3600}, now), 8) << "a rehearsal books nothing";
}

TEST(TimingOfAPlan, TellsWhereTheDayEnds) {
  const Plan plan{.endpoints = {endpoint("shops", 1, 90), endpoint("sales", 9, 30)}};
  const Timing times = timing(plan, Limiter{{{10, 1}, {100, 86400}}}, now);
  ASSERT_TRUE(times.stop);
  EXPECT_EQ(times.stop->after, 100u);
  EXPECT_EQ(times.stop->endpoint, 1u);
  EXPECT_LT(times.stop->at, 10s);
  EXPECT_GE(times.stop->at + times.stop->pause, 24h);
  EXPECT_GE(times.total, 24h);
}

TEST(TimingOfAPlan, IsQuickForALongOne) {
  const Plan plan{.endpoints = {endpoint("sales", 25'000'000, 112'500)}};
  const auto begin = std::chrono::steady_clock::now();
  const Timing times =
      timing(plan, Limiter{{{10, 1}, {120, 60}, {1000, 3600}, {10'000, 86400}}}, now);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_GE(times.total, 11 * 24h);
}

TEST(APlanInProportion, ScalesRowsOfListsWithDates) {
  PlannedEndpoint dated = endpoint("sales", 7000, 32);
  dated.from = "2026-01-01";
  dated.to = "2026-01-10";
  EXPECT_EQ(days_in(dated), 10);
  const Plan plan{.endpoints = {dated, endpoint("shops", 500, 3)}};
  const Plan scaled = in_proportion(plan, 2, 250);
  EXPECT_EQ(scaled.endpoints[0].rows, 1400u);
  EXPECT_EQ(scaled.endpoints[0].requests, 7u);
  EXPECT_EQ(scaled.endpoints[1].rows, 500u);
  EXPECT_EQ(in_proportion(plan, 20, 250).endpoints[0].rows, 14'000u);
}

TEST(APlanInProportion, ScalesListsOfRowsWithDates) {
  PlannedEndpoint visits{.name = "visits",
                         .lists = 1001,
                         .requests = 1001,
                         .from = "2026-01-01",
                         .to = "2026-01-10",
                         .each_list = true,
                         .lists_by_days = true};
  const Plan scaled = in_proportion(Plan{.endpoints = {visits}}, 1, 250);
  EXPECT_EQ(scaled.endpoints[0].lists, 101u);
  EXPECT_EQ(scaled.endpoints[0].requests, 101u);
  EXPECT_FALSE(scaled.endpoints[0].rows);
}

TEST(ThePlanText, TellsThePriceOfAListForEachRow) {
  Plan plan{.endpoints = {{.name = "visits",
                           .lists = 12'000,
                           .requests = 12'000,
                           .price = "one request for each call",
                           .each_list = true}}};
  const PlanFacts facts = facts_of(plan, {{10'000, 86400}});
  const std::string text = plan_text(facts);
  EXPECT_THAT(text, AllOf(HasSubstr("one request for each call"), Not(HasSubstr("≥")),
                          HasSubstr("ends the run after 10000 of them, in visits")));
  const auto json = nlohmann::json::parse(plan_json(facts));
  EXPECT_EQ(json["endpoints"][0]["price"], "one request for each call");
  EXPECT_EQ(json["endpoints"][0]["at_least"], false);
}

TEST(ThePlanText, NamesRequestsTimeAndWhatIsUncertain) {
  Plan plan{.endpoints = {endpoint("shops", 1, 1), endpoint("sales", 9, 30)}};
  plan.endpoints[0].wanted = false;
  plan.endpoints.push_back({.name = "stock", .lists = 5, .requests = 5, .at_least = true});
  plan.endpoints.push_back({.name = "users", .refused = Error{Code::forbidden, "403 Forbidden"}});
  PlanFacts facts = facts_of(plan, {{10, 1}, {1000, 3600}});
  facts.timing.used = {{{1000, 3600}, 17}};
  facts.choices = {{"--days 7", 3, 3, 1s}};
  facts.fields_named = true;
  const std::string text = plan_text(facts);
  EXPECT_THAT(text, HasSubstr("shops         1     1         1          0 s  for its keys\n"));
  EXPECT_THAT(text, HasSubstr("stock         5     ?       ≥ 5"));
  EXPECT_THAT(text, HasSubstr("not counted: 403 Forbidden"));
  EXPECT_THAT(text, HasSubstr("≥ 36 requests take at least 3 s within the limits 10/s,1000/h: done "
                              "2026-03-10 00:00 UTC if begun now\n"));
  EXPECT_THAT(text, HasSubstr("used already: 17 of 1000/h\n"));
  EXPECT_THAT(text, HasSubstr("in proportion to the days"));
  EXPECT_THAT(text, HasSubstr("saves no requests"));
}

TEST(ThePlanText, SaysWhenTheDayEndsAndWhenToComeBack) {
  const Plan plan{.endpoints = {endpoint("sales", 9, 30)}};
  EXPECT_THAT(plan_text(facts_of(plan, {{10, 1}, {20, 86400}})),
              HasSubstr("limit 20/d ends the run after 20 of them, in sales, 2026-03-10 00:00 UTC; "
                        "there is room again 24 h later: run again then\n"));
}

TEST(ThePlanAsJson, HasTheSameNumbers) {
  Plan plan{.endpoints = {endpoint("sales", 9, 30)}};
  plan.endpoints.push_back({.name = "stock", .lists = 5, .requests = 5, .at_least = true});
  const auto json = nlohmann::json::parse(plan_json(facts_of(plan, {{10, 1}, {20, 86400}})));
  EXPECT_EQ(json["requests"], 35);
  EXPECT_EQ(json["at_least"], true);
  EXPECT_EQ(json["day_ends"]["after_requests"], 20);
  EXPECT_EQ(json["endpoints"][0]["rows"], 9);
  EXPECT_EQ(json["endpoints"][1]["rows"], nullptr);
  EXPECT_EQ(json["endpoints"][1]["lists"], 5);
}

}  // namespace
}  // namespace callrail::cli
