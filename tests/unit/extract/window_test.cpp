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

/// "2026-01-01..2026-01-08 2026-01-09..…"
std::string pieces(const char* from, const char* to, int most, const char* length) {
  std::string text;
  for (const Window& w :
       cut_by_points({.from = from, .to = to, .zone = "user", .warning = {}}, most, length))
    text += (text.empty() ? "" : " ") + w.from + ".." + w.to;
  return text;
}

TEST(AWindowOfPoints, IsCutIntoWholeDaysThatNoTwoPiecesShare) {
  EXPECT_EQ(pieces("2026-01-01", "2026-12-31", 200, "day"),
            "2026-01-01..2026-07-19 2026-07-20..2026-12-31");
  EXPECT_EQ(pieces("2026-01-01", "2026-07-19", 200, "day"), "2026-01-01..2026-07-19");
  EXPECT_EQ(pieces("2026-01-01", "2026-01-20", 200, "hour"),
            "2026-01-01..2026-01-08 2026-01-09..2026-01-16 2026-01-17..2026-01-20");
  EXPECT_EQ(pieces("2026-01-01T08:00", "2026-01-03T12:00", 24, "hour"),
            "2026-01-01T08:00..2026-01-01 2026-01-02..2026-01-02 2026-01-03..2026-01-03T12:00");
  EXPECT_EQ(pieces("2026-01-01", "2026-01-02", 24, "fortnight"),
            "2026-01-01..2026-01-01 2026-01-02..2026-01-02")
      << "a length nobody knows may be the shortest";
}

TEST(AWindowOfPoints, IsCutBetweenWeeksMonthsQuartersAndYears) {
  EXPECT_EQ(pieces("2026-01-15", "2026-06-10", 2, "month"),
            "2026-01-15..2026-02-28 2026-03-01..2026-04-30 2026-05-01..2026-06-10");
  EXPECT_EQ(pieces("2026-01-15", "2026-12-31", 3, "quarter"),
            "2026-01-15..2026-09-30 2026-10-01..2026-12-31");
  EXPECT_EQ(pieces("2025-06-01", "2027-02-01", 1, "year"),
            "2025-06-01..2025-12-31 2026-01-01..2026-12-31 2027-01-01..2027-02-01");
  // The second of March 2026 is a Monday; a week more is kept free for those that begin on Sunday.
  EXPECT_EQ(pieces("2026-03-04", "2026-03-31", 3, "week"),
            "2026-03-04..2026-03-15 2026-03-16..2026-03-29 2026-03-30..2026-03-31");
  EXPECT_EQ(pieces("2024-10-22", "2026-11-21", 200, "week"), "2024-10-22..2026-11-21");
}

}  // namespace
}  // namespace callrail
