#include "first_mistake.hpp"
#include "gadget.hpp"
#include "value_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

using test::Gadget;
using testing::HasSubstr;

const Endpoint& gadgets() { return Processor<Gadget>::endpoint(); }

Selection only(std::size_t field) {
  Selection wanted;
  wanted.add(field);
  return wanted;
}

Result<Batch<Gadget>> decode(Text text, Drift& drift,
                             const Selection& wanted = Selection::everything(gadgets())) {
  return Processor<Gadget>::decode(Body{text}, wanted, drift);
}

std::string error_of(Text text, const Selection& wanted = Selection::everything(gadgets())) {
  Drift drift;
  const auto batch = decode(text, drift, wanted);
  if (batch) return "it was taken";
  EXPECT_EQ(batch.error().code, Code::bad_answer);
  return batch.error().what;
}

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

/// The same value where a page can hold one: in a field that is wanted, in one that is not, in one
/// nobody knows, and beside the rows.
std::vector<std::string> pages_with(const std::string& value) {
  return {R"({"things":[{"id":1,"extra":)" + value + "}]}",
          R"({"things":[{"id":1,"marks":)" + value + "}]}",
          R"({"things":[{"id":1,"newcomer":)" + value + "}]}",
          R"({"things":[{"id":1}],"beside":)" + value + "}",
          R"({"page":)" + value + R"(,"things":[{"id":1}]})"};
}

