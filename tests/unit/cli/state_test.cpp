#include "state.hpp"

#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace callrail::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

class TheState : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "callrail-state-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    state = {(folder_ / "deep/er").string(), state_name("https://api.example.com", "secret-key")};
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
  State state;
  SystemClock clock;
};

TEST(StateFolder, IsTheOneNamedOrTheUsersOwn) {
  Variables variables{{"HOME", "/home/u"}};
  EXPECT_EQ(state_folder(environment_of(variables)), "/home/u/.local/state/callrail-batch");
  variables["XDG_STATE_HOME"] = "/state";
  EXPECT_EQ(state_folder(environment_of(variables)), "/state/callrail-batch");
  variables["CALLRAIL_STATE_DIR"] = "here";
  EXPECT_EQ(state_folder(environment_of(variables)), "here");
  EXPECT_EQ(state_folder(environment_of({})), "");
  EXPECT_EQ(state_folder(environment_of({{"HOME", ""}, {"XDG_STATE_HOME", "relative"}})), "");
}

TEST(StateName, IsOneForEachKeyAndAddressAndTellsNeither) {
  const std::string name = state_name("https://api.example.com", "secret-key");
  EXPECT_EQ(name.size(), 32u);
  EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), name.npos);
  EXPECT_EQ(name, state_name("https://api.example.com", "secret-key"));
  EXPECT_NE(name, state_name("https://api.example.com", "secret-kez"));
  EXPECT_NE(name, state_name("https://api.example.org", "secret-key"));
  EXPECT_NE(state_name("a\nb", "c"), state_name("a", "b\nc").substr(1));
}

TEST_F(TheState, MakesItsFolderForTheOwnerAlone) {
  ASSERT_TRUE(open_ledger(state, clock));
  EXPECT_EQ(fs::status(state.folder).permissions(), fs::perms::owner_all);
  EXPECT_FALSE(open_ledger({"", "x"}, clock));
  EXPECT_FALSE(open_ledger({"/dev/null/x", "x"}, clock));
}

TEST_F(TheState, RemovesLedgersNobodyUsedForLong) {
  fs::create_directories(state.folder);
  const auto put = [&](const std::string& name, int days) {
    const fs::path path = fs::path{state.folder} / name;
    std::ofstream{path} << "x";
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::days{days});
    return path;
  };
  const auto old = put("0123.ledger", 40), aside = put("0123.ledger.damaged", 40),
             counts = put("0123.counts.json", 40);
  const auto recent = put("4567.ledger", 20), foreign = put("letter.txt", 4000);
  ASSERT_TRUE(open_ledger(state, clock));
  EXPECT_FALSE(fs::exists(old) || fs::exists(aside) || fs::exists(counts));
  EXPECT_TRUE(fs::exists(recent) && fs::exists(foreign));
}

TEST_F(TheState, KeepsCounts) {
  const Clock::Wall now{std::chrono::days{20'000}};
  const Counted dated{.rows = 5000,
                      .lists = 2,
                      .from = "2024-01-01",
                      .to = "2026-01-31",
                      .zone = "user",
                      .at = now};
  const Counted lists_only{.rows = 0, .lists = 7, .rows_known = false, .at = now};
  ASSERT_TRUE(write_counts(state, {{"sales", dated}}));
  ASSERT_TRUE(write_counts(state, {{"stock", lists_only}}));
  EXPECT_EQ(read_counts(state), (Counts{{"sales", dated}, {"stock", lists_only}}));
}

TEST_F(TheState, DoesNotForgetAllDaysForTheCountOfOne) {
  const Clock::Wall now{std::chrono::days{20'000}};
  const Counted all{.rows = 5000, .lists = 2, .from = "2024-01-01", .to = "2026-01-31", .at = now};
  Counted day{.rows = 9, .lists = 2, .from = "2026-01-31", .to = "2026-01-31", .at = now};
  ASSERT_TRUE(write_counts(state, {{"sales", all}}));
  ASSERT_TRUE(write_counts(state, {{"sales", day}}));
  EXPECT_EQ(read_counts(state).at("sales"), all);
  day.at += std::chrono::days{31};
  ASSERT_TRUE(write_counts(state, {{"sales", day}}));
  EXPECT_EQ(read_counts(state).at("sales"), day);
}

TEST_F(TheState, TakesUnreadableCountsForNone) {
  fs::create_directories(state.folder);
  for (const char* text : {"", "x", "[]", "{\"version\":1}", "{\"version\":2,\"lists\":{\"a\":{}}}",
                           "{\"version\":1,\"lists\":{\"a\":[]}}", "{\"version\":\"1\"}",
                           "{\"version\":1,\"lists\":7}"}) {
    std::ofstream{state.folder + "/" + state.name + ".counts.json"} << text;
    EXPECT_THAT(read_counts(state), IsEmpty()) << text;
  }
}

TEST(CountsOfARun, AreThoseOfListsReadWhole) {
  EndpointSummary whole, failed, uncounted;
  whole.name = "sales";
  whole.window = "2024-01-01..2026-01-31 Europe/Berlin";
  whole.announced = 500;
  whole.lists = 3;
  whole.counted = true;
  failed = uncounted = whole;
  failed.name = "shops";
  failed.outcome = Outcome::failed;
  uncounted.name = "stock";
  uncounted.counted = false;
  Summary summary;
  summary.endpoints = {whole, failed, uncounted};
  Config config;
  const SystemClock clock;
  const Counts counts = counts_of(summary, config, clock);
  ASSERT_EQ(counts.size(), 1u);
  const Counted& sales = counts.at("sales");
  EXPECT_EQ(sales.rows, 500u);
  EXPECT_EQ(sales.lists, 3u);
  EXPECT_EQ(sales.from + "|" + sales.to + "|" + sales.zone, "2024-01-01|2026-01-31|Europe/Berlin");
  config.extract.limit = 7;
  EXPECT_THAT(counts_of(summary, config, clock), IsEmpty());
}

}  // namespace
}  // namespace callrail::cli
