#include "fake_test.hpp"

namespace callrail::fake {
namespace {

using RequestLog = Fake;

TEST_F(RequestLog, TellsEachRequestWithoutTheKey) {
  std::vector<std::string> lines;
  api().on_answer = [&](const Entry& entry) { lines.push_back(to_json(entry)); };
  ask("/v3/a/{shop}/visits.json?start_date=2026-01-01&per_page=5&tag=a&tag=b");
  Ask stranger = get("/v3/what.json", noon);
  stranger.headers = {{"User-Agent", "test/1"}, {"Authorization", "Token token=secret-of-mine"}};
  api().handle(stranger);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(Json::parse(lines[0]),
            (Json{{"time", noon.time_since_epoch().count()},
                  {"method", "GET"},
                  {"path", "/v3/a/" + shop() + "/visits.json"},
                  {"query", {{"start_date", "2026-01-01"}, {"per_page", "5"}, {"tag", {"a", "b"}}}},
                  {"status", 200},
                  {"endpoint", "visits"},
                  {"rows", 5},
                  {"authorized", true},
                  {"user_agent", ""}}));
  EXPECT_EQ(Json::parse(lines[1])["endpoint"], nullptr);
  EXPECT_EQ(Json::parse(lines[1])["authorized"], false);
  EXPECT_EQ(Json::parse(lines[1])["user_agent"], "test/1");
  for (const auto& line : lines) {
    EXPECT_EQ(line.find("fake-key"), std::string::npos);
    EXPECT_EQ(line.find("secret"), std::string::npos);
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST_F(RequestLog, NamesTheFaultThatWasPlayed) {
  start_with_fault("visits:1=cut-json");
  std::string line;
  api().on_answer = [&](const Entry& entry) { line = to_json(entry); };
  ask("/v3/a/{shop}/visits.json");
  EXPECT_EQ(Json::parse(line)["fault"], "cut-json");
}

TEST_F(RequestLog, CountsCanBeAskedFor) {
  ask("/v3/a.json");
  ask("/v3/a/{shop}/visits.json?per_page=7&start_date=2025-01-01");
  ask("/v3/nothing.json");
  const Json counts = Json::parse(api().handle(get("/__fake/counts", noon)).body);
  EXPECT_EQ(counts["requests"], 3);
  EXPECT_EQ(counts["rows"], 9);
  EXPECT_EQ(counts["over_limit"], 0);
  EXPECT_EQ(counts["by_status"], (Json{{"200", 2}, {"404", 1}}));
  EXPECT_EQ(counts["by_endpoint"], (Json{{"shops", 1}, {"visits", 1}}));
  api().handle(get("/__fake/reset", noon));
  EXPECT_EQ(api().counts().requests, 0U);
}

TEST_F(RequestLog, RowsCanBeChangedThroughAddressesToo) {
  const auto call = [&](const std::string& target) {
    return Json::parse(api().handle(get("/__fake/" + target, noon)).body);
  };
  const std::string key =
      call("insert?endpoint=visits&account=" + shop() + "&at=2026-03-09T12:00:00Z")["key"];
  call("edit?endpoint=visits&account=" + shop() + "&key=" + key + "&field=note&value=%22hi%22");
  EXPECT_EQ(json("/v3/a/{shop}/visits/" + key + ".json?fields=note")["note"], "hi");
  call("hide?endpoint=visits&key=" + key);
  EXPECT_EQ(json("/v3/a/{shop}/visits/" + key + ".json?fields=spam")["spam"], true);
  EXPECT_TRUE(call("hide?endpoint=visits&key=" + std::string{"VIS0"}).contains("error"));
  EXPECT_TRUE(call("nonsense").contains("error"));
  const std::string rows = api().handle(get("/__fake/rows?endpoint=labels", noon)).body;
  EXPECT_EQ(std::ranges::count(rows, '\n'), 40);
}

}  // namespace
}  // namespace callrail::fake
