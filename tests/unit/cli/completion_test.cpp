#include "completion.hpp"

#include "shop_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class BashCompletion : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("bash -c true >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no bash";
    std::string name = (std::filesystem::temp_directory_path() / "callrail-comp-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::ofstream{folder_ / "script"} << bash_completion(shop_api(), option_groups(shop_api()));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// What bash offers with the cursor behind this text.
  std::vector<std::string> offered(const std::string& typed) {
    std::ofstream{folder_ / "ask"}
        << "source ./script\nCOMP_LINE='" << typed << "'\n"
        << "COMP_POINT=${#COMP_LINE}\n"
        << "_callrail_batch\nprintf '%s\\n' \"${COMPREPLY[@]}\" >answer\n";
    const std::string command =
        "cd '" + folder_.string() + "' && bash --norc --noprofile -c '. ./ask' 2>complaints";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream complaints{folder_ / "complaints"};
    std::stringstream said;
    said << complaints.rdbuf();
    EXPECT_EQ(said.str(), "");
    std::ifstream in{folder_ / "answer"};
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
      if (!line.empty()) out.push_back(line);
    return out;
  }

  std::filesystem::path folder_;
};

TEST_F(BashCompletion, OffersVerbs) {
  EXPECT_THAT(offered("callrail-batch e"), ElementsAre("endpoints "));
  EXPECT_THAT(offered("callrail-batch "),
              ElementsAre("run ", "endpoints ", "check ", "plan ", "verify ", "replay ", "migrate ",
                          "history ", "reconcile ", "copy ", "completion "));
}

TEST_F(BashCompletion, OffersFilesToReplay) {
  std::ofstream{folder_ / "run.rec"} << "x";
  EXPECT_THAT(offered("callrail-batch replay ru"), ElementsAre("run.rec"));
  EXPECT_THAT(offered("callrail-batch -e shops --record ru"), ElementsAre("run.rec"));
}

TEST_F(BashCompletion, OffersOptions) {
  EXPECT_THAT(offered("callrail-batch --lim"), ElementsAre("--limit ", "--limits "));
  EXPECT_THAT(offered("callrail-batch run --shelf"), ElementsAre("--shelf-id "));
}

TEST_F(BashCompletion, OffersEndpointsBehindCommas) {
  EXPECT_THAT(offered("callrail-batch -e sh"), ElementsAre("shops", "shelves"));
  EXPECT_THAT(offered("callrail-batch --endpoints sales,st"), ElementsAre("sales,stock"));
  EXPECT_THAT(offered("callrail-batch --endpoints=sa"), ElementsAre("sales"));
  EXPECT_THAT(offered("callrail-batch endpoints sto"), ElementsAre("stock "));
}

TEST_F(BashCompletion, OffersTheFieldsOfTheEndpointsNamed) {
  EXPECT_THAT(offered("callrail-batch -e shops --fields "),
              UnorderedElementsAre("id", "title", "shops:"));
  EXPECT_THAT(offered("callrail-batch -e sales --fields id,s"),
              UnorderedElementsAre("id,sold_at", "id,size", "id,sales:"));
  EXPECT_THAT(offered("callrail-batch --fields ti"), ElementsAre("title"));
}

TEST_F(BashCompletion, OffersFieldsBehindAColon) {
  // bash keeps what stands before its last word break, the colon.
  EXPECT_THAT(offered("callrail-batch --fields sales:s"), ElementsAre("sold_at", "size"));
  EXPECT_THAT(offered("callrail-batch --fields sales:id,s"), ElementsAre("id,sold_at", "id,size"));
}

TEST_F(BashCompletion, LeavesOutFieldsThatListsDoNotCarry) {
  EXPECT_THAT(offered("callrail-batch -e sales --fields rec"), IsEmpty());
}

TEST_F(BashCompletion, OffersTheChoicesOfAnOption) {
  EXPECT_THAT(offered("callrail-batch -f "), ElementsAre("csv ", "jsonl ", "json ", "xml ", "parquet "));
  EXPECT_THAT(offered("callrail-batch --log-level W"), ElementsAre("WARNING "));
  EXPECT_THAT(offered("callrail-batch completion z"), ElementsAre("zsh "));
}

TEST_F(BashCompletion, OffersFilesAndFolders) {
  std::filesystem::create_directory(folder_ / "outbox");
  std::ofstream{folder_ / "outline"} << "x";
  EXPECT_THAT(offered("callrail-batch -o out"), ElementsAre("outbox/"));
  EXPECT_THAT(offered("callrail-batch --summary-json out"),
              UnorderedElementsAre("outbox", "outline"));
}

TEST(OtherShells, KnowTheSameNames) {
  const auto groups = option_groups(shop_api());
  for (const std::string& script :
       {zsh_completion(shop_api(), groups), fish_completion(shop_api(), groups)})
    EXPECT_THAT(script, AllOf(HasSubstr("shelf-id"), HasSubstr("stock"), HasSubstr("sold_at"),
                              HasSubstr("jsonl"), Not(HasSubstr("receipt"))));
  EXPECT_EQ(zsh_completion(shop_api(), groups).substr(0, 24), "#compdef callrail-batch\n");
}

}  // namespace
}  // namespace callrail::cli
