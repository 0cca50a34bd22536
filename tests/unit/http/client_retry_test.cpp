#include "client_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// 20 % either way of the wait, and the 20 ms an answer takes.
void expect_about(std::chrono::milliseconds gap, std::chrono::milliseconds wait) {
  EXPECT_GE(gap, wait * 8 / 10 + 20ms);
  EXPECT_LE(gap, wait * 12 / 10 + 21ms);
}

TEST(Retry, ComesAfterOneTwoAndFourSeconds) {
  Scene scene{in_turn({turn(503, ""), [] { return broken("connection reset"); }, turn(500, "")})};
  const Answer found = scene.answer_to(1);
  ASSERT_TRUE(found.result);
  EXPECT_EQ(found.tries, 4);
  expect_about(scene.gap(0, 1), 1s);
  expect_about(scene.gap(1, 2), 2s);
  expect_about(scene.gap(2, 3), 4s);
  ASSERT_EQ(scene.said.size(), 3u);
  EXPECT_THAT(scene.said[0], AllOf(StartsWith("page 1: 503, "), HasSubstr(", 1 of 4")));
  EXPECT_THAT(scene.said[1],
              AllOf(StartsWith("page 1: connection reset, "), HasSubstr(", 2 of 4")));
  EXPECT_EQ(scene.client.stats.requests, 4u);
  EXPECT_EQ(scene.client.stats.retries, 3u);
  EXPECT_GE(scene.client.stats.waited_for_retries, 5600ms);
  EXPECT_EQ(scene.client.stats.waited_for_limits, 0ms);
}

TEST(Retry, GivesUpAfterItsTriesAndSaysWhatTheApiSaid) {
  Scene scene{[](const Request&) { return answer(429, R"({"error":"rate limit exceeded"})"); }};
  const Answer found = scene.answer_to(1);
  ASSERT_FALSE(found.result);
  EXPECT_EQ(found.result.error().code, Code::try_later);
  EXPECT_EQ(found.result.error().what,
            "429 Too Many Requests after 4 tries; the API said: rate limit exceeded");
  EXPECT_EQ(found.message, "rate limit exceeded");
  EXPECT_EQ(found.status, 429);
  EXPECT_EQ(scene.transport.sent.size(), 4u);
  EXPECT_EQ(scene.client.stats.refused_429, 4u);
}

Scripted used_up(const char* window, std::string_view retry_after = {}) {
  Scripted scripted = answer(429, "", retry_after);
  Response& response = *scripted.result;
  (window == std::string_view{"day"} ? response.day_used : response.hour_used) = 1000;
  (window == std::string_view{"day"} ? response.day_allowed : response.hour_allowed) = 1000;
  return scripted;
}

TEST(Retry, EndsAllRequestsWhenTheDayIsUsedUpAndSaysWhenToComeBack) {
  ClientOptions options = Scene::usual();
  options.jobs = 1;
  Scene scene{[](const Request&) { return used_up("day"); }, options};
  for (int page = 1; page <= 3; ++page) scene.get(page);
  int answers = 0;
  while (const auto found = scene.client.next(never)) {
    EXPECT_EQ(found->result.error().what,
              "429 Too Many Requests; 1000 of 1000 requests a day are used after 1 try; there is "
              "room again in 24 h at the latest, at 2026-03-11 12:01 UTC: try again then");
    ++answers;
  }
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(scene.transport.sent.size(), 1u);
  EXPECT_TRUE(scene.client.stats.quota_used_up);
}

TEST(Retry, WaitsForAUsedUpHourHoweverOftenItIsRefused) {
  int refusals = 0;
  Scene scene{
      [&](const Request&) { return ++refusals <= 6 ? used_up("hour") : answer(200, "{}"); }};
  EXPECT_TRUE(scene.answer_to(1).result);
  EXPECT_EQ(scene.transport.sent.size(), 7u);
  for (const auto& [at, minutes] :
       std::map<std::size_t, int>{{0, 1}, {1, 2}, {2, 4}, {3, 8}, {4, 15}})
    EXPECT_EQ(scene.gap(at, at + 1), std::chrono::minutes{minutes} + 20ms) << at;
  EXPECT_THAT(scene.said, testing::Contains("page 1: limit 1000/h, 60000 ms, 0 of 0"));
  EXPECT_GE(scene.client.stats.waited_for_limits, 30min);
}

