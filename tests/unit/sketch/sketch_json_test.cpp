#include <callrail/sketch/sketch.hpp>

#include <gtest/gtest.h>

namespace callrail::sketch {
namespace {

TEST(ASketchAsJson, ComesBackAsItWas) {
  Sketch sketch;
  for (
      const std::string_view value :
      {R"({"id":"CAL019c2013236d7b1fb0c881bd94d82691","n":-3,"x":0.5,"on":true,"none":null,"odd \"name\"":"line\nbreak"})",
       R"({"id":7,"tags":[{"a":[]},"t"],"at":"2026-02-10T09:00:00Z","big":18446744073709551615})"})
    ASSERT_TRUE(sketch.add(value));
  const std::string json = sketch.to_json();
  const auto again = Sketch::from_json(json);
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->to_json(), json);
  EXPECT_EQ(Sketch::from_json(Sketch{}.to_json())->total(), 0u);
}

TEST(ASketchAsJson, ComesBackHoweverDeepTheValueWas) {
  Sketch sketch;
  std::string deep = "1";
  for (std::size_t i = 0; i + 1 < Sketch::deepest; ++i)
    deep = i % 2 ? "[" + deep + "]" : "{\"m\":" + deep + "}";
  ASSERT_TRUE(sketch.add(deep));
  const auto again = Sketch::from_json(sketch.to_json());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->to_json(), sketch.to_json());
}

TEST(ASketchAsJson, IsRefusedWhenItIsSomethingElse) {
  for (const std::string_view json :
       {"", "[]", "{", R"({"text":-1})", R"({"texts":1})", R"({"is_phone":1})", R"({"range":[1]})",
        R"({"words":[["a"]]})", R"({"words":[[1,1]]})", R"({"members":[["a",1]]})",
        R"({"members":[["a",{}],["a",{}]]})", R"({"items":[]})", R"({"items":{},"items":{}})",
        R"({"many_words":1})"})
    EXPECT_FALSE(Sketch::from_json(json)) << json;

  std::string many = R"({"members":[)";
  for (std::size_t i = 0; i <= Sketch::most_members; ++i)
    many += (i ? ",[\"" : "[\"") + std::to_string(i) + "\",{}]";
  EXPECT_FALSE(Sketch::from_json(many + "]}"));
  std::string words = R"({"words":[)";
  for (std::size_t i = 0; i <= Sketch::most_words; ++i)
    words += (i ? ",[\"" : "[\"") + std::to_string(i) + "\",1]";
  EXPECT_FALSE(Sketch::from_json(words + "]}"));
}

}  // namespace
}  // namespace callrail::sketch
