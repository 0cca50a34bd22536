#include "songs_api.hpp"
#include "virtual_time.hpp"

#include <callrail/fetch_media.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

namespace callrail {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char the_key[] = "not-a-real-key-555-0100";
constexpr char base[] = "https://api.example.com";
const std::string mp3 = "ID3\x04 the sound of a song";

class MemoryStore final : public MediaStore {
 public:
  std::vector<MediaItem> items;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> missing_ones, failed_ones;
  bool full = false;

  void want(const std::string& key, const std::string& band = "B1") {
    items.push_back(
        {static_cast<std::int64_t>(items.size()) + 1, "songs", "tape", key, {{"band_id", band}}});
  }

  void add(const Endpoint&, const Media&, const Scope&, Text) override {}
  Status commit() override { return {}; }
  Result<std::optional<MediaItem>> next() override {
    if (given_ == items.size()) return std::nullopt;
    return items[given_++];
  }
  Result<std::unique_ptr<MediaWriter>> open(const MediaItem& item, const Media&) override {
    return std::make_unique<Writer>(*this, item.key);
  }
  Status missing(const MediaItem& item, std::string_view why) override {
    missing_ones[item.key] = why;
    return {};
  }
  Status failed(const MediaItem& item, std::string_view why) override {
    failed_ones[item.key] = why;
    return {};
  }
  Result<Counts> count() override {
    return Counts{files.size(), items.size() - files.size() - missing_ones.size(),
                  missing_ones.size()};
  }
  std::string where() const override { return "memory"; }

 private:
  class Writer final : public MediaWriter {
   public:
    Writer(MemoryStore& store, std::string key) : store_{store}, key_{std::move(key)} {}
    Status write(std::string_view bytes) override {
      if (store_.full) return fail(Code::sink_failed, "memory: no space left; free some");
      bytes_ += bytes;
      return {};
    }
    Status keep() override {
      store_.files[key_] = bytes_;
      return {};
    }

   private:
    MemoryStore& store_;
    std::string key_, bytes_;
  };
  std::size_t given_ = 0;
};

struct Served {
  MediaHead head;
  std::string body;
  std::optional<NetworkError> error = {};
};
Served audio(const std::string& bytes) { return {{200, "audio/mpeg", {}, bytes.size()}, bytes}; }
Served status(int code) { return {{code, "application/xml", {}, {}}, "<Error/>"}; }
Served moved(const std::string& to) { return {{302, "text/html", to, {}}, "moved"}; }

class ScriptedMedia final : public MediaTransport {
 public:
  ScriptedMedia(VirtualClock& clock, std::function<Served(const MediaAsk&)> handler)
      : clock_{clock}, handler_{std::move(handler)} {}
  std::vector<std::string> asked;
  std::vector<std::chrono::milliseconds> waits;

  std::expected<MediaHead, NetworkError> get(const MediaAsk& ask, const Take& take,
                                             const Stop&) override {
    asked.push_back(ask.url);
    const Served served = handler_(ask);
    if (served.head.status == 206 && ask.first == 0) return served.head;
    if (served.head.status >= 200 && served.head.status < 300)
      for (std::size_t at = 0; at < served.body.size(); at += 7)
        if (!take(served.head, std::string_view{served.body}.substr(at, 7)))
          return std::unexpected(NetworkError{"the taker refused"});
    if (served.error) return std::unexpected(*served.error);
    return served.head;
  }
  void wait(Clock::Steady until, const Stop&) override {
    waits.push_back(std::chrono::floor<std::chrono::milliseconds>(until - clock_.now()));
    clock_.advance_to(until);
  }

 private:
  VirtualClock& clock_;
  std::function<Served(const MediaAsk&)> handler_;
};

Scripted redirect(const std::string& to) {
  Scripted out = answer(302, "moved");
  out.result->location = to;
  return out;
}
Scripted address(const std::string& to) { return answer(200, R"({"url":")" + to + "\"}"); }

