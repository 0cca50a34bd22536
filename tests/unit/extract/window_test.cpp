#include "window.hpp"

#include <gtest/gtest.h>

namespace callrail {
namespace {

/// "at(2026, 11, 21, 10)": ten o'clock in UTC.
Clock::Wall at(int y, int m, int d, int hour) {
  return std::chrono::sys_days{std::chrono::year{y} / m / d} + std::chrono::hours{hour};
}

constexpr int keeps = 25;

TEST(Window, AsksForTheWholeHistoryWithBothEndsWrittenOut) {
  const auto window = resolve_window({"", "", "UTC"}, keeps, at(2026, 11, 21, 10));
  ASSERT_TRUE(window);
  EXPECT_EQ(window->text(), "2024-10-22..2026-11-21 UTC");
  EXPECT_EQ(window->warning, "");
}

TEST(Window, MissesNoCallOfTodayWhenTheZoneIsTheKeyOwners) {
  // 21:00 UTC is already tomorrow in Auckland.
  const auto window = resolve_window({}, keeps, at(2026, 11, 21, 21));
  ASSERT_TRUE(window);
  EXPECT_EQ(window->text(), "2024-10-23..2026-11-22 user");
}

TEST(Window, KnowsTheDayInANamedZone) {
  // 03:00 UTC is still yesterday evening in New York.
  const auto window = resolve_window({"", "", "America/New_York"}, keeps, at(2026, 11, 21, 3));
  ASSERT_TRUE(window);
  EXPECT_EQ(window->text(), "2024-10-21..2026-11-20 America/New_York");
}

TEST(Window, RefusesAZoneThatDoesNotExist) {
  const auto window = resolve_window({"", "", "America/Atlantis"}, keeps, at(2026, 11, 21, 3));
  ASSERT_FALSE(window);
  EXPECT_EQ(window.error().code, Code::bad_request);
  EXPECT_NE(window.error().what.find("America/Atlantis"), std::string::npos);
}

TEST(Window, KeepsWhatTheUserWroteToTheLetter) {
  const auto window =
      resolve_window({"2026-02-10T14:00", "2026-02-10", "UTC"}, keeps, at(2026, 11, 21, 10));
  ASSERT_TRUE(window);
  EXPECT_EQ(window->text(), "2026-02-10T14:00..2026-02-10 UTC");
}

TEST(Window, IsCutToWhatTheApiKeepsAndSaysSo) {
  const auto window = resolve_window({"2020-01-01", "", "UTC"}, keeps, at(2026, 11, 21, 10));
  ASSERT_TRUE(window);
  EXPECT_EQ(window->from, "2024-10-22");
  EXPECT_FALSE(window->empty);
  EXPECT_NE(window->warning.find("2020-01-01"), std::string::npos) << window->warning;
  const auto first_day =
      resolve_window({"2024-10-22T00:00", "", "UTC"}, keeps, at(2026, 11, 21, 10));
  EXPECT_EQ(first_day->from, "2024-10-22T00:00");
}

TEST(Window, IsEmptyWhenAllOfItIsGone) {
  const auto window =
      resolve_window({"2020-01-01", "2020-12-31", "UTC"}, keeps, at(2026, 11, 21, 10));
  ASSERT_TRUE(window);
  EXPECT_TRUE(window->empty);
  EXPECT_NE(window->warning.find("nothing to read"), std::string::npos);
}

TEST(Window, CountsMonthsBackFromDaysThatEarlierMonthsDoNotHave) {
  // 25 months before 31 March 2026 would be 31 February 2024.
  const auto window = resolve_window({"", "", "UTC"}, keeps, at(2026, 3, 31, 10));
  EXPECT_EQ(window->from, "2024-03-02");
}

}  // namespace
}  // namespace callrail