TEST(HostilePage, MayHave64LevelsAndNotOneMoreWhereverTheyStand) {
  const Selection id = only(field_index<Gadget>("id"));
  for (const auto& wanted : {Selection::everything(gadgets()), id}) {
    const std::size_t in_row = deepest - level_in_row + 1;
    for (const std::string& page : pages_with(nested(in_row))) {
      Drift drift;
      EXPECT_TRUE(decode(page, drift, wanted)) << page;
    }
    for (const std::string& page : pages_with(nested(in_row + 3)))
      EXPECT_THAT(error_of(page, wanted), HasSubstr("nested too deeply")) << page;
    for (const std::string& page : pages_with(nested(200'000)))
      EXPECT_THAT(error_of(page, wanted), HasSubstr("nested too deeply"));
  }
}

/// A value that nobody wants, in a field of the schema.
std::string page_without(const std::string& value) {
  return R"({"things":[{"id":1,"marks":)" + value + "}]}";
}

/// Wrong wherever it stands.
const std::vector<std::string> never_right{"tru",
                                           "nulll",
                                           "01",
                                           "1.",
                                           "+1",
                                           "-",
                                           "1 2",
                                           "'a'",
                                           "NaN",
                                           "Infinity",
                                           "0x10",
                                           "[}",
                                           "{]",
                                           "[{]}",
                                           "{\"a\":1]",
                                           "\"a\":1",

                                           "\"a\":[1],\"b\":{}",
                                           "1:2",
                                           "{\"a\"}",
                                           "{a:1}",
                                           "{\"a\":}",
                                           "{\"a\":\"b\":1}",
                                           "[\"a\":1]",
                                           "[,1]",
                                           "[ ,1]",
                                           "{\"a\": ,1}",
                                           "[ \"a\":1]",
                                           "[\"a\" :1]",
                                           "{\"a\":\"b\" :1}",
                                           "null\"a\"",
                                           "\"a\":[1]},\"b\":2",
                                           "\"a\nb\"",
                                           "\"\x01\"",
                                           "\"\xff\"",
                                           "\"\xed\xa0\x80\"",
                                           "\"\xc0\x80\"",
                                           "\"\xf4\x90\x80\x80\"",
                                           "\"\xe2\x82\"",
                                           "1\x01",
                                           "1\x0c",
                                           "{\"\xff\":1}"};
/// Wrong in a way that cannot shift what follows.
const std::vector<std::string> wrong_inside{
    "[1,]",        "{\"a\":1,}", "{\"a\":1,\"b\"}", "[1 2]",
    "[1,\"a\":2]", "[1,,]",      "{\"a\":\"\\q\"}", "[\"\\u12\"]",
    "\"\\q\"",     "\"\\u12\"",  "[01,tru]"};

TEST(HostilePage, IsRefusedForWhatIsWrongWhereNobodyLooks) {
  const Selection id = only(field_index<Gadget>("id"));
  for (const std::string& value : never_right)
    for (const std::string& page : pages_with(value)) {
      EXPECT_THAT(error_of(page, id), HasSubstr("(byte ")) << page;
      EXPECT_THAT(error_of(page), HasSubstr("(byte ")) << page;
    }
}

TEST(HostilePage, IsRefusedForWhatIsWrongInAValueUnlessItsFieldIsKnownAndNotWanted) {
  const Selection id = only(field_index<Gadget>("id"));
  for (const std::string& value : wrong_inside) {
    for (const std::string& page : pages_with(value))
      EXPECT_THAT(error_of(page), HasSubstr("(byte ")) << page;
    const auto pages = pages_with(value);
    for (std::size_t i = 2; i < pages.size(); ++i)
      EXPECT_THAT(error_of(pages[i], id), HasSubstr("(byte ")) << pages[i];
    Drift drift;
    const auto batch = decode(page_without(value), drift, id);
    ASSERT_TRUE(batch) << page_without(value);
    EXPECT_EQ(batch->rows()[0].id.value()->text, "1");
  }
}

TEST(HostilePage, IsRefusedForANulByteButNotForTheEscapeOfOne) {
  using namespace std::string_literals;
  for (const std::string& page : pages_with("1\0"s))
    EXPECT_THAT(error_of(page), HasSubstr("(byte "));
  for (const std::string& page : pages_with("\"\0\""s))
    EXPECT_THAT(error_of(page), HasSubstr("(byte "));
  EXPECT_THAT(error_of("{\"things\":[]}\0"s), HasSubstr("(byte 13 of 14)"));
  Drift drift;
  const auto batch = decode(R"({"things":[{"id":1,"name":"a\u0000b"}]})", drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(*batch->rows()[0].name, Text("a\0b", 3));
}

TEST(HostilePage, IsRefusedWithTheByteThatIsWrong) {
  EXPECT_EQ(error_of(R"({"things":[{"id":1},{"id":nope}]})"),
            "row 2 is malformed: no JSON value begins here (byte 27 of 33)");
  EXPECT_EQ(error_of("{\"things\":[{\"name\":\"ab\xff\"}]}"),
            "the answer is not JSON: bytes that are no UTF-8 (byte 22 of 27)");
  EXPECT_EQ(error_of("{\"things\":[{\"name\":\"a\tb\"}]}"),
            "the answer is not JSON: a control character stands in a string (byte 21 of 27)");
  EXPECT_EQ(error_of("<html><body>Bad gateway</body></html>"),
            "the answer is not a JSON object: no JSON value begins here (byte 0 of 37)");
  EXPECT_EQ(error_of(R"({"things":[{"id":1)"),
            "the answer is not a JSON object: the JSON breaks off (byte 18 of 18)");
  EXPECT_EQ(error_of(R"({"things":[1]})"), "row 1 is not an object (byte 11 of 14)");
  EXPECT_EQ(error_of(R"({"error":"Access denied."})"),
            "no member \"things\" in the answer (byte 26 of 26)");
  EXPECT_EQ(error_of(R"([{"id":1}])"), "the answer is not a JSON object (byte 0 of 10)");
  EXPECT_EQ(error_of(R"({"things":{}})"), "\"things\" is not a list (byte 10 of 13)");
}

TEST(HostilePage, StaysWithTheCallerWhenItIsRefused) {
  Drift drift;
  PageDecoder decoder;
  for (const Text text : {R"({"things":[{"id":nope}]})", "<html>", R"({"errors":[]})", " "}) {
    Body body{text};
    EXPECT_FALSE(decoder.decode(gadgets(), Reflect<Gadget>::paging, std::move(body),
                                Selection::everything(gadgets()), {}, drift));
    EXPECT_EQ(body.text(), text);  // NOLINT(bugprone-use-after-move): that is the promise
  }
}

TEST(HostilePage, LosesNothingOfNumbersNoDoubleCanHold) {
  for (const char* number : {"1e999", "-1E-999", "123456789012345678901234567890", "0.10", "-0",
                             "18446744073709551616", "1.7976931348623157e309"}) {
    Drift drift;
    const auto batch =
        decode(R"({"total_records":)" + std::string{number} + R"(,"things":[{"id":)" + number +
                   R"(,"price":)" + number + R"(,"extra":{"n":)" + number + "}}]}",
               drift);
    ASSERT_TRUE(batch) << number;
    EXPECT_EQ(batch->rows()[0].id.text(), number);
    EXPECT_EQ(batch->rows()[0].price.text(), number);
    EXPECT_EQ(batch->rows()[0].extra.text(), "{\"n\":" + std::string{number} + "}");
  }
}

TEST(HostilePage, LosesNothingOfTenMegabytesOfText) {
  std::string much;
  while (much.size() < 10'000'000) much += R"(\u00e9\"\\ 日本🎉\/)";
  std::string plain;
  while (plain.size() < 10'000'000) plain += "0123456789";
  Drift drift;
  const auto batch = decode(R"({"things":[{"id":")" + plain + R"(","name":")" + much +
                                R"(","extra":[")" + much + R"("],"newcomer":")" + much + R"("}]})",
                            drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->rows()[0].id.text(), plain);
  EXPECT_EQ(batch->rows()[0].extra.text(), "[\"" + much + "\"]");
  std::string read;
  while (read.size() < batch->rows()[0].name.text().size()) read += "é\"\\ 日本🎉/";
  EXPECT_EQ(batch->rows()[0].name.text(), read);
  EXPECT_LE(drift.unknown_fields.at("newcomer").example.size(), 80u);
}

