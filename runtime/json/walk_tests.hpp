// No #pragma once and no includes: a part of walk.hpp. Tests of texts, block by block.

constexpr Vector::Pattern pattern_of(const char* text) {
  Vector::Pattern p{};
  std::size_t size = 0;
  for (; text[size] != 0; ++size) {
    const auto c = static_cast<unsigned char>(text[size]);
    p.least[size] = c == 'd' ? '0' : c == '+' ? '+' : c;
    p.span[size] = c == 'd' ? 9 : c == '+' ? 2 : 0;
  }
  for (; size < 32; ++size) p.span[size] = 255;
  for (std::size_t i = 0; i < 16; ++i) {
    p.pairs[2 * i] = p.pairs[2 * i + 1] = 0x80;
    p.high[i] = 0xffff;
  }
  // Two digits as a number of sixteen bits, the first one higher: "07" <= "12" as 0x3037 <= 0x3132.
  const auto pair = [&](std::size_t lane, std::size_t at, const char* low, const char* high) {
    p.pairs[2 * lane] = static_cast<unsigned char>((at + 1) % 16);
    p.pairs[2 * lane + 1] = static_cast<unsigned char>(at % 16);
    p.low[lane] = static_cast<std::uint16_t>(low[0] << 8 | low[1]);
    p.high[lane] = static_cast<std::uint16_t>(high[0] << 8 | high[1]);
  };
  pair(0, 5, "01", "12");
  pair(1, 8, "01", "31");
  pair(2, 11, "00", "23");
  pair(3, 14, "00", "59");  // at 14 and 15: still in the lower half
  pair(8, 17, "00", "59");
  for (std::size_t i = 19; text[i] != 0; ++i) {
    if (text[i] != '+') continue;
    pair(9, i + 1, "00", "23");
    pair(10, i + 4, "00", "59");
  }
  return p;
}

inline constexpr Vector::Pattern instants[] = {
    pattern_of("dddd-dd-ddTdd:dd:ddZ"),
    pattern_of("dddd-dd-ddTdd:dd:dd.dddZ"),
    pattern_of("dddd-dd-ddTdd:dd:dd+dd:dd"),
    pattern_of("dddd-dd-ddTdd:dd:dd.ddd+dd:dd"),
};
struct InstantOfSize {
  const Vector::Pattern* pattern = nullptr;
  std::size_t sign = 0;  ///< where no comma may stand
};
inline constexpr auto instant_of_size = [] {
  std::array<InstantOfSize, 32> of{};
  of[20] = {&instants[0], 0}, of[24] = {&instants[1], 0};
  of[25] = {&instants[2], 19}, of[29] = {&instants[3], 23};
  return of;
}();

inline bool is_instant(const char* text, std::size_t size) {
  const InstantOfSize of = instant_of_size[std::min<std::size_t>(size, 31)];
  // Of February, whatever ends in 9 is looked at by the general way, which knows leap years.
  const auto is_late = [&] {
    constexpr unsigned of_31 = 0b1'0101'1010'1010;  // January is bit 1
    const auto month = static_cast<unsigned>((text[5] - '0') * 10 + text[6] - '0');
    if (text[8] == '3') return text[9] == '1' ? (of_31 >> month & 1) == 0 : month == 2;
    return text[9] == '9' && month == 2;
  };
  if (of.pattern != nullptr && Vector::fits(text, *of.pattern) && text[of.sign] != ',' &&
      !is_late())
    return true;
  return parse_timestamp({text, size}).has_value();
}

inline bool has_blank(const char* text, std::size_t size) {
  for (; size > Vector::width; text += Vector::width, size -= Vector::width)
    if (Vector::is(Vector::load(text), ' ') != 0) return true;
  return (Vector::is(Vector::load(text), ' ') & low_bits(size)) != 0;
}

/// Whether `check_value` would note nothing about this text, which may be read 64 bytes beyond.
/// What is unclear here `fits` decides.
[[gnu::noinline]] bool passes(const Shape& shape, const char* text, std::size_t size) {
  switch (shape.test) {
    case Shape::Test::none: return true;
    case Shape::Test::instant: return is_instant(text, size);
    case Shape::Test::values: {
      // All of them: where the right one stands is hard to foresee.
      bool found = false;
      for (const Shape::Word& word : shape.words) {
        const bool same = Vector::same(text, word.text.data(), word.mask);
        found |= same & (word.size == size);
      }
      if (found) return true;
      break;
    }
    case Shape::Test::e164: {
      if (size < 5 || size > 16 || text[0] != '+' || text[1] == '0') break;
      const Bits mask = low_bits(size) - 1;
      return (Vector::digits(Vector::load(text)) & mask) == mask;
    }
    case Shape::Test::address:
      // What stands behind a text that was moved in a line may be its own last byte.
      if (size >= 8 && (begins(text, "https://") || begins(text, "http://")) &&
          !has_blank(text, size))
        return true;
      break;
    case Shape::Test::mail:
      if (size > Vector::width || size == 0) break;
      if (const Bits at = Vector::is(Vector::load(text), '@') & low_bits(size);
          at > 1 && static_cast<std::size_t>(std::bit_width(at)) < size && !has_blank(text, size))
        return true;
      break;
    case Shape::Test::zone:
      if (size > Vector::width || size == 0) break;
      if ((Vector::is(Vector::load(text), '/') & low_bits(size)) != 0 && !has_blank(text, size))
        return true;
      break;
    case Shape::Test::uuid: {
      constexpr Bits dashes = 1U << 8 | 1U << 13 | 1U << 18 | 1U << 23;
      constexpr Bits digits = 0xffffffffU & ~dashes;
      if (size != 36) break;
      const auto block = Vector::load(text);
      if ((Vector::hex(block) & digits) == digits && (Vector::is(block, '-') & dashes) == dashes &&
          (Vector::hex(Vector::load(text + 32)) & 15) == 15)
        return true;
      break;
    }
    case Shape::Test::country:
      if (size == 2 && (Vector::letters(Vector::load(text)) & 3) == 3) return true;
      break;
    case Shape::Test::color: {
      if (size < 2 || size > Vector::width) break;
      const Bits digit = Bits{1} << (size - 1), letters = digit - 1;
      const auto block = Vector::load(text);
      if ((Vector::letters(block) & letters) == letters && (Vector::digits(block) & digit) != 0)
        return true;
      break;
    }
    case Shape::Test::format: break;
    case Shape::Test::several: return false;
  }
  return passes_slowly(*shape.field, {text, size});
}
