/// Traps in what is asked for: days, zones, fields, pages, addresses.
#include "traps.hpp"

#include <callrail/fake/dates.hpp>

#include <chrono>
#include <set>

namespace callrail::trust {
namespace {

/// Rows of the world that lie on a day of somebody's calendar.
std::vector<std::string> keys_on(const SmallRun& run, const std::string& day, Text zone) {
  const fake::World& world = run.api->world();
  const fake::Zone& calendar = *world.zones().find(zone);
  std::vector<std::string> out;
  for (const json& row : held(run)) {
    const auto moment = fake::read_moment(row.at("start_time").get<std::string>());
    const fake::Instant at =
        fake::Instant{moment->local.time_since_epoch()} - moment->offset.value();
    const auto local = std::chrono::floor<std::chrono::days>(calendar.local(at));
    const std::chrono::year_month_day date{local};
    if (fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())) == day)
      out.push_back(row.at("id").dump());
  }
  return out;
}
std::string day_of(const json& row) {
  return row.at("start_time").get<std::string>().substr(0, 10);
}

TEST(Trap01, WithoutDatesTheWholeHistoryIsAskedFor) {
  SmallRun run{jsonl};
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_THAT(requests_to(run, "/calls.json"),
              Each(AllOf(HasSubstr("start_date="), HasSubstr("end_date="))));
  // Seven days, which the API would have answered, hold less.
  EXPECT_LT(day_of(held(run).front()), "2026-03-01");
}

TEST(Trap02, EveningsAreReadOnTheDayTheyHaveInTheAccountsZone) {
  SmallRun run = with([](fake::FakeOptions& options) {
    options.world.zone = "Pacific/Honolulu";
    options.world.rows["calls"] = 3000;
  });
  run.job.range = {.from = "2026-03-01", .to = "2026-03-01"};
  EXPECT_TRUE(run.go().complete());
  const auto expected = keys_on(run, "2026-03-01", "Pacific/Honolulu");
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(expected));
  EXPECT_NE(expected, keys_on(run, "2026-03-01", "UTC")) << "the zone makes no difference here";
}

