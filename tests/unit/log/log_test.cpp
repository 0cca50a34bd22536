#include <callrail/log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace callrail {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

class TheLog : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "callrail-log-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  LogOptions printing() {
    LogOptions options;
    options.print = [this](std::string_view line) { lines_.emplace_back(line); };
    return options;
  }
  static unsigned mode(const fs::path& path) {
    struct stat facts {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 0777U;
  }
  static std::vector<std::string> lines_of(const fs::path& path) {
    std::ifstream in{path};
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }

  fs::path folder_;
  std::vector<std::string> lines_;
};

TEST_F(TheLog, WritesLinesInTheFormOfTheContract) {
  auto log = Log::open(printing());
  ASSERT_TRUE(log);
  log->info("2 endpoints");
  log->warning("slow");
  EXPECT_THAT(
      lines_,
      ElementsAre(MatchesRegex("....-..-.. ..:..:..,... - callrail_extractor - INFO - 2 endpoints"),
                  MatchesRegex("....-..-.. ..:..:..,... - callrail_extractor - WARNING - slow")));
}

TEST_F(TheLog, LeavesOutWhatIsBelowItsLevel) {
  LogOptions options = printing();
  options.level = LogLevel::error;
  auto log = Log::open(std::move(options));
  log->warning("no");
  log->error("yes");
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0], ::testing::EndsWith(" - ERROR - yes"));
}

TEST_F(TheLog, WritesOneJsonObjectALine) {
  LogOptions options = printing();
  options.format = LogFormat::json;
  auto log = Log::open(std::move(options));
  log->info("a \"quoted\" \\ text\nin two lines");
  const auto line = nlohmann::json::parse(lines_.at(0));
  EXPECT_EQ(line["level"], "INFO");
  EXPECT_EQ(line["logger"], "callrail_extractor");
  EXPECT_EQ(line["message"], "a \"quoted\" \\ text\\nin two lines");
  EXPECT_THAT(line["time"].get<std::string>(), MatchesRegex("....-..-..T..:..:..\\....Z"));
}

TEST_F(TheLog, RedactsWhateverPassesThroughIt) {
  LogOptions options = printing();
  options.redaction = {.key = "kQ7zPwLm3vTxRy9nHsJg", .secret_names = {}, .mask_people = true};
  auto log = Log::open(std::move(options));
  log->error("key kQ7zPwLm3vTxRy9nHsJg of jane@example.com, +14045550110");
  EXPECT_THAT(lines_.at(0), ::testing::EndsWith("key [key] of ***@***, +*********10"));
}

TEST_F(TheLog, DoesNotTakeItsOwnDatesForPhoneNumbers) {
  auto log = Log::open(printing());
  log->info("x");
  EXPECT_EQ(lines_.at(0).find('*'), std::string::npos) << lines_[0];
}

TEST_F(TheLog, KeepsAMessageOnOneLine) {
  auto log = Log::open(printing());
  log->info("a\n2025-01-01 00:00:00,000 - callrail_extractor - ERROR - faked\x1b[31m");
  EXPECT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
  EXPECT_EQ(lines_[0].find('\x1b'), std::string::npos);
}

TEST_F(TheLog, CreatesItsFileAndFolderForTheOwnerOnly) {
  const auto umask_before = ::umask(0);
  const fs::path file = folder_ / "logs" / "deep" / "run.log";
  {
    LogOptions options;
    options.file = file.string();
    auto log = Log::open(std::move(options));
    ASSERT_TRUE(log);
    log->info("one");
  }
  ::umask(umask_before);
  EXPECT_EQ(mode(folder_ / "logs"), 0700U);
  EXPECT_EQ(mode(folder_ / "logs" / "deep"), 0700U);
  EXPECT_EQ(mode(file), 0600U);
  EXPECT_EQ(lines_of(file).size(), 1U);
}

TEST_F(TheLog, AppendsToTheLogOfEarlierRuns) {
  const fs::path file = folder_ / "run.log";
  for (int run = 0; run < 2; ++run) {
    LogOptions options;
    options.file = file.string();
    Log::open(std::move(options))->info("run");
  }
  EXPECT_EQ(lines_of(file).size(), 2U);
}

TEST_F(TheLog, RotatesAndKeepsAFewOldFiles) {
  const fs::path file = folder_ / "run.log";
  LogOptions options;
  options.file = file.string();
  options.rotate_bytes = 300;
  options.rotate_files = 2;
  auto log = Log::open(std::move(options));
  for (int i = 0; i < 40; ++i) log->info("a line of some length, number " + std::to_string(i));
  EXPECT_TRUE(fs::exists(folder_ / "run.1.log"));
  EXPECT_TRUE(fs::exists(folder_ / "run.2.log"));
  EXPECT_FALSE(fs::exists(folder_ / "run.3.log"));
  EXPECT_LE(fs::file_size(file), 300U);
  EXPECT_EQ(mode(file), 0600U);
}

