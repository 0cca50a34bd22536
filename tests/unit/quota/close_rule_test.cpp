#include "scratch_folder.hpp"
#include "simulated_api.hpp"

#include <callrail/ledger.hpp>
#include <callrail/limiter.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using Limits = std::vector<RateLimit>;

struct Result {
  int refused = 0, answered = 0;
  std::string last_error;
  double used = 0;  ///< share of what the limit allows
  bool careful = false;
  std::chrono::milliseconds took{0};
};

struct Setting {
  Limits limits{{10, 1}};
  Path path;
  int clients = 1;
  int jobs = 4;
  int requests = 3000;  ///< of all clients together: five minutes of ten a second
  bool ledger = false;
  int others = 0;  ///< requests of somebody else, one a second until the first of ours
  bool tells_use = true, retry_after = false;
  std::uint64_t seed = 1;
  std::function<void(SimulatedTransport&, int answers)> before = [](SimulatedTransport&, int) {};
  std::function<void(Response&)> spoil = [](Response&) {};
};

Result run(const Setting& setting) {
  ScratchFolder folder;
  Stage stage{setting.clients};
  CountingServer server{setting.limits};
  server.tells_use = setting.tells_use;
  server.tells_when = setting.retry_after;
  server.spoil = setting.spoil;
  for (int i = 0; i < setting.others; ++i)
    (void)server.counted.take(stage.clock.today() - std::chrono::seconds{setting.others - i});
  Result result;
  std::vector<std::thread> threads;
  for (int actor = 0; actor < setting.clients; ++actor)
    threads.emplace_back([&, actor] {
      stage.wait_until(actor, stage.clock.now());
      SimulatedTransport transport{stage, actor, server, setting.path,
                                   setting.seed * 16 + static_cast<std::uint64_t>(actor)};
      std::unique_ptr<Ledger> ledger;
      if (setting.ledger) ledger = *Ledger::open(folder / "ledger", stage.clock, "boot");
      Limiter limiter = ledger ? Limiter{setting.limits, *ledger, 30s} : Limiter{setting.limits};
      ClientOptions options;
      options.jobs = setting.jobs;
      options.retry_statuses = {429};
      Client client{transport, limiter, stage.clock, options, setting.seed};
      const int mine = setting.requests / setting.clients;
      for (int i = 0; i < mine; ++i) client.get({"https://example.com/", "page"});
      for (int i = 0; const auto answer = client.next([] { return false; }); ++i) {
        result.answered += answer->result ? 1 : 0;
        if (!answer->result) result.last_error = answer->result.error().what;
        setting.before(transport, i);
      }
      result.careful |= limiter.careful();
      stage.leave(actor);
    });
  for (std::thread& thread : threads) thread.join();
  result.refused = server.refused;
  // The first full window is free, so n requests need the time of n - 10.
  const auto& first = setting.limits.front();
  const auto took = server.arrivals.back() - server.arrivals.front();
  const double windows =
      std::chrono::duration<double>(took).count() / static_cast<double>(first.seconds);
  result.used = static_cast<double>(server.arrivals.size() - 1) /
                static_cast<double>(first.requests) / (windows + 1);
  result.took = std::chrono::floor<std::chrono::milliseconds>(took);
  return result;
}

/// `latency` in all; most of it on the way, and up to a tenth more or less.
Path far_away(microseconds latency) {
  const auto leg = latency * 9 / 20;
  return {.there = leg,
          .back = leg,
          .leg_jitter = latency / 20,
          .work = latency / 20,
          .work_jitter = latency / 20};
}
/// The same time, but the server takes it to work.
Path slow_server(microseconds latency) {
  return {.there = 1ms,
          .back = 1ms,
          .leg_jitter = 500us,
          .work = latency / 2,
          .work_jitter = latency - 2ms};
}

TEST(CloseRule, UsesNearlyAllOfTenASecondAndIsNeverRefused) {
  for (const auto latency : {5ms, 20ms, 150ms})
    for (int jobs = latency == 150ms ? 3 : 1; jobs <= 8; ++jobs)
      for (const Path& path : {far_away(latency), slow_server(latency)}) {
        const auto seed = static_cast<std::uint64_t>(jobs);
        const Result result = run({.path = path, .jobs = jobs, .seed = seed});
        EXPECT_EQ(result.refused, 0) << latency.count() << " ms, " << jobs << " jobs";
        EXPECT_GE(result.used, 0.98)
            << latency.count() << " ms, " << jobs << " jobs, work " << path.work.count() << " us";
      }
}

TEST(CloseRule, UsesNearlyAllOfItFromTwoClientsWithOneLedger) {
  for (const auto latency : {5ms, 20ms, 150ms})
    for (int jobs = latency == 150ms ? 2 : 1; jobs <= 4; ++jobs) {
      const Result result =
          run({.path = far_away(latency), .clients = 2, .jobs = jobs, .ledger = true});
      EXPECT_EQ(result.refused, 0) << latency.count() << " ms, " << jobs << " jobs";
      EXPECT_GE(result.used, 0.98) << latency.count() << " ms, " << jobs << " jobs";
    }
}

TEST(CloseRule, TwoClientsWithoutALedgerAreRefused) {
  const Result result = run({.path = far_away(20ms), .clients = 2, .requests = 600});
  EXPECT_GT(result.refused, 0) << "else the test above would prove nothing";
}

