#include "json_scan.hpp"

#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(JsonScan, FindsTheEndOfAValue) {
  for (const Text value : {R"("a")", R"("a\"b,]}")", R"("\\")", "null", "true", "-1.5E+7", "[]",
                           "{}", R"([[1,"]"],{"}":[]}])", R"({"a\"":{"b":"{"}})"}) {
    const std::string in = std::string{value} + ",\"next\":1}";
    JsonScan scan{in};
    EXPECT_EQ(scan.value(), value);
    EXPECT_TRUE(scan.sees(','));
  }
}

TEST(JsonScan, StaysInsideTextThatBreaksOff) {
  for (const Text in :
       {"", "\"", "\"a", "\"a\\", "\"a\\\"", "{", "[[]", "{\"a", "{\"a\\", ",", "}"})
    EXPECT_FALSE(JsonScan{in}.value()) << in;
}

Cell cell_of(Text value, std::string& scratch) {
  scratch.reserve(100);
  return cell_of_json(value, scratch);
}

TEST(JsonValues, BecomeCellsOfTheirKind) {
  std::string scratch;
  EXPECT_EQ(cell_of("null", scratch), Cell::null());
  EXPECT_EQ(cell_of("true", scratch), Cell::of("true", Kind::boolean));
  EXPECT_EQ(cell_of("false", scratch), Cell::of("false", Kind::boolean));
  EXPECT_EQ(cell_of("-1250.00", scratch), Cell::of("-1250.00", Kind::number));
  EXPECT_EQ(cell_of("[1]", scratch), Cell::of("[1]", Kind::json));
  EXPECT_EQ(cell_of("{}", scratch), Cell::of("{}", Kind::json));
  EXPECT_EQ(cell_of("\"\"", scratch), Cell::of(""));
  EXPECT_EQ(cell_of("\"a b\"", scratch), Cell::of("a b"));
  EXPECT_TRUE(scratch.empty());
}

TEST(JsonValues, LoseTheirEscapes) {
  std::string scratch;
  EXPECT_EQ(cell_of(R"("\"\\\/\b\f\n\r\t\u0041")", scratch).text(), "\"\\/\b\f\n\r\tA");
  EXPECT_EQ(cell_of(R"("\u00e5 \u2028 \ud83c\udf89")", scratch).text(), "å \u2028 🎉");
  EXPECT_EQ(cell_of(R"("a\u0000b")", scratch).text(), (Text{"a\0b", 3}));
}

TEST(JsonValues, StayJsonWithoutAUtf8Form) {
  std::string scratch;
  for (const Text value :
       {R"("\ud800")", R"("\udc00x")", R"("\ud800\u0041")", R"("\ud800xxdc00")",
        R"("\udc00\udc00")", R"("\ud800\n")", R"("a\x")", R"("\u12")", R"("\u12g4")"})
    EXPECT_EQ(cell_of(value, scratch), Cell::of(value, Kind::json));
  EXPECT_TRUE(scratch.empty());
}

}  // namespace
}  // namespace callrail
