#include "emit/cpp_text.hpp"

#include "emit/json_tree.hpp"
#include "model/seed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

using testing::ElementsAre;

Enum with_values(const std::vector<std::string>& values) {
  Enum out;
  for (const auto& value : values) out.values.push_back({value, {}});
  return out;
}

TEST(CppName, GivesKeywordsAndMacrosATrailingUnderscore) {
  EXPECT_EQ(cpp_name("default"), "default_");
  EXPECT_EQ(cpp_name("and"), "and_");
  EXPECT_EQ(cpp_name("errno"), "errno_");
  EXPECT_EQ(cpp_name("EOF"), "EOF_");
  EXPECT_EQ(cpp_name("defaults"), "defaults");
}

TEST(CppEnumerators, MakesIdentifiersOfOddWords) {
  EXPECT_THAT(cpp_enumerators(with_values({"in progress", "10-DLC", "new", "SMS", "", "é"})),
              ElementsAre("in_progress", "_10_DLC", "new_", "SMS", "empty", "_"));
}

TEST(CppEnumerators, GivesNoTwoWordsOneName) {
  EXPECT_THAT(cpp_enumerators(with_values({"a-b", "a b", "a_b", "unknown"})),
              ElementsAre("a_b", "a_b_", "a_b__", "unknown_"));
}

TEST(CppString, EscapesWhatCppWouldReadOtherwise) {
  EXPECT_EQ(cpp_string("a\"b\\c\nd"), R"("a\"b\\c\nd")");
  EXPECT_EQ(cpp_string("what?\?!"), R"("what?\?!")");  // no trigraph
  EXPECT_EQ(cpp_string("\x01"
                       "1"),
            "\"\\0011\"");
  EXPECT_EQ(cpp_string("Téléphone 🦷"), "\"Téléphone 🦷\"");
}

TEST(CppString, BreaksBehindBlanksAndCommas) {
  EXPECT_THAT(cpp_string_pieces("one two,three", 10, 0), ElementsAre("\"one two,\"", "\"three\""));
  EXPECT_THAT(cpp_string_pieces("one two three", 12, 3), ElementsAre("\"one two \"", "\"three\""));
  EXPECT_THAT(cpp_string_pieces("", 10, 0), ElementsAre("\"\""));
}

TEST(CppString, BreaksAnAddressAtASlash) {
  EXPECT_THAT(cpp_string_pieces("https://example.com/a/long/way/to/go", 30, 0),
              ElementsAre("\"https://example.com/a/\"", "\"long/way/to/go\""));
}

TEST(SnakeCase, SplitsAtCapitals) {
  EXPECT_EQ(snake_case("TagMark"), "tag_mark");
  EXPECT_EQ(snake_case("Default"), "default_");
}

TEST(Seed, LeavesNoTwoFieldsInOneSlot) {
  std::vector<std::string> names;
  for (int i = 0; i < 254; ++i) names.push_back("field_" + std::to_string(i * 7919));
  EXPECT_LT(find_seed(names), 1'000'000u);  // it ended
}

TEST(Seed, KnowsNamesNoSeedCanTellApart) {
  EXPECT_EQ(inseparable({"formatted_customer_phone_number", "formatted_tracking_phone_number"}),
            "");
  EXPECT_EQ(inseparable({"a", "abcdefgh_1_ijklmnop_12345678", "abcdefgh_2_ijklmnop_12345678"}),
            "abcdefgh_1_ijklmnop_12345678 and abcdefgh_2_ijklmnop_12345678");
}

TEST(JsonTree, KeepsWhatFitsInALine) {
  JsonTree inner = JsonTree::object();
  inner.add("type", "string");
  JsonTree outer = JsonTree::object();
  outer.add("a", inner).add("b", JsonTree::array().push(JsonTree::raw("1")));
  EXPECT_EQ(outer.print(), R"({ "a": { "type": "string" }, "b": [1] })");
}

TEST(JsonTree, BreaksWhatDoesNot) {
  JsonTree out = JsonTree::object();
  out.add("a", std::string(60, 'x')).add("b", std::string(60, 'y'));
  EXPECT_EQ(out.print(), "{\n  \"a\": \"" + std::string(60, 'x') + "\",\n  \"b\": \"" +
                             std::string(60, 'y') + "\"\n}");
}

}  // namespace
}  // namespace callrail::codegen
