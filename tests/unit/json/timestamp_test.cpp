#include <callrail/timestamp.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;

TEST(ParseTimestamp, ReadsEverySpellingOfTheApi) {
  const auto noon = sys_days{year{2026} / 2 / 10} + 14h + 22min + 21s;
  const struct {
    Text text;
    std::chrono::milliseconds fraction;
    std::chrono::minutes offset;
  } spellings[] = {
      {"2026-02-10T09:22:21.049-05:00", 49ms, -5h},
      {"2026-02-10T09:22:21-05:00", 0ms, -5h},
      {"2026-02-10T14:22:21.411Z", 411ms, 0min},
      {"2026-02-10T14:22:21Z", 0ms, 0min},
      {"2026-02-10 09:22:21 -0500", 0ms, -5h},
      {"2026-02-10T06:22:21-0800", 0ms, -8h},
      {"2026-02-10T19:52:21.5+05:30", 500ms, 330min},
      {"2026-02-10T14:22:21.123456789Z", 123ms, 0min},
  };
  for (const auto& s : spellings) {
    const auto t = parse_timestamp(s.text);
    ASSERT_TRUE(t) << s.text;
    EXPECT_EQ(t->utc, noon + s.fraction) << s.text;
    EXPECT_EQ(t->offset, s.offset) << s.text;
    EXPECT_EQ(t->text, s.text);
  }
}

TEST(ParseTimestamp, RefusesWhatIsNoInstant) {
  for (const Text text :
       {"", "yesterday", "2026-02-10", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-02-10T25:00:00Z", "2026-02-10T09:60:00Z", "2026-02-10T09:22:21",
        "2026-02-10T09:22:21.Z", "2026-02-10T09:22:21Zulu", "2026-02-10T09:22:21-05:00 EST",
        "2026-02-10T09:22:21.1234567890Z", "-026-02-10T09:22:21Z", "2026-02-10T09:22:21+5"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(ParseTimestamp, KeepsTheTwoHoursOfAnAutumnNightApart) {
  const auto first = parse_timestamp("2025-11-02T01:30:00.000-04:00");
  const auto second = parse_timestamp("2025-11-02T01:30:00.000-05:00");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->utc - first->utc, 1h);
}

}  // namespace
}  // namespace callrail
