#include "closest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace callrail::cli {
namespace {

constexpr std::array<std::string_view, 4> known{"sales", "shops", "shelves", "text_messages"};

TEST(TheClosestWord, IsTheOneWithTheFewestSlips) {
  EXPECT_EQ(closest("salse", known), "sales");
  EXPECT_EQ(closest("shop", known), "shops");
  EXPECT_EQ(closest("SHELVE", known), "shelves");
}

TEST(TheClosestWord, MayBeAPartOfTheKnownOne) {
  EXPECT_EQ(closest("messages", known), "text_messages");
}

TEST(TheClosestWord, IsNoneOfNone) { EXPECT_EQ(closest("x", {}), ""); }

TEST(TypingDistance, CountsASwapAsOneSlip) {
  EXPECT_EQ(typing_distance("sales", "salse"), 1U);
  EXPECT_EQ(typing_distance("sales", "sale"), 1U);
  EXPECT_EQ(typing_distance("sales", "tales"), 1U);
  EXPECT_EQ(typing_distance("", "abc"), 3U);
}

TEST(Suggestions, AskOnlyIfTheWordIsNear) {
  EXPECT_EQ(suggestion("shosp", known), "did you mean \"shops\"?");
  EXPECT_EQ(suggestion("zzzzzzzz", known).substr(0, 21), "the closest known one");
  EXPECT_EQ(near_suggestion("zzzzzzzz", known), "");
}

}  // namespace
}  // namespace callrail::cli