TEST(Trap03, FieldsThatComeOnlyOnRequestAreRequested) {
  SmallRun run{jsonl};
  want(run, {"calls"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(requests_to(run, "/calls.json"), Each(HasSubstr("fields=")));
  const auto rows = rows_of(run);
  for (const char* column : {"utm_source", "milestones", "gclid", "source_name"})
    EXPECT_TRUE(std::ranges::any_of(rows, [&](const json& row) { return row.contains(column); }))
        << column;
}

TEST(Trap04, PagesHold250RowsUnlessSomebodySaysOtherwise) {
  SmallRun run = with(rows("calls", 600));
  run.job.page_size = sim::Job{}.page_size;
  EXPECT_TRUE(run.go().complete());
  // Pages overlap by a few rows, which is why they are not all of the same size.
  EXPECT_THAT(requests_to(run, "/calls.json"),
              Each(AnyOf(HasSubstr("per_page=250"), HasSubstr("per_page=24"))));
  EXPECT_EQ(requests_to(run, "/calls.json").size(), 3u);
}

TEST(Trap05, AWindowWithABeginningHasAnEndToo) {
  SmallRun run{jsonl};
  run.job.range.from = "2026-01-01";
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(requests_to(run, "/calls.json"),
              Each(AllOf(HasSubstr("start_date="), HasSubstr("end_date="))));
}

TEST(Trap06, EveryParameterIsSpelledAsInTheSchema) {
  const Api& facts = api::description();
  std::set<std::string, std::less<>> known{std::string{facts.paging.page},
                                           std::string{facts.paging.size},
                                           std::string{facts.paging.relative}};
  std::vector<Text> all;
  for (const Endpoint* e : facts.endpoints) {
    all.push_back(e->name);
    for (const Text name :
         {e->dates.from, e->dates.to, e->dates.zone, e->order.by, e->order.direction, e->select})
      known.emplace(name);
    for (const Parent& parent : e->parents) known.emplace(parent.parameter);
    for (const Filter& filter : e->filters) known.emplace(filter.name);
  }
  SmallRun run{jsonl};
  want(run, all);
  EXPECT_TRUE(run.go().complete());
  for (const std::string& url : run.asked)
    for (const auto& [name, value] : fake::get(url).query) EXPECT_TRUE(known.contains(name)) << url;
}

TEST(Trap07, AnInstantGoesOutAsItWasWritten) {
  SmallRun run{jsonl};
  run.job.range = {.from = "2025-12-24T18:30:59", .to = "2026-01-06T00:00:01"};
  EXPECT_TRUE(run.go().complete());
  const auto asked = requests_to(run, "/calls.json");
  EXPECT_THAT(asked.front(), HasSubstr("start_date=2025-12-24T18%3A30%3A59"));
  EXPECT_THAT(asked.back(), HasSubstr("end_date=2026-01-06T00%3A00%3A01"));
}

TEST(Trap13, ARangeThatBeginsTooEarlyIsShortenedAndSaysSo) {
  SmallRun run{jsonl};
  run.job.range.from = "2001-01-01";
  const auto report = run.go();
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_THAT(words_of(report), HasSubstr("25 months"));
}

TEST(Trap16, WindowsNeitherOverlapNorLeaveAGap) {
  // Day by day is as good as all at once: both ends of a range are inclusive.
  const auto many = rows("calls", 2000);
  SmallRun whole = with(many);
  whole.job.range = {.from = "2026-02-20", .to = "2026-03-09"};
  EXPECT_TRUE(whole.go().complete());
  std::vector<std::string> parts;
  using namespace std::chrono;
  for (sys_days day = 2026y / February / 20; day <= sys_days{2026y / March / 9}; day += days{1}) {
    const year_month_day date{day};
    const std::string text = fmt::format("2026-{:02}-{:02}", static_cast<unsigned>(date.month()),
                                         static_cast<unsigned>(date.day()));
    SmallRun run = with(many);
    run.job.range = {.from = text, .to = text};
    EXPECT_TRUE(run.go().complete());
    for (const std::string& key : keys_of(rows_of(run))) parts.push_back(key);
  }
  EXPECT_GT(parts.size(), 20U);
  EXPECT_EQ(parts, keys_of(rows_of(whole)));
}

TEST(Trap20, TheDayWithAnHourTwiceIsReadOnceAndWhole) {
  for (const char* day : {"2025-11-02", "2025-03-09"}) {  // 25 hours, and 23
    SmallRun run = with([](fake::FakeOptions& options) {
      options.world.rows["calls"] = 3000;
      options.world.zone = "America/New_York";
    });
    run.job.range = {.from = day, .to = day};
    EXPECT_TRUE(run.go().complete());
    const auto expected = keys_on(run, day, "America/New_York");
    EXPECT_GE(expected.size(), 2U) << day;
    EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(expected)) << day;
  }
}

TEST(Trap20, AZoneNobodyKnowsIsAnErrorAndNotUtc) {
  SmallRun run{jsonl};
  run.job.range = {.from = "2026-01-01", .to = "2026-01-31", .zone = "Eastern"};
  const auto report = run.go();
  EXPECT_TRUE(report.told.front().failed);
  EXPECT_THAT(words_of(report), HasSubstr("Eastern"));
}

TEST(Trap26, AnAddressOnAnotherHostIsNotFollowed) {
  SmallRun run{{FileFormat::jsonl, false, Paging::relative}, {"calls:2-=next-other-host"}};
  EXPECT_TRUE(run.go().complete());  // the address is not needed: pages are asked for by number
  EXPECT_THAT(run.asked, Each(testing::StartsWith(sim::base_url + '/')));
}

}  // namespace
}  // namespace callrail::trust
