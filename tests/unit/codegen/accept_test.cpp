#include "command.hpp"
#include "edit/line_diff.hpp"
#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace callrail::codegen {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string before = with_fields("id: { type: id, evidence: real }");
const std::string after =
    with_fields("id: { type: id, evidence: real }\nmood: { type: text or null, evidence: real }");

/// A folder of its own for each test, with a schema and what is generated from it.
class Accept : public testing::Test {
 protected:
  Accept() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{testing::TempDir()} / "callrail-accept-test" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "schema");
    write("schema/endpoints.yaml", before);
    EXPECT_EQ(run({"emit", at("schema/endpoints.yaml"), "--out", at("generated")}), 0);
    write("p.patch", unified_diff("schema/endpoints.yaml", before, after));
  }
  ~Accept() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }
  std::string text(const std::string& name) const {
    std::ifstream in{folder_ / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  int run(const std::vector<std::string>& arguments) {
    out_.str("");
    complaints_.str("");
    return codegen::run(arguments, out_, complaints_);
  }
  int accept(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"accept", at("p.patch"), "--schema", at("schema/endpoints.yaml"),
                               "--out", at("generated")});
    return run(more);
  }
  std::string out() const { return out_.str(); }
  std::string complaints() const { return complaints_.str(); }

  /// A run that refused to do anything, for this reason.
  void expect_nothing_changed(const std::string& why) {
    EXPECT_THAT(complaints(), AllOf(HasSubstr(why), HasSubstr("nothing is changed")));
    EXPECT_EQ(text("schema/endpoints.yaml"), before);
    EXPECT_EQ(run({"check", at("schema/endpoints.yaml"), "--out", at("generated")}), 0);
  }

 private:
  fs::path folder_;
  std::ostringstream out_, complaints_;
};

TEST_F(Accept, ChangesTheSchemaAndWhatIsGenerated) {
  ASSERT_EQ(accept(), 0) << complaints();
  EXPECT_EQ(text("schema/endpoints.yaml"), after);
  EXPECT_EQ(run({"check", at("schema/endpoints.yaml"), "--out", at("generated")}), 0);
}

TEST_F(Accept, ShowsTheChangedLinesOfEachFile) {
  ASSERT_EQ(accept(), 0);
  EXPECT_THAT(out(), AllOf(HasSubstr("+      mood: { type: text or null, evidence: real }\n"),
                           HasSubstr("generated/include/callrail/api/toys.hpp\n@@ -"),
                           HasSubstr("files written\n"), Not(HasSubstr("api/paging.hpp"))));
}

TEST_F(Accept, NamesFilesOnlyWhenItIsToBeQuiet) {
  ASSERT_EQ(accept({"--quiet"}), 0);
  EXPECT_THAT(out(),
              AllOf(HasSubstr("generated/include/callrail/api/toys.hpp\n"), Not(HasSubstr("@@"))));
}

TEST_F(Accept, RefusesAPatchThatDoesNotFit) {
  const std::string other = with_fields("number: { type: id, evidence: real }");
  write("p.patch", unified_diff("schema/endpoints.yaml", "# first\n" + other, "# 1st\n" + after));
  EXPECT_EQ(accept(), 1);
  expect_nothing_changed("hunk 1 of 2, @@ -1,4 +1,4 @@, does not fit: the lines from \"# first\"");
}

TEST_F(Accept, RefusesAPatchThatLeavesASchemaWithMistakes) {
  write("p.patch",
        unified_diff("schema/endpoints.yaml", before,
                     with_fields("id: { type: id, evidence: real }\nmood: { type: txt }")));
  EXPECT_EQ(accept(), 1);
  expect_nothing_changed(": toys.mood: unknown type \"txt\"");
}

TEST_F(Accept, RefusesAPatchOfOtherFiles) {
  write("p.patch", unified_diff("codegen/main.cpp", "a\n", "b\n"));
  EXPECT_EQ(accept(), 1);
  expect_nothing_changed("it changes b/codegen/main.cpp, not endpoints.yaml");
}

TEST_F(Accept, ChangesNothingWhereGeneratedFilesCannotBeWritten) {
  // A file where a folder has to be cannot be written even by root.
  write("file", "");
  EXPECT_EQ(run({"accept", at("p.patch"), "--schema", at("schema/endpoints.yaml"), "--out",
                 at("file/generated")}),
            1);
  expect_nothing_changed("file/generated cannot be written");
  EXPECT_EQ(out(), "");
}

TEST_F(Accept, PutsBackWhatItWroteBeforeAFileThatCannotBe) {
  // The header is written first, the folder in the place of the page is met later.
  fs::remove(at("generated/docs/toys.md"));
  fs::create_directories(at("generated/docs/toys.md/in_the_way"));
  const std::string header = text("generated/include/callrail/api/toys.hpp");
  EXPECT_EQ(accept(), 1);
  EXPECT_THAT(complaints(), AllOf(HasSubstr("generated/docs/toys.md: cannot be written"),
                                  HasSubstr("nothing is changed")));
  EXPECT_EQ(text("schema/endpoints.yaml"), before);
  EXPECT_EQ(text("generated/include/callrail/api/toys.hpp"), header);
  EXPECT_EQ(out(), "");
}

TEST_F(Accept, ChangesNothingWhereTheSchemaCannotBeWritten) {
  fs::create_directories(at("schema/.endpoints.yaml.new"));
  EXPECT_EQ(accept(), 1);
  fs::remove(at("schema/.endpoints.yaml.new"));
  expect_nothing_changed("endpoints.yaml cannot be written");
}

TEST_F(Accept, SaysHowItWantsToBeCalled) {
  EXPECT_EQ(run({"accept"}), 2);
  EXPECT_EQ(run({"accept", "a", "b"}), 2);
  EXPECT_EQ(run({"accept", "a", "--schema"}), 2);
  EXPECT_EQ(run({"accept", "a", "--odd"}), 2);
  EXPECT_EQ(run({"accept", at("no.patch")}), 2);
  EXPECT_THAT(complaints(), HasSubstr("no.patch cannot be read"));
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_THAT(out(), HasSubstr("callrail-codegen accept PATCH"));
}

TEST_F(Accept, FollowsALinkToTheSchema) {
  fs::rename(at("schema/endpoints.yaml"), at("real.yaml"));
  fs::create_symlink(at("real.yaml"), at("schema/endpoints.yaml"));
  ASSERT_EQ(accept(), 0) << complaints();
  EXPECT_TRUE(fs::is_symlink(at("schema/endpoints.yaml")));
  EXPECT_EQ(text("real.yaml"), after);
}

}  // namespace
}  // namespace callrail::codegen
