#include "extract/scene.hpp"
#include "recording_in_tests.hpp"

#include <callrail/recording_transport.hpp>
#include <callrail/replay.hpp>

namespace callrail::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string base = "https://api.example.com";

/// A recording made by hand, and a replay of it.
class AReplay : public testing::Test {
 protected:
  void record(const std::string& target, std::expected<Response, NetworkError> result,
              seconds after = seconds{0}) {
    if (!writer_) writer_ = *RecordingWriter::create(folder_ / "run.rec", small_header(), {});
    ASSERT_TRUE(writer_->add(target, noon() + after, result));
  }
  void start() {
    ASSERT_TRUE(writer_->finish());
    recording_.emplace(*Recording::open(folder_ / "run.rec"));
    transport_ = std::make_unique<ReplayTransport>(*recording_, clock_, base);
  }
  std::expected<Response, NetworkError> ask(const std::string& url) {
    transport_->start(++ticket_, {url, "x"});
    auto finished = transport_->wait(clock_.now());
    EXPECT_TRUE(finished && finished->ticket == ticket_);
    return std::move(finished->result);
  }

  TestFolder folder_;
  VirtualClock real_;
  ReplayClock clock_{real_, noon()};
  std::unique_ptr<RecordingWriter> writer_;
  std::optional<Recording> recording_;
  std::unique_ptr<ReplayTransport> transport_;
  std::uint64_t ticket_ = 0;
};

TEST_F(AReplay, GivesTheAnswersToOneAddressInTheirOrderAndTheLastOneEverAfter) {
  record("/a?page=1", plain_response(503, "one"));
  record("/b", plain_response(200, "other"));
  record("/a?page=1", plain_response(200, "two"));
  start();
  EXPECT_EQ(ask(base + "/a?page=1")->body.text(), "one");
  EXPECT_EQ(ask(base + "/a?page=1")->body.text(), "two");
  EXPECT_EQ(ask(base + "/a?page=1")->body.text(), "two");
  EXPECT_EQ(ask(base + "/b")->body.text(), "other");
}

TEST_F(AReplay, SaysOfWhatWasNeverAskedThatAskingAgainIsVain) {
  record("/a", plain_response(200, "{}"));
  start();
  const auto unknown = ask(base + "/a?page=2");
  ASSERT_FALSE(unknown);
  EXPECT_TRUE(unknown.error().final);
  EXPECT_THAT(unknown.error().what, HasSubstr("run.rec has no answer to this request"));
}

TEST_F(AReplay, HandsOutWhatItDoesNotKnowLast) {
  record("/a", plain_response(200, "{}"));
  start();
  transport_->start(1, {base + "/unknown", "x"});
  transport_->start(2, {base + "/a", "x"});
  EXPECT_EQ(transport_->wait(clock_.now())->ticket, 2u);
  EXPECT_EQ(transport_->wait(clock_.now())->ticket, 1u);
}

TEST_F(AReplay, TellsAnotherHostFromItsOwn) {
  record("https://elsewhere.example.com/a", std::unexpected(NetworkError{"refused", true}));
  record("/a", plain_response(200, "{}"));
  start();
  EXPECT_FALSE(ask("https://elsewhere.example.com/a"));
  EXPECT_TRUE(ask(base + "/a"));
}

TEST_F(AReplay, WaitsWithoutWaiting) {
  record("/a", plain_response(200, "{}"));
  start();
  const auto before = clock_.now();
  EXPECT_FALSE(transport_->wait(before + std::chrono::hours{1}));
  EXPECT_EQ(clock_.now() - before, std::chrono::hours{1});
  EXPECT_EQ(clock_.today(), noon() + std::chrono::hours{1});
  EXPECT_EQ(clock_.jumped(), std::chrono::hours{1});
  EXPECT_EQ(real_.passed(), milliseconds{0});
}

TEST_F(AReplay, UnderstandsTheDateOfARetryAsWhoReceivedIt) {
  Response busy = plain_response(429, "{}");
  busy.retry_after = "Tue, 10 Mar 2026 15:00:30 GMT";
  record("/a", std::move(busy), std::chrono::hours{3});
  start();
  EXPECT_EQ(ask(base + "/a")->retry_after, "30");
}

TEST_F(AReplay, DoesNotWaitForADateThatHadPassed) {
  Response busy = plain_response(429, "{}");
  busy.retry_after = "Tue, 10 Mar 2026 14:59:00 GMT";
  record("/a", std::move(busy), std::chrono::hours{3});
  start();
  EXPECT_FALSE(ask(base + "/a")->retry_after);
}

TEST_F(AReplay, ForgetsWhatIsCancelled) {
  record("/a", plain_response(200, "{}"));
  start();
  transport_->start(1, {base + "/a", "x"});
  transport_->start(2, {base + "/b", "x"});
  transport_->cancel_all();
  EXPECT_FALSE(transport_->wait(clock_.now()));
}

TEST_F(AReplay, SaysSoIfTheFileChangesUnderItsHands) {
  record("/a", plain_response(200, "{}"));
  start();
  std::filesystem::resize_file(folder_ / "run.rec", 150);
  const auto gone = ask(base + "/a");
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error().what, HasSubstr("run.rec: byte"));
}

TEST(ADayThatStays, LeavesTheTimeAlone) {
  VirtualClock clock;
  const OneDayClock day{clock, noon()};
  const auto before = day.now();
  clock.advance(std::chrono::hours{30});
  EXPECT_EQ(day.today(), noon());
  EXPECT_EQ(day.now() - before, std::chrono::hours{30});
}

/// A whole extraction from the made-up API, recorded and played again.
struct Recorded_ {
  TestFolder folder;
  Scene scene;

