#include "env_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace callrail::cli {
namespace {

using ::testing::HasSubstr;

std::string value_in(std::string_view text, std::string_view name = "A") {
  const auto file = parse_env_file(text, ".env");
  if (!file) return "error: " + file.error().what;
  const auto found = file->values.find(name);
  return found == file->values.end() ? "(none)" : found->second.text;
}

TEST(EnvFiles, HoldNamesAndValues) {
  EXPECT_EQ(value_in("A=one"), "one");
  EXPECT_EQ(value_in("  A = one  \n"), "one");
  EXPECT_EQ(value_in("export A=one"), "one");
  EXPECT_EQ(value_in("A="), "");
  EXPECT_EQ(value_in("A=two words"), "two words");
  EXPECT_EQ(value_in("A=a=b"), "a=b");
}

TEST(EnvFiles, MayHaveCommentsAndEmptyLines) {
  EXPECT_EQ(value_in("# about\n\n  # more\nA=one # behind"), "one");
  EXPECT_EQ(value_in("A=one#two"), "one#two");
  EXPECT_EQ(value_in("A='x' # behind"), "x");
}

TEST(EnvFiles, KeepSingleQuotesVerbatim) {
  EXPECT_EQ(value_in(R"(A='a\n "b" # $HOME')"), R"(a\n "b" # $HOME)");
}

TEST(EnvFiles, ReadEscapesInDoubleQuotes) {
  EXPECT_EQ(value_in(R"(A="a\nb \"c\" \\ d")"), "a\nb \"c\" \\ d");
  EXPECT_EQ(value_in(R"(A="\t")"), "\\t");
}

TEST(EnvFiles, ExpandNothing) { EXPECT_EQ(value_in("A=$B ${C}"), "$B ${C}"); }

TEST(EnvFiles, MayComeFromWindows) {
  EXPECT_EQ(value_in("\xef\xbb\xbf"
                     "A=one\r\nB=two\r\n"),
            "one");
  EXPECT_EQ(value_in("A=one\r\nB=two\r\n", "B"), "two");
}

TEST(EnvFiles, LetTheLastValueCount) { EXPECT_EQ(value_in("A=1\nA=2\n"), "2"); }

TEST(EnvFiles, NameFileAndLineOfAMistakeButNotItsText) {
  for (const auto* text : {"\nsecret", "\n9A=secret", "\nA-B=secret", "\nA=\"secret",
                           "\nA='secret' more", "\n=secret"}) {
    const auto file = parse_env_file(text, "my.env");
    ASSERT_FALSE(file) << text;
    EXPECT_THAT(file.error().what, HasSubstr("my.env:2: "));
    EXPECT_THAT(file.error().what, ::testing::Not(HasSubstr("secret")));
  }
}

class EnvFilesOnDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "callrail-env-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(EnvFilesOnDisk, NeedNotExistUnlessTheyAreNamed) {
  EXPECT_TRUE(read_env_file(folder_ / ".env", false)->values.empty());
  const auto named = read_env_file(folder_ / "my.env", true);
  ASSERT_FALSE(named);
  EXPECT_THAT(named.error().what, HasSubstr("my.env"));
}

TEST_F(EnvFilesOnDisk, AreRead) {
  std::ofstream{folder_ / ".env"} << "A=one\n";
  EXPECT_EQ(read_env_file(folder_ / ".env", false)->values.at("A").text, "one");
}

TEST_F(EnvFilesOnDisk, AreNoFolders) {
  // A virtual environment of Python is often called .env.
  std::filesystem::create_directory(folder_ / ".env");
  EXPECT_TRUE(read_env_file(folder_ / ".env", false));
  EXPECT_FALSE(read_env_file(folder_ / ".env", true));
}

}  // namespace
}  // namespace callrail::cli