/// Songs, the API, and the host where their sound is.
struct Stage {
  VirtualClock clock;
  MemoryStore store;
  MediaOptions options{.base_url = base, .key = the_key};
  std::function<Scripted(const Request&)> api = [](const Request&) {
    return address("https://storage.example.net/song.mp3?signature=abc");
  };
  std::function<Served(const std::string&)> storage = [](const std::string&) { return audio(mp3); };
  std::function<Served(const MediaAsk&)> rest;  ///< where not all is asked for
  std::function<bool()> stop = [] { return false; };
  std::vector<std::uint64_t> firsts;  ///< bytes asked for
  std::vector<std::string> asked_api, asked_storage;
  std::vector<std::chrono::milliseconds> waits;
  int told = 0;

  MediaSummary run() {
    ScriptedTransport transport{clock, [this](const Request& r) { return api(r); }};
    ScriptedMedia media{clock, [this](const MediaAsk& ask) {
                          firsts.push_back(ask.first);
                          return rest && ask.first != 0 ? rest(ask) : storage(ask.url);
                        }};
    Limiter limiter{{}};
    Client client{transport, limiter, clock, {.max_retries = 1, .retry_statuses = {500}}, 1};
    auto summary = fetch_media(test::song_api, options, store, client, media, clock, stop,
                               [this](const MediaSummary&) { ++told; });
    for (const auto& sent : transport.sent)
      asked_api.push_back(sent.url.substr(std::min(sent.url.size(), sizeof base - 1)));
    for (const auto& sent : transport.sent) EXPECT_THAT(sent.url, StartsWith(base));
    asked_storage = media.asked;
    waits = media.waits;
    return summary;
  }
};

TEST(FetchMedia, AsksForAnAddressAndAtOnceForWhatIsBehindIt) {
  Stage stage;
  stage.store.want("S1");
  stage.store.want("S/2", "B2");
  std::string order;
  stage.api = [&](const Request&) {
    order += 'a';
    return address("https://storage.example.net/song.mp3?signature=abc");
  };
  stage.storage = [&](const std::string&) {
    order += 's';
    return audio(mp3);
  };
  const MediaSummary summary = stage.run();
  EXPECT_THAT(stage.asked_api,
              ElementsAre("/v1/B1/songs/S1/tape.json", "/v1/B2/songs/S%2F2/tape.json"));
  EXPECT_EQ(order, "asas");
  EXPECT_EQ(stage.store.files["S1"], mp3);
  EXPECT_EQ(stage.store.files["S/2"], mp3);
  EXPECT_EQ(summary.fetched, 2u);
  EXPECT_EQ(summary.bytes, 2 * mp3.size());
  EXPECT_EQ(summary.requests, 2u);
  EXPECT_EQ(summary.left, 0u);
  EXPECT_EQ(summary.here, 0u);
  EXPECT_EQ(stage.told, 2);
}

TEST(FetchMedia, FollowsTheApiToItsOwnAddressesWithTheKeyAndToOthersWithout) {
  Stage stage;
  stage.store.want("S1");
  stage.api = [](const Request& r) {
    EXPECT_TRUE(r.leads_on);
    if (r.url.ends_with(".json")) return address("https://api.example.com/v1/B1/songs/S1/tape");
    return redirect("https://storage.example.net/a");
  };
  stage.storage = [](const std::string& url) {
    return url.ends_with("/a") ? moved("/b?signature=x") : audio(mp3);
  };
  EXPECT_EQ(stage.run().fetched, 1u);
  EXPECT_THAT(stage.asked_api, ElementsAre("/v1/B1/songs/S1/tape.json", "/v1/B1/songs/S1/tape"));
  EXPECT_THAT(stage.asked_storage, ElementsAre("https://storage.example.net/a",
                                               "https://storage.example.net/b?signature=x"));
}

