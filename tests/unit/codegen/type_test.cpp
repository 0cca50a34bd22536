#include "emit/cpp_text.hpp"
#include "model/field_type.hpp"

#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

FieldType parsed(std::string_view text) {
  Mistakes mistakes;
  auto type = parse_type(text, {1, 1}, "toys.id", mistakes);
  EXPECT_TRUE(mistakes.empty()) << mistakes.lines("x").front();
  return type;
}

std::string mistake(std::string_view text) {
  Mistakes mistakes;
  parse_type(text, {3, 7}, "toys.id", mistakes);
  return mistakes.empty() ? "" : mistakes.lines("x").front();
}

std::string accepts(std::string_view text) { return cpp_accepts(parsed(text).accepts()); }
std::string value_type(std::string_view text) { return cpp_value_type(parsed(text)); }

TEST(FieldType, AcceptsTheJsonKindsOfEachWord) {
  EXPECT_EQ(accepts("id"), "accept_number | accept_text");
  EXPECT_EQ(accepts("text"), "accept_text");
  EXPECT_EQ(accepts("integer"), "accept_number");
  EXPECT_EQ(accepts("number"), "accept_number");
  EXPECT_EQ(accepts("boolean"), "accept_boolean");
  EXPECT_EQ(accepts("timestamp"), "accept_text");
  EXPECT_EQ(accepts("enum Color"), "accept_text");
  EXPECT_EQ(accepts("object Part"), "accept_object");
  EXPECT_EQ(accepts("map"), "accept_object");
  EXPECT_EQ(accepts("list<text>"), "accept_array");
  EXPECT_EQ(accepts("any"), "accept_any");
}

TEST(FieldType, AcceptsWhatAnyOfItsAlternativesAccepts) {
  EXPECT_EQ(accepts("integer or text or null"), "accept_null | accept_number | accept_text");
  EXPECT_EQ(accepts("null or list<object Part or text> or map"),
            "accept_null | accept_object | accept_array");
  EXPECT_EQ(accepts("text or any"), "accept_any");
}

TEST(FieldType, IsCalledAfterItsFirstAlternativeThatIsNotNull) {
  EXPECT_EQ(parsed("null or integer or text").main().base, Base::integer);
  EXPECT_EQ(value_type("null or integer or text"), "std::int64_t");
  EXPECT_EQ(value_type("text or integer"), "Text");
  EXPECT_EQ(value_type("enum Color or null"), "Open<Color>");
}

TEST(FieldType, BecomesJsonWhenOnlyObjectsAndListsAreLeft) {
  EXPECT_EQ(value_type("object Part or null"), "Json");
  EXPECT_EQ(value_type("list<text> or map"), "Json");
}

TEST(FieldType, BecomesAnyWhenScalarsMixWithObjectsAndLists) {
  EXPECT_EQ(value_type("text or list<text>"), "Any");
  EXPECT_EQ(value_type("map or text or null"), "Any");
  EXPECT_EQ(value_type("any"), "Any");
}

TEST(FieldType, FindsTheShapeAndTheEnumInsideOfLists) {
  const auto type = parsed("list<object Part or enum Color> or null");
  EXPECT_EQ(type.shape_name(), "Part");
  EXPECT_EQ(type.enum_name(), "Color");
  EXPECT_EQ(cpp_accepts(type.item_accepts()), "accept_text | accept_object");
}

TEST(FieldType, KnowsThatOrInsideOfAListBelongsToTheList) {
  const auto type = parsed("list<text or integer> or boolean");
  ASSERT_EQ(type.alternatives.size(), 2u);
  EXPECT_EQ(type.alternatives[0].items.size(), 2u);
}

TEST(FieldType, NamesTheNearestWordForAnUnknownOne) {
  EXPECT_EQ(mistake("interger"),
            "x:3:7: toys.id: unknown type \"interger\"; allowed: id, text, integer, number, "
            "boolean, timestamp, map, any, null, enum Name, object Name, list<…>, joined by "
            "\" or \"; did you mean \"integer\"?");
}

TEST(FieldType, RefusesWhatHasNoMeaning) {
  EXPECT_EQ(mistake("list"), "x:3:7: toys.id: a list says of what: list<any>");
  EXPECT_EQ(mistake("text or text"), "x:3:7: toys.id: the type names \"text\" twice");
  EXPECT_EQ(mistake("list<list<text>>"),
            "x:3:7: toys.id: a list of lists has no notation; use list<any>");
  EXPECT_EQ(mistake("list<text or null>"),
            "x:3:7: toys.id: null cannot stand inside list<…>; elements are never null");
  EXPECT_EQ(mistake("null"),
            "x:3:7: toys.id: null alone is no type; use \"any\" if nothing else was ever seen");
  EXPECT_EQ(mistake("object A or list<object B>"),
            "x:3:7: toys.id: a type has room for one object, not A and B");
}

}  // namespace
}  // namespace callrail::codegen
