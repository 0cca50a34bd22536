#include <callrail/error_message.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(ErrorMessage, ReadsEveryShapeTheApiHas) {
  EXPECT_EQ(error_message(R"({"error":"invalid api key"})"), "invalid api key");
  EXPECT_EQ(error_message(
                R"({"errors":{"form_url":["can't be blank","is too short"],"day":["is odd"]}})"),
            "form_url: can't be blank, is too short; day: is odd");
  EXPECT_EQ(error_message(R"({"errors":["Color is not included in the list","Name is taken"]})"),
            "Color is not included in the list, Name is taken");
  EXPECT_EQ(error_message(R"({"error":{"code":17,"message":"slow down","hint":null}})"),
            "code: 17; message: slow down");
  EXPECT_EQ(error_message(R"({"errors":{}})"), "");
  EXPECT_EQ(error_message(R"({"message":"gone"})"), "gone");
  EXPECT_EQ(error_message(R"({"errors":{},"message":"odd"})"), "odd");
  EXPECT_EQ(error_message(R"({"unheard_of":{"a":[1,true]}})"), "unheard_of: a: 1, true");
  EXPECT_EQ(error_message(R"("just text")"), "just text");
  EXPECT_EQ(error_message(R"(["a","b"])"), "a, b");
  EXPECT_EQ(error_message("\xef\xbb\xbf{\"error\":\"marked\"}"), "marked");
}

TEST(ErrorMessage, ReadsHtmlOfProxies) {
  EXPECT_EQ(
      error_message("<html><head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>"),
      "502 Bad Gateway");
  EXPECT_EQ(error_message(
                "<!DOCTYPE html><!-- a > b --><style>p{x:y}</style><script>var a = 1 < 2;</script>"
                "<h1>Sorry &amp; goodbye</h1><p>It&#39;s&nbsp;down</p>"),
            "Sorry & goodbye It's down");
  EXPECT_EQ(error_message("<title></title><b>only this"), "only this");
  EXPECT_EQ(error_message("<script>never closed"), "");
}

TEST(ErrorMessage, FallsBackToTheTextItself) {
  EXPECT_EQ(error_message("upstream connect error\r\n"), "upstream connect error");
  EXPECT_EQ(error_message(R"({"error":"cut he)"), R"({"error":"cut he)");
  EXPECT_EQ(error_message(""), "");
  EXPECT_EQ(error_message(" \n\t"), "");
}

TEST(ErrorMessage, IsCutBetweenTwoCharacters) {
  const std::string long_text = R"({"error":")" + [] {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "ü";
    return text;
  }() + R"("})";
  const std::string message = error_message(long_text);
  EXPECT_LE(message.size(), 200u);
  EXPECT_GE(message.size(), 198u);
  EXPECT_TRUE(message.ends_with("ü…"));
  EXPECT_EQ(error_message(R"({"error":")" + std::string(200, 'x') + "\"}").size(), 200u);
  EXPECT_TRUE(error_message(R"({"error":")" + std::string(201, 'x') + "\"}").ends_with("x…"));
}

TEST(ErrorMessage, ReadsAPageOfAnySize) {
  EXPECT_EQ(error_message("<title>big</title>" + std::string(5'000'000, 'x')), "big");
  EXPECT_LE(error_message(std::string(5'000'000, '[')).size(), 200u);
  EXPECT_LE(
      error_message(R"({"error":)" + std::string(30'000, '[') + std::string(30'000, ']') + "}")
          .size(),
      200u);
}

TEST(OneLine, HasNoControlCharactersAndNothingThatReversesIt) {
  EXPECT_EQ(one_line("a\r\n\tb\x1b[31mc\x7f"), "a b [31mc");
  EXPECT_EQ(one_line("a\xc2\x9b"
                     "31mb"),
            "a 31mb");  // the one-byte ESC [ of terminals
  EXPECT_EQ(one_line("a\xe2\x80\xae"
                     "b\xe2\x80\x8b"
                     "c"),
            "abc");  // right-to-left override, zero width
  EXPECT_EQ(one_line("  padded   words  "), "padded words");
  EXPECT_EQ(one_line(std::string_view{"a\0b", 3}), "a b");
}

TEST(OneLine, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(one_line("a\xff"
                     "b\xc3"),
            "a?b?");
  EXPECT_EQ(one_line("\xc0\xaf"), "??");       // "/" in two bytes
  EXPECT_EQ(one_line("\xed\xa0\x80"), "???");  // half a surrogate pair
  EXPECT_EQ(one_line("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(one_line("\xf4\x90\x80\x80"), "????");  // beyond the last character
}

}  // namespace
}  // namespace callrail
