#include "command.hpp"

#include "emit/emit.hpp"
#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

namespace callrail::codegen {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A folder of its own for each test, with a schema in it.
class Command : public testing::Test {
 protected:
  Command() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{testing::TempDir()} / "callrail-codegen-test" / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("schema.yaml", with_fields("id: { type: id, evidence: real }"));
  }
  ~Command() override { fs::remove_all(folder_); }

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
  int emit() { return run({"emit", at("schema.yaml"), "--out", at("out")}); }
  int check() { return run({"check", at("schema.yaml"), "--out", at("out")}); }

  std::string out() const { return out_.str(); }
  std::string complaints() const { return complaints_.str(); }

  std::map<std::string, fs::file_time_type> times() const {
    std::map<std::string, fs::file_time_type> times;
    for (const auto& entry : fs::recursive_directory_iterator{folder_ / "out"})
      if (entry.is_regular_file()) times[entry.path().string()] = entry.last_write_time();
    return times;
  }

 private:
  fs::path folder_;
  std::ostringstream out_, complaints_;
};

TEST_F(Command, EmitsWhatListNames) {
  ASSERT_EQ(run({"list", at("schema.yaml")}), 0);
  const std::string names = out();
  EXPECT_THAT(names, HasSubstr("include/callrail/api/toys.hpp\nsrc/toys.cpp\n"));
  ASSERT_EQ(emit(), 0) << complaints();
  std::istringstream lines{names};
  for (std::string name; std::getline(lines, name);) EXPECT_TRUE(fs::exists(at("out/" + name)));
}

TEST_F(Command, EmitsTheSameBytesTwice) {
  const auto source = text("schema.yaml");
  const auto first = emit_all(load_schema(source, "schema.yaml").schema);
  const auto second = emit_all(load_schema(source, "schema.yaml").schema);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].path, second[i].path);
    EXPECT_EQ(first[i].text, second[i].text);
  }
}

TEST_F(Command, DoesNotTouchFilesThatStayTheSame) {
  ASSERT_EQ(emit(), 0);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours{1};
  for (const auto& [path, _] : times()) fs::last_write_time(path, long_ago);
  const auto before = times();
  write("schema.yaml", "# a comment\n" + text("schema.yaml"));
  ASSERT_EQ(emit(), 0);
  EXPECT_EQ(times(), before);
  EXPECT_EQ(out(), "");
}

TEST_F(Command, RewritesOnlyTheFilesOfAChangedEndpoint) {
  ASSERT_EQ(emit(), 0);
  write("schema.yaml", with_fields("id: { type: id, doc: Changed., evidence: real }"));
  ASSERT_EQ(emit(), 0);
  EXPECT_EQ(out(), "8 of 19 files written\n");
}

TEST_F(Command, CheckIsSilentWhenAllIsCurrent) {
  ASSERT_EQ(emit(), 0);
  EXPECT_EQ(check(), 0);
  EXPECT_EQ(complaints(), "");
}

TEST_F(Command, CheckShowsTheDifferenceOfAnEditedFile) {
  ASSERT_EQ(emit(), 0);
  write("out/src/api.cpp", text("out/src/api.cpp") + "// mine\n");
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(complaints(), HasSubstr("src/api.cpp is stale:\n@@ line "));
  EXPECT_THAT(complaints(), HasSubstr("\n-// mine\n"));
  EXPECT_THAT(complaints(),
              HasSubstr("1 file is not current; run: cmake --build build --target regenerate\n"));
}

TEST_F(Command, CheckMissesAFile) {
  ASSERT_EQ(emit(), 0);
  fs::remove(at("out/docs/toys.md"));
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(complaints(), HasSubstr("docs/toys.md is missing\n"));
}

TEST_F(Command, CheckFindsTheFilesOfAnEndpointThatIsGone) {
  ASSERT_EQ(emit(), 0);
  fs::copy_file(at("out/docs/toys.md"), at("out/docs/games.md"));
  EXPECT_EQ(check(), 1);
  EXPECT_THAT(complaints(), HasSubstr("docs/games.md is of no use any more\n"));
}

TEST_F(Command, EmitRemovesThemAndLeavesTheFilesOfPeopleAlone) {
  ASSERT_EQ(emit(), 0);
  fs::copy_file(at("out/docs/toys.md"), at("out/docs/games.md"));
  write("out/CMakeLists.txt", "# by hand\n");
  ASSERT_EQ(emit(), 0);
  EXPECT_EQ(out(), "removed docs/games.md\n");
  EXPECT_FALSE(fs::exists(at("out/docs/games.md")));
  EXPECT_TRUE(fs::exists(at("out/CMakeLists.txt")));
}

TEST_F(Command, WritesTheStampOnlyAfterSuccess) {
  EXPECT_EQ(run({"emit", at("schema.yaml"), "--out", at("out"), "--stamp", at("stamp")}), 0);
  EXPECT_TRUE(fs::exists(at("stamp")));
  fs::remove(at("stamp"));
  write("schema.yaml", "format: 3\n");
  EXPECT_EQ(run({"emit", at("schema.yaml"), "--out", at("out"), "--stamp", at("stamp")}), 1);
  EXPECT_FALSE(fs::exists(at("stamp")));
}

TEST_F(Command, WritesNothingWhileTheSchemaHasMistakes) {
  write("schema.yaml", with_fields("id: { type: idd, evidence: real }"));
  EXPECT_EQ(emit(), 1);
  EXPECT_THAT(complaints(), HasSubstr("schema.yaml:16:19: toys.id: unknown type \"idd\""));
  EXPECT_FALSE(fs::exists(at("out")));
}

TEST_F(Command, SaysHowToUseItWhenUsedWrongly) {
  EXPECT_EQ(run({}), 2);
  EXPECT_THAT(complaints(), HasSubstr("callrail-codegen: no command\n\n"));
  EXPECT_EQ(run({"emti"}), 2);
  EXPECT_THAT(complaints(), HasSubstr("unknown command emti"));
  EXPECT_EQ(run({"emit", at("schema.yaml")}), 2);
  EXPECT_THAT(complaints(), HasSubstr("emit wants --out DIR"));
  EXPECT_EQ(run({"emit", "--out"}), 2);
  EXPECT_THAT(complaints(), HasSubstr("--out wants a value"));
  EXPECT_EQ(run({"check", at("schema.yaml"), "--out", "x", "--stamp", "y"}), 2);
  EXPECT_THAT(complaints(), HasSubstr("check has no --stamp"));
  EXPECT_EQ(run({"list", "--fast", at("schema.yaml")}), 2);
  EXPECT_THAT(complaints(), HasSubstr("unknown option --fast"));
  EXPECT_EQ(run({"list", at("nowhere.yaml")}), 2);
  EXPECT_THAT(complaints(), HasSubstr("nowhere.yaml is empty or cannot be read"));
  EXPECT_EQ(run({"list", "/"}), 2) << "a folder";
}

TEST_F(Command, HelpsAndNamesItsVersion) {
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_THAT(out(), HasSubstr("callrail-codegen emit SCHEMA --out DIR"));
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_THAT(out(), testing::MatchesRegex("callrail-codegen [0-9.]+\n"));
}

}  // namespace
}  // namespace callrail::codegen
