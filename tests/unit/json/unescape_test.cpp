#include <callrail/unescape.hpp>

#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

std::optional<std::string> unescaped(Text in) {
  std::string room(in.size(), '?');
  const auto text = unescape(in, room.data());
  if (!text) return std::nullopt;
  return std::string{*text};
}

TEST(Unescape, ReplacesEveryEscapeOfJson) {
  EXPECT_EQ(unescaped(R"(a\"b\\c\/d\b\f\n\r\t)"), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u0026 \u00e9 \u20AC \ud83d\ude00)"), "& é € 😀");
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(""), "");
}

TEST(Unescape, KeepsANulCharacter) {
  EXPECT_EQ(unescaped(R"(a\u0000b)"), (std::string{'a', '\0', 'b'}));
}

TEST(Unescape, RefusesBrokenEscapesAndLoneSurrogates) {
  for (const Text in : {R"(\)", R"(\x)", R"(\u12)", R"(\u12g4)", R"(\ud83d)", R"(\ud83dx)",
                        R"(\ud83d\u0041)", R"(\ude00)", R"(\ud83d\ude0)"})
    EXPECT_FALSE(unescaped(in)) << in;
}

}  // namespace
}  // namespace callrail
