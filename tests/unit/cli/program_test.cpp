// The built program, run as a user runs it; nothing here leaves the machine, because every run ends
// before its first request or is pointed at a closed port.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>

namespace callrail::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

const std::string key = "kQ7zPwLm3vTxRy9nHsJg";
const std::string closed_port = "CALLRAIL_BASE_URL=http://127.0.0.1:9";

class TheProgram : public ::testing::Test {
 protected:
  struct Run {
    int code = 0;
    std::string out, err;
  };

  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "callrail-run-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// In an empty folder, with these variables and no others.
  Run run(const std::string& arguments, const std::string& variables = {},
          const std::string& redirections = {}) {
    const std::string command = "cd '" + folder_.string() + "' && env -i " + variables + " '" +
                                CALLRAIL_BATCH + "' " + arguments + " >.out 2>.err </dev/null " +
                                redirections;
    const int status = std::system(command.c_str());
    Run run{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(".out"), read(".err")};
    fs::remove(folder_ / ".out");
    fs::remove(folder_ / ".err");
    return run;
  }
  std::string read(const std::string& name) const {
    std::ifstream in{folder_ / name, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }

  fs::path folder_;
};

TEST_F(TheProgram, NamesTheElevenEndpoints) {  // A1
  const std::string names =
      "accounts\ncalls\ncompanies\nform_submissions\nintegrations\ntags\ntrackers\nusers\n"
      "text_messages\nnotifications\noutbound_caller_ids\n";
  const Run listed = run("endpoints");
  EXPECT_EQ(listed.code, 0);
  EXPECT_EQ(listed.out, names);
  EXPECT_EQ(run("--list-endpoints").out, names);
}

TEST_F(TheProgram, DescribesAnEndpointByBothSpellings) {
  EXPECT_THAT(run("endpoints tags").out, HasSubstr("/v3/a/{account_id}/tags.json"));
  EXPECT_EQ(run("endpoints tags").out, run("--endpoint-info tags").out);
  EXPECT_THAT(run("endpoints -v").out, AllOf(HasSubstr("tags: "), HasSubstr("users: ")));
  const Run unknown = run("endpoints tgas");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"tags\"?"));
}

TEST_F(TheProgram, AnswersForHelpAndVersionAtOnce) {  // A23
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(run("--help").out, HasSubstr("--account-id"));
  EXPECT_THAT(run("--version").out,
              MatchesRegex("callrail-batch [0-9]+\\.[0-9]+\\.[0-9]+\nwith(out)? Parquet.*\n"));
  // Two processes and their shells; far below what a person notices.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2});
}

TEST_F(TheProgram, WantsAKeyBeforeItAsksForAnything) {  // A7
  const Run run_ = run("-e tags", closed_port);
  EXPECT_EQ(run_.code, 2);
  EXPECT_THAT(run_.err, HasSubstr("CALLRAIL_API_KEY"));
  EXPECT_THAT(run_.out, IsEmpty());
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(TheProgram, TouchesNothingIfTheCommandLineIsWrong) {  // A4, A5, A6
  for (const auto* typed :
       {"-e callz", "-e calls --limit 0", "-e calls --limit -1", "-e calls -b 251",
        "-e calls -b abc", "--frobnicate", "frobnicate", "-e calls --fields nonsense",
        "-e calls,tags -o -", "-e calls --mode other"}) {
    const Run refused = run(typed, "CALLRAIL_API_KEY=" + key + " " + closed_port);
    EXPECT_EQ(refused.code, 2) << typed;
    EXPECT_THAT(refused.err, HasSubstr("error: ")) << typed;
    EXPECT_TRUE(fs::is_empty(folder_)) << typed;
  }
}

TEST_F(TheProgram, ShowsItsConfigurationWithoutTheKey) {  // A25
  std::ofstream{folder_ / ".env"} << "CALLRAIL_API_KEY=" << key
                                  << "\nBATCH_SIZE=7\nCALLRAIL_LIMIT=8\n";
  const Run shown = run("--print-config --limit 9", "BATCH_SIZE=6");
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, ::testing::ContainsRegex("batch-size +6 +environment BATCH_SIZE"));
  EXPECT_THAT(shown.out, ::testing::ContainsRegex("limit +9 +option"));
  EXPECT_THAT(shown.out, HasSubstr("set, from .env:1 CALLRAIL_API_KEY"));
  EXPECT_THAT(shown.out, AllOf(Not(HasSubstr(key.substr(0, 5))), Not(HasSubstr("nHsJg"))));
}

TEST_F(TheProgram, NamesTheLineOfABrokenEnvFile) {
  std::ofstream{folder_ / ".env"} << "A=1\nnonsense\n";
  const Run refused = run("-e tags");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr(".env:2: "));
  EXPECT_THAT(run("-e tags --no-env-file").err, HasSubstr("CALLRAIL_API_KEY"));
  EXPECT_THAT(run("-e tags --env-file other.env").err, HasSubstr("other.env"));
}

