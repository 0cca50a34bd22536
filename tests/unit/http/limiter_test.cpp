#include "virtual_time.hpp"

#include <callrail/client.hpp>
#include <callrail/limiter.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using Time = Clock::Steady;

constexpr Time start{1000h};

TEST(Limiter, WithoutLimitsAlwaysSendsAtOnce) {
  Limiter limiter{{}};
  for (std::uint64_t ticket = 1; ticket < 100; ++ticket) {
    EXPECT_EQ(limiter.next(start), start);
    limiter.sent(ticket, start);
  }
}

TEST(Limiter, CountsARequestUntilOneWindowAfterItsAnswerBegan) {
  Limiter limiter{{{.requests = 2, .seconds = 60}}};
  limiter.sent(1, start);
  limiter.answered(1, start + 5s);
  EXPECT_EQ(limiter.next(start + 6s), start + 6s);
  limiter.sent(2, start + 6s);
  limiter.answered(2, start + 7s);
  EXPECT_EQ(limiter.next(start + 8s), start + 65s + Limiter::margin);
}

TEST(Limiter, DoesNotKnowTheTimeWhileAnswersAreOutstanding) {
  Limiter limiter{{{.requests = 2, .seconds = 1}}};
  limiter.sent(1, start);
  limiter.sent(2, start);
  EXPECT_EQ(limiter.next(start + 1h), Time::max());
  limiter.answered(2, start + 3s);
  EXPECT_EQ(limiter.next(start + 3s), start + 4s + Limiter::margin);
  EXPECT_EQ(limiter.next(start + 1h), start + 1h);
}

TEST(Limiter, AnswersMayBeReportedOutOfOrder) {
  Limiter limiter{{{.requests = 2, .seconds = 10}}};
  limiter.sent(1, start);
  limiter.sent(2, start);
  limiter.answered(2, start + 4s);
  limiter.answered(1, start + 1s);
  EXPECT_EQ(limiter.next(start + 5s), start + 11s + Limiter::margin);
}

TEST(Limiter, NamesTheLimitItWaitsFor) {
  Limiter limiter{{{.requests = 5, .seconds = 1}, {.requests = 1, .seconds = 3600}}};
  EXPECT_FALSE(limiter.blocking(start));
  limiter.sent(1, start);
  limiter.answered(1, start);
  ASSERT_TRUE(limiter.blocking(start));
  EXPECT_EQ(to_string(*limiter.blocking(start)), "1/h");
  EXPECT_FALSE(limiter.blocking(start + 2h));
}

/// The most arrivals any rolling window of that length holds, both ends included, as the server
/// would count if it rounded to milliseconds.
std::size_t fullest(std::vector<Time> arrivals, std::chrono::seconds window) {
  std::sort(arrivals.begin(), arrivals.end());
  std::size_t most = 0, first = 0;
  for (std::size_t last = 0; last < arrivals.size(); ++last) {
    const auto at = [&](std::size_t i) {
      return std::chrono::floor<std::chrono::milliseconds>(arrivals[i]);
    };
    while (at(last) - at(first) > window) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

struct Traffic {
  std::vector<Time> arrivals;  // at the server
  std::chrono::milliseconds took{0};
};

/// `requests` at once through a client; the server sees each at some time between sending and
/// answering.
Traffic run(const std::vector<RateLimit>& limits, int requests, int jobs,
            std::chrono::microseconds most_latency, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  VirtualClock clock;
  Traffic traffic;
  ScriptedTransport transport{
      clock, [&](const Request&) {
        const auto whole = static_cast<std::uint64_t>(most_latency.count()) + 1;
        const std::chrono::microseconds latency{random() % whole};
        const std::chrono::microseconds arrival{random() %
                                                (static_cast<std::uint64_t>(latency.count()) + 1)};
        traffic.arrivals.push_back(clock.now() + arrival);
        return (random() % 10 == 0 ? broken("reset", true) : answer(200, "{}")).after(latency);
      }};
  Limiter limiter{limits};
  ClientOptions options;
  options.jobs = jobs;
  Client client{transport, limiter, clock, options, seed};
  for (int i = 0; i < requests; ++i)
    client.get({"https://example.com/" + std::to_string(i), "page"});
  while (client.next([] { return false; })) {
  }
  traffic.took = clock.passed();
  return traffic;
}

TEST(Limiter, NeverLetsAWindowOfTheServerHoldMoreThanItsLimit) {
  const std::vector<RateLimit> limits{{10, 1}, {60, 20}, {300, 300}};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const int jobs = 1 + static_cast<int>(seed % 16);
    const std::chrono::microseconds latency = seed % 3 == 0 ? 20ms : seed % 3 == 1 ? 900ms : 7s;
    const Traffic traffic = run(limits, 700, jobs, latency, seed);
    ASSERT_EQ(traffic.arrivals.size(), 700u);
    for (const RateLimit& limit : limits)
      EXPECT_LE(fullest(traffic.arrivals, std::chrono::seconds{limit.seconds}),
                static_cast<std::size_t>(limit.requests))
          << to_string(limit) << ", seed " << seed;
  }
}

TEST(Limiter, UsesNearlyAllOfALimitWhenAnswersComeFast) {
  // 20 windows of each: the time taken tells the rate.
  const auto a_second = run({{10, 1}}, 200, 4, 20ms, 7);
  EXPECT_LE(a_second.took, 1000ms * 19 * 100 / 95);
  const auto a_minute = run({{120, 60}}, 2400, 4, 50ms, 8);
  EXPECT_LE(a_minute.took, 60'000ms * 19 * 100 / 95);
  const auto an_hour = run({{10, 1}, {120, 60}, {1000, 3600}}, 5001, 4, 50ms, 9);
  EXPECT_LE(an_hour.took, 3'600'000ms * 5 * 100 / 95);
  EXPECT_GE(an_hour.took, 3'600'000ms * 5);
}

}  // namespace
}  // namespace callrail