TEST(FetchMedia, TakesTheBytesWhereTheApiAnswersWithThem) {
  Stage stage;
  stage.store.want("S1");
  stage.api = [](const Request&) {
    Scripted out = answer(200, mp3);
    out.result->content_type = "audio/mpeg";
    return out;
  };
  EXPECT_EQ(stage.run().fetched, 1u);
  EXPECT_EQ(stage.store.files["S1"], mp3);
}

TEST(FetchMedia, AsksNobodyAtAnAddressThatMustNotBeAsked) {
  for (const std::string& to :
       {std::string{"http://storage.example.net/a"}, std::string{"https://u:p@example.net/a"},
        "https://storage.example.net/?t=" + std::string{the_key}, std::string{"https://[::1]/a"},
        std::string{"javascript:alert(1)"}}) {
    Stage stage;
    stage.store.want("S1");
    stage.api = [&](const Request&) { return address(to); };
    const MediaSummary summary = stage.run();
    EXPECT_EQ(summary.failed, 1u) << to;
    EXPECT_TRUE(stage.asked_storage.empty()) << to;
    EXPECT_TRUE(stage.store.files.empty());
    ASSERT_EQ(summary.failures.size(), 1u);
    EXPECT_THAT(summary.failures[0],
                AllOf(StartsWith("songs tape of S1: "), Not(HasSubstr(the_key))));
  }
}

TEST(FetchMedia, DoesNotComeBackToTheApiFromElsewhere) {
  Stage stage;
  stage.store.want("S1");
  stage.storage = [](const std::string&) { return moved("https://api.example.com/v1/secrets"); };
  const MediaSummary summary = stage.run();
  EXPECT_EQ(stage.asked_api.size(), 1u);
  EXPECT_THAT(summary.failures, ElementsAre(HasSubstr("points back to the API")));
}

TEST(FetchMedia, FollowsFiveRedirectsAndNoMore) {
  for (const int redirects : {5, 6}) {
    Stage stage;
    stage.store.want("S1");
    int left = redirects;
    stage.storage = [&](const std::string&) { return left-- > 0 ? moved("/on") : audio(mp3); };
    EXPECT_EQ(stage.run().fetched, redirects == 5 ? 1u : 0u) << redirects;
    EXPECT_LE(stage.asked_storage.size(), 6u);
  }
}

TEST(FetchMedia, KeepsNoErrorPage) {
  const Served pages[] = {{{200, "text/html", {}, {}}, "<html>Sign in</html>"},
                          {{200, "audio/mpeg", {}, {}}, "{\"error\":\"expired\"}"},
                          {{200, "audio/mpeg", {}, {}}, ""}};
  for (const Served& page : pages) {
    Stage stage;
    stage.store.want("S1");
    stage.storage = [&](const std::string&) { return page; };
    const MediaSummary summary = stage.run();
    EXPECT_EQ(summary.failed, 1u);
    EXPECT_TRUE(stage.store.files.empty());
    EXPECT_EQ(stage.store.failed_ones.count("S1"), 1u);
  }
  Stage stage;  // the API says so itself
  stage.store.want("S1");
  stage.api = [](const Request&) { return answer(200, "{\"note\":\"no address here\"}"); };
  EXPECT_EQ(stage.run().failed, 1u);
  EXPECT_TRUE(stage.store.files.empty());
}

TEST(FetchMedia, AsksOnceMoreForAnAddressThatIsGoodNoMore) {
  for (const int code : {401, 403, 404, 410}) {
    Stage stage;
    stage.store.want("S1");
    int asked = 0;
    stage.api = [&](const Request&) {
      return address("https://storage.example.net/" + std::to_string(++asked));
    };
    stage.storage = [&](const std::string& url) {
      return url.ends_with("/1") ? status(code) : audio(mp3);
    };
    EXPECT_EQ(stage.run().fetched, 1u) << code;
    EXPECT_EQ(asked, 2);
  }
  Stage stage;
  stage.store.want("S1");
  stage.storage = [](const std::string&) { return status(403); };
  const MediaSummary summary = stage.run();
  EXPECT_EQ(summary.failed, 1u);
  EXPECT_EQ(stage.asked_api.size(), 2u);
  EXPECT_THAT(summary.failures,
              ElementsAre(AllOf(HasSubstr("storage.example.net answered with 403 Forbidden"),
                                Not(HasSubstr("signature")))));
}

