#include "replay.hpp"

#include "command_line.hpp"

#include <callrail/recording_writer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

/// A recording of what one command line asks, and a replay with another one.
class Replaying : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "callrail-play-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void record(const std::string& typed, Variables variables = {}) {
    const CommandLine line{typed, std::move(variables)};
    ASSERT_THAT(line.mistakes, IsEmpty());
    recorded = line.config;
    const RecordingHeader header{
        .program = "1", .began_at = recorded.now, .options = recorded.asked};
    auto writer = RecordingWriter::create(folder_ / "run.rec", header, {});
    ASSERT_TRUE(writer && (*writer)->finish());
  }

  Config replay(const std::string& typed, Variables variables = {}) {
    CommandLine line{typed, std::move(variables), {}, Verb::replay};
    auto recording = Recording::open(folder_ / "run.rec");
    EXPECT_TRUE(recording);
    mistakes.clear();
    const auto written = ask_as_recorded(*line.settings, line.groups, *recording, mistakes);
    Config config =
        configure(*line.settings, shop_api(), Verb::replay, recording->header().began_at, mistakes);
    write_only(written, config, mistakes);
    return config;
  }

  static std::vector<std::string> written(const Config& config) {
    std::vector<std::string> names;
    for (const Wanted& wanted : config.extract.endpoints)
      if (wanted.written) names.emplace_back(wanted.endpoint->name);
    return names;
  }

  std::filesystem::path folder_;
  Config recorded;
  Mistakes mistakes;
};

TEST_F(Replaying, AsksWhatWasAsked) {
  record(
      "-e sales,shops --fields id,size --exclude-fields size --days 7 -l 30 -b 20 --shop-id 1,2 "
      "--paging relative --base-url https://x.example.com --max-retries 9 --time-zone UTC");
  const Config config = replay("");
  EXPECT_THAT(mistakes, IsEmpty());
  const auto& asked = config.extract;
  EXPECT_THAT(written(config), ElementsAre("sales", "shops"));
  EXPECT_EQ(asked.range.from, recorded.extract.range.from);
  EXPECT_EQ(asked.range.zone, "UTC");
  EXPECT_EQ(asked.limit, 30u);
  EXPECT_EQ(asked.page_size, 20);
  EXPECT_EQ(asked.paging, Paging::relative);
  EXPECT_EQ(asked.base_url, "https://x.example.com");
  EXPECT_THAT(asked.fixed, UnorderedElementsAre(Pair("shop_id", ElementsAre("1", "2"))));
  EXPECT_EQ(asked.endpoints[0].fields.order(), recorded.extract.endpoints[0].fields.order());
  EXPECT_TRUE(asked.endpoints[0].named);
  EXPECT_EQ(config.max_retries, 9);
}

TEST_F(Replaying, CountsDaysFromTheDayOfTheRun) {
  record("-e sales --days 2");
  EXPECT_EQ(replay("").extract.range.from, "2026-11-18");
}

TEST_F(Replaying, NamesAllEndpointsThatAllMeantThen) {
  record("--all");
  EXPECT_THAT(recorded.asked.at("endpoints"), ElementsAre("shops,shelves,sales,stock"));
  EXPECT_THAT(written(replay("--all")), ElementsAre("shops", "shelves", "sales", "stock"));
  EXPECT_THAT(mistakes, IsEmpty());
}

TEST_F(Replaying, RefusesToAskAnythingElse) {
  record("-e sales,shops -b 20 --days 7 --fields sales:id");
  for (const auto* typed :
       {"-b 21", "-l 5", "--days 8", "--start-date 2026-01-01", "--fields sales:id,size",
        "--exclude-fields size", "--shop-id 3", "--time-zone UTC", "--paging offset",
        "--base-url https://y.example.com", "--max-retries 1"}) {
    replay(typed);
    ASSERT_THAT(mistakes, ElementsAre(HasSubstr("a replay asks what was recorded"))) << typed;
    EXPECT_THAT(mistakes[0], AllOf(HasSubstr("run.rec"), HasSubstr("leave it out")));
  }
  replay("-b 21");
  EXPECT_THAT(mistakes[0], AllOf(HasSubstr("--batch-size 21"), HasSubstr("made with 20")));
  replay("-l 5");
  EXPECT_THAT(mistakes[0], HasSubstr("made without --limit"));
}

TEST_F(Replaying, TakesTheSameAgain) {
  record("-e sales,shops -b 20 --shop-id 1,2");
  replay("-b 20 --shop-id 1 --shop-id 2");
  EXPECT_THAT(mistakes, IsEmpty());
}

TEST_F(Replaying, LeavesTheEnvironmentToRuns) {
  record("-e sales", {{"BATCH_SIZE", "30"}});
  const Config config = replay("", {{"BATCH_SIZE", "7"},
                                    {"CALLRAIL_LIMIT", "1"},
                                    {"CALLRAIL_ENDPOINTS", "stock"},
                                    {"DATA_DIR", "elsewhere"}});
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(config.extract.page_size, 30);
  EXPECT_FALSE(config.extract.limit);
  EXPECT_THAT(written(config), ElementsAre("sales"));
  EXPECT_EQ(config.output.folder, "elsewhere");
}

TEST_F(Replaying, WritesSomeOfTheEndpointsAndReadsAll) {
  record("-e sales,shops");
  const Config config = replay("-e shops -f xml --nested flatten -o out");
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_THAT(written(config), ElementsAre("shops"));
  EXPECT_EQ(config.extract.endpoints.size(), 2u);
  EXPECT_EQ(config.text.format, FileFormat::xml);
  replay("-e stock");
  EXPECT_THAT(mistakes, ElementsAre(AllOf(HasSubstr("--endpoints stock: not in the recording"),
                                          HasSubstr("sales,shops"))));
}

TEST_F(Replaying, GivesStandardOutputOneEndpoint) {
  record("-e sales,shops");
  replay("-o -");
  EXPECT_THAT(mistakes, ElementsAre(HasSubstr("standard output takes one endpoint, not 2")));
  replay("-o - -e sales");
  EXPECT_THAT(mistakes, IsEmpty());
}

TEST_F(Replaying, IsNotRecorded) {
  record("-e sales --record x.rec");
  EXPECT_EQ(recorded.record, "x.rec");
  EXPECT_FALSE(recorded.asked.contains("record"));
  replay("--record y.rec");
  EXPECT_THAT(mistakes, ElementsAre(HasSubstr("--record: only a run is recorded")));
  EXPECT_THAT((CommandLine{"--record y.rec", {}, {}, Verb::check}.mistake()),
              HasSubstr("only a run is recorded"));
  EXPECT_THAT((CommandLine{"-e sales --record -"}.mistake()), HasSubstr("name a file"));
}

TEST_F(Replaying, TellsOfARecordedValueThatIsNone) {
  const RecordingHeader header{.options = {{"endpoints", {"gone"}}, {"limit", {"none"}}}};
  auto writer = RecordingWriter::create(folder_ / "run.rec", header, {});
  ASSERT_TRUE(writer && (*writer)->finish());
  replay("");
  EXPECT_THAT(mistakes, UnorderedElementsAre(
                            AllOf(HasSubstr("recorded in"), HasSubstr("gone: no such endpoint")),
                            AllOf(HasSubstr("recorded in"), HasSubstr("--limit"))));
}

}  // namespace
}  // namespace callrail::cli