TEST(CloseRule, IsNeverRefusedWhateverTheSeed) {
  int refused = 0;
  double least = 1;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto latency = microseconds{5000 + seed * 977 % 150'000};
    const Path path = seed % 2 == 0 ? far_away(latency) : slow_server(latency);
    const Result result = run({.path = path, .jobs = 3 + static_cast<int>(seed % 6), .seed = seed});
    refused += result.refused;
    least = std::min(least, result.used);
  }
  EXPECT_EQ(refused, 0);
  EXPECT_GE(least, 0.98);
}

TEST(CloseRule, KeepsTheLongerLimitsBesideTheShortOne) {
  const Result result = run(
      {.limits = {{120, 60}, {10, 1}, {1000, 3600}}, .path = far_away(150ms), .requests = 2500});
  EXPECT_EQ(result.refused, 0);
  EXPECT_GE(result.took, 2h);
  EXPECT_LE(result.took, 2h + 7min);
}

TEST(CloseRule, IsAsCarefulAsBeforeWhereNothingIsKnownOfTheWay) {
  // The server may count anywhere between sending and answer, and does not tell how long it worked.
  const Path anywhere{.leg_jitter = 100ms, .work = 0ms, .tells_work = false};
  const Result result = run({.path = anywhere, .jobs = 8});
  EXPECT_EQ(result.refused, 0);
  EXPECT_GE(result.used, 0.8);
}

TEST(CloseRule, DoesNotBelieveAServerThatSaysItWorkedLongerThanTheAnswerTook) {
  Setting setting{.path = far_away(20ms)};
  setting.spoil = [](Response& response) { response.runtime = 5s; };
  const Result result = run(setting);
  EXPECT_EQ(result.refused, 0);
  EXPECT_GE(result.used, 0.98);
}

TEST(CloseRule, ABurstOfLongAnswersCostsNoMoreThanItself) {
  Setting setting{.path = far_away(20ms), .jobs = 8};
  setting.before = [](SimulatedTransport& transport, int request) {
    transport.path.work = request % 500 < 20 ? 2s : 1ms;
  };
  const Result result = run(setting);
  EXPECT_EQ(result.refused, 0);
  EXPECT_GE(result.used, 0.9);
}

TEST(CloseRule, EndsWithTheFirst429WhenTheServerCountsAfterItWorked) {
  Setting setting{.path = slow_server(150ms), .jobs = 8};
  setting.path.counts_after_work = true;
  const Result result = run(setting);
  EXPECT_GT(result.refused, 0) << "else this test says nothing";
  EXPECT_LE(result.refused, setting.jobs);
  EXPECT_TRUE(result.careful);
  EXPECT_GE(result.used, 0.8);
}

TEST(CloseRule, SurvivesAWayThatGetsShorter) {
  Setting setting{.path = far_away(150ms), .jobs = 4};
  setting.before = [](SimulatedTransport& transport, int request) {
    if (request == 1000) transport.path = far_away(20ms);
  };
  const Result result = run(setting);
  EXPECT_LE(result.refused, setting.jobs) << "all those under way may be hit";
  EXPECT_GE(result.used, 0.95);
}

TEST(CloseRule, StaysBelowTheLimitWhenTheWayGetsLonger) {
  Setting setting{.path = far_away(20ms), .jobs = 8};
  setting.before = [](SimulatedTransport& transport, int request) {
    if (request == 1000) transport.path = far_away(150ms);
  };
  EXPECT_EQ(run(setting).refused, 0);
}

// --- somebody else uses the key ------------------------------------------------------------------

TEST(OthersWithTheSameKey, AreWaitedForUntilTheHourHasRoomAgain) {
  Setting setting{.limits = {{10, 1}, {1000, 3600}}, .path = far_away(20ms), .requests = 300};
  setting.others = 900;  // in the quarter of an hour before
  const Result result = run(setting);
  EXPECT_EQ(result.answered, 300) << "no request ended with an error";
  EXPECT_LE(result.refused, 12) << "one now and then asks";
  EXPECT_GE(result.took, 44min);
  EXPECT_LE(result.took, 75min);
}

TEST(OthersWithTheSameKey, AreWaitedForWithoutAWordFromTheHeadersToo) {
  Setting setting{.limits = {{10, 1}, {1000, 3600}}, .path = far_away(20ms), .requests = 300};
  setting.others = 900;
  setting.tells_use = false;
  setting.retry_after = true;
  const Result result = run(setting);
  EXPECT_EQ(result.answered, 300);
  EXPECT_LE(result.took, 61min);
}

TEST(OthersWithTheSameKey, EndTheRunWhenTheyUsedUpTheDay) {
  Setting setting{.limits = {{10, 1}, {1000, 86400}}, .path = far_away(20ms), .requests = 300};
  setting.others = 900;
  const Result result = run(setting);
  EXPECT_LE(result.refused, 1);
  EXPECT_GE(result.answered, 95);
  EXPECT_LE(result.answered, 100);
  EXPECT_THAT(result.last_error, testing::HasSubstr("there is room again in 24 h"));
  EXPECT_LE(result.took, 1min);
}

}  // namespace
}  // namespace callrail