TEST(FetchMedia, NotesWhatIsThereNoMore) {
  Stage stage;
  stage.store.want("S1");
  stage.store.want("S2");
  stage.api = [](const Request& r) {
    return r.url.find("S1") != r.url.npos ? answer(404, "{\"error\":\"not found\"}")
                                          : address("https://storage.example.net/2");
  };
  stage.storage = [](const std::string&) { return status(404); };
  const MediaSummary summary = stage.run();
  EXPECT_EQ(summary.missing, 2u);
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.left, 0u);
  EXPECT_EQ(stage.store.missing_ones.size(), 2u);
}

TEST(FetchMedia, EndsWellWhenTheRequestsAreUsedUp) {
  Stage stage;
  for (const char* key : {"S1", "S2", "S3", "S4"}) stage.store.want(key);
  stage.options.most_requests = 3;
  const MediaSummary summary = stage.run();
  EXPECT_EQ(summary.fetched, 3u);
  EXPECT_EQ(summary.requests, 3u);
  EXPECT_EQ(summary.left, 1u);
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_EQ(summary.used_up, "3 requests");
  EXPECT_FALSE(summary.ended);
}

TEST(FetchMedia, TriesAgainOnlyAsOftenAsThereAreRequestsLeft) {
  for (const char* refusal : {"500", "429"})
    for (std::uint64_t most = 1; most <= 4; ++most) {
      SCOPED_TRACE(std::string{refusal} + ", " + std::to_string(most));
      Stage stage;
      for (const char* key : {"S1", "S2", "S3"}) stage.store.want(key);
      stage.options.most_requests = most;
      stage.api = [&](const Request& r) {
        if (r.url.find("S1") != r.url.npos) return address("https://storage.example.net/1");
        Scripted refused = answer(std::stoi(refusal), "{\"error\":\"later\"}", "1");
        refused.result->hour_allowed = refused.result->hour_used = 100;
        return refused;
      };
      const MediaSummary summary = stage.run();
      EXPECT_EQ(stage.asked_api.size(), most);
      EXPECT_EQ(summary.requests, most);
      EXPECT_EQ(summary.fetched, 1u);
      EXPECT_EQ(summary.used_up, std::to_string(most) + " requests");
    }
}

TEST(FetchMedia, EndsWellWhenTheBytesAreUsedUpAndWritesNoMore) {
  Stage stage;
  for (const char* key : {"S1", "S2", "S3"}) stage.store.want(key);
  stage.options.most_bytes = 2 * mp3.size() + 3;
  const MediaSummary summary = stage.run();
  EXPECT_EQ(summary.fetched, 2u);
  EXPECT_LE(summary.bytes, stage.options.most_bytes);
  EXPECT_EQ(summary.left, 1u);
  EXPECT_EQ(summary.failed, 0u);
  EXPECT_THAT(summary.used_up, HasSubstr("bytes"));
  EXPECT_EQ(stage.store.files.size(), 2u);
}

TEST(FetchMedia, GoesOnBehindAFileThatIsLargerThanTheWholeBudget) {
  Stage stage;
  for (const char* key : {"S1", "S2"}) stage.store.want(key);
  stage.options.most_bytes = mp3.size() - 1;
  const MediaSummary summary = stage.run();
  EXPECT_EQ(summary.failed, 2u);
  EXPECT_EQ(summary.left, 0u);
  ASSERT_FALSE(summary.failures.empty());
  EXPECT_THAT(summary.failures[0], HasSubstr("more than the budget"));
}

TEST(FetchMedia, TakesNoFileLargerThanAnyRecording) {
  Stage stage;
  stage.store.want("S1");
  stage.options.most_file_bytes = 10;
  EXPECT_EQ(stage.run().failed, 1u);
  EXPECT_TRUE(stage.store.files.empty());
}

