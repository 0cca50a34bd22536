#include <callrail/sketch/type_text.hpp>

#include <gtest/gtest.h>

namespace callrail::sketch {
namespace {

Sketch of(std::initializer_list<std::string_view> values) {
  Sketch sketch;
  for (const auto value : values) EXPECT_TRUE(sketch.add(value)) << value;
  return sketch;
}

TEST(TheTypeOfASketch, IsInTheNotationOfTheSchema) {
  EXPECT_EQ(type_text(of({"61", "\"61\"", "62", "null"})), "integer or text or null");
  EXPECT_EQ(type_text(of({"1", "2.5"})), "number");
  EXPECT_EQ(type_text(of({"true", "null"})), "boolean or null");
  EXPECT_EQ(type_text(of({"\"2026-02-10T09:00:00Z\""})), "timestamp");
  EXPECT_EQ(type_text(of({"\"2026-02-10T09:00:00Z\"", "\"\""})), "text");
  EXPECT_EQ(type_text(of({R"([{"a":1},{"a":2}])", "null"})), "list<object …> or null");
  EXPECT_EQ(type_text(of({R"([{"a":1},"x",{"a":2}])"}), {.shape = "TagMark"}),
            "list<object TagMark or text>");
  EXPECT_EQ(type_text(of({"[]"})), "list<any>");
  EXPECT_EQ(type_text(of({"[1,null]"})), "list<any>");
  EXPECT_EQ(type_text(of({"[[1]]"})), "list<any>");
  EXPECT_EQ(type_text(of({"{}"})), "map");
  EXPECT_EQ(type_text(of({R"({"a":1})"})), "object …");
  EXPECT_EQ(type_text(of({"null"})), "null");
  EXPECT_EQ(type_text({}), "");
}

TEST(TheTypeOfASketch, TakesTheNamesItIsGiven) {
  const Sketch words = of({"\"on\"", "\"off\"", "\"on\"", "\"on\""});
  EXPECT_EQ(type_text(words), "text");
  EXPECT_EQ(type_text(words, {.enumeration = "State"}), "enum State");
  EXPECT_EQ(type_text(of({"[\"on\"]"}), {.enumeration = "State"}), "list<enum State>");
  EXPECT_EQ(type_text(of({"7", "\"7\"", "null"}), {.id = true}), "id or null");
}

TEST(AnEnumCandidate, HasFewWordsThatRepeat) {
  EXPECT_TRUE(
      enum_candidate(of({"\"inbound\"", "\"outbound\"", "\"inbound\"", "\"inbound\"", "null"})));
  EXPECT_TRUE(enum_candidate(of({"\"SMS\"", "\"MMS\"", "\"SMS\"", "\"SMS\""})));
  EXPECT_FALSE(enum_candidate(of({"\"inbound\"", "\"outbound\""}))) << "seen too seldom";
  EXPECT_FALSE(enum_candidate(of({"\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"a\""}))) << "mostly once";
  EXPECT_FALSE(enum_candidate(of({"\"Atlanta\"", "\"Atlanta\"", "\"Macon\"", "\"Macon\""})))
      << "display text";
  EXPECT_FALSE(enum_candidate(of({"\"GA\"", "\"GA\"", "\"GA\"", "\"GA\""}))) << "display text";
  EXPECT_FALSE(enum_candidate(of({"\"k8mc8\"", "\"k8mc8\"", "\"k8mc8\"", "\"k8mc8\""}))) << "ids";
  EXPECT_FALSE(enum_candidate(of({"\"on\"", "\"on\"", "\"on\"", "\"on the way\"", "\"on\""})))
      << "other texts too";
  EXPECT_FALSE(enum_candidate(of({"\"on\"", "\"on\"", "\"on\"", "\"\"", "\"on\""})))
      << "other texts too";
}

TEST(AMap, IsKnownByItsNames) {
  EXPECT_FALSE(looks_like_map(of({R"({"id":1,"name":"x"})", R"({"id":2})"})));
  EXPECT_TRUE(looks_like_map(of({"{}"})));
  EXPECT_TRUE(looks_like_map(of({R"({"utm.source":"x"})"})));
  EXPECT_TRUE(looks_like_map(of({R"({"1234":1})"})));
  EXPECT_TRUE(looks_like_map(of({R"({"CAL019c2013236d7b1fb0c881bd94d82691":1})"})));
  Sketch different;
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(different.add("{\"cookie_" + std::to_string(i) + "\":1}"));
  EXPECT_TRUE(looks_like_map(different));
  EXPECT_FALSE(looks_like_map({}));
}

TEST(TheFormatOfASketch, IsWhatAllItsTextsHave) {
  EXPECT_EQ(format_of(of({"\"+14045550123\"", "null", "\"\""}), "phone"), Format::e164);
  EXPECT_EQ(format_of(of({"\"+14045550123\"", "\"unknown\""}), "phone"), std::nullopt);
  EXPECT_EQ(format_of(of({"[\"https://example.com/a\"]"}), "urls"), Format::uri);
  EXPECT_EQ(format_of(of({"\"US\""}), "customer_country"), Format::country);
  EXPECT_EQ(format_of(of({"\"GA\""}), "customer_state"), std::nullopt);
  EXPECT_EQ(format_of(of({"\"green1\""}), "background_color"), Format::color);
  EXPECT_EQ(format_of(of({"\"\""}), "x"), std::nullopt);
  EXPECT_EQ(format_of(of({"\"2026-02-10T09:00:00Z\""}), "at"), std::nullopt) << "a type of its own";
}

}  // namespace
}  // namespace callrail::sketch