TEST(HostilePage, KeepsHalfASurrogatePairInTextAndInNames) {
  Drift drift;
  const auto batch = decode(
      R"({"\udc00":1,"things":[{"id":1,"name":"\udc00","n\ud800":2,"extra":{"\ud800":"\udfff"}}]})",
      drift);
  ASSERT_TRUE(batch) << batch.error().what;
  EXPECT_EQ(batch->rows()[0].name.text(), R"("\udc00")");
  EXPECT_EQ(batch->rows()[0].extra.text(), R"({"\ud800":"\udfff"})");
  EXPECT_EQ(drift.unknown_fields.count(R"(n\ud800)"), 1u);
}

TEST(HostilePage, CountsMembersThatComeTwiceWhereverTheyStand) {
  Drift drift;
  const auto batch = decode(
      R"({"things":[{"id":1,"name":"a","n\u0061me":"b","maker":{"name":"a","name":"b","x":1,"x":2}}]})",
      drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(*batch->rows()[0].name, "b");
  EXPECT_EQ(batch->rows()[0].maker.text(), R"({"name":"a","name":"b","x":1,"x":2})");
  EXPECT_EQ(drift.repeated_fields.count("name"), 1u);
  EXPECT_EQ(drift.repeated_fields.count("maker.name"), 1u);
  EXPECT_FALSE(drift.empty());  // so the run says it, and fails under --strict
  EXPECT_THAT(error_of(R"({"things":[{"id":1}],"th\u0069ngs":[]})"), HasSubstr("twice"));
}

TEST(HostilePage, TakesListsWhereObjectsBelongAsSurprises) {
  Drift drift;
  const auto batch =
      decode(R"({"things":[{"id":[1],"maker":[{"name":"a"}],"marks":{"word":1}}]})", drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->rows()[0].id.text(), "[1]");
  EXPECT_EQ(batch->rows()[0].maker.text(), R"([{"name":"a"}])");
  for (const char* name : {"id", "maker", "marks"})
    EXPECT_EQ(drift.changed_types.count(name), 1u) << name;
  for (const Text page : {R"({"things":[[]]})", R"({"things":[{"id":1},["id",1]]})"})
    EXPECT_THAT(error_of(page), HasSubstr("is not an object"));
}

TEST(HostilePage, DoesNotFillTheMemoryWithFindings) {
  std::string page = R"({"things":[)";
  for (int i = 0; i < 20'000; ++i)
    page += (i == 0 ? "" : ",") + std::string{"{\"id\":1,\"new"} + std::to_string(i) + "\":\"" +
            std::string(200, 'x') + "\"}";
  Drift drift;
  ASSERT_TRUE(decode(page + "]}", drift));
  EXPECT_LE(drift.unknown_fields.size(), 101u);
}

TEST(FirstMistake, IsFoundInEveryCutOfAPage) {
  const Text page =
      R"({"things":[{"id":-1.5e3,"a":"\u00e9\n日","b":[true,false,null,{}]}],"page":1})";
  EXPECT_FALSE(first_mistake(page));
  for (std::size_t cut = 0; cut < page.size(); ++cut) {
    const auto mistake = first_mistake(page.substr(0, cut));
    ASSERT_TRUE(mistake) << cut;
    EXPECT_LE(mistake->byte, cut);
  }
}

TEST(FirstMistake, NamesTheByteAndTheReason) {
  const auto told = [](Text text) {
    const auto mistake = first_mistake(text);
    return mistake ? std::to_string(mistake->byte) + " " + std::string{mistake->what} : "none";
  };
  EXPECT_EQ(told(" [1, \"a\"] "), "none");
  EXPECT_EQ(told("[1 2]"), "3 a comma or a closing bracket is missing");
  EXPECT_EQ(told("[1}"), "2 a comma or a closing bracket is missing");
  EXPECT_EQ(told("{\"a\" 1}"), "5 a colon is missing");
  EXPECT_EQ(told("{\"a\":1,}"), "7 the name of a member is missing");
  EXPECT_EQ(told("[1,]"), "3 no JSON value begins here");
  EXPECT_EQ(told("\"\\q\""), "2 no such escape");
  EXPECT_EQ(told("\"\\u12g4\""), "5 four hex digits are missing");
  EXPECT_EQ(told("tru"), "3 the JSON breaks off");
  EXPECT_EQ(told("1 1"), "2 something follows the JSON");
  EXPECT_EQ(told(nested(64)), "none");
  EXPECT_EQ(told(nested(65)), "64 the JSON is nested too deeply");
}

}  // namespace
}  // namespace callrail
