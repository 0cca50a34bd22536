#include "fake_test.hpp"

#include <callrail/api.hpp>

namespace callrail::fake {
namespace {

using namespace std::chrono_literals;

class Recordings : public testing::Test {
 protected:
  void start(const char* quirk = nullptr, const char* fault = nullptr) {
    FakeOptions options = plain_options();
    options.world.rows["calls"] = 40;
    if (quirk != nullptr) {
      EXPECT_TRUE(options.quirks.add(quirk));
    }
    if (fault != nullptr) options.faults.push_back(*read_fault(fault, api::description()));
    api_ = std::make_unique<FakeApi>(api::description(), std::move(options));
  }
  void SetUp() override { start(); }

  Reply ask(const std::string& target, const char* range = nullptr, Instant when = noon,
            bool key = true) {
    Ask request = get(target, when);
    request.headers.emplace_back("Host", "127.0.0.1:8080");
    if (key) request.headers.emplace_back("Authorization", "Token token=fake-key");
    if (range != nullptr) request.headers.emplace_back("Range", range);
    return api_->handle(request);
  }
  /// The path of a whole address on the host of the files.
  static std::string path(std::string url) {
    const std::string host = "http://localhost:8080";
    EXPECT_TRUE(url.starts_with(host)) << url;
    return url.substr(host.size());
  }
  /// A call with a recording, or without one.
  std::string call(bool recorded) {
    std::string found;
    dump(api_->world(), api_->listing(), *api_->world().model().find("calls"), 0, [&](Text line) {
      const Json row = Json::parse(line);
      if (found.empty() && row["recording"].is_null() != recorded) found = row["id"];
    });
    const World& world = api_->world();
    const auto& accounts = *world.model().find("accounts");
    return "/v3/a/" + world.key(world.row(accounts, 0, 0)) + "/calls/" + found;
  }
  std::string url() { return Json::parse(ask(call(true) + "/recording.json").body)["url"]; }

  std::unique_ptr<FakeApi> api_;
};

TEST_F(Recordings, AreReadFromAnAddressThatNeedsNoKey) {
  const Reply leads_on = ask(path(url()), nullptr, noon, false);
  EXPECT_EQ(leads_on.status, 302);
  const Reply sound = ask(path(std::string{leads_on.header("Location")}), nullptr, noon, false);
  EXPECT_EQ(sound.status, 200);
  EXPECT_EQ(sound.header("Content-Type"), "audio/mpeg");
  EXPECT_TRUE(sound.body.starts_with("\xff\xfb"));
  EXPECT_EQ(sound.body.size() % 417, 0U);
  EXPECT_EQ(ask(path(std::string{leads_on.header("Location")})).body, sound.body);
}

TEST_F(Recordings, AreFoundAtTheAddressInTheRow) {
  const Reply leads_on = ask(call(true) + "/recording");
  EXPECT_EQ(leads_on.status, 302);
  EXPECT_EQ(leads_on.header("Location"), url());
  EXPECT_EQ(ask(call(true) + "/recording", nullptr, noon, false).status, 401);
}

TEST_F(Recordings, AreNotThereForEveryCall) {
  EXPECT_EQ(ask(call(false) + "/recording.json").status, 404);
  EXPECT_EQ(ask(call(true) + "/duration.json").status, 404);
  EXPECT_EQ(ask(call(true) + "0/recording.json").status, 404);
}

TEST_F(Recordings, ComeInPieces) {
  const std::string file = path(std::string{ask(path(url())).header("Location")});
  const std::string whole = ask(file).body;
  const Reply rest = ask(file, "bytes=100-");
  EXPECT_EQ(rest.status, 206);
  EXPECT_EQ(rest.body, whole.substr(100));
  EXPECT_EQ(rest.header("Content-Range"),
            "bytes 100-" + std::to_string(whole.size() - 1) + '/' + std::to_string(whole.size()));
  EXPECT_EQ(ask(file, "bytes=10-19").body, whole.substr(10, 10));
  EXPECT_EQ(ask(file, "bytes=99999999-").status, 416);
  EXPECT_EQ(ask(file, "lines=1-").status, 200);
}

TEST_F(Recordings, OfSomeAccountsHaveAddressesForADay) {
  start("temporary-audio");
  const std::string file = path(url());
  EXPECT_EQ(ask(file, nullptr, noon + 23h, false).status, 200);
  EXPECT_EQ(ask(file, nullptr, noon + 25h, false).status, 403);
  std::string later = file;
  const auto digit = later.find("expires=") + 8;
  later[digit] = '9';
  EXPECT_EQ(ask(later, nullptr, noon, false).status, 403);
}

TEST_F(Recordings, AreNotForThoseWithoutTheirKey) {
  const std::string file = path(url());
  EXPECT_EQ(ask(file.substr(0, file.find('?'))).status, 403);
  EXPECT_EQ(ask(file + "0").status, 403);
  EXPECT_EQ(ask("/audio/calls/nothing/recording.mp3").status, 404);
}

TEST_F(Recordings, HaveFaultsAndCountsOfTheirOwn) {
  start(nullptr, "calls.recording.mp3:2=503");
  const std::string file = path(std::string{ask(path(url())).header("Location")});
  EXPECT_EQ(ask(file).status, 503);
  EXPECT_EQ(ask(file).status, 200);
  const Counts counts = api_->counts();
  EXPECT_EQ(counts.by_endpoint.at("calls.recording"), 1U);
  EXPECT_EQ(counts.by_endpoint.at("calls.recording.mp3"), 3U);
  EXPECT_FALSE(counts.by_endpoint.contains("calls"));
  EXPECT_FALSE(read_fault("calls.duration:1=503", api::description()));
}

}  // namespace
}  // namespace callrail::fake
