#pragma once

#include <cstddef>
#include <string_view>

namespace callrail {

/// One character at the front of `text`, and how many bytes it took. Bytes that are no UTF-8 (cut,
/// too long a spelling, a surrogate) come one at a time with `broken`.
struct Utf8 {
  char32_t code = 0;
  std::size_t size = 1;
  bool broken = false;
};

constexpr Utf8 first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, false};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {lead, 1, true};
  char32_t code = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return {lead, 1, true};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool too_long = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (too_long || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {lead, 1, true};
  return {code, size, false};
}

}  // namespace callrail