/// As /dev/stderr is one.
TEST_F(TheLog, RenamesNoLinkWhateverTheSizeOfItsTarget) {
  const fs::path target = folder_ / "target.log", link = folder_ / "link.log";
  { std::ofstream{target}; }
  fs::create_symlink(target, link);
  LogOptions options;
  options.file = link.string();
  options.rotate_bytes = 300;
  auto log = Log::open(std::move(options));
  for (int i = 0; i < 40; ++i) log->info("a line of some length, number " + std::to_string(i));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_FALSE(fs::exists(folder_ / "link.1.log"));
  EXPECT_EQ(lines_of(target).size(), 40U);
}

TEST_F(TheLog, LosesNoLineWhereTwoProcessesRotateOneFile) {
  const fs::path file = folder_ / "run.log";
  constexpr int lines = 400;
  const auto write = [&](const char* who) {
    LogOptions options;
    options.file = file.string();
    options.rotate_bytes = 2000;
    options.rotate_files = 100;
    auto log = Log::open(std::move(options));
    for (int i = 0; i < lines; ++i) log->info(std::string{who} + " line " + std::to_string(i));
  };
  std::vector<pid_t> children;
  for (const char* const who : {"one", "two"}) {
    const pid_t child = ::fork();
    if (child == 0) {
      write(who);
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  std::set<std::string> seen;
  std::size_t files = 0;
  for (const auto& each : fs::directory_iterator{folder_}) {
    ++files;
    EXPECT_EQ(mode(each.path()), 0600U);
    EXPECT_LE(fs::file_size(each.path()), 2000U + 200U);
    for (const std::string& line : lines_of(each.path()))
      seen.insert(line.substr(line.rfind(" - ")));
  }
  EXPECT_EQ(seen.size(), 2U * lines);
  EXPECT_GT(files, 10U);
}

TEST_F(TheLog, NamesTheRunAndTheEndpointOnEachLine) {
  auto options = printing();
  options.run = "20260210T140506-7";
  options.endpoints = {"calls", "call_details"};
  auto log = Log::open(options);
  log->info("calls: 5 records from anna@example.com");
  log->info("endpoint 2/2 call_details: reading");
  log->warning("callsign is no endpoint");
  const std::string front = "....-..-.. ..:..:..,... - callrail_extractor - ";
  EXPECT_THAT(
      lines_,
      ElementsAre(
          MatchesRegex(
              front + "INFO - .20260210T140506-7 calls. calls: 5 records from \\*\\*\\*@\\*\\*\\*"),
          MatchesRegex(front + "INFO - .20260210T140506-7 call_details. .*"),
          MatchesRegex(front + "WARNING - .20260210T140506-7 -. .*")));
  lines_.clear();
  options = printing();
  options.run = "20260210T140506-7";
  options.endpoints = {"calls"};
  options.format = LogFormat::json;
  log = Log::open(options);
  log->info("calls: \"x\"");
  log->info("2 endpoints");
  EXPECT_THAT(lines_[0],
              ::testing::HasSubstr(
                  R"("run":"20260210T140506-7","endpoint":"calls","message":"calls: \"x\""})"));
  EXPECT_THAT(lines_[1], ::testing::HasSubstr(R"("endpoint":null,"message":"2 endpoints"})"));
}

TEST_F(TheLog, SaysWhichFileCannotBeWritten) {
  std::ofstream{folder_ / "plain"} << "a file, no folder";
  LogOptions options;
  options.file = (folder_ / "plain" / "run.log").string();
  const auto log = Log::open(std::move(options));
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().what, ::testing::HasSubstr("plain/run.log"));
  EXPECT_THAT(log.error().what, ::testing::HasSubstr("--log-file"));
}

TEST(LogLevels, AreReadInAnyCase) {
  EXPECT_EQ(parse_log_level("debug"), LogLevel::debug);
  EXPECT_EQ(parse_log_level("Warn"), LogLevel::warning);
  EXPECT_EQ(parse_log_level("WARNING"), LogLevel::warning);
  EXPECT_EQ(parse_log_level("critical"), LogLevel::critical);
}

TEST(LogLevels, RefuseOtherWords) {
  EXPECT_FALSE(parse_log_level("verbose"));
  EXPECT_FALSE(parse_log_level(""));
  EXPECT_FALSE(parse_log_level("INFOO"));
}

}  // namespace
}  // namespace callrail
