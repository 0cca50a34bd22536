#include <callrail/retry.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr Clock::Wall today = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min;

TEST(RetryAfter, IsReadAsSeconds) {
  EXPECT_EQ(parse_retry_after("0", today), 0ms);
  EXPECT_EQ(parse_retry_after("120", today), 120s);
  EXPECT_EQ(parse_retry_after(" 7\t", today), 7s);
}

TEST(RetryAfter, IsReadAsADateInEachOfItsThreeForms) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", today), 37s);
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", today), 37s);
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:49:37 1994", today), 37s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", today + 400ms), 36600ms);
}

TEST(RetryAfter, IsIgnoredWhenItMakesNoSense) {
  for (const char* nonsense :
       {"", " ", "soon", "-5", "+5", "1.5", "5 s", "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Nov",
        "Sun, 31 Feb 1995 08:49:37 GMT", "Sun, 06 Nov 1994 28:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08.49.37 GMT", "1994-11-06T08:49:37Z",
        "a b c d e f g h"})
    EXPECT_FALSE(parse_retry_after(nonsense, today)) << nonsense;
}

TEST(RetryAfter, IsIgnoredWhenItHasPassed) {
  EXPECT_FALSE(parse_retry_after("Sun, 06 Nov 1994 08:48:59 GMT", today));
  EXPECT_FALSE(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", today));
}

TEST(RetryAfter, IsLongButFiniteWhenItIsHuge) {
  EXPECT_EQ(parse_retry_after("99999999999999999999999", today), 24h * 365);
  EXPECT_EQ(parse_retry_after("2147483647", today), 24h * 365);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 9994 08:49:37 GMT", today), 24h * 365);
}

TEST(Backoff, DoublesWithinTwentyPercent) {
  std::mt19937_64 random{1};
  for (int round = 0; round < 1000; ++round) {
    milliseconds expected = 1000ms;
    for (int tries = 1; tries <= 6; ++tries, expected *= 2) {
      const auto wait = backoff(1000ms, tries, 1h, random);
      EXPECT_GE(wait, expected * 8 / 10);
      EXPECT_LE(wait, expected * 12 / 10);
    }
  }
}

TEST(Backoff, StaysBelowTheLongestWaitHoweverManyTries) {
  std::mt19937_64 random{1};
  EXPECT_LE(backoff(1000ms, 10'000, 60s, random), 60s);
  EXPECT_GE(backoff(1000ms, 10'000, 60s, random), 48s);
  EXPECT_LE(backoff(90s, 1, 60s, random), 60s);
}

TEST(Duration, IsSpelledForPeople) {
  EXPECT_EQ(spell_duration(30s), "30 s");
  EXPECT_EQ(spell_duration(250ms), "0.3 s");
  EXPECT_EQ(spell_duration(2s), "2 s");
  EXPECT_EQ(spell_duration(9990ms), "10 s");
  EXPECT_EQ(spell_duration(119s), "119 s");
  EXPECT_EQ(spell_duration(150s), "3 min");
  EXPECT_EQ(spell_duration(3600s), "1 h");
  EXPECT_EQ(spell_duration(7500s), "2 h 5 min");
}

}  // namespace
}  // namespace callrail