TEST_F(TheProgram, SaysThatTheApiIsOutOfReachAndLogsIt) {
  const Run failed = run("-e tags --max-retries 0 --summary-json s.json",
                         "CALLRAIL_API_KEY=" + key + " " + closed_port);
  EXPECT_EQ(failed.code, 4);
  EXPECT_THAT(failed.err, HasSubstr("run again later"));
  EXPECT_THAT(read("s.json"), HasSubstr("\"exit_code\": 4"));
  EXPECT_THAT(read("logs/callrail-batch.log"), HasSubstr(" - callrail_extractor - ERROR - "));
  for (const std::string& text :
       {failed.err, failed.out, read("s.json"), read("logs/callrail-batch.log")})
    EXPECT_THAT(text, AllOf(Not(HasSubstr(key.substr(0, 5))), Not(HasSubstr("nHsJg"))));
}

TEST_F(TheProgram, IsSilentButForErrorsIfAsked) {
  const Run failed = run("-e tags --max-retries 0 -q --log-file none",
                         "CALLRAIL_API_KEY=" + key + " " + closed_port);
  EXPECT_EQ(failed.code, 4);
  EXPECT_THAT(failed.err, ::testing::StartsWith("error: "));
  EXPECT_THAT(failed.err, Not(HasSubstr("total time")));
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(TheProgram, RefusesTheKeyAsAValueOfAnOption) {
  const std::string long_key = "0123456789abcdef0123";
  const Run refused =
      run("-e tags --account-id " + long_key, "CALLRAIL_API_KEY=" + long_key + " " + closed_port);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--account-id"), HasSubstr("holds the API key"),
                                 Not(HasSubstr(long_key))));
}

TEST_F(TheProgram, RefusesAFolderItCannotWriteBeforeItAsksForAnything) {
  std::ofstream{folder_ / "plain"} << "a file";
  const Run refused = run("-e tags -o plain", "CALLRAIL_API_KEY=" + key + " " + closed_port);
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("plain"), HasSubstr("Nothing was requested")));
}

TEST_F(TheProgram, RefusesAClosedStandardOutputBeforeItAsksForAnything) {
  const std::string variables = "CALLRAIL_API_KEY=" + key + " " + closed_port;
  const Run refused = run("-e tags -o - --max-retries 0", variables, ">&-");
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("standard output is closed"), HasSubstr("Nothing was requested")));
  EXPECT_EQ(run("endpoints", {}, ">&-").code, 5);
}

TEST_F(TheProgram, KeepsMessagesOutOfTheLogIfStandardErrorIsClosed) {
  const std::string variables = "CALLRAIL_API_KEY=" + key + " " + closed_port;
  EXPECT_EQ(run("-e tags --max-retries 0", variables, "2>&-").code, 4);
  EXPECT_THAT(
      read("logs/callrail-batch.log"),
      AllOf(HasSubstr("exit code 4"), Not(HasSubstr("error: ")), Not(HasSubstr("total time"))));
}

TEST_F(TheProgram, RefusesALogItCannotWriteOnlyIfItWasNamed) {
  std::ofstream{folder_ / "logs"} << "a file, so no folder";
  const std::string variables = "CALLRAIL_API_KEY=" + key + " " + closed_port;
  EXPECT_THAT(run("-e tags --max-retries 0", variables).code, 4);
  EXPECT_THAT(run("-e tags --max-retries 0", variables).err, HasSubstr("warning: log file"));
  EXPECT_THAT(run("-e tags --log-file logs/x.log", variables).code, 2);
}

TEST_F(TheProgram, WritesScriptsForShells) {
  for (const auto* shell : {"bash", "zsh", "fish"})
    EXPECT_THAT(run("completion " + std::string{shell}).out, HasSubstr("form_submissions"));
  EXPECT_EQ(run("completion").code, 2);
}

TEST(TheManPage, NamesEveryOptionThatHelpNames) {
  std::ifstream page{std::string{CALLRAIL_SOURCE_DIR} + "/docs/man/callrail-batch.1.scd"};
  std::ostringstream text;
  text << page.rdbuf();
  const std::string command = std::string{"env -i '"} + CALLRAIL_BATCH + "' --help";
  std::unique_ptr<FILE, int (*)(FILE*)> help{::popen(command.c_str(), "r"), ::pclose};
  ASSERT_NE(help, nullptr);
  std::string said(100'000, '\0');
  said.resize(std::fread(said.data(), 1, said.size(), help.get()));
  for (std::size_t at = said.find("--"); at != said.npos; at = said.find("--", at + 2)) {
    const std::size_t end = said.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at);
    EXPECT_THAT(text.str(), HasSubstr("*" + said.substr(at, end - at) + "*"));
  }
}

}  // namespace
}  // namespace callrail::cli
