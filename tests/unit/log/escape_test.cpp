#include <callrail/redact.hpp>

#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

TEST(EscapingControls, KeepsOneLineOneLine) {
  EXPECT_EQ(escape_controls("a\nb\r\nc\td"), "a\\nb\\r\\nc\\td");
}

TEST(EscapingControls, DoesNotLetAServerSteerTheTerminal) {
  EXPECT_EQ(escape_controls("\x1b[2J\x07"), "\\x1b[2J\\x07");
  EXPECT_EQ(escape_controls("\xc2\x9b"
                            "2J"),
            "\\x9b2J");
  EXPECT_EQ(escape_controls(std::string_view{"a\0b", 3}), "a\\x00b");
}

TEST(EscapingControls, ShowsMarksThatTurnTheReadingDirection) {
  EXPECT_EQ(escape_controls("a\xe2\x80\xae"
                            "b"),
            "a\\u202eb");
}

TEST(EscapingControls, KeepsTextOfEveryScript) {
  EXPECT_EQ(escape_controls("Åkerlund & Søn, 日本 🎉"), "Åkerlund & Søn, 日本 🎉");
}

TEST(EscapingControls, ShowsBytesThatAreNoText) {
  EXPECT_EQ(escape_controls("a\xff\xc3"), "a\\xff\\xc3");
  EXPECT_EQ(escape_controls("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

}  // namespace
}  // namespace callrail