  Clock::Wall began = scene.clock.today();

  Summary record(int jobs) {
    const OneDayClock day{scene.clock, began};
    auto writer = *RecordingWriter::create(folder / "run.rec", small_header(),
                                           {.key = canary, .secret_names = {}});
    ScriptedTransport server{scene.clock, [this](const Request& r) { return scene.reply(r); }};
    RecordingTransport transport{server, *writer, scene.clock, scene.options.base_url};
    Limiter limiter{{}};
    scene.client_options.jobs = jobs;
    Client client{transport, limiter, scene.clock, scene.client_options, 1};
    Events silent;
    auto summary = extract(api(), scene.options, client, scene.sink, day, silent, scene.stop);
    EXPECT_TRUE(writer->finish());
    return summary;
  }

  std::pair<Summary, std::map<std::string, Lines>> replay(int jobs) {
    const auto recording = *Recording::open(folder / "run.rec");
    VirtualClock real;
    ReplayClock clock{real, began};
    const OneDayClock day{clock, began};
    ReplayTransport transport{recording, clock, scene.options.base_url};
    Limiter limiter{{}};
    scene.client_options.jobs = jobs;
    Client client{transport, limiter, clock, scene.client_options, 2};
    Events silent;
    MemorySink sink;
    auto summary = extract(api(), scene.options, client, sink, day, silent, scene.stop);
    EXPECT_EQ(real.passed(), milliseconds{0});
    return {std::move(summary), std::move(sink.tables)};
  }
};

TEST(AReplayedRun, GivesTheSameRowsAtAnyNumberOfJobs) {
  for (const int recorded : {1, 4}) {
    Recorded_ run;
    run.scene.options.page_size = 3;
    run.scene.rows = {{"/v3/shops.json", upto(5)}};
    for (const auto* shop : {"1", "2", "3", "4", "5"}) {
      run.scene.rows["/v3/" + std::string{shop} + "/gadgets.json"] = upto(20);
      run.scene.rows["/v3/" + std::string{shop} + "/sales.json"] = upto(11);
    }
    run.scene.want(shops);
    run.scene.want(gadgets());
    run.scene.want(sales);
    int trouble = 0;
    run.scene.before = [&](const std::string&) -> std::optional<Scripted> {
      switch (++trouble % 11) {
        case 3: return answer(429, "{}", "60");
        case 6: return broken("connection reset");
        case 9: return answer(200, "{\"page\":1,\"total_pa");
        default: return std::nullopt;
      }
    };
    const Summary original = run.record(recorded);
    for (const int jobs : {1, 2, 4, 8}) {
      const auto [summary, tables] = run.replay(jobs);
      EXPECT_EQ(tables, run.scene.sink.tables) << jobs << " jobs";
      ASSERT_EQ(summary.endpoints.size(), original.endpoints.size());
      for (std::size_t i = 0; i < summary.endpoints.size(); ++i) {
        EXPECT_EQ(summary.endpoints[i].outcome, original.endpoints[i].outcome)
            << summary.endpoints[i].reason;
        EXPECT_EQ(summary.endpoints[i].rows, original.endpoints[i].rows);
      }
      EXPECT_EQ(summary.traffic.refused_429, original.traffic.refused_429);
    }
  }
}

TEST(AReplayedRun, HealsARefusedFieldAlsoWithMoreJobsThanWereRecorded) {
  Recorded_ run;
  run.scene.options.page_size = 3;
  run.scene.rows = {{"/v3/shops.json", upto(4)}};
  for (const auto* shop : {"1", "2", "3", "4"})
    run.scene.rows["/v3/" + std::string{shop} + "/gadgets.json"] = upto(7);
  run.scene.want_only(gadgets(), {"id", "note"});
  run.scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (parameter(url, "fields").find("note") == std::string::npos) return std::nullopt;
    return answer(400, R"({"error":"Invalid field(s) requested: note"})");
  };
  const Summary original = run.record(1);
  ASSERT_EQ(original.endpoints[0].outcome, Outcome::complete);
  for (const int jobs : {1, 2, 8}) {
    const auto [summary, tables] = run.replay(jobs);
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << summary.endpoints[0].reason;
    EXPECT_EQ(tables, run.scene.sink.tables) << jobs << " jobs";
  }
}

TEST(AReplayedRun, AsksForTheSameDaysAlsoIfTheRunWentOnPastMidnight) {
  Recorded_ run;
  run.scene.rows = {{"/v3/shops.json", {1}}, {"/v3/1/sales.json", upto(3)}};
  run.scene.want(sales);
  run.scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (!url.starts_with("/v3/shops.json")) return std::nullopt;
    return answer(200, Scene::page_of("/v3/shops.json", {1}, 1, 250)).after(std::chrono::hours{30});
  };
  run.record(4);
  EXPECT_GE(run.scene.clock.today() - run.began, std::chrono::hours{30});
  const auto [summary, tables] = run.replay(4);
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << summary.endpoints[0].reason;
  EXPECT_EQ(tables, run.scene.sink.tables);
}

TEST(AReplayedRun, EndsAsTheRecordedOneEnded) {
  Recorded_ run;
  run.scene.want(shops);
  run.scene.before = [](const std::string&) { return answer(401, R"({"error":"bad key"})"); };
  const Summary original = run.record(4);
  const auto [summary, tables] = run.replay(4);
  ASSERT_TRUE(original.ended && summary.ended);
  EXPECT_EQ(summary.ended->code, Code::bad_key);
  EXPECT_EQ(summary.ended->what, original.ended->what);
}

}  // namespace
}  // namespace callrail::test
