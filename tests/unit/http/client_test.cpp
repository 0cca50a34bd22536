#include "client_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Client, SendsInTheOrderItWasAskedAndNeverMoreThanItsJobs) {
  ClientOptions options = Scene::usual();
  options.jobs = 3;
  Scene scene{
      [](const Request& r) { return answer(200, r.url).after(r.url.back() == '1' ? 90ms : 20ms); },
      options};
  for (int page = 1; page <= 6; ++page) scene.get(page);
  EXPECT_EQ(scene.client.outstanding(), 6u);
  std::vector<std::uint64_t> answered;
  while (auto found = scene.client.next(never)) {
    ASSERT_TRUE(found->result);
    EXPECT_EQ(found->status, 200);
    answered.push_back(found->ticket);
  }
  EXPECT_THAT(scene.urls(), ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_THAT(answered, ElementsAre(2, 3, 4, 5, 6, 1));
  EXPECT_EQ(scene.transport.most_at_once, 3u);
  EXPECT_EQ(scene.client.outstanding(), 0u);
  EXPECT_EQ(scene.client.stats.requests, 6u);
  EXPECT_EQ(scene.client.stats.retries, 0u);
}

TEST(Client, HasTheNextRequestOnItsWayWhileTheCallerReadsAnAnswer) {
  ClientOptions options = Scene::usual();
  options.jobs = 1;
  Scene scene{[](const Request&) { return answer(200, "{}"); }, options};
  scene.get(1);
  scene.get(2);
  ASSERT_TRUE(scene.client.next(never));
  EXPECT_THAT(scene.urls(), ElementsAre("1", "2"));
}

TEST(Client, SendsNothingMoreAfterAnErrorUntilItIsAskedTo) {
  ClientOptions options = Scene::usual();
  options.jobs = 1;
  Scene scene{[](const Request&) { return answer(401, R"({"error":"invalid api key"})"); },
              options};
  scene.get(1);
  scene.get(2);
  const auto found = scene.client.next(never);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->result.error().code, Code::bad_key);
  EXPECT_THAT(scene.urls(), ElementsAre("1"));
}

TEST(Client, AnswersNothingWhenNothingIsOutstanding) {
  Scene scene{in_turn({})};
  EXPECT_FALSE(scene.client.next(never));
}

TEST(Client, NoticesAStopWithinAFifthOfASecond) {
  Scene scene{[](const Request&) { return answer(200, "{}").after(1h); }};
  scene.get(1);
  const auto stop_at = scene.clock.now() + 5s;
  EXPECT_FALSE(scene.client.next([&] { return scene.clock.now() >= stop_at; }));
  EXPECT_LE(scene.clock.now(), stop_at + 200ms);
  EXPECT_EQ(scene.client.outstanding(), 1u);
}

TEST(Client, CallsOnIdleAFewTimesASecondWhileItWaits) {
  Scene scene{[](const Request&) { return answer(200, "{}").after(10s); }};
  int idle = 0;
  scene.client.on_idle = [&] { ++idle; };
  ASSERT_TRUE(scene.answer_to(1).result);
  EXPECT_GE(idle, 20);
  EXPECT_LE(idle, 100);
}

TEST(Client, ForgetsEverythingWhenCancelled) {
  Scene scene{
      [](const Request&) { return answer(200, "{}").after(1s); }, Scene::usual(), {{1, 60}}};
  scene.get(1);
  scene.get(2);
  int looks = 0;
  EXPECT_FALSE(scene.client.next([&] { return ++looks > 2; }));
  scene.client.cancel_all();
  EXPECT_EQ(scene.client.outstanding(), 0u);
  EXPECT_FALSE(scene.client.next(never));
  // What was in flight may have reached the server, so it counts.
  ASSERT_TRUE(scene.answer_to(3).result);
  EXPECT_GE(scene.gap(0, 1), 60s);
}

TEST(Client, TellsWhichLimitKeepsItWaiting) {
  ClientOptions options = Scene::usual();
  Scene scene{[](const Request&) { return answer(200, "{}"); }, options, {{10, 1}, {12, 3600}}};
  for (int page = 1; page <= 14; ++page) scene.get(page);
  while (scene.client.next(never)) {
  }
  ASSERT_EQ(scene.said.size(), 1u);  // once, not for each request that follows
  EXPECT_THAT(scene.said[0], HasSubstr("page 13: limit 12/h, 3599000 ms"));
  EXPECT_THAT(scene.said[0], HasSubstr("0 of 0"));
  EXPECT_GE(scene.client.stats.waited_for_limits, 3590s);
  EXPECT_LE(scene.client.stats.waited_for_limits, 3600s);
  EXPECT_EQ(scene.client.stats.waited_for_retries, 0ms);
}

TEST(Client, MapsStatusesToWhatTheCallerCanDo) {
  struct Case {
    int status;
    Code code;
    const char* text;
  };
  for (const auto& [status, code, text] :
       {Case{400, Code::bad_request, "400 Bad Request; the API said: no such thing"},
        Case{401, Code::bad_key, "401 Unauthorized; the API said: no such thing"},
        Case{403, Code::forbidden, "403 Forbidden; the API said: no such thing"},
        Case{404, Code::not_found, "404 Not Found; the API said: no such thing"},
        Case{406, Code::bad_request, "406 Not Acceptable; the API said: no such thing"},
        Case{418, Code::bad_request, "418; the API said: no such thing"},
        Case{422, Code::bad_request, "422 Unprocessable Content; the API said: no such thing"},
        Case{501, Code::try_later, "501 Not Implemented; the API said: no such thing"}}) {
    Scene scene{in_turn({turn(status, R"({"error":"no such thing"})")})};
    const Answer found = scene.answer_to(1);
    ASSERT_FALSE(found.result);
    EXPECT_EQ(found.status, status);
    EXPECT_EQ(found.result.error().code, code);
    EXPECT_EQ(found.result.error().what, text);
    EXPECT_EQ(found.message, "no such thing");
    EXPECT_EQ(scene.transport.sent.size(), 1u) << status;
  }
}

TEST(Client, KeepsTheWholeListOfRefusedFieldsInTheMessage) {
  std::string names;
  for (int i = 0; i < 60; ++i) names += "field_" + std::to_string(i) + ", ";
  Scene scene{in_turn({turn(400, R"({"error":"field values not allowed: )" + names + R"("})")})};
  const Answer found = scene.answer_to(1);
  EXPECT_THAT(found.message, HasSubstr("field_59"));
  EXPECT_LT(found.result.error().what.size(), 250u);
}

TEST(Client, RefusesRedirectsAndSaysWhereTheyLead) {
  struct Case {
    int status;
    const char* location;
    const char* host;
  };
  for (const auto& [status, location, host] :
       {Case{302, "https://evil.example/v3?key=1", "redirect to evil.example, which is refused"},
        Case{301, "//other.example/x", "redirect to other.example,"},
        Case{307, "/v3/elsewhere.json", "redirect to example.com,"},
        Case{308, "https://a@b@c/", "redirect to example.com,"},
        Case{304, "", "redirect to nowhere,"}}) {
    Scene scene{[&](const Request&) {
      Scripted scripted = answer(status, "");
      scripted.result->location = location;
      return scripted;
    }};
    const Answer found = scene.answer_to(1);
    EXPECT_EQ(found.result.error().code, Code::bad_answer);
    EXPECT_EQ(found.status, status);
    EXPECT_THAT(found.result.error().what, HasSubstr(host));
    EXPECT_EQ(scene.transport.sent.size(), 1u);
  }
}

}  // namespace
}  // namespace callrail
