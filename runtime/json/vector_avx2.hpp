// No #pragma once and no includes: predict_avx2.cpp includes this where the compiler may use AVX2.

/// Thirty-two bytes at once. VectorPlain says the same in plain C++, and a test compares the two.
struct Vector {
  using Block = __m256i;
  static constexpr std::size_t width = 32;

  static Block load(const char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static void store(char* at, Block block) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), block);
  }
  /// One bit for each byte, the first byte lowest.
  static std::uint32_t bits(Block block) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(block));
  }
  static Block equal(Block block, char c) { return _mm256_cmpeq_epi8(block, _mm256_set1_epi8(c)); }
  static std::uint32_t is(Block block, char c) { return bits(equal(block, c)); }
  static Block or_(Block a, Block b) { return _mm256_or_si256(a, b); }

  /// Backslashes and control characters.
  static Block hard(Block block) {
    const Block control = _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1f)), block);
    return or_(control, equal(block, '\\'));
  }
  static std::uint32_t no_ascii(Block block) { return bits(block); }
  static std::uint32_t digits(Block block) { return bits(within(block, '0', '9')); }

  /// Whether the bytes that `mask` names are the same.
  static bool same(const char* a, const char* b, std::uint32_t mask) {
    return (~bits(_mm256_cmpeq_epi8(load(a), load(b))) & mask) == 0;
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
  static Block get(const void* from) {
    return _mm256_load_si256(static_cast<const __m256i*>(from));
  }
  static Block within(Block block, char least, char most) {
    const Block above = _mm256_sub_epi8(block, _mm256_set1_epi8(least));
    return _mm256_cmpeq_epi8(
        _mm256_min_epu8(above, _mm256_set1_epi8(static_cast<char>(most - least))), above);
  }
};
