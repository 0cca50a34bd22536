#include "command.hpp"
#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace callrail::codegen {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string id = "id: { type: id, evidence: real }";
const std::string size = "\nsize: { type: integer, evidence: real }";

/// A folder of its own for each test, with schemas in it.
class Diff : public testing::Test {
 protected:
  Diff() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{testing::TempDir()} / "callrail-codegen-diff" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("old.yaml", with_fields(id + size));
  }
  ~Diff() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }
  int run(std::vector<std::string> arguments) {
    out_.str("");
    complaints_.str("");
    arguments.insert(arguments.begin(), "diff");
    return codegen::run(arguments, out_, complaints_);
  }
  int against_old(const std::string& fields, std::vector<std::string> options = {}) {
    write("new.yaml", with_fields(fields));
    options.insert(options.begin(), {at("old.yaml"), at("new.yaml")});
    return run(std::move(options));
  }
  bool git(const std::string& command) const {
    return std::system(("git -C '" + folder_.string() +
                        "' -c user.name=test -c user.email=test@example.com " + command +
                        " >/dev/null 2>&1")
                           .c_str()) == 0;
  }

  fs::path folder_;
  std::ostringstream out_, complaints_;
};

TEST_F(Diff, ExitsByTheWorst) {
  EXPECT_EQ(against_old(id + size), 0);
  EXPECT_EQ(out_.str(), "no changes\n");
  EXPECT_EQ(against_old(id + size + "\nage: { type: integer, evidence: real }"), 0);
  EXPECT_EQ(out_.str(),
            "ok      toys.age: a new field, the last column [source, columns]\n"
            "1 change: 1 ok, 0 to migrate, 0 that break\n");
  EXPECT_EQ(against_old(id + "\nage: { type: integer, evidence: real }" + size), 3);
  EXPECT_THAT(out_.str(), StartsWith("migrate toys.age: a new field in front of columns"));
  EXPECT_THAT(out_.str(), HasSubstr("[source ok, columns]"));
  EXPECT_EQ(against_old(id), 4);
  EXPECT_THAT(out_.str(), EndsWith("1 change: 0 ok, 0 to migrate, 1 that breaks\n"));
}

TEST_F(Diff, ListsWordsForReadersOnlyWhenAskedTo) {
  const std::string now = id + "\nsize: { type: integer, evidence: real, doc: How big. }";
  EXPECT_EQ(against_old(now), 0);
  EXPECT_EQ(out_.str(), "no changes; 1 of words that only people read (--all)\n");
  EXPECT_EQ(against_old(now, {"--all"}), 0);
  EXPECT_THAT(out_.str(), StartsWith("ok      toys.size: another \"doc\" [readers of the schema]"));
}

TEST_F(Diff, SaysTheSameAsJson) {
  EXPECT_EQ(against_old(id, {"--json"}), 4);
  EXPECT_THAT(out_.str(), HasSubstr("\"verdict\": \"breaks\""));
  EXPECT_THAT(out_.str(), HasSubstr("\"where\": \"toys.size\""));
  EXPECT_THAT(out_.str(), HasSubstr("\"columns\": \"breaks\""));
  EXPECT_THAT(out_.str(), HasSubstr("\"file\": \"old\""));
  EXPECT_THAT(out_.str(), HasSubstr("\"line\": 17"));
}

TEST_F(Diff, RefusesWrongUseAndUnreadableSchemas) {
  EXPECT_EQ(run({at("old.yaml")}), 2);
  EXPECT_THAT(complaints_.str(), HasSubstr("two schema files"));
  EXPECT_EQ(run({"--agianst", "HEAD"}), 2);
  EXPECT_EQ(run({"--against"}), 2);
  EXPECT_EQ(run({"--against", "--output=x", at("old.yaml")}), 2);
  EXPECT_EQ(run({at("old.yaml"), at("none.yaml")}), 1);
  EXPECT_THAT(complaints_.str(), HasSubstr("none.yaml is empty or cannot be read"));
  EXPECT_EQ(against_old("id: { type: idd, evidence: real }"), 1);
  EXPECT_THAT(complaints_.str(), HasSubstr("new.yaml:16:19: toys.id: unknown type \"idd\""));
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("3 migrate, 4 breaks"));
}

TEST_F(Diff, ReadsTheOldSchemaFromGit) {
  fs::create_directories(folder_ / "schema");
  write("schema/toys.yaml", with_fields(id + size));
  ASSERT_TRUE(git("init")) << "git is needed";
  ASSERT_TRUE(git("add schema") && git("commit -m first"));
  write("schema/toys.yaml", with_fields(id));
  EXPECT_EQ(run({"--against", "HEAD", at("schema/toys.yaml")}), 4);
  EXPECT_THAT(out_.str(), StartsWith("breaks  toys.size: gone"));
  write("schema/new.yaml", with_fields(id));
  EXPECT_EQ(run({"--against", "HEAD", at("schema/new.yaml")}), 1);
  EXPECT_THAT(complaints_.str(), HasSubstr("git show HEAD:./new.yaml: "));
  EXPECT_EQ(run({"--against", "no-such-revision", at("schema/toys.yaml")}), 1);
  EXPECT_THAT(complaints_.str(), HasSubstr("no-such-revision"));
}

TEST_F(Diff, SaysThatThereIsNoGit) {
  const char* path = std::getenv("PATH");
  const std::string before = path == nullptr ? "" : path;
  ::setenv("PATH", folder_.c_str(), 1);
  EXPECT_EQ(run({"--against", "HEAD", at("old.yaml")}), 1);
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_THAT(complaints_.str(), HasSubstr("git cannot be run: No such file or directory"));
}

}  // namespace
}  // namespace callrail::codegen
