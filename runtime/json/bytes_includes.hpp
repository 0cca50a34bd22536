#pragma once

// What the `Bytes` of each set of instructions use. Included before a compiler is allowed more
// instructions, so that no inline function of these can come to hold them.
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace callrail {

/// Bytes that a format cannot take as they are.
enum class Marks : std::uint8_t {
  none,
  csv,   ///< , " CR LF
  json,  ///< " \ and control characters
  xml,   ///< & < >, control characters, and the first byte of U+FFFE and U+FFFF
};

constexpr bool is_mark(Marks marks, char byte) {
  const auto c = static_cast<unsigned char>(byte);
  switch (marks) {
    case Marks::none: return false;
    case Marks::csv: return c == ',' || c == '"' || c == '\r' || c == '\n';
    case Marks::json: return c == '"' || c == '\\' || c < 0x20;
    case Marks::xml: return c == '&' || c == '<' || c == '>' || c == 0xef || c < 0x20;
  }
  return false;
}

/// The marks of a format below 0x80 but for control characters, each at its low digit: a byte is
/// one of them if it is the one of its own digit. Elsewhere is what has another digit.
struct MarksByDigit {
  alignas(16) char at[16];
};
constexpr MarksByDigit marks_by_digit(Marks marks) {
  MarksByDigit table{};
  table.at[0] = 1;
  for (char c = marks == Marks::csv ? 0 : 0x20; c < 0x7f; ++c)
    if (is_mark(marks, c)) table.at[c & 15] = c;
  return table;
}
template <Marks marks>
inline constexpr MarksByDigit by_digit = marks_by_digit(marks);

/// Up to seven bytes as a number, zeros above them.
inline std::uint64_t few_bytes(const char* from, std::size_t size) {
  const auto byte = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(from[i])} << 8 * i;
  };
  if (size >= 4) {
    std::uint32_t first, last;
    std::memcpy(&first, from, 4);
    std::memcpy(&last, from + size - 4, 4);
    return first | std::uint64_t{last} << 8 * (size - 4);
  }
  return size == 0 ? 0 : byte(0) | byte(size / 2) | byte(size - 1);
}

}  // namespace callrail
