#include "key_runs.hpp"

#include "json_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

using testing::HasSubstr;
using testing::Not;

const KeyRuns hex_key{"0f3c9a7712be4d5e8a60b1c2d3e4f596"};

TEST(TheKey, IsHiddenWholeAndInLongPieces) {
  EXPECT_EQ(hex_key.hidden("key 0f3c9a7712be4d5e8a60b1c2d3e4f596!"), "key [key]!");
  EXPECT_EQ(hex_key.hidden("…be4d5e8a6…"), "…[key]…");
  EXPECT_EQ(hex_key.hidden("x0f3c9a77x"), "x[key]x");
  EXPECT_TRUE(hex_key.in("b1c2d3e4f596"));
}

TEST(TheKey, IsHiddenByItsEndsWhereTheyAreWords) {
  EXPECT_EQ(hex_key.hidden("key 0f3c9… is wrong"), "key [key]… is wrong");
  EXPECT_EQ(hex_key.hidden("****4f596"), "****[key]");
}

TEST(TheKey, IsNotSeenInIdsThatShareFiveOfItsCharacters) {
  for (const auto* id : {"CAL0f3c9b1d2e", "a4f596", "4f5960", "0f3c8", "bc12d3e"})
    EXPECT_FALSE(hex_key.in(id)) << id;
}

TEST(TheKey, CanBeTooShortToBeSeen) {
  const KeyRuns none{""}, four{"abcd"};
  EXPECT_FALSE(none.in("abcd"));
  EXPECT_FALSE(four.in("abcd"));
  EXPECT_EQ(four.hidden("abcd"), "abcd");
}

TEST(TheKey, LeavesNoRunOfItsEndsInTheLineAndTheTextIsTheSame) {
  const std::string text = "{\"id\":\"CAL0f3c9b1d2e\",\"other\":\"a4f596\"}\n0f3c90f3c9";
  const std::string line = std::move(JsonLine{hex_key}.text("body", text)).take();
  EXPECT_THAT(line, Not(HasSubstr("0f3c9")));
  EXPECT_THAT(line, Not(HasSubstr("4f596")));
  JsonScan scan{line};
  std::string read;
  ASSERT_TRUE(
      read_members(scan, [&](Text, JsonScan& in) { return put_into(read, read_text(in)); }));
  EXPECT_EQ(read, text);
}

TEST(TheKey, IsNotMadeByAnEscapeAndWhatFollows) {
  const KeyRuns key{"nabcdefgh"};
  const std::string line = std::move(JsonLine{key}.text("body", "\nabcd")).take();
  EXPECT_THAT(line, Not(HasSubstr("nabcd")));
  JsonScan scan{line};
  std::string read;
  ASSERT_TRUE(
      read_members(scan, [&](Text, JsonScan& in) { return put_into(read, read_text(in)); }));
  EXPECT_EQ(read, "\nabcd");
}

}  // namespace
}  // namespace callrail
