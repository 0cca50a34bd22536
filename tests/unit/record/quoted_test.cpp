#include "quoted.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace callrail {
namespace {

/// Text in which escapes of every sort, and mistakes, stand at every place of a block.
std::string random_text(std::mt19937& random, std::size_t size) {
  static constexpr std::string_view pieces[] = {"plain text of some length",
                                                "x",
                                                "\\\"",
                                                "\\\\",
                                                "\\n",
                                                "\\/",
                                                "\\t",
                                                "\\u0041",
                                                "\\ud83d\\ude00",
                                                "\\u00e9",
                                                "é",
                                                "\\r",
                                                "\\b",
                                                "\\f"};
  static constexpr std::string_view mistakes[] = {"\\",      "\\x",      "\\u12",
                                                  "\\ud800", "\\udc00x", "\""};
  std::string text;
  while (text.size() < size)
    text += random() % 200 == 0 ? mistakes[random() % std::size(mistakes)]
                                : pieces[random() % std::size(pieces)];
  return text;
}

TEST(QuotedText, EndsWhereReadingItByteByByteSays) {
  std::mt19937 random{7};
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_text(random, random() % 300) + (i % 3 != 0 ? "\"," : "");
    ASSERT_EQ(closing_quote(text), closing_quote_plainly(text)) << text;
  }
}

TEST(QuotedText, EndsBehindAnyRunOfBackslashesThatIsEven) {
  for (std::size_t before = 0; before < 130; ++before)
    for (std::size_t run = 0; run < 130; ++run) {
      const std::string text = std::string(before, 'x') + std::string(run, '\\') + "\"\"";
      ASSERT_EQ(closing_quote(text), before + run + run % 2) << before << ' ' << run;
    }
  EXPECT_EQ(closing_quote(""), std::string_view::npos);
  EXPECT_EQ(closing_quote(std::string(64, '\\')), std::string_view::npos);
  EXPECT_EQ(closing_quote(std::string(63, '\\') + '"'), std::string_view::npos);
}

TEST(QuotedText, StandsForWhatReadingItByteByByteSays) {
  std::mt19937 random{8};
  int good = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_text(random, random() % 300);
    Body quick, plain;
    quick.append("before"), plain.append("before");
    const bool worked = append_unescaped_plainly(text, plain);
    ASSERT_EQ(append_unescaped(text, quick), worked) << text;
    ASSERT_EQ(quick.text(), plain.text()) << text;
    good += worked ? 1 : 0;
  }
  EXPECT_GT(good, 5'000);
  EXPECT_LT(good, 19'000);
}

}  // namespace
}  // namespace callrail
