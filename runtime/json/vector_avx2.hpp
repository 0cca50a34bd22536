// No #pragma once and no includes: predict_avx2.cpp includes this where the compiler may use AVX2.

/// Thirty-two bytes at once. VectorPlain says the same in plain C++, and a test compares the two.
struct Vector {
  using Block = __m256i;
  using Bits = std::uint32_t;
  static constexpr std::size_t width = 32;

  static Block load(const char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static void store(char* at, Block block) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), block);
  }
  /// One bit for each byte, the first byte lowest.
  static Bits is(Block block, char c) { return bits(equal(block, c)); }
  static Bits no_ascii(Block block) { return bits(block); }
  /// Backslashes and control characters, and quotes too.
  static Bits stops(Block block) { return bits(or_(hard(block), equal(block, '"'))); }
  /// Backslashes, control characters, and whatever is not ASCII.
  static Bits marks(Block block) { return bits(or_(block, hard(block))); }
  static Bits marks_or_commas(Block block) {
    return bits(or_(or_(block, hard(block)), equal(block, ',')));
  }

  static Bits digits(Block block) { return bits(within(block, '0', '9')); }

  static Bits hex(Block block) {
    const Block lower = or_(block, _mm256_set1_epi8(0x20));
    return bits(or_(within(block, '0', '9'), within(lower, 'a', 'f')));
  }

  /// Whether the bytes that `mask` names are the same.
  static bool same(const char* a, const char* b, std::uint64_t mask) {
    const auto first = static_cast<Bits>(mask), second = static_cast<Bits>(mask >> 32);
    return (~bits(_mm256_cmpeq_epi8(load(a), load(b))) & first) == 0 &&
           (second == 0 ||
            (~bits(_mm256_cmpeq_epi8(load(a + width), load(b + width))) & second) == 0);
  }

  /// Whether each of `n` bytes lies between those of `least` and `most`, and each of the pairs of
  /// digits that `pairs` picks (two bytes, the first one higher) between `low` and `high`.
  struct Pattern {
    alignas(32) unsigned char least[32], span[32], pairs[32];
    alignas(32) std::uint16_t low[16], high[16];
  };
  static bool fits(const char* at, const Pattern& p) {
    const Block text = load(at);
    const Block above = _mm256_sub_epi8(text, get(p.least));
    const Block bytes = _mm256_cmpeq_epi8(_mm256_min_epu8(above, get(p.span)), above);
    const Block pairs = _mm256_shuffle_epi8(text, get(p.pairs));
    const Block clamped = _mm256_min_epu16(_mm256_max_epu16(pairs, get(p.low)), get(p.high));
    return bits(_mm256_and_si256(bytes, _mm256_cmpeq_epi16(clamped, pairs))) == 0xffffffffU;
  }

 private:
  static Bits bits(Block block) { return static_cast<Bits>(_mm256_movemask_epi8(block)); }
  static Block equal(Block block, char c) { return _mm256_cmpeq_epi8(block, _mm256_set1_epi8(c)); }
  static Block or_(Block a, Block b) { return _mm256_or_si256(a, b); }
  static Block hard(Block block) {
    const Block control = _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1f)), block);
    return or_(control, equal(block, '\\'));
  }
  static Block get(const void* from) {
    return _mm256_load_si256(static_cast<const __m256i*>(from));
  }
  static Block within(Block block, char least, char most) {
    const Block above = _mm256_sub_epi8(block, _mm256_set1_epi8(least));
    return _mm256_cmpeq_epi8(
        _mm256_min_epu8(above, _mm256_set1_epi8(static_cast<char>(most - least))), above);
  }
};
