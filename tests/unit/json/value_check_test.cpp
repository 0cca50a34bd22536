#include "value_check.hpp"

#include "formats.hpp"
#include "gadget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace callrail {
namespace {

const Field& field(Text name) {
  return *std::ranges::find(Reflect<test::Gadget>::fields, name, &Field::name);
}

std::optional<Checked> checked(Text json, const Field& facts, Drift& drift) {
  return check_nested(json, facts, Place{nullptr, facts.name}, drift);
}

TEST(CheckNested, TakesTheValueAndLeavesWhatFollows) {
  Drift drift;
  const auto seen = checked(R"({"name":"a"}  ,"next":1)", field("maker"), drift);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->text, R"({"name":"a"})");
  EXPECT_TRUE(seen->compact);
  EXPECT_TRUE(drift.empty());
}

TEST(CheckNested, RefusesWhatIsNotJsonInside) {
  for (const Text json : {R"({"a":tru})", R"({"a":nul})", R"({"a" 1})", R"({"a":1,})", R"([1,])",
                          R"([1 2])", R"({"a":01})", R"({"a":+1})", R"({"a":1.})", R"({"a":1e})",
                          R"({"a":"\x"})", R"({"a":"\u12"})", R"({a:1})", R"({"a":1)", R"([)",
                          R"({)", R"({"a":)", R"(["a)", R"([-])"}) {
    Drift drift;
    EXPECT_FALSE(checked(json, Field{}, drift)) << json;
  }
}

TEST(CheckNested, RefusesNestingDeeperThanTheCap) {
  const auto nested = [](int depth) {
    const auto n = static_cast<std::size_t>(depth);
    return std::string(n, '[') + std::string(n, ']');
  };
  Drift drift;
  constexpr int most = deepest - level_in_row + 1;
  EXPECT_TRUE(checked(nested(most), Field{}, drift));
  EXPECT_FALSE(checked(nested(most + 1), Field{}, drift));
}

TEST(IsValue, LooksAtValuesNobodyWantsAsStrictly) {
  for (const Text json : {"1", "-0.5e3", "null", R"("a\u00e9")", "[1, {\"a\":[]}]"})
    EXPECT_TRUE(is_value(json, level_in_row)) << json;
  for (const Text json : {"", "tru", "01", "1 2", "[1}", "{]", R"("\q")", "[1,]", "1\x01"})
    EXPECT_FALSE(is_value(json, level_in_row)) << json;
  EXPECT_TRUE(is_value("[]", deepest));
  EXPECT_FALSE(is_value("[]", deepest + 1));
}

TEST(GoodEscapes, AreThoseOfJson) {
  for (const Text text : {"", "a", R"(\"\\\/\b\f\n\r\t)", R"(\u00e9)", R"(\ud83d alone)", R"(\\q)"})
    EXPECT_TRUE(has_good_escapes(text)) << text;
  for (const Text text : {R"(\q)", R"(\)", R"(\u12)", R"(\u12g4)", R"(\U0041)", R"(\\\q)"})
    EXPECT_FALSE(has_good_escapes(text)) << text;
}

TEST(CheckNested, ComparesMembersWithTheSchema) {
  Drift drift;
  ASSERT_TRUE(checked(R"({"phone":"five","colour":"blue","size":{"a":[1]},"phone":null})",
                      field("maker"), drift));
  EXPECT_EQ(drift.missing_fields.at("maker.name").count, 1u);
  EXPECT_EQ(drift.broken_formats.at("maker.phone").example, "\"five\"");
  EXPECT_EQ(drift.unknown_values.at("maker.colour=blue").count, 1u);
  EXPECT_EQ(drift.unknown_fields.at("maker.size").example, R"({"a":[1]})");
  EXPECT_EQ(drift.repeated_fields.at("maker.phone").count, 1u);
}

TEST(CheckNested, ComparesTheElementsOfLists) {
  Drift drift;
  ASSERT_TRUE(checked(R"([{"word":"a"},"b",{"word":null},7])", field("marks"), drift));
  EXPECT_EQ(drift.changed_types.at("marks[].word").example, "null");
  EXPECT_EQ(drift.changed_types.at("marks[]").example, "7");
}

TEST(Compact, TakesBlanksOutButNotInsideStrings) {
  const Text json = "{ \"a b\" : [ 1 ,\n\t\"x \\\" y\" ] }";
  std::string room(json.size(), '?');
  EXPECT_EQ(compact(json, room.data()), R"({"a b":[1,"x \" y"]})");
}

TEST(NumberLength, FollowsTheGrammarOfJson) {
  EXPECT_EQ(number_length("0"), 1u);
  EXPECT_EQ(number_length("-12.50e+3,"), 9u);
  EXPECT_EQ(number_length("9007199254740993}"), 16u);
  EXPECT_EQ(number_length("01"), 1u);  // the caller sees that something is left over
  for (const Text text : {"", "-", "+1", ".5", "1.", "1e", "1e+", "x"})
    EXPECT_EQ(number_length(text), 0u) << text;
}

TEST(Formats, AreLenientAboutTheWorldAndStrictAboutShape) {
  EXPECT_TRUE(fits(Format::e164, "+14045550123"));
  EXPECT_TRUE(fits(Format::e164, "+442079460123"));
  EXPECT_FALSE(fits(Format::e164, "404-555-0123"));
  EXPECT_FALSE(fits(Format::e164, "+0123456789"));
  EXPECT_TRUE(fits(Format::email, "front.desk@example.com"));
  EXPECT_FALSE(fits(Format::email, "front.desk"));
  EXPECT_TRUE(fits(Format::uri, "//cdn.example.com/swap.js"));
  EXPECT_FALSE(fits(Format::uri, "www.example.com"));
  EXPECT_TRUE(fits(Format::zone, "America/New_York"));
  EXPECT_FALSE(fits(Format::zone, "Eastern Time"));
  EXPECT_TRUE(fits(Format::color, "gray1"));
  EXPECT_FALSE(fits(Format::color, "#cccccc"));
  EXPECT_TRUE(fits(Format::uuid, "0f0e0d0c-0b0a-4908-8706-050403020100"));
  EXPECT_FALSE(fits(Format::uuid, "0f0e0d0c0b0a49088706050403020100"));
  EXPECT_TRUE(fits(Format::email, ""));
}

}  // namespace
}  // namespace callrail