TEST(FetchMedia, TriesAHostAgainThatDoesNotAnswer) {
  Stage stage;
  stage.store.want("S1");
  int tries = 0;
  stage.storage = [&](const std::string&) -> Served {
    if (++tries == 1) return {{}, {}, NetworkError{"connection reset"}};
    return tries == 2 ? status(503) : audio(mp3);
  };
  EXPECT_EQ(stage.run().fetched, 1u);
  EXPECT_THAT(stage.waits,
              ElementsAre(std::chrono::milliseconds{1000}, std::chrono::milliseconds{2000}));
  EXPECT_EQ(stage.asked_api.size(), 1u);
}

TEST(FetchMedia, KeepsNothingOfWhatWasCut) {
  Stage stage;
  stage.store.want("S1");
  stage.storage = [](const std::string&) -> Served {
    return {{200, "audio/mpeg", {}, 1000}, mp3, NetworkError{"connection cut"}};
  };
  const MediaSummary summary = stage.run();
  EXPECT_EQ(summary.failed, 1u);
  EXPECT_EQ(stage.asked_storage.size(), 3u);
  EXPECT_TRUE(stage.store.files.empty());
}

/// Cut after so many bytes, by a host that could go on.
Served cut_after(std::size_t bytes, const std::string& version = "\"v1\"") {
  return {{200, "audio/mpeg", {}, mp3.size(), version},
          mp3.substr(0, bytes),
          NetworkError{"connection cut"}};
}
Served rest_of(const MediaAsk& ask, const std::string& version = "\"v1\"") {
  return {{206, "audio/mpeg", {}, mp3.size() - ask.first, version, ask.first, mp3.size()},
          mp3.substr(ask.first)};
}

TEST(FetchMedia, GoesOnWhereItWasCut) {
  Stage stage;
  stage.store.want("S1");
  stage.storage = [](const std::string&) { return cut_after(5); };
  bool cut_again = true;
  stage.rest = [&](const MediaAsk& ask) {
    EXPECT_EQ(ask.version, "\"v1\"");
    Served served = rest_of(ask);
    if (std::exchange(cut_again, false)) {
      served.body.resize(9);
      served.error = NetworkError{"connection cut"};
    }
    return served;
  };
  const MediaSummary summary = stage.run();
  EXPECT_EQ(stage.store.files["S1"], mp3);
  EXPECT_EQ(summary.bytes, mp3.size());
  EXPECT_THAT(stage.firsts, ElementsAre(0, 5, 14));
}

TEST(FetchMedia, BeginsAnewWhereItCannotGoOn) {
  const auto whole = [](const MediaAsk&) { return audio(mp3); };
  const auto with = [](auto change) {
    return [=](const MediaAsk& ask) {
      Served served = rest_of(ask);
      change(served);
      return served;
    };
  };
  const std::function<Served(const MediaAsk&)> answers[] = {
      whole,
      [](const MediaAsk&) { return audio(mp3 + " of another time"); },
      with([](Served& s) { s.head.first = 4; }),
      with([](Served& s) { s.head.first.reset(); }),
      with([](Served& s) { s.head.whole = mp3.size() + 1; }),
      with([](Served& s) { s.head.version = "\"v2\""; }),
      with([](Served& s) { s.body.clear(); }),
      with([](Served& s) { s.body.pop_back(); }),
      [](const MediaAsk&) { return status(416); },
  };
  for (const auto& answer : answers) {
    SCOPED_TRACE(&answer - answers);
    Stage stage;
    stage.store.want("S1");
    bool cut = true;
    stage.storage = [&](const std::string&) {
      return std::exchange(cut, false) ? cut_after(5) : audio(mp3);
    };
    stage.rest = answer;
    EXPECT_EQ(stage.run().fetched, 1u);
    EXPECT_THAT(stage.store.files["S1"], testing::AnyOf(mp3, mp3 + " of another time"));
    EXPECT_EQ(stage.firsts[1], 5u);
    EXPECT_LE(stage.firsts.size(), 3u);
  }
}