TEST(Retry, SendsOneRequestToAskWhetherTheHourIsOver) {
  int requests = 0;
  Scene scene{[&](const Request&) {
    ++requests;
    return requests <= 4 || requests == 5 ? used_up("hour") : answer(200, "{}");
  }};
  for (int page = 1; page <= 6; ++page) scene.get(page);
  int good = 0;
  while (const auto found = scene.client.next(never)) good += found->result ? 1 : 0;
  EXPECT_EQ(good, 6);
  // Four were under way, then one asks, then one finds it open, then the rest.
  EXPECT_EQ(scene.gap(3, 4), 60'020ms);
  EXPECT_EQ(scene.gap(4, 5), 120'020ms);
  EXPECT_EQ(scene.gap(5, 6), 20ms);
  EXPECT_EQ(scene.transport.sent.size(), 11u);
}

TEST(Retry, WaitsForAUsedUpHourAsLongAsItIsTold) {
  Scene scene{in_turn({[] { return used_up("hour", "1234"); }})};
  EXPECT_TRUE(scene.answer_to(1).result);
  EXPECT_EQ(scene.gap(0, 1), 1'234'020ms);
  EXPECT_THAT(scene.said, ElementsAre("page 1: 429, 1234000 ms, 0 of 4"));
}

TEST(Retry, EndsWhenItsOwnDayIsUsedUp) {
  Scene scene{[](const Request&) { return answer(200, "{}"); }, Scene::usual(), {{3, 86400}}};
  for (int page = 1; page <= 5; ++page) scene.get(page);
  std::vector<std::string> errors;
  while (const auto found = scene.client.next(never))
    if (!found->result) errors.push_back(found->result.error().what);
  EXPECT_EQ(scene.transport.sent.size(), 3u);
  EXPECT_THAT(errors, testing::SizeIs(2));
  EXPECT_EQ(
      errors.at(0),
      "limit 3/d: 3 requests are used up; there is room again in 24 h, at 2026-03-11 12:01 UTC");
  EXPECT_TRUE(scene.client.stats.quota_used_up);
}

TEST(Retry, CountsWhatOthersUseOfTheHourAndTheDay) {
  // 5 of 10 an hour are somebody else's; they do not go away.
  int ours = 0;
  ClientOptions options = Scene::usual();
  options.jobs = 1;
  Scene scene{[&](const Request&) {
                Scripted scripted = answer(200, "{}");
                scripted.result->hour_allowed = 10;
                scripted.result->hour_used = 5 + ++ours;
                return scripted;
              },
              options,
              {{10, 3600}}};
  for (int page = 1; page <= 6; ++page) scene.get(page);
  while (scene.client.next(never)) {
  }
  EXPECT_EQ(scene.gap(0, 4), 80ms);
  EXPECT_EQ(scene.gap(4, 5), 60'020ms) << "asks once a minute whether theirs have expired";
}

TEST(Retry, GivesUpOnTheNetworkAfterItsTries) {
  Scene scene{[](const Request&) { return broken("connection\r\nrefused"); }};
  const Answer found = scene.answer_to(1);
  EXPECT_EQ(found.result.error().code, Code::try_later);
  EXPECT_EQ(found.result.error().what, "connection refused after 4 tries");
  EXPECT_EQ(found.status, 0);
}

TEST(Retry, IsNotTriedWhereItCannotHelp) {
  Scene scene{[](const Request&) { return broken("the server's certificate was refused", true); }};
  const Answer found = scene.answer_to(1);
  EXPECT_EQ(found.result.error().what, "the server's certificate was refused");
  EXPECT_EQ(scene.transport.sent.size(), 1u);
  Scene large{[](const Request&) {
    return Scripted{std::unexpected(NetworkError{"too large", true, Code::bad_answer})};
  }};
  EXPECT_EQ(large.answer_to(1).result.error().code, Code::bad_answer);
}

TEST(Retry, ZeroRetriesMeansOneTry) {
  ClientOptions options = Scene::usual();
  options.max_retries = 0;
  Scene scene{[](const Request&) { return answer(503, ""); }, options};
  EXPECT_EQ(scene.answer_to(1).result.error().what, "503 Service Unavailable after 1 try");
  EXPECT_TRUE(scene.said.empty());
}

TEST(Retry, WaitsAsLongAsRetryAfterSaysInSeconds) {
  Scene scene{in_turn({turn(429, "", "17"), turn(503, "", "0")})};
  ASSERT_TRUE(scene.answer_to(1).result);
  EXPECT_EQ(scene.gap(0, 1), 17'020ms);
  EXPECT_EQ(scene.gap(1, 2), 20ms);
}

TEST(Retry, WaitsUntilTheDateRetryAfterNames) {
  // The virtual clock starts on 2026-03-10 at 12:00:00 UTC.
  Scene scene{in_turn({turn(429, "", "Tue, 10 Mar 2026 12:01:40 GMT")})};
  ASSERT_TRUE(scene.answer_to(1).result);
  EXPECT_EQ(scene.gap(0, 1), 100s);
}

TEST(Retry, IgnoresARetryAfterThatMakesNoSense) {
  for (const char* nonsense : {"soon", "-5", "1.5e3", "Tue, 10 Mar 2020 12:01:40 GMT"}) {
    Scene scene{in_turn({turn(429, "", nonsense)})};
    ASSERT_TRUE(scene.answer_to(1).result) << nonsense;
    expect_about(scene.gap(0, 1), 1s);
  }
}

TEST(Retry, EndsARequestThatWouldWaitTooLongAndSaysWhenToComeBack) {
  Scene scene{in_turn({turn(503, R"({"error":"moving house"})", "7500")})};
  const Answer found = scene.answer_to(1);
  EXPECT_EQ(found.result.error().code, Code::try_later);
  EXPECT_EQ(found.result.error().what,
            "503 Service Unavailable after 1 try; the API said: moving house; it asks to come back "
            "in 2 h 5 min, "
            "at 2026-03-10 14:06 UTC, which is longer than the 1 h this waits: try again then");
  ASSERT_TRUE(scene.answer_to(2).result);  // a 503 is about one request
}

TEST(Retry, SendsNothingMoreWhenA429AsksForALongSilence) {
  ClientOptions options = Scene::usual();
  options.jobs = 1;
  Scene scene{in_turn({turn(429, "", "86400")}), options};
  for (int page = 1; page <= 3; ++page) scene.get(page);
  int answers = 0;
  while (const auto found = scene.client.next(never)) {
    EXPECT_EQ(found->result.error().code, Code::try_later);
    EXPECT_THAT(found->result.error().what, HasSubstr("at 2026-03-11 12:01 UTC"));
    EXPECT_EQ(found->status, 429);
    ++answers;
  }
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(scene.transport.sent.size(), 1u);
  scene.clock.advance(24h);
  EXPECT_TRUE(scene.answer_to(4).result);
}

TEST(Retry, OneRefusalHoldsEverythingBackButCostsOnlyTheRefusedATry) {
  // Page 2 is refused twice; 3 and 4 were in flight with it, 5 and 6 had not been sent.
  std::map<std::string, int> seen;
  ClientOptions options = Scene::usual();
  Scene scene{[&](const Request& r) {
                const bool refused = r.url.back() == '2' && ++seen[r.url] <= 2;
                return refused ? answer(429, "", "10").after(5ms) : answer(200, "{}");
              },
              options};
  for (int page = 1; page <= 6; ++page) scene.get(page);
  int good = 0;
  while (const auto found = scene.client.next(never)) good += found->result ? 1 : 0;
  EXPECT_EQ(good, 6);
  EXPECT_THAT(scene.urls(), ElementsAre("1", "2", "3", "4", "2", "5", "6", "2"));
  EXPECT_EQ(scene.gap(0, 4), 10'005ms);
  EXPECT_EQ(scene.gap(4, 5), 0ms);
  EXPECT_EQ(scene.client.stats.refused_429, 2u);
  EXPECT_THAT(scene.said,
              ElementsAre("page 2: 429, 10000 ms, 1 of 4", "page 2: 429, 10000 ms, 1 of 4"));
}

TEST(Retry, CountsATryOfARefusedRequestOnlyIfNoneGetsThrough) {
  // Three of four are refused, as where somebody else uses the key as fast.
  int requests = 0;
  Scene shared{[&](const Request&) { return answer(++requests % 4 == 0 ? 200 : 429, "{}", "1"); }};
  for (int page = 1; page <= 20; ++page) shared.get(page);
  int good = 0;
  while (const auto found = shared.client.next(never)) good += found->result ? 1 : 0;
  EXPECT_EQ(good, 20);
  Scene shut{[](const Request&) { return answer(429, "{}", "1"); }};
  EXPECT_FALSE(shut.answer_to(1).result);
  EXPECT_EQ(shut.transport.sent.size(), 4u);
}

TEST(Retry, OtherFailuresLetTheRestGoOn) {
  std::map<std::string, int> seen;
  ClientOptions options = Scene::usual();
  options.jobs = 1;
  Scene scene{[&](const Request& r) {
                return r.url.back() == '1' && ++seen[r.url] == 1 ? answer(503, "")
                                                                 : answer(200, "{}");
              },
              options};
  for (int page = 1; page <= 3; ++page) scene.get(page);
  while (scene.client.next(never)) {
  }
  EXPECT_THAT(scene.urls(), ElementsAre("1", "2", "3", "1"));
}

TEST(Retry, SaysThatA429HoldsEverythingWhenTheRefusedRequestHasEnded) {
  ClientOptions options = Scene::usual();
  options.max_retries = 0;
  options.jobs = 1;
  Scene scene{in_turn({turn(429, "", "30")}), options};
  scene.get(1);
  scene.get(2);
  ASSERT_FALSE(scene.client.next(never)->result);
  ASSERT_TRUE(scene.client.next(never)->result);
  EXPECT_THAT(scene.said, ElementsAre("page 2: 429, 30000 ms, 0 of 0"));
  EXPECT_EQ(scene.gap(0, 1), 30'020ms);
}

TEST(Retry, IsForStatusesOnTheListAnd408And429) {
  ClientOptions options;
  options.retry_statuses = {503};
  for (const auto& [status, tries] :
       std::map<int, std::size_t>{{408, 2}, {429, 2}, {503, 2}, {500, 1}, {400, 1}}) {
    Scene scene{in_turn({turn(status, "")}), options};
    scene.answer_to(1);
    EXPECT_EQ(scene.transport.sent.size(), tries) << status;
  }
}

TEST(Retry, TakesAnEmptyAnswerForAFault) {
  Scene recovers{in_turn({turn(200, ""), turn(204, "")})};
  EXPECT_TRUE(recovers.answer_to(1).result);
  EXPECT_EQ(recovers.transport.sent.size(), 3u);
  Scene stays{[](const Request&) { return answer(200, ""); }};
  const Answer found = stays.answer_to(1);
  EXPECT_EQ(found.result.error().code, Code::bad_answer);
  EXPECT_EQ(found.result.error().what, "empty answer (200) after 4 tries");
}

TEST(Retry, CountsAnswersTheCallerCouldNotUse) {
  Scene scene{[](const Request&) { return answer(200, R"({"cut)"); }};
  const std::uint64_t ticket = scene.get(1);
  int answers = 0;
  while (const auto found = scene.client.next(never)) {
    ASSERT_EQ(found->ticket, ticket);
    EXPECT_EQ(found->tries, 1);  // since the answer before
    if (++answers < 4)
      EXPECT_TRUE(scene.client.again(ticket, "cut JSON"));
    else
      EXPECT_FALSE(scene.client.again(ticket, "cut JSON"));
  }
  EXPECT_EQ(answers, 4);
  EXPECT_EQ(scene.client.stats.retries, 3u);
  expect_about(scene.gap(0, 1), 1s);
  expect_about(scene.gap(1, 2), 2s);
  EXPECT_THAT(scene.said.at(0), StartsWith("page 1: cut JSON, "));
}

TEST(Retry, CanNotBeAskedForTwiceOrForNothing) {
  Scene scene{[](const Request&) { return answer(200, "{"); }};
  const std::uint64_t ticket = scene.get(1);
  EXPECT_FALSE(scene.client.again(ticket, "not answered yet"));
  ASSERT_TRUE(scene.client.next(never));
  EXPECT_TRUE(scene.client.again(ticket, "cut"));
  EXPECT_FALSE(scene.client.again(ticket, "cut"));
  EXPECT_FALSE(scene.client.again(999, "unknown"));
  ASSERT_TRUE(scene.client.next(never));
  EXPECT_EQ(scene.transport.sent.size(), 2u);
}

TEST(Retry, EveryTicketIsAnsweredOnceWhateverGoesWrong) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random{seed};
    const auto chance = [&](std::uint64_t of) { return random() % of; };
    std::map<std::string, int> tries;  // but those a Retry-After forgives
    Scene scene{[&](const Request& request) {
                  const auto latency = std::chrono::milliseconds{chance(3000)};
                  const auto kind = chance(10);
                  if (kind == 9) return answer(429, "", "3").after(latency);
                  ++tries[request.url];
                  switch (kind) {
                    case 0: return broken("reset").after(latency);
                    case 1: return broken("certificate", true).after(latency);
                    case 2: return answer(429, "").after(latency);
                    case 3: return answer(503, "<html>").after(latency);
                    case 4: return answer(200, "").after(latency);
                    case 5: return answer(404, "{}").after(latency);
                    default: return answer(200, "{}").after(latency);
                  }
                },
                Scene::usual(),
                {{10, 1}, {100, 60}}};
    std::map<std::uint64_t, int> answers, expected;
    int reported = 0;
    for (int page = 0; page < 200; ++page) ++expected[scene.get(page)];
    while (const auto found = scene.client.next(never)) {
      ++answers[found->ticket];
      reported += found->tries;
      if (found->result && chance(10) == 0 && scene.client.again(found->ticket, "cut"))
        ++expected[found->ticket];
    }
    EXPECT_EQ(answers, expected);
    EXPECT_EQ(scene.client.stats.requests, scene.transport.sent.size());
    EXPECT_EQ(scene.transport.sent.size(), static_cast<std::size_t>(reported));
    EXPECT_EQ(scene.client.stats.requests, 200 + scene.client.stats.retries);
    for (const auto& [url, n] : tries) EXPECT_LE(n, 4) << url;
  }
}

}  // namespace
}  // namespace callrail
