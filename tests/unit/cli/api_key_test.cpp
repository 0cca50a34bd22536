#include "api_key.hpp"

#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string key = "kQ7zPwLm3vTxRy9nHsJg";

class TheKey : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "callrail-key-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string key_file(const std::string& content, mode_t mode) {
    const auto path = folder_ / "key";
    std::ofstream{path} << content;
    ::chmod(path.c_str(), mode);
    return path.string();
  }
  static Result<ApiKey> find(Variables variables, std::string_view env = {}) {
    return find_api_key(environment_of(std::move(variables)), *parse_env_file(env, ".env"));
  }

  std::filesystem::path folder_;
};

TEST_F(TheKey, ComesFromTheEnvironmentFirst) {
  const auto found = find({{"CALLRAIL_API_KEY", key}}, "CALLRAIL_API_KEY=other");
  EXPECT_EQ(found->text, key);
  EXPECT_EQ(found->origin, "environment CALLRAIL_API_KEY");
}

TEST_F(TheKey, ComesFromAnEnvFileElse) {
  const auto found = find({}, "\nCALLRAIL_API_KEY='" + key + "'");
  EXPECT_EQ(found->text, key);
  EXPECT_EQ(found->origin, ".env:2 CALLRAIL_API_KEY");
}

TEST_F(TheKey, ComesFromElsewhereIfItsVariableIsEmpty) {
  EXPECT_EQ(find({{"CALLRAIL_API_KEY", ""}}, "CALLRAIL_API_KEY=" + key)->text, key);
  EXPECT_EQ(find({{"CALLRAIL_API_KEY", ""}, {"CALLRAIL_API_KEY_FILE", key_file(key, 0600)}})->text,
            key);
  EXPECT_EQ(find({}, "CALLRAIL_API_KEY=\nCALLRAIL_API_KEY_FILE=" + key_file(key, 0600))->text, key);
  EXPECT_TRUE(find({{"CALLRAIL_API_KEY", ""}})->text.empty());
}

TEST_F(TheKey, MayBeMissing) {
  EXPECT_TRUE(find({})->text.empty());
  EXPECT_THAT(missing_key_message(), HasSubstr("CALLRAIL_API_KEY"));
}

TEST_F(TheKey, ComesFromAFileOfItsOwner) {
  const auto found = find({{"CALLRAIL_API_KEY_FILE", key_file(key + "\r\n", 0600)}});
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_EQ(found->text, key);
  EXPECT_THAT(found->origin, HasSubstr("CALLRAIL_API_KEY_FILE"));
}

TEST_F(TheKey, IsRefusedInAFileOthersCanRead) {
  for (const mode_t mode : {0640U, 0604U, 0644U, 0660U}) {
    const auto found = find({{"CALLRAIL_API_KEY_FILE", key_file(key, mode)}});
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().what, AllOf(HasSubstr("chmod 600"), Not(HasSubstr(key))));
  }
}

TEST_F(TheKey, IsRefusedInWhatIsNoFile) {
  EXPECT_THAT(find({{"CALLRAIL_API_KEY_FILE", folder_.string()}}).error().what, HasSubstr("no"));
  EXPECT_THAT(find({{"CALLRAIL_API_KEY_FILE", (folder_ / "none").string()}}).error().what,
              HasSubstr("cannot be read"));
  EXPECT_FALSE(find({{"CALLRAIL_API_KEY_FILE", ""}}));
}

TEST_F(TheKey, IsRefusedIfItIsNoKeyAndNotRepeated) {
  for (const std::string& text :
       {std::string{"  "}, "ab " + key, key + "\n" + key, "\x1b" + key, "\"" + key + "\""}) {
    const auto found = find({{"CALLRAIL_API_KEY", text}});
    ASSERT_FALSE(found) << text;
    EXPECT_THAT(found.error().what,
                AllOf(HasSubstr("environment CALLRAIL_API_KEY: "), Not(HasSubstr("kQ7z"))));
  }
}

}  // namespace
}  // namespace callrail::cli
