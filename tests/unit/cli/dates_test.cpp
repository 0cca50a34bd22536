#include "dates.hpp"

#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using namespace std::chrono;

TEST(Days, LastUntilTheirLastSecond) {
  const auto day = parse_moment("2026-01-31");
  ASSERT_TRUE(day);
  EXPECT_EQ(day->last - day->first, hours{24} - seconds{1});
}

TEST(Times, AreReadWithAndWithoutSeconds) {
  EXPECT_EQ(parse_moment("2026-01-31T14:05")->first, parse_moment("2026-01-31T14:05:00")->first);
  EXPECT_EQ(parse_moment("2026-01-31T14:05:30")->first - parse_moment("2026-01-31")->first,
            hours{14} + minutes{5} + seconds{30});
}

TEST(Dates, ThatAreNoneAreRefused) {
  for (const auto* text :
       {"", "2026", "2026-13-01", "2026-00-01", "2026-01-32", "2026-02-29", "26-01-01",
        "2026/01/01", "2026-1-1", "2026-01-01 10:00", "2026-01-01T24:00", "2026-01-01T10:60",
        "2026-01-01T10", "2026-01-01T10:00:61", "2026-01-01T10:00Z", "2026-01-01x", "yesterday"})
    EXPECT_FALSE(parse_moment(text)) << text;
  EXPECT_TRUE(parse_moment("2024-02-29"));
}

TEST(DaysBefore, CrossMonthsAndYears) {
  const local_days today{2026y / January / 3};
  EXPECT_EQ(days_before(today, 0), "2026-01-03");
  EXPECT_EQ(days_before(today, 7), "2025-12-27");
}

TEST(Today, IsTheDayOfTheZone) {
  const Clock::Wall night{sys_days{2026y / November / 21} + hours{4}};
  EXPECT_EQ(today_in("UTC", night), local_days{2026y / November / 21});
  EXPECT_EQ(today_in("America/New_York", night), local_days{2026y / November / 20});
  EXPECT_EQ(today_in("America/New_York", night + hours{1}), local_days{2026y / November / 21});
  const Clock::Wall noon{sys_days{2026y / November / 21} + hours{12}};
  EXPECT_EQ(today_in("Pacific/Kiritimati", noon), local_days{2026y / November / 22});
}

TEST(Today, IsThatOfTheWesternmostZoneIfTheZoneIsNotKnown) {
  const Clock::Wall noon{sys_days{2026y / November / 21} + hours{12}};
  for (const auto* zone : {"user", "Mars/One"}) {
    EXPECT_EQ(today_in(zone, noon), local_days{2026y / November / 21}) << zone;
    EXPECT_EQ(today_in(zone, noon - milliseconds{1}), local_days{2026y / November / 20}) << zone;
  }
}

TEST(Today, BeginsFirstInTheEasternmostZone) {
  const Clock::Wall morning{sys_days{2026y / November / 21} + hours{10}};
  EXPECT_EQ(latest_today(morning), local_days{2026y / November / 22});
  EXPECT_EQ(latest_today(morning - milliseconds{1}), local_days{2026y / November / 21});
}

TEST(Zones, AreThoseOfTheMachine) {
  EXPECT_TRUE(is_known_zone("America/New_York"));
  EXPECT_TRUE(is_known_zone("UTC"));
  for (const auto* name : {"", "Mars/One", "/etc/passwd", "../../../etc/passwd", "America", "a b"})
    EXPECT_FALSE(is_known_zone(name)) << name;
}

}  // namespace
}  // namespace callrail::cli
