#include <callrail/limiter.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

std::string respelled(std::string_view text) {
  const auto limits = parse_limits(text);
  return limits ? to_string(*limits) : limits.error().what;
}

TEST(Limits, AreReadAndWrittenAlike) {
  EXPECT_EQ(respelled("10/s,120/m,1000/h,10000/d"), "10/s,120/m,1000/h,10000/d");
  EXPECT_EQ(respelled("5/30s"), "5/30s");
  EXPECT_EQ(respelled("1/31d"), "1/31d");
  EXPECT_EQ(respelled("1/1000000s,1/90m"), "1/1000000s,1/90m");
  EXPECT_EQ(respelled("none"), "none");
  const auto limits = parse_limits("1000/h");
  ASSERT_TRUE(limits);
  EXPECT_EQ(limits->at(0).requests, 1000);
  EXPECT_EQ(limits->at(0).seconds, 3600);
}

TEST(Limits, TolerateBlanksAndWholeWords) {
  EXPECT_EQ(respelled(" 10 / s , 1000/hour,  7 /days "), "10/s,1000/h,7/d");
  EXPECT_EQ(respelled("3/second,4/minute"), "3/s,4/m");
  EXPECT_EQ(respelled(" none "), "none");
  EXPECT_EQ(respelled("1/60s"), "1/m");
}

TEST(Limits, SayWhatIsAllowedWhenTheyAreNotUnderstood) {
  for (const char* wrong :
       {"", ",", "10", "10/", "/s", "0/s", "-1/s", "10/week", "1.5/s", "10/s,", "ten/s", "10/0s",
        "10/1000000d", "99999999999/s", "10/s 5/m", "none,1/s"}) {
    const auto limits = parse_limits(wrong);
    ASSERT_FALSE(limits) << wrong;
    EXPECT_EQ(limits.error().code, Code::bad_request);
    EXPECT_THAT(limits.error().what, testing::HasSubstr("10/s,120/m,1000/h,10000/d, or none"));
  }
}

}  // namespace
}  // namespace callrail
