#include "fake_test.hpp"

namespace callrail::fake {
namespace {

using DatesOfRequests = Fake;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// What a window is, for a key owner in New York at noon UTC of 2026-03-10.
std::string window(const std::string& query, DateRules rules = {}, Instant now = noon) {
  static const Zones zones;
  rules.zones = &zones;
  if (rules.owner == nullptr) rules.owner = zones.find("America/New_York");
  const auto read = read_window(test::dates, get("/?" + query, now), rules);
  if (!read) return read.error();
  std::string out;
  append_instant(out, read->from, 0s, {'T', 3, Spelling::Offset::z});
  out += " ";
  append_instant(out, read->to, 0s, {'T', 3, Spelling::Offset::z});
  return out;
}

TEST(DateWindow, WithoutDatesIsSevenDaysAndToday) {
  EXPECT_EQ(window(""), "2026-03-03T05:00:00.000Z 2026-03-11T03:59:59.999Z");
  EXPECT_EQ(window("start_date=&end_date="), window(""));
  EXPECT_EQ(window("date_range=recent"), window(""));
}

TEST(DateWindow, IncludesBothDays) {
  EXPECT_EQ(window("start_date=2026-02-10&end_date=2026-02-10"),
            "2026-02-10T05:00:00.000Z 2026-02-11T04:59:59.999Z");
}

TEST(DateWindow, HasTwentyThreeHoursWhenTheClockGoesForward) {
  EXPECT_EQ(window("start_date=2026-03-08&end_date=2026-03-08"),
            "2026-03-08T05:00:00.000Z 2026-03-09T03:59:59.999Z");
}

TEST(DateWindow, HasTwentyFiveHoursWhenTheClockGoesBack) {
  EXPECT_EQ(window("start_date=2025-11-02&end_date=2025-11-02"),
            "2025-11-02T04:00:00.000Z 2025-11-03T04:59:59.999Z");
}

TEST(DateWindow, TakesTheHourThatExistsTwiceAsAWhole) {
  EXPECT_EQ(window("start_date=2025-11-02T01:30&end_date=2025-11-02T01:30"),
            "2025-11-02T05:30:00.000Z 2025-11-02T06:30:00.000Z");
}

TEST(DateWindow, TakesTheHourThatDoesNotExist) {
  EXPECT_EQ(window("start_date=2026-03-08T02:30&end_date=2026-03-08T04:00"),
            "2026-03-08T07:30:00.000Z 2026-03-08T08:00:00.000Z");
}

TEST(DateWindow, ReadsDaysInTheZoneOfTheRequest) {
  EXPECT_EQ(window("start_date=2026-02-10&end_date=2026-02-10&time_zone=Asia/Tokyo"),
            "2026-02-09T15:00:00.000Z 2026-02-10T14:59:59.999Z");
  EXPECT_EQ(window("start_date=2026-02-10&end_date=2026-02-10&time_zone=user"),
            window("start_date=2026-02-10&end_date=2026-02-10"));
  EXPECT_EQ(window("time_zone=Eastern Time"), "time_zone is not a valid time zone");
}

TEST(DateWindow, TakesInstantsInManySpellings) {
  for (const char* spelled :
       {"2026-02-10T14:00", "2026-02-10T14:00:00", "2026-02-10%2014:00:00.000",
        "2026-02-10T14:00:00-05:00", "2026-02-10T14:00:00-0500", "2026-02-10T19:00:00Z",
        "2026-02-10T14:00:00%20-0500"})
    EXPECT_THAT(window(std::string{"start_date="} + spelled),
                HasSubstr("2026-02-10T19:00:00.000Z "))
        << spelled;
}

TEST(DateWindow, RefusesWhatIsNoDate) {
  for (const char* spelled : {"2026-02-30", "2026-2-1", "yesterday", "20260210", "2026-02-10T25:00",
                              "2026-02-10T14", "2026-02-10T14:00:61", "2026-02-10T14:00:00+05"}) {
    EXPECT_EQ(window(std::string{"start_date="} + spelled), "start_date is not a valid date")
        << spelled;
    EXPECT_EQ(window(std::string{"end_date="} + spelled), "end_date is not a valid date")
        << spelled;
  }
  EXPECT_EQ(window("date_range=fortnight"), "date_range is not valid");
  EXPECT_EQ(window("start_date=2026-02-10&end_date=2026-02-09"),
            "end_date must not be before start_date");
}

TEST(DateWindow, ReachesBackTwentyFiveMonthsAndNotADayMore) {
  EXPECT_THAT(window("start_date=2024-02-10"), HasSubstr("2024-02-10T05:00:00.000Z "));
  EXPECT_EQ(window("start_date=2024-02-09"), "date range must be within the last 25 months");
  EXPECT_EQ(window("date_range=all_time"), "date range must be within the last 25 months");
  EXPECT_THAT(window("end_date=2026-01-01"), HasSubstr("2024-02-10T05:00:00.000Z "));
}

TEST(DateWindow, EndsTheRetainedMonthsOnTheLastDayOfShortOnes) {
  EXPECT_THAT(window("start_date=2024-02-29", {}, at("2026-03-31T12:00:00Z")),
              HasSubstr("2024-02-29T05:00:00.000Z "));
  EXPECT_THAT(window("start_date=2024-02-28", {}, at("2026-03-31T12:00:00Z")),
              HasSubstr("25 months"));
}

TEST(DateWindow, KnowsTheNamedRanges) {
  EXPECT_EQ(window("date_range=yesterday"), window("start_date=2026-03-09&end_date=2026-03-09"));
  EXPECT_EQ(window("date_range=last_30_days"), window("start_date=2026-02-08&end_date=2026-03-09"));
  EXPECT_EQ(window("date_range=last_month"), window("start_date=2026-02-01&end_date=2026-02-28"));
  EXPECT_EQ(window("date_range=this_year"), window("start_date=2026-01-01&end_date=2026-03-10"));
  EXPECT_EQ(window("date_range=last_year"), window("start_date=2025-01-01&end_date=2025-12-31"));
}

TEST(DateWindow, FollowsItsSwitches) {
  EXPECT_THAT(window("end_date=2026-03-09", {.short_last_second = true}),
              HasSubstr(" 2026-03-10T03:59:59.000Z"));
  EXPECT_EQ(window("end_date=2026-03-09", {.both_dates = true}),
            "start_date and end_date must be given together");
  EXPECT_EQ(window("", {.default_days = 30}), window("start_date=2026-02-08&end_date=2026-03-10"));
  EXPECT_EQ(window("", {.default_days = 0}), window("start_date=2024-02-10&end_date=2026-03-10"));
}

TEST_F(DatesOfRequests, ClosedDaysAddUpToTheWholeMonth) {
  // November has the hour that exists twice, and rows on midnight and just before it.
  const auto count = [&](const std::string& from, const std::string& to) {
    return json("/v3/a/{shop}/visits.json?start_date=" + from + "&end_date=" + to)["total_records"]
        .get<int>();
  };
  FakeOptions options = plain_options();
  options.world.rows["visits"] = 20'000;
  start(std::move(options));
  int sum = 0;
  for (int day = 1; day <= 30; ++day) {
    const std::string date = "2025-11-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    sum += count(date, date);
  }
  EXPECT_EQ(sum, count("2025-11-01", "2025-11-30"));
  EXPECT_GT(sum, 500);
}

TEST_F(DatesOfRequests, SilentlyAnswerTheLastSevenDays) {
  const Json silent = json("/v3/a/{shop}/visits.json");
  EXPECT_EQ(silent, json("/v3/a/{shop}/visits.json?start_date=2026-03-03&end_date=2026-03-10"));
  EXPECT_LT(silent["total_records"], 20);
}

TEST_F(DatesOfRequests, DoNotMatterToListsWithoutThem) {
  EXPECT_EQ(ask("/v3/a/{shop}/labels.json?start_date=nonsense").body,
            ask("/v3/a/{shop}/labels.json").body);
}

TEST_F(DatesOfRequests, EveryRowIsWithinWhatAClientMayAskForADayInsideTheBorder) {
  EXPECT_EQ(json("/v3/a/{shop}/visits.json?start_date=2024-02-11&time_zone=Pacific/Kiritimati")
                ["total_records"],
            json("/v3/a/{shop}/visits.json?start_date=2024-02-10")["total_records"]);
}

TEST_F(DatesOfRequests, RowsNearAClockChangeLieOnBothSides) {
  const Json page = json(
      "/v3/a/{shop}/"
      "visits.json?start_date=2025-11-02T01:00&end_date=2025-11-02T02:00&sort=began_at&order=asc");
  ASSERT_EQ(page["total_records"], 2);
  const Zones zones;
  const Zone& zone = *zones.find("America/New_York");
  std::vector<int> offsets;
  for (const Json& row : page["calls_made"]) {
    const auto moment = read_moment(row["began_at"].get<std::string>());
    offsets.push_back(static_cast<int>(zone.offset(moment->first(zone)).count() / 3600));
  }
  EXPECT_THAT(offsets, testing::ElementsAre(-4, -5));
}

}  // namespace
}  // namespace callrail::fake
