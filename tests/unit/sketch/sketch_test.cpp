#include <callrail/sketch/sketch.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::sketch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Sketch of(std::initializer_list<std::string_view> values) {
  Sketch sketch;
  for (const auto value : values) EXPECT_TRUE(sketch.add(value)) << value;
  return sketch;
}

std::vector<std::string> names(const Sketch& sketch) {
  std::vector<std::string> out;
  for (const auto& member : sketch.members) out.push_back(member.name);
  return out;
}

std::vector<std::string> texts(const std::vector<Counted>& counted) {
  std::vector<std::string> out;
  for (const auto& one : counted) out.push_back(one.text);
  return out;
}

std::size_t nodes(const Sketch& sketch) {
  std::size_t count = 1;
  for (const auto& member : sketch.members) count += nodes(member.value);
  for (const auto& item : sketch.items) count += nodes(item);
  return count;
}

TEST(ASketch, CountsTheKindsOfValues) {
  const Sketch s = of({"null", "true", "3", "-4", "2.5", "\"a\"", "\"\"", "{}", "[]", "[1,2]"});
  EXPECT_EQ(s.total(), 10u);
  EXPECT_EQ(s.null, 1u);
  EXPECT_EQ(s.boolean, 1u);
  EXPECT_EQ(s.integer, 2u);
  EXPECT_EQ(s.number, 1u);
  EXPECT_EQ(s.text, 2u);
  EXPECT_EQ(s.texts.blank, 1u);
  EXPECT_EQ(s.object, 1u);
  EXPECT_EQ(s.array, 2u);
  EXPECT_EQ(s.longest_array, 2u);
  EXPECT_EQ(s.least, -4);
  EXPECT_EQ(s.most, 3);
  EXPECT_EQ(s.items.front().integer, 2u);
}

TEST(ASketch, KnowsInHowManyRowsAMemberWasMissing) {
  const Sketch s = of({R"({"b":1,"a":null})", R"({"a":1})", R"({"c":[],"a":2})"});
  EXPECT_THAT(names(s), ElementsAre("b", "a", "c"));
  EXPECT_EQ(s.absent(*s.find("a")), 0u);
  EXPECT_EQ(s.absent(*s.find("b")), 2u);
  EXPECT_EQ(s.find("a")->value.null, 1u);
  EXPECT_EQ(s.find("d"), nullptr);
}

TEST(ASketch, CountsAMemberThatStandsTwiceInOneObjectOnce) {
  const Sketch s = of({R"({"a":1,"a":"x"})", R"({"b":1})"});
  EXPECT_EQ(s.find("a")->value.total(), 1u);
  EXPECT_EQ(s.absent(*s.find("a")), 1u);
}

TEST(ASketch, KeepsWordsUntilThereAreTooMany) {
  Sketch s = of({"\"missed\"", "\"answered\"", "\"missed\"", "\"two words\"", "\"+14045550123\""});
  ASSERT_EQ(s.texts.words.size(), 2u);
  EXPECT_EQ(s.texts.words[0].text, "missed");
  EXPECT_EQ(s.texts.words[0].count, 2u);
  EXPECT_EQ(s.texts.worded, 3u);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(s.add("\"word" + std::to_string(i) + "\""));
  EXPECT_TRUE(s.texts.many_words);
  EXPECT_THAT(s.texts.words, IsEmpty());
}

TEST(ASketch, CountsFormatsAndForms) {
  const Sketch s = of({"\"+14045550123\"", "\"+14045550155\"", "\"dana@example.com\"", "9900101",
                       "\"9900101\"", "\"CAL019c2013236d7b1fb0c881bd94d82691\""});
  EXPECT_EQ(s.texts.of(Format::e164), 2u);
  EXPECT_EQ(s.texts.of(Format::email), 1u);
  EXPECT_THAT(texts(s.forms), ElementsAre("text", "number", "digits", "CAL + 32 hex"));
}

TEST(ASketch, SeesInstantsRiseAndFall) {
  const Sketch s = of({"\"2026-02-10T09:00:00-05:00\"", "\"2026-02-10T13:00:00Z\"",
                       "\"2026-02-10T13:00:00Z\"", "\"2026-02-10T13:00:01Z\""});
  EXPECT_EQ(s.texts.falls, 1u);  // nine o'clock in New York is fourteen in London
  EXPECT_EQ(s.texts.rises, 1u);
}

