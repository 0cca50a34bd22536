#include "model/json_text.hpp"
#include "model/yaml_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

using testing::ElementsAre;

yaml::Value parsed(std::string_view source) {
  Mistakes mistakes;
  auto value = yaml::parse(source, mistakes);
  EXPECT_TRUE(mistakes.empty()) << mistakes.lines("x").front();
  return value;
}

std::vector<std::string> mistakes(std::string_view source) {
  Mistakes mistakes;
  yaml::parse(source, mistakes);
  return mistakes.lines("x");
}

TEST(YamlTree, KeepsTheOrderOfKeysAndDuplicates) {
  const auto root = parsed("b: 1\na: 2\nb: 3\n");
  ASSERT_EQ(root.members.size(), 3u);
  EXPECT_EQ(root.members[0].first.text, "b");
  EXPECT_EQ(root.members[2].first.text, "b");
  EXPECT_EQ(root.members[2].first.place, (Place{3, 1}));
}

TEST(YamlTree, PlacesAnEmptyValueAtItsKey) {
  const auto root = parsed("a:\n\n\nb: {c: , d: 1}\n");
  EXPECT_EQ(root.members[0].second.kind, yaml::Kind::nothing);
  EXPECT_EQ(root.members[0].second.place, (Place{1, 1}));
  EXPECT_EQ(root.members[1].second.members[0].second.place, (Place{4, 5}));
}

TEST(YamlTree, TellsQuotedTextsFromPlainOnes) {
  const auto root = parsed("a: \"1\"\nb: 1\nc: null\nd: 'null'\n");
  EXPECT_TRUE(root.members[0].second.quoted);
  EXPECT_FALSE(root.members[1].second.quoted);
  EXPECT_EQ(root.members[2].second.kind, yaml::Kind::nothing);
  EXPECT_EQ(root.members[3].second.text, "null");
}

TEST(YamlTree, FindsAQuoteThatIsNeverClosed) {
  EXPECT_THAT(mistakes("a: 'x\nb: 2\n"), ElementsAre("x:1:4: this quote is never closed"));
  EXPECT_THAT(mistakes("a: 1\nb: \"x \\\"\nc: 2\n"),
              ElementsAre("x:2:4: this quote is never closed"));
  EXPECT_THAT(mistakes("a: 'it''s'\nb: \"a \\\" b\"\nc: |\n  'x\n"), ElementsAre());
}

TEST(YamlTree, FindsTabsInTheIndentation) {
  EXPECT_THAT(mistakes("a:\n\tb: 1\n  \tc: 2\n"),
              ElementsAre("x:2:1: a tab in the indentation; use spaces",
                          "x:3:3: a tab in the indentation; use spaces"));
}

TEST(YamlTree, SaysWhereTheSyntaxBreaks) {
  EXPECT_THAT(mistakes("a: b: c\n"), ElementsAre("x:1:5: not YAML: illegal map value"));
  EXPECT_THAT(mistakes("a: {b: 1\n"), ElementsAre("x:2:1: not YAML: end of map flow not found"));
  EXPECT_THAT(mistakes("a: @b\n"), ElementsAre("x:1:4: not YAML: unknown token"));
}

TEST(YamlTree, RefusesWhatTheNotationDoesNotUse) {
  EXPECT_THAT(mistakes("a: &x 1\nb: *x\nc: !t 1\n"),
              ElementsAre("x:1:4: anchors (&name) are not used here; write the value out",
                          "x:2:4: aliases (*name) are not used here; write the value out",
                          "x:3:4: YAML's !t is not used here"));
  EXPECT_THAT(mistakes("? [a]\n: 1\n"), ElementsAre("x:1:3: a key must be a plain word"));
  EXPECT_THAT(mistakes("a: 1\n---\nb: 2\n"),
              ElementsAre("x:3:1: a second document; the schema is one"));
  EXPECT_THAT(mistakes("# nothing\n"), ElementsAre("x:1:1: the file is empty"));
  EXPECT_THAT(mistakes("a: 1\nb: x\xFFy\n"), ElementsAre("x:2:5: not UTF-8"));
}

TEST(YamlAsJson, ReadsPlainValuesAsJsonAndQuotedOnesAsText) {
  const auto json = [](std::string_view source) { return to_json(parsed(source)); };
  EXPECT_EQ(json("[1, -2.5e3, true, null, x, \"1\", \"true\"]"),
            R"([1,-2.5e3,true,null,"x","1","true"])");
  EXPECT_EQ(json("{a: [], b: {c: \"q\\\"\"}}"), R"({"a":[],"b":{"c":"q\""}})");
}

TEST(YamlAsJson, DoesNotTakeAPhoneNumberOrALeadingZeroForANumber) {
  EXPECT_FALSE(is_json_number("+14045550110"));
  EXPECT_FALSE(is_json_number("010"));
  EXPECT_FALSE(is_json_number("1."));
  EXPECT_FALSE(is_json_number(".5"));
  EXPECT_FALSE(is_json_number("-"));
  EXPECT_FALSE(is_json_number("0x1F"));
  EXPECT_TRUE(is_json_number("0"));
  EXPECT_TRUE(is_json_number("-0.25E+2"));
}

TEST(YamlAsJson, EscapesControlCharactersAndKeepsUtf8) {
  EXPECT_EQ(json_quoted("a\tb\n\x01 é"), "\"a\\tb\\n\\u0001 é\"");
}

}  // namespace
}  // namespace callrail::codegen
