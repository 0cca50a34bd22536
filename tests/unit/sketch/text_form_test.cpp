#include <callrail/sketch/text_form.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace callrail::sketch {
namespace {

struct Texts {
  Format format;
  std::vector<std::string_view> good, bad;
};

TEST(AFormat, IsToldFromItsNeighbours) {
  const std::vector<Texts> all{
      {Format::e164,
       {"+14045550123", "+4930123456"},
       {"14045550123", "+0404555", "+123", "404-555-0123"}},
      {Format::email,
       {"dana@example.com"},
       {"@example.com", "dana@", "dana example@x.com", "dana@home"}},
      {Format::uri,
       {"https://www.example.com/x?y=1", "//cdn.example.com/a.js"},
       {"www.example.com", "see https://x.y z"}},
      {Format::zone,
       {"America/New_York", "UTC", "America/Argentina/Buenos_Aires"},
       {"yes/no", "A/", "EST", "/x"}},
      {Format::color, {"green1", "gray4"}, {"green", "#00ff00", "G1"}},
      {Format::uuid,
       {"00000000-0000-4000-8000-000000000001"},
       {"00000000000040008000000000000001"}},
      {Format::hex, {"0123456789abcdef"}, {"0123", "0123456789abcdeg"}},
      {Format::date_time,
       {"2026-02-10T09:22:21.049-05:00", "2021-03-04 09:15:27 -0500", "2024-06-01T12:30:00Z"},
       {"2026-02-10", "2026-02-10T09:22:21", "2026-02-30T00:00:00Z"}},
      {Format::display_phone,
       {"404-555-0123", "(404) 555-0123", "+44 20 7946 0018"},
       {"4045550123", "2026-02-10", "+14045550123", "1-2"}},
      {Format::country, {"US"}, {"us", "USA"}},
      {Format::money, {"$1,250.00", "-$3", "€12.50"}, {"1250.00", "$", "USD 3"}},
      {Format::date, {"2026-02-10"}, {"2026-02-31", "2026-02-10T00:00:00Z", "10/02/2026"}}};
  ASSERT_EQ(all.size(), format_count);
  for (const auto& [format, good, bad] : all) {
    for (const auto text : good) EXPECT_TRUE(fits(format, text)) << name_of(format) << ' ' << text;
    for (const auto text : bad) EXPECT_FALSE(fits(format, text)) << name_of(format) << ' ' << text;
    EXPECT_FALSE(fits(format, ""));
  }
}

TEST(TheFormOfAnId, HasItsFixedPart) {
  EXPECT_EQ(id_form("9900101"), "digits");
  EXPECT_EQ(id_form("CAL019c2013236d7b1fb0c881bd94d82691"), "CAL + 32 hex");
  EXPECT_EQ(id_form("00000000-0000-4000-8000-000000000001"), "uuid");
  EXPECT_EQ(id_form("0123456789abcdef01234567"), "24 hex");
  EXPECT_EQ(id_form("k8mc8"), "letters and digits");
  EXPECT_EQ(id_form("answered"), "text");
  EXPECT_EQ(id_form("two words"), "text");
  EXPECT_EQ(id_form(""), "text");
  EXPECT_EQ(id_form("12.5"), "text");
}

TEST(AWord, IsShortAndWithoutBlanks) {
  for (const std::string_view text : {"answered", "not_a_lead", "auto-reply", "SMS", "Atlanta"})
    EXPECT_TRUE(is_word(text)) << text;
  for (const std::string_view text :
       {"", "two words", "9900101", "dana@example.com", "+14045550123",
        "a_word_that_is_longer_than_any_list_would_have"})
    EXPECT_FALSE(is_word(text)) << text;
}

}  // namespace
}  // namespace callrail::sketch
