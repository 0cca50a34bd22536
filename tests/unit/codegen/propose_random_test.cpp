#include "edit/line_diff.hpp"
#include "edit/proposal.hpp"
#include "model/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace callrail::codegen {
namespace {

namespace fs = std::filesystem;
using Kind = Proposal::Kind;

constexpr const char* file = "schema/endpoints.yaml";

std::string read(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Findings about fields there are and about new ones, of all sorts and at any depth.
class Findings {
 public:
  Findings(const Schema& schema, unsigned seed) : schema_{schema}, dice_{seed} {}

  Proposal one() {
    const Endpoint& endpoint = any(schema_.endpoints);
    Proposal out;
    out.endpoint = endpoint.name.text;
    out.kind = static_cast<Kind>(below(6));
    out.date = "2026-11-26";
    out.of_rows = 1000;
    out.rows = below(2) ? 1000 : 1 + below(999);
    const std::vector<Field>* fields = &endpoint.fields;
    for (;;) {
      const Field& field = any(*fields);
      const Shape* shape = schema_.find_shape(field.type.shape_name());
      if (!out.path.empty()) out.path += '.';
      if (out.kind == Kind::new_field && (!shape || below(2) == 0)) {
        out.path += "brand_new_" + std::to_string(below(20));
        break;
      }
      out.path += field.name.text;
      if (!shape || below(2) == 0) break;
      if (field.type.find(Base::list)) out.path += "[]";
      fields = &shape->fields;
    }
    static const std::vector<std::string> types{
        "text", "integer or null", "number", "boolean", "object", "list<text>", "list<integer>",
        "null", "list<object>",    "any",    "map"};
    out.type = any(types);
    if (below(2) == 0) out.members = members(2);
    static const std::vector<std::string> words{"text",      "number",     "brand_new",
                                                "two words", "\"quoted\"", "#x: [y"};
    out.word = out.kind == Kind::id_form ? words[below(2)] : any(words);
    static const std::vector<std::string> examples{"", "12", "\"a\"", R"({"a":[1,"b"]})", "\"cut"};
    out.example = any(examples);
    return out;
  }

  std::size_t below(std::size_t most) { return dice_() % most; }

 private:
  template <class T>
  const T& any(const std::vector<T>& list) {
    return list[below(list.size())];
  }
  std::vector<NewMember> members(int depth) {
    std::vector<NewMember> out;
    for (std::size_t i = 0; i <= below(3); ++i) {
      NewMember member{.name = "part_" + std::to_string(i), .type = "text"};
      if (depth > 0 && below(3) == 0) {
        member.type = below(2) ? "object" : "list<object>";
        member.members = members(depth - 1);
      }
      out.push_back(std::move(member));
    }
    return out;
  }

  const Schema& schema_;
  std::mt19937 dice_;
};

std::vector<std::string> comments(const std::string& text) {
  std::vector<std::string> out;
  for (const auto line : lines_with_ends(text)) {
    const auto at = line.find("# ");
    if (at != std::string_view::npos && line.find("# New in answers") == std::string_view::npos)
      out.emplace_back(line.substr(at));
  }
  return out;
}

class RandomFindings : public testing::TestWithParam<unsigned> {};

TEST_P(RandomFindings, YieldAPatchThatAppliesAndLoadsAndKeepsEveryComment) {
  const std::string schema = read(fs::path{CALLRAIL_SOURCE_DIR} / file);
  const Loaded loaded = load_schema(schema, file);
  ASSERT_TRUE(loaded.mistakes.empty());
  Findings findings{loaded.schema, GetParam()};
  std::vector<Proposal> proposals;
  for (std::size_t i = 0; i < 12; ++i) proposals.push_back(findings.one());
  const SchemaPatch patch = propose_patch(schema, file, proposals);
  for (const auto& line : patch.left_out)
    // But for what a whole endpoint hangs on: its key, or the field it is sorted by.
    EXPECT_TRUE(line.find("no longer hold together") == std::string::npos ||
                line.find("which is not sent since") != std::string::npos)
        << line;
  if (patch.diff.empty()) return;

  const fs::path folder =
      fs::path{testing::TempDir()} / ("callrail-random-findings-" + std::to_string(GetParam()));
  fs::remove_all(folder);
  std::string results[2];
  const std::string commands[] = {"git apply ../p.patch", "patch -s -p1 --fuzz=0 <../p.patch"};
  for (std::size_t i = 0; i < 2; ++i) {
    const fs::path tree = folder / std::to_string(i);
    fs::create_directories(tree / "schema");
    std::ofstream{folder / "p.patch", std::ios::binary} << patch.diff;
    std::ofstream{tree / file, std::ios::binary} << schema;
    const std::string run = "cd '" + tree.string() + "' && GIT_CEILING_DIRECTORIES='" +
                            folder.string() + "' " + commands[i];
    ASSERT_EQ(std::system(run.c_str()), 0) << patch.diff;
    results[i] = read(tree / file);
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_TRUE(load_schema(results[0], file).mistakes.empty());
  EXPECT_EQ(comments(results[0]), comments(schema));
  EXPECT_EQ(propose_patch(results[0], file, proposals).diff, "") << "a second time it yields more";
  fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFindings, testing::Range(0U, 8U));

}  // namespace
}  // namespace callrail::codegen
