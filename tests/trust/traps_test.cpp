#include "small_run.hpp"

#include <callrail/fake/dates.hpp>
#include <callrail/folder_lock.hpp>
#include <callrail/sha256.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

/// The traps that public clients of the API fell into, by their numbers in docs/trust.md.
namespace callrail::trust {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

constexpr Setting jsonl{FileFormat::jsonl, false, Paging::offset};
using Adapt = std::function<void(fake::FakeOptions&)>;

SmallRun with(const Adapt& adapt) { return SmallRun{jsonl, {}, {}, adapt}; }
SmallRun with_faults(std::vector<std::string> faults) { return SmallRun{jsonl, std::move(faults)}; }
Adapt quirk(std::string word) {
  return [word](fake::FakeOptions& options) { ASSERT_TRUE(options.quirks.add(Text{word})); };
}
Adapt rows(std::string list, std::uint64_t count) {
  return [list, count](fake::FakeOptions& options) { options.world.rows[list] = count; };
}

void want(SmallRun& run, std::vector<Text> lists) {
  run.job.endpoints.clear();
  for (const Text list : lists) {
    const Endpoint& endpoint = *api::description().find(list);
    run.job.endpoints.push_back({&endpoint, Selection::everything(endpoint), false});
  }
}

std::vector<json> rows_of(const SmallRun& run, Text list = SmallRun::list) {
  std::vector<json> out;
  const auto records = run.records(list);
  EXPECT_TRUE(records) << list << " has no whole file";
  if (records)
    for (const auto& record : *records) out.push_back(json::parse(record));
  return out;
}
std::vector<std::string> keys_of(const std::vector<json>& rows) {
  std::vector<std::string> out;
  for (const json& row : rows) out.push_back(row.at("id").dump());
  return out;
}
/// What the fake holds at this moment, with all fields a list can have.
std::vector<json> held(const SmallRun& run, Text list = SmallRun::list) {
  std::vector<json> out;
  const fake::World& world = run.api->world();
  dump(world, run.api->listing(), *world.model().find(list), std::nullopt,
       [&](Text line) { out.push_back(json::parse(line)); });
  return out;
}
std::vector<std::string> requests_to(const SmallRun& run, Text part) {
  std::vector<std::string> out;
  for (const std::string& url : run.asked)
    if (url.find(part) != std::string::npos) out.push_back(url);
  return out;
}
std::string words_of(const sim::Report& report) {
  std::string words = report.ended ? report.ended->what : "";
  for (const sim::Told& told : report.told) words += told.words;
  return words;
}
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

TEST(Trap08, ListsUnderAnotherNameAreReadAndAMissingListIsAnError) {
  SmallRun run = with(rows("text_messages", 12));
  want(run, {"text_messages"});  // its rows stand in "conversations"
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(rows_of(run, "text_messages"), SizeIs(12));

  SmallRun other = with_faults({"calls:1-=wrong-envelope"});
  const auto report = other.go();
  EXPECT_TRUE(report.told.front().failed);
  EXPECT_EQ(other.output(), old_file);
}

TEST(Trap09, EveryAccountAndEveryCompanyIsRead) {
  SmallRun run = with([](fake::FakeOptions& options) {
    options.world.rows["accounts"] = 2;
    options.world.rows["companies"] = 3;
    options.world.rows["integrations"] = 12;
  });
  want(run, {"companies", "integrations"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(rows_of(run, "companies"), SizeIs(6));
  std::set<std::string> companies;
  for (const json& row : rows_of(run, "integrations"))
    companies.insert(row.at("company_id").get<std::string>());
  EXPECT_THAT(companies, SizeIs(6));
  EXPECT_THAT(rows_of(run, "integrations"), SizeIs(held(run, "integrations").size()));
}

TEST(Trap10, ARowHiddenBetweenTwoPagesTakesNoNeighbourAlong) {
  SmallRun run{jsonl, {}, {"calls:3=hide:oldest"}};
  const auto before = keys_of(held(run));
  const auto report = run.go();
  const auto after = keys_of(held(run));
  ASSERT_THAT(after, SizeIs(before.size() - 1));
  const auto read = keys_of(rows_of(run));
  const bool all = std::ranges::all_of(
      after, [&](const std::string& key) { return std::ranges::count(read, key) == 1; });
  EXPECT_EQ(all || report.admits(), sim::claims_are_proven)
      << "lost without a word; or no more, and claims_are_proven in scene.hpp can be turned on";
}

TEST(Trap11, ARowThatArrivesBetweenTwoPagesMakesNoDouble) {
  SmallRun run{jsonl, {}, {"calls:2=insert:oldest", "calls:4=insert:oldest"}};
  const auto before = keys_of(held(run));
  (void)run.go();
  const auto read = keys_of(rows_of(run));
  EXPECT_THAT(std::set<std::string>(read.begin(), read.end()), SizeIs(read.size()));
  for (const std::string& key : before) EXPECT_EQ(std::ranges::count(read, key), 1) << key;
}

TEST(Trap12, DisabledRowsAreReadLikeOthers) {
  SmallRun run = with([](fake::FakeOptions& options) {
    options.world.rows["companies"] = 40;
    options.world.rows["trackers"] = 40;
  });
  want(run, {"companies", "trackers"});
  EXPECT_TRUE(run.go().complete());
  for (const Text list : {"companies", "trackers"}) {
    const auto rows = rows_of(run, list);
    EXPECT_THAT(rows, SizeIs(40));
    EXPECT_TRUE(
        std::ranges::any_of(rows, [](const json& row) { return row.at("status") == "disabled"; }));
  }
}

TEST(Trap13, ARangeThatBeginsTooEarlyIsShortenedAndSaysSo) {
  SmallRun run{jsonl};
  run.job.range.from = "2001-01-01";
  const auto report = run.go();
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_THAT(words_of(report), HasSubstr("25 months"));
}

TEST(Trap14, AColumnThatTurnsNullAndAnIdThatChangesItsFormLoseNoRow) {
  SmallRun null = with(quirk("null-field=source"));
  EXPECT_TRUE(null.go().complete());
  EXPECT_THAT(rows_of(null),
              Each(testing::ResultOf([](const json& row) { return row.at("source"); }, json{})));
  EXPECT_THAT(keys_of(rows_of(null)), UnorderedElementsAreArray(keys_of(held(null))));

  const auto tags = [](fake::FakeOptions& options) {
    options.world.rows["tags"] = 30;
    ASSERT_TRUE(options.quirks.add(Text{"ids-as-text"}));
  };
  SmallRun ids = with(tags);
  want(ids, {"tags"});
  EXPECT_TRUE(ids.go().complete());
  EXPECT_THAT(
      rows_of(ids, "tags"),
      AllOf(SizeIs(30), Each(testing::ResultOf(
                            [](const json& row) { return row.at("id").is_string(); }, true))));
}

TEST(Trap15, A429WithoutRetryAfterIsWaitedOut) {
  SmallRun run = with_faults({"calls:2-3=429", "calls:5=429-nonsense"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
}

TEST(Trap15, LimitsPerSecondHourAndDayAreKeptInEveryRollingWindow) {
  const std::vector<RateLimit> limits{{3, 1}, {40, 3600}, {400, 86400}};
  SmallRun run = with([&](fake::FakeOptions& options) {
    options.limits = limits;
    options.world.rows["calls"] = 1100;
  });
  run.job.limits = limits;
  run.job.jobs = 4;
  run.job.page_size = 10;
  EXPECT_TRUE(run.go().complete());
  EXPECT_GT(run.asked.size(), 120U);
  EXPECT_EQ(run.api->counts().over_limit, 0U);
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

TEST(Trap17, AnEmptyAccountHasEveryColumnOfTheSchema) {
  SmallRun run{{FileFormat::csv, false, Paging::offset}, {}, {}, rows("calls", 0)};
  want(run, {"calls"});
  EXPECT_TRUE(run.go().complete());
  const std::string header = run.output();
  EXPECT_THAT(*run.records(), IsEmpty());
  const Endpoint& calls = *api::description().find("calls");
  const auto columns = Selection::everything(calls).order();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(header, ',')), columns.size() - 1);
  for (const std::size_t field : columns)
    EXPECT_THAT(header, HasSubstr(std::string{calls.fields[field].name}));
}

TEST(Trap18, A403OnOneListStopsNoOther) {
  SmallRun run = with_faults({"users:1-=403"});
  want(run, {"users", "tags", "calls"});
  const auto report = run.go();
  EXPECT_TRUE(report.admits());
  EXPECT_FALSE(report.ended);
  EXPECT_THAT(words_of(report), HasSubstr("403"));
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_THAT(rows_of(run, "tags"), SizeIs(1));
}

TEST(Trap19, WhatIsNoPageIsNotTakenForAnEmptyOne) {
  for (const char* answer : {"html", "empty", "no-content", "top-array", "cut-json"}) {
    SmallRun once = with_faults({fmt::format("calls:2={}", answer)});
    EXPECT_TRUE(once.go().complete()) << answer;
    EXPECT_THAT(keys_of(rows_of(once)), UnorderedElementsAreArray(keys_of(held(once)))) << answer;
    SmallRun for_good = with_faults({fmt::format("calls:2-={}", answer)});
    EXPECT_TRUE(for_good.go().told.front().failed) << answer;
    EXPECT_EQ(for_good.output(), old_file) << answer;
  }
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

TEST(Trap21, A404OnTheFirstPageIsAnEmptyListWithAWord) {
  SmallRun run = with_faults({"calls:1-=404"});
  const auto report = run.go();
  EXPECT_THAT(rows_of(run), IsEmpty());
  EXPECT_THAT(words_of(report), HasSubstr("404"));
}

TEST(Trap21, A404OnOneCompanyLeavesTheOthersAndA404InTheMiddleIsAFailure) {
  const Adapt world = [](fake::FakeOptions& options) {
    options.world.rows["companies"] = 3;
    options.world.rows["integrations"] = 12;
  };
  SmallRun child{jsonl, {"integrations:2=404"}, {}, world};
  want(child, {"integrations"});
  const auto report = child.go();
  EXPECT_THAT(words_of(report), HasSubstr("404"));
  EXPECT_THAT(rows_of(child, "integrations"), SizeIs(8));

  SmallRun middle = with_faults({"calls:3-=404"});
  EXPECT_TRUE(middle.go().told.front().failed);
  EXPECT_EQ(middle.output(), old_file);
}

TEST(Trap22, NoNumberOfPagesIsTooMany) {
  SmallRun run = with(rows("calls", 3000));
  run.job.page_size = 7;
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_GT(run.asked.size(), 500U);
}

TEST(Trap23, TheCheckpointIsNeverAheadOfTheRows) {
  // The power goes right after every commit: what it says is on the disk is there.
  SmallRun quiet{{}};
  (void)quiet.go();
  const auto calls = quiet.files.calls;
  int commits = 0;
  for (std::size_t n = 1; n <= calls.size(); ++n) {
    if (calls[n - 1].name != "commit") continue;
    ++commits;
    for (const std::uint64_t dice : {1u, 2u, 3u}) {
      SmallRun run{{}};
      run.files.crash_at(n, true);
      (void)run.go();
      ASSERT_TRUE(run.died);
      run.files.cut_power(dice);
      const auto saved = run.checkpoint.load(SmallRun::list);
      if (!saved || !*saved || (*saved)->position.bytes == 0) continue;
      const auto finished = run.files.content(run.path());
      const auto part = run.files.content("data/." + std::string{SmallRun::list} + ".csv.part");
      const std::string bytes = part ? *part : finished.value_or("");
      ASSERT_GE(bytes.size(), (*saved)->position.bytes) << "commit " << n;
      Sha256 hash;
      hash.add(std::string_view{bytes}.substr(0, (*saved)->position.bytes));
      EXPECT_EQ(hash.hex(), (*saved)->position.sha256) << "commit " << n;
    }
  }
  EXPECT_GE(commits, 3);
}

TEST(Trap24, ASecretOfTheDataIsFetchedOnlyIfSomebodyNamesIt) {
  const Endpoint& list = *api::description().find("integrations");
  SmallRun run = with(rows("integrations", 20));
  want(run, {"integrations"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(requests_to(run, "signing_key"), IsEmpty());
  EXPECT_THAT(
      rows_of(run, "integrations"),
      Each(testing::ResultOf([](const json& row) { return row.contains("signing_key"); }, false)));

  SmallRun named = with(rows("integrations", 20));
  named.job.endpoints = {{&list, {}, true}};
  for (const Text field : {"id", "signing_key"})
    named.job.endpoints.front().fields.add(list.find(field));
  EXPECT_TRUE(named.go().complete());
  EXPECT_THAT(requests_to(named, "signing_key"), Not(IsEmpty()));
}

TEST(Trap24, TheKeyStandsInNoAddressAndNoFile) {
  SmallRun run{jsonl};
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(run.asked, Each(Not(HasSubstr(run.api->options().key))));
  for (const auto& [name, bytes] : run.files.files(sim::folder))
    EXPECT_THAT(bytes, Not(HasSubstr(run.api->options().key))) << name;
}

TEST(Trap25, TheSamePageAgainAndAgainIsNoticed) {
  SmallRun run = with_faults({"calls:2-=repeated-page"});
  const auto report = run.go();
  EXPECT_TRUE(report.admits());
  EXPECT_LT(run.asked.size(), 60U) << "it must not go on for ever";
  if (!report.told.front().failed) {
    const auto read = keys_of(rows_of(run));
    EXPECT_THAT(std::set<std::string>(read.begin(), read.end()), SizeIs(read.size()));
  }
}

TEST(Trap26, AnAddressOnAnotherHostIsNotFollowed) {
  SmallRun run{{FileFormat::jsonl, false, Paging::relative}, {"calls:2-=next-other-host"}};
  EXPECT_TRUE(run.go().complete());  // the address is not needed: pages are asked for by number
  EXPECT_THAT(run.asked, Each(testing::StartsWith(sim::base_url + '/')));
}

TEST(Trap27, AnEditDaysAfterTheCallIsInTheNextRun) {
  SmallRun run{jsonl};
  EXPECT_TRUE(run.go().complete());
  const json first = held(run).front();
  run.clock.advance(std::chrono::hours{72});
  ASSERT_TRUE(run.api->world().edit("calls", 0, first.at("id").get<std::string>(), "note",
                                    "\"three days later\""));
  EXPECT_TRUE(run.go().complete());
  const auto rows = rows_of(run);
  const auto again =
      std::ranges::find_if(rows, [&](const json& row) { return row["id"] == first["id"]; });
  ASSERT_NE(again, rows.end());
  EXPECT_EQ(again->at("note"), "three days later");
}

TEST(Trap28, ABodyThatIsCutOrLiesAboutItsLengthIsAskedForAgain) {
  for (const char* answer : {"short-body", "wrong-length", "bad-chunk", "bad-gzip"}) {
    SmallRun run = with_faults({fmt::format("calls:3={}", answer)});
    EXPECT_TRUE(run.go().complete()) << answer;
    EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run)))) << answer;
  }
}

TEST(Trap28, ABombFailsTheListAndSaysWhy) {
  SmallRun run = with_faults({"calls:3=bomb"});
  const auto report = run.go();
  EXPECT_TRUE(report.told.front().failed);
  EXPECT_THAT(words_of(report), HasSubstr("larger than"));
  EXPECT_EQ(run.output(), old_file);
}

/// A wall clock that somebody keeps setting, beside a steady one nobody can.
class JumpingClock final : public Clock {
 public:
  explicit JumpingClock(const VirtualClock& steady) : steady_{steady} {}
  Steady now() const override { return steady_.now(); }
  Wall today() const override {
    return steady_.today() + (++looks_ % 2 == 0 ? 1 : -1) * std::chrono::hours{5};
  }

 private:
  const VirtualClock& steady_;
  mutable int looks_ = 0;
};

TEST(Trap29, OfTwoRunsIntoOneFolderTheSecondIsTurnedAway) {
  const VirtualClock clock;
  const std::string here = testing::TempDir();
  const auto first = FolderLock::take(here, clock);
  ASSERT_TRUE(first);
  const auto second = FolderLock::take(here, clock);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::held);
}

TEST(Trap30, AClockThatJumpsLosesNoRowAndKeepsNobodyWaiting) {
  SmallRun quiet{jsonl};
  quiet.job.range = {.from = "2025-01-01", .to = "2026-03-01"};
  EXPECT_TRUE(quiet.go().complete());

  SmallRun run = with_faults({"calls:2=429-date:30", "calls:4=503"});
  run.job.range = quiet.job.range;
  JumpingClock clock{run.clock};
  test::FakeTransport transport{run.clock, *run.api, {.key = run.api->options().key}};
  const auto report =
      sim::run(api::description(), run.job, clock, transport, run.files, [] { return false; });
  // A date seen with a clock that is hours off may look too far away to wait for: then it says so.
  EXPECT_EQ(run.output(), report.complete() ? quiet.output() : old_file) << words_of(report);
  EXPECT_LT(run.clock.passed(), std::chrono::hours{12});
}

}  // namespace
}  // namespace callrail::trust
