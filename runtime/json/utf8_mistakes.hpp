#pragma once

#include <cstdint>

namespace callrail {

/// What two bytes, one behind the other, cannot be in UTF-8, by the halves of the first byte and
/// the upper half of the second: a mistake has its bit in all three. After Keiser and Lemire,
/// "Validating UTF-8 in less than one instruction per byte".
struct Utf8Mistakes {
  alignas(16) unsigned char first_high[16], first_low[16], second_high[16];
};
inline constexpr Utf8Mistakes utf8_mistakes = [] {
  enum : unsigned char {
    too_short = 1,        // a lead, and nothing that follows one
    too_long = 2,         // ASCII, and a byte that follows a lead
    overlong_3 = 4,       // e0, and what two bytes can spell
    too_large = 8,        // f4, and more than U+10FFFF
    surrogate = 16,       // ed, and half of a pair
    overlong_2 = 32,      // c0 or c1
    too_large_1000 = 64,  // f5 and above, and 80 to 8f
    overlong_4 = 64,      // f0, and what three bytes can spell
    two_following = 128,  // which may be right behind a lead of three or four
  };
  constexpr unsigned char any_low = too_short | too_long | two_following;
  Utf8Mistakes m{};
  for (unsigned i = 0; i < 16; ++i) {
    m.first_high[i] = i < 8 ? too_long : i < 12 ? two_following : too_short;
    m.first_low[i] = any_low;
    if (i > 3) m.first_low[i] |= too_large;
    if (i > 4) m.first_low[i] |= too_large_1000;
    m.second_high[i] = too_short;
    if (i >= 8 && i < 12) m.second_high[i] = too_long | overlong_2 | two_following;
  }
  m.first_high[0xc] |= overlong_2;
  m.first_high[0xe] |= overlong_3 | surrogate;
  m.first_high[0xf] |= too_large | too_large_1000 | overlong_4;
  m.first_low[0] |= overlong_2 | overlong_3 | overlong_4;
  m.first_low[1] |= overlong_2;
  m.first_low[0xd] |= surrogate;
  m.second_high[8] |= overlong_3 | too_large_1000 | overlong_4;
  m.second_high[9] |= overlong_3 | too_large;
  m.second_high[0xa] |= surrogate | too_large;
  m.second_high[0xb] |= surrogate | too_large;
  return m;
}();

}  // namespace callrail