TEST(FetchMedia, AsksForAllOfItWhereTheHostDoesNotSayThatItCanGoOn) {
  Stage stage;
  stage.store.want("S1");
  bool cut = true;
  stage.storage = [&](const std::string&) {
    return std::exchange(cut, false) ? cut_after(5, "") : audio(mp3);
  };
  EXPECT_EQ(stage.run().fetched, 1u);
  EXPECT_EQ(stage.store.files["S1"], mp3);
  EXPECT_THAT(stage.firsts, ElementsAre(0, 0));
}

TEST(FetchMedia, KeepsNoPartInPlaceOfAWholeThatIsEmptyByNow) {
  Stage stage;
  stage.store.want("S1");
  stage.storage = [](const std::string&) { return cut_after(5); };
  stage.rest = [](const MediaAsk&) { return audio(""); };
  EXPECT_EQ(stage.run().failed, 1u);
  EXPECT_TRUE(stage.store.files.empty());
}

TEST(FetchMedia, EndsWhenNobodyAnswersThriceInARow) {
  Stage stage;
  for (const char* key : {"S1", "S2", "S3", "S4", "S5"}) stage.store.want(key);
  stage.storage = [](const std::string&) -> Served { return {{}, {}, NetworkError{"no route"}}; };
  const MediaSummary summary = stage.run();
  ASSERT_TRUE(summary.ended);
  EXPECT_EQ(summary.ended->code, Code::try_later);
  EXPECT_EQ(summary.failed, 3u);
  EXPECT_EQ(summary.left, 2u);
}

TEST(FetchMedia, AsksNoMoreWhereTheKeyMayNotFetchThreeInARow) {
  Stage stage;
  for (const char* key : {"S1", "S2", "S3", "S4", "S5"}) stage.store.want(key);
  stage.store.want("S6", "B2");
  stage.api = [](const Request& r) {
    return r.url.find("/B1/") != r.url.npos ? answer(403, "{\"error\":\"no\"}")
                                            : address("https://storage.example.net/6");
  };
  const MediaSummary summary = stage.run();
  EXPECT_EQ(stage.asked_api.size(), 4u);
  EXPECT_EQ(summary.failed, 5u);
  EXPECT_EQ(summary.fetched, 1u);
  EXPECT_EQ(stage.store.failed_ones.size(), 3u);
}

TEST(FetchMedia, EndsAtOnceWhenTheKeyIsRefusedOrTheDiskIsFull) {
  Stage refused;
  refused.store.want("S1");
  refused.store.want("S2");
  refused.api = [](const Request&) { return answer(401, "{\"error\":\"bad key\"}"); };
  const MediaSummary bad_key = refused.run();
  ASSERT_TRUE(bad_key.ended);
  EXPECT_EQ(bad_key.ended->code, Code::bad_key);
  EXPECT_EQ(bad_key.left, 2u);
  EXPECT_EQ(refused.asked_api.size(), 1u);

  Stage full;
  full.store.want("S1");
  full.store.want("S2");
  full.store.full = true;
  const MediaSummary no_space = full.run();
  ASSERT_TRUE(no_space.ended);
  EXPECT_EQ(no_space.ended->code, Code::sink_failed);
  EXPECT_EQ(no_space.left, 2u);
}

TEST(FetchMedia, StopsBetweenTwoFilesAndWithinOne) {
  Stage stage;
  stage.store.want("S1");
  stage.store.want("S2");
  stage.stop = [&] { return stage.store.files.size() == 1; };
  const MediaSummary summary = stage.run();
  ASSERT_TRUE(summary.ended);
  EXPECT_EQ(summary.ended->code, Code::cancelled);
  EXPECT_EQ(summary.left, 1u);
}

}  // namespace
}  // namespace callrail
