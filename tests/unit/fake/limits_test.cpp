#include "fake_test.hpp"

#include <callrail/fake/limits.hpp>

namespace callrail::fake {
namespace {

using LimitsOfTheApi = Fake;
using namespace std::chrono_literals;

TEST(RollingLimits, NeverLetMoreInThanTheyAllow) {
  const RateLimit ten{10, 1};
  Limits limits{std::span{&ten, 1}};
  int allowed = 0;
  for (int ms = 0; ms < 1000; ms += 50)
    allowed += limits.take(noon + std::chrono::milliseconds{ms}).allowed;
  EXPECT_EQ(allowed, 10);
  EXPECT_TRUE(limits.take(noon + 1000ms).allowed) << "the first one has left the window";
  EXPECT_FALSE(limits.take(noon + 1010ms).allowed);
}

TEST(RollingLimits, SayHowLongToWait) {
  const RateLimit both[] = {{2, 1}, {3, 60}};
  Limits limits{both};
  EXPECT_TRUE(limits.take(noon).allowed);
  EXPECT_TRUE(limits.take(noon + 100ms).allowed);
  EXPECT_EQ(limits.take(noon + 200ms).wait, 800ms);
  EXPECT_TRUE(limits.take(noon + 1s).allowed);
  EXPECT_EQ(limits.take(noon + 10s).wait, 50s);
}

TEST_F(LimitsOfTheApi, AnswerTooManyRequestsAndCountThem) {
  FakeOptions options = plain_options();
  options.limits.reset();  // those of the table: 2 a second, 100 an hour
  start(std::move(options));
  EXPECT_EQ(ask("/v3/a.json").status, 200);
  EXPECT_EQ(ask("/v3/a.json").status, 200);
  const Reply refused = ask("/v3/a.json");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(api().counts().over_limit, 1U);
  EXPECT_EQ(ask("/v3/a.json", noon + 1s).status, 200);
}

TEST_F(LimitsOfTheApi, RunOutOfTheHourInVirtualTime) {
  FakeOptions options = plain_options();
  options.limits.reset();
  options.retry_after = RetryAfter::date;
  start(std::move(options));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(ask("/v3/a.json", noon + i * 1s).status, 200);
  const Reply refused = ask("/v3/a.json", noon + 200s);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "Tue, 10 Mar 2026 13:00:00 GMT");
  EXPECT_EQ(refused.header("x-rate-limit-hourly-used"), "100");
  EXPECT_EQ(ask("/v3/a.json", noon + 1h).status, 200);
}

TEST_F(LimitsOfTheApi, MayKeepQuietAboutTheTime) {
  FakeOptions options = plain_options();
  options.limits = {{1, 60}};
  options.retry_after = RetryAfter::none;
  start(std::move(options));
  ask("/v3/a.json");
  EXPECT_EQ(ask("/v3/a.json").header("Retry-After"), "");
  EXPECT_EQ(ask("/v3/a.json").status, 429);
}

TEST_F(LimitsOfTheApi, DoNotCountRequestsWithoutTheKey) {
  FakeOptions options = plain_options();
  options.limits = {{1, 60}};
  start(std::move(options));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(api().handle(get("/v3/a.json", noon)).status, 401);
  EXPECT_EQ(ask("/v3/a.json").status, 200);
}

TEST(LimitOptions, AreReadInAllUnits) {
  const auto read = read_limits("10/s,120/m,1000/hour,10000/d");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 4U);
  EXPECT_EQ((*read)[2].seconds, 3600);
  EXPECT_EQ((*read)[3].requests, 10000);
  EXPECT_TRUE(read_limits("none")->empty());
  for (const char* wrong : {"", "10", "10/x", "0/s", "-1/s", "10/s,"})
    EXPECT_FALSE(read_limits(wrong)) << wrong;
  EXPECT_EQ(read_duration("250ms"), 250ms);
  EXPECT_EQ(read_duration("2s"), 2s);
  for (const char* wrong : {"", "5", "ms", "1h", "-1s"})
    EXPECT_FALSE(read_duration(wrong)) << wrong;
}

}  // namespace
}  // namespace callrail::fake