TEST(ASketch, KeepsTheFirstExampleCutBetweenCharacters) {
  EXPECT_EQ(of({"null", "\"\"", "\"a \\\"b\\\"\"", "3"}).example, "\"a \\\"b\\\"\"");
  std::string text;
  for (int i = 0; i < 50; ++i) text += "ä";
  const std::string example = of({"\"x" + text + "\""}).example;
  EXPECT_TRUE(example.ends_with("ä…\""));
  EXPECT_LE(example.size(), Sketch::most_example + 5);
}

TEST(ASketch, KeepsNothingOfCredentials) {
  const Sketch s =
      of({R"({"api_key":"hunter","config":{"accessToken":["hunter"]},"signing_key":{"a":"hunter"},)"
          R"("recording_player":"https://app.example.com/r?access_key=hunter","key":"1"})"});
  EXPECT_THAT(s.to_json(), testing::Not(HasSubstr("hunter")));
  EXPECT_EQ(s.find("api_key")->value.text, 1u);
  EXPECT_EQ(s.find("key")->value.example, "\"1\"");
}

TEST(ASketch, RefusesWhatIsNoJsonAsAWhole) {
  Sketch s;
  for (const std::string_view text :
       {"", "{\"a\":1", "{\"a\":1}}", "[1,]", "nul", "\"\xff\"", "{\"a\":01}"}) {
    const auto added = s.add(text);
    ASSERT_FALSE(added) << text;
    EXPECT_FALSE(added.error().empty());
  }
  EXPECT_EQ(s.total(), 0u);
  EXPECT_THAT(s.members, IsEmpty());
}

TEST(ASketch, RefusesWhatIsNestedTooDeep) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  Sketch s;
  EXPECT_TRUE(s.add(nested(Sketch::deepest - 1)));
  EXPECT_FALSE(s.add(nested(Sketch::deepest + 1)));
  EXPECT_FALSE(s.add(nested(1'000'000)));
  EXPECT_EQ(s.total(), 1u);
}

TEST(ASketch, StaysSmallWhateverComes) {
  Sketch s;
  for (int row = 0; row < 40; ++row) {
    std::string json = "{";
    for (int i = 0; i < 100; ++i) {
      const std::string name = std::to_string(row) + "_" + std::to_string(i);
      json += (i ? ",\"" : "\"") + name + "\":{\"" + name + "\":[{\"" + name + "\":\"" +
              std::string(5000, 'x') + "\"}]}";
    }
    ASSERT_TRUE(s.add(json + "}"));
  }
  EXPECT_LE(nodes(s), Sketch::most_nodes);
  EXPECT_LE(s.members.size(), Sketch::most_members);
  EXPECT_TRUE(s.more_members);
  EXPECT_LT(s.to_json().size(), 400'000u);

  Sketch long_name;
  ASSERT_TRUE(long_name.add("{\"" + std::string(10'000, 'n') + "\":1}"));
  EXPECT_THAT(long_name.members, IsEmpty());
  EXPECT_TRUE(long_name.more_members);
}

TEST(ASketch, AddsUpLikeItsParts) {
  const std::initializer_list<std::string_view> first = {
      R"({"id":1,"state":"on","tags":[{"n":"a"}],"at":"2026-02-10T09:00:00Z"})",
      R"({"id":2,"state":null})"};
  const std::initializer_list<std::string_view> second = {
      R"({"id":"3","state":"off","more":{"x":1.5}})", R"({"id":4,"tags":[1,{"n":null,"m":true}]})"};
  Sketch whole = of(first);
  for (const auto value : second) ASSERT_TRUE(whole.add(value));
  Sketch sum = of(first);
  sum.add(of(second));
  EXPECT_EQ(sum.to_json(), whole.to_json());
  const Sketch before = sum;
  sum.add(sum);
  EXPECT_EQ(sum.object, 2 * before.object);
  EXPECT_EQ(sum.absent(*sum.find("more")), 2 * before.absent(*before.find("more")));
}

TEST(ASketch, MayGetRowsAfterAnotherSketch) {
  Sketch s = of({R"({"a":1})"});
  s.add(of({R"({"a":1})", R"({"a":2})"}));
  ASSERT_TRUE(s.add(R"({"a":3})"));
  EXPECT_EQ(s.find("a")->value.integer, 4u);
}

TEST(ASketch, CountsWholeNumbersBeyondTheSignedOnes) {
  const Sketch s = of({"18446744073709551615"});
  EXPECT_EQ(s.integer, 1u);
  EXPECT_GT(s.least, s.most);
  Sketch none;
  EXPECT_FALSE(none.add("18446744073709551616"));
}

}  // namespace
}  // namespace callrail::sketch
