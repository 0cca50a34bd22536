#include "parquet_column.hpp"

#include <charconv>
#include <value_check.hpp>

namespace callrail {

namespace {

constexpr Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

ParquetType parquet_type(const Column& column) {
  if (column.rest) return ParquetType::json;
  if (column.facts == nullptr) return ParquetType::json;
  const Field& field = *column.facts;
  if (field.accepts & (accept_object | accept_array)) return ParquetType::json;
  switch (field.type) {
    case Type::id:
    case Type::text:
    case Type::enumeration: return ParquetType::text;
    case Type::integer: return ParquetType::integer;
    case Type::number: return ParquetType::decimal;
    case Type::boolean: return ParquetType::boolean;
    case Type::timestamp: return ParquetType::instant;
    case Type::object:
    case Type::map:
    case Type::list:
    case Type::any: break;
  }
  return ParquetType::json;
}

std::optional<Int128> decimal_of(Text number) {
  if (number.empty() || number_length(number) != number.size()) return std::nullopt;
  const bool negative = number.front() == '-';
  if (negative) number.remove_prefix(1);
  const std::size_t mark = number.find_first_of("eE");
  Text digits = number.substr(0, mark);
  int exponent = 0;
  bool beyond = false;
  if (mark != Text::npos) {
    Text power = number.substr(mark + 1);
    if (power.front() == '+') power.remove_prefix(1);
    beyond = std::from_chars(power.data(), power.data() + power.size(), exponent).ec != std::errc{};
  }
  const std::size_t point = digits.find('.');
  if (point != Text::npos)
    while (digits.back() == '0') digits.remove_suffix(1);
  constexpr Int128 most = power_of_ten(decimal_digits) - 1;
  Int128 value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) continue;
    if (value > most / 10) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  if (value == 0) return 0;
  if (beyond || exponent > decimal_digits || exponent < -decimal_digits * 3) return std::nullopt;
  // So many zeros make units of it.
  int zeros = decimal_places + exponent;
  if (point != Text::npos) zeros -= static_cast<int>(digits.size() - point - 1);
  for (; zeros < 0; ++zeros) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  for (; zeros > 0; --zeros) {
    if (value > most / 10) return std::nullopt;
    value *= 10;
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> integer_of(const Cell& cell) {
  std::int64_t number = 0;
  if (!read(cell, number)) return std::nullopt;
  if (cell.kind != Kind::text) return number;
  char spelled[20];
  const char* const end = std::to_chars(spelled, spelled + sizeof spelled, number).ptr;
  if (cell.text() != Text{spelled, static_cast<std::size_t>(end - spelled)}) return std::nullopt;
  return number;
}

std::optional<std::int64_t> microseconds_of(const Cell& cell) {
  Timestamp time;
  if (!read(cell, time)) return std::nullopt;
  const std::int64_t whole = time.utc.time_since_epoch().count() * 1000;
  const std::size_t point = time.text.find('.');
  if (point == Text::npos) return whole;
  std::int64_t finer = 0, unit = 100;
  for (std::size_t i = point + 4; i < time.text.size() && is_digit(time.text[i]); ++i, unit /= 10) {
    const int digit = time.text[i] - '0';
    if (digit != 0 && unit == 0) return std::nullopt;
    finer += digit * unit;
  }
  // A second's fraction counts forward, before 1970 too.
  return whole + finer;
}

}  // namespace callrail
