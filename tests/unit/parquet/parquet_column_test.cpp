#include "parquet_column.hpp"

#include "rows_in_tests.hpp"

#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

using namespace test;

std::string spelled(std::optional<Int128> number) {
  if (!number) return "nothing";
  const bool negative = *number < 0;
  Int128 rest = negative ? -*number : *number;
  std::string out;
  for (; rest != 0 || out.size() < 19; rest /= 10)
    out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  out.insert(out.size() - 18, ".");
  return negative ? '-' + out : out;
}

TEST(ParquetDecimal, HoldsEveryDigit) {
  for (const auto& [text, value] :
       {std::pair{"1250.00", "1250.000000000000000000"},
        {"0", "0.000000000000000000"},
        {"-0.5", "-0.500000000000000000"},
        {"0.1", "0.100000000000000000"},
        {"33.333333333333336", "33.333333333333336000"},
        {"9007199254740993", "9007199254740993.000000000000000000"},
        {"0.000000000000000001", "0.000000000000000001"},
        {"1.50000000000000000000000000", "1.500000000000000000"},
        {"12e2", "1200.000000000000000000"},
        {"12.5E-3", "0.012500000000000000"},
        {"0e999999999999", "0.000000000000000000"},
        {"99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"},
        {"-99999999999999999999", "-99999999999999999999.000000000000000000"}})
    EXPECT_EQ(spelled(decimal_of(text)), value) << text;
}

TEST(ParquetDecimal, TakesNothingThatWouldLoseADigit) {
  for (const auto* text :
       {"0.0000000000000000001", "100000000000000000000", "1e20", "1e-19", "1e999999999999",
        "123456789012345678901234567890123456789", "", "-", "1.", "abc", "1 ", "1e", "+1", "NaN"})
    EXPECT_EQ(decimal_of(text), std::nullopt) << text;
}

TEST(ParquetInteger, TakesDigitsInQuotesThatAreSpelledAsTheNumber) {
  EXPECT_EQ(integer_of(number("9223372036854775807")), 9223372036854775807);
  EXPECT_EQ(integer_of(number("-9223372036854775808")), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(integer_of(text("61")), 61);
  for (const Cell& cell :
       {number("9223372036854775808"), number("61.0"), number("1e3"), text("007"), text("-0"),
        text("61 "), text(""), boolean("true"), json("[1]")})
    EXPECT_EQ(integer_of(cell), std::nullopt) << cell.text();
}

TEST(ParquetInstant, IsUtcToTheMicrosecond) {
  EXPECT_EQ(microseconds_of(text("1970-01-01T00:00:01Z")), 1'000'000);
  EXPECT_EQ(microseconds_of(text("2026-02-10T09:05:06.789-05:00")),
            microseconds_of(text("2026-02-10 14:05:06.789000000 +0000")));
  EXPECT_EQ(microseconds_of(text("1970-01-01T00:00:00.000001Z")), 1);
  EXPECT_EQ(microseconds_of(text("1970-01-01T00:00:00.123456000Z")), 123'456);
  EXPECT_EQ(microseconds_of(text("1970-01-01T00:00:00.12Z")), 120'000);
  EXPECT_EQ(microseconds_of(text("1969-12-31T23:59:59.999999Z")), -1);
  EXPECT_EQ(microseconds_of(text("1970-01-01T00:00:00.0000001Z")), std::nullopt);
  EXPECT_EQ(microseconds_of(text("yesterday")), std::nullopt);
  EXPECT_EQ(microseconds_of(number("17")), std::nullopt);
}

TEST(ParquetType, IsTheFirstOneOfTheSchemaAndJsonWhereObjectsMayCome) {
  const auto type = [](Type of, int accepts, bool rest = false) {
    const Field field{.name = "a", .type = of, .accepts = static_cast<std::uint8_t>(accepts)};
    return parquet_type(Column{"a", 0, {}, &field, rest});
  };
  EXPECT_EQ(type(Type::number, accept_number | accept_text | accept_null), ParquetType::decimal);
  EXPECT_EQ(type(Type::text, accept_number | accept_text), ParquetType::text);
  EXPECT_EQ(type(Type::enumeration, accept_text), ParquetType::text);
  EXPECT_EQ(type(Type::id, accept_number | accept_text), ParquetType::text);
  EXPECT_EQ(type(Type::boolean, accept_boolean), ParquetType::boolean);
  EXPECT_EQ(type(Type::timestamp, accept_text), ParquetType::instant);
  EXPECT_EQ(type(Type::text, accept_text | accept_object), ParquetType::json);
  EXPECT_EQ(type(Type::list, accept_array), ParquetType::json);
  EXPECT_EQ(type(Type::any, accept_any), ParquetType::json);
  EXPECT_EQ(type(Type::text, accept_text, true), ParquetType::json);
  EXPECT_EQ(parquet_type(Column{"_extra", 0, {}, nullptr, false}), ParquetType::json);
}

}  // namespace
}  // namespace callrail
