#include "scene.hpp"

#include <callrail/read_all.hpp>

namespace callrail {
namespace {

/// The scene's API, read through the typed door.
struct Reading {
  Scene scene;
  Connection connection{api(),
                        {.key = "k", .base_url = scene.options.base_url},
                        std::make_unique<ScriptedTransport>(
                            scene.clock, [this](const Request& r) { return scene.reply(r); }),
                        scene.clock};
  Lines seen;

  Result<EndpointSummary> read(const ReadOptions& options = {}) {
    return read_all<Gadget>(
        connection,
        [this](const Gadget& gadget) {
          seen.push_back(std::string{gadget.id.text()} + std::string{gadget.note.value_or("")});
        },
        options);
  }
};

TEST(ReadAll, HandsOverTheRowsOfEveryParentAsRecordsInOrder) {
  Reading reading;
  reading.scene.rows["/v3/1/gadgets.json"] = {1, 2};
  reading.scene.rows["/v3/2/gadgets.json"] = {901};
  const auto summary = reading.read();
  ASSERT_TRUE(summary) << summary.error().what;
  EXPECT_THAT(reading.seen, ElementsAre("1x", "2x", "901x"));
  EXPECT_EQ(summary->rows, 3u);
  EXPECT_EQ(summary->proof, Proof::proven);
}

TEST(ReadAll, ReadsOnlyWhatIsNamed) {
  Reading reading;
  reading.scene.rows["/v3/7/gadgets.json"] = {1};
  ReadOptions options;
  options.fields = Selection::of<Gadget>({field_index<Gadget>("id")});
  options.fixed["shop_id"] = {"7"};
  ASSERT_TRUE(reading.read(options));
  EXPECT_THAT(reading.seen, ElementsAre("1"));
  EXPECT_EQ(reading.scene.asked.size(), 1u);
}

TEST(ReadAll, FailsWhereTheKeyIsRefused) {
  Reading reading;
  reading.scene.before = [](const std::string&) {
    return answer(401, R"({"error":"invalid api key"})");
  };
  const auto summary = reading.read();
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Code::bad_key);
  EXPECT_THAT(summary.error().what, HasSubstr("invalid api key"));
}

TEST(ReadAll, FailsWhereAListCannotBeReadAndSaysWhich) {
  Reading reading;
  reading.scene.rows["/v3/1/gadgets.json"] = reading.scene.rows["/v3/2/gadgets.json"] = {1};
  reading.scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.starts_with("/v3/2/")) return answer(500, "");
    return std::nullopt;
  };
  const auto summary = reading.read();
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Code::try_later);
  EXPECT_THAT(summary.error().what, HasSubstr("gadgets"));
}

TEST(ReadAll, EndsWhenItIsAskedToStop) {
  Reading reading;
  reading.scene.rows["/v3/1/gadgets.json"] = reading.scene.rows["/v3/2/gadgets.json"] = {1};
  const auto summary = reading.read({.stop = [] { return true; }});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Code::cancelled);
  EXPECT_THAT(reading.seen, testing::IsEmpty());
}

TEST(ReadAll, EndsWhereTheRowsAreNotWanted) {
  Reading reading;
  reading.scene.rows["/v3/1/gadgets.json"] = reading.scene.rows["/v3/2/gadgets.json"] = {1};
  const auto summary = read_all(reading.connection, gadgets(), [](const Rows&) -> Status {
    return fail(Code::sink_failed, "no room");
  });
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, Code::sink_failed);
  EXPECT_THAT(summary.error().what, HasSubstr("no room"));
}

TEST(Connection, PutsTheKeyWhereTheApiWantsIt) {
  constexpr Api facts{.url = "https://api.example.com",
                      .auth_header = "Authorization",
                      .auth_value = "Token token=\"{api_key}\""};
  const CurlOptions options = curl_options(facts, "https://other.example.com", "abc");
  EXPECT_EQ(options.base_url, "https://other.example.com");
  EXPECT_EQ(options.auth_header, "Authorization");
  EXPECT_EQ(options.auth_value, "Token token=\"abc\"");
}

TEST(Connection, AsksTheApiItselfUnlessToldOtherwise) {
  VirtualClock clock;
  constexpr Api facts{.url = "https://api.example.com"};
  const auto nobody = [](const Request&) { return answer(200, ""); };
  const Connection own{
      facts, {.key = "k"}, std::make_unique<ScriptedTransport>(clock, nobody), clock};
  EXPECT_EQ(own.base_url(), "https://api.example.com");
}

TEST(Connection, TriesAgainAsOftenAsTheApiAllows) {
  static constexpr int statuses[] = {429, 503};
  constexpr Api facts{
      .retry = {.statuses = statuses, .attempts = 3, .wait_seconds = 2, .at_most_seconds = 9}};
  const ClientOptions options = client_options(facts);
  EXPECT_EQ(options.max_retries, 2);
  EXPECT_THAT(options.retry_statuses, ElementsAre(429, 503));
  EXPECT_EQ(options.first_wait, std::chrono::seconds{2});
  EXPECT_EQ(options.longest_wait, std::chrono::seconds{9});
}

}  // namespace
}  // namespace callrail
