// No #pragma once and no includes: predict_avx2.cpp includes this where the compiler may use AVX2.

/// Thirty-two bytes at once. VectorPlain says the same in plain C++, and a test compares the two.
struct Vector {
  using Block = __m256i;
  using Bits = std::uint32_t;
  static constexpr std::size_t width = 32;
  static constexpr bool unescapes = false;

  static Block load(const char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static void store(char* at, Block block) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), block);
  }
  /// One bit for each byte, the first byte lowest.
  static Bits is(Block block, char c) { return bits(equal(block, c)); }
  static Bits no_ascii(Block block) { return bits(block); }
  static Bits controls(Block block) {
    return bits(_mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1f)), block));
  }
  /// Backslashes and control characters, and quotes too.
  static Bits stops(Block block) {
    const Block control = _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1f)), block);
    return bits(or_(or_(control, equal(block, '\\')), equal(block, '"')));
  }
  /// Backslashes, control characters, and whatever is not ASCII.
  static Bits marks(Block block) { return bits(or_(odd(block), equal(block, '\\'))); }
  static Bits marks_or_commas(Block block) {
    return bits(or_(or_(odd(block), equal(block, '\\')), equal(block, ',')));
  }
  /// { [
  static Bits opening(Block block) { return bits(equal(lower_case(block), '{')); }
  /// } ]
  static Bits closing(Block block) { return bits(equal(lower_case(block), '}')); }
  static Bits digits(Block block) { return bits(within(block, '0', '9')); }
  static Bits letters(Block block) { return bits(within(lower_case(block), 'a', 'z')); }
  static Bits hex(Block block) {
    return bits(or_(within(block, '0', '9'), within(lower_case(block), 'a', 'f')));
  }

  /// Each bit the parity of those up to it.
  static Bits prefix_xor(Bits bits) {
    const __m128i all = _mm_set1_epi8(-1);
    return static_cast<Bits>(
        _mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_cvtsi64_si128(bits), all, 0)));
  }

  /// Whether the bytes that `mask` names are the same.
  static bool same(const char* a, const char* b, std::uint64_t mask) {
    const auto first = static_cast<Bits>(mask), second = static_cast<Bits>(mask >> 32);
    return (~bits(_mm256_cmpeq_epi8(load(a), load(b))) & first) == 0 &&
           (second == 0 ||
            (~bits(_mm256_cmpeq_epi8(load(a + width), load(b + width))) & second) == 0);
  }

  using Pattern = Pattern32;
  static bool fits(const char* at, const Pattern& p) { return fits_pattern(at, p); }

  /// The bytes with which UTF-8 goes wrong. Three bytes before the block are looked at.
  static Bits utf8_errors(const char* at) {
    const Block block = load(at), first = load(at - 1);
    const Block pairs = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(table(utf8_mistakes.first_high), upper(first)),
                         _mm256_shuffle_epi8(table(utf8_mistakes.first_low), lower(first))),
        _mm256_shuffle_epi8(table(utf8_mistakes.second_high), upper(block)));
    // Behind a lead of three, and two behind one of four, two following bytes are right.
    const Block third = _mm256_subs_epu8(load(at - 2), _mm256_set1_epi8(0xe0 - 0x80));
    const Block fourth = _mm256_subs_epu8(load(at - 3), _mm256_set1_epi8(0xf0 - 0x80));
    const Block right = _mm256_and_si256(or_(third, fourth), _mm256_set1_epi8('\x80'));
    return ~bits(_mm256_cmpeq_epi8(right, pairs));
  }

 private:
  static Block table(const unsigned char* from) {
    const __m128i all = _mm_load_si128(reinterpret_cast<const __m128i*>(from));
    return _mm256_broadcastsi128_si256(all);
  }
  static Block lower(Block block) { return _mm256_and_si256(block, _mm256_set1_epi8(15)); }
  static Block upper(Block block) { return lower(_mm256_srli_epi16(block, 4)); }
  static Bits bits(Block block) { return static_cast<Bits>(_mm256_movemask_epi8(block)); }
  static Block equal(Block block, char c) {
    // These are compared with all the time, and cost more to make than to load.
    if (c == '"') return _mm256_cmpeq_epi8(block, get(block_constants.quote));
    if (c == '\\') return _mm256_cmpeq_epi8(block, get(block_constants.backslash));
    if (c == ',') return _mm256_cmpeq_epi8(block, get(block_constants.comma));
    return _mm256_cmpeq_epi8(block, _mm256_set1_epi8(c));
  }
  static Block lower_case(Block block) { return or_(block, get(block_constants.blank)); }
  static Block or_(Block a, Block b) { return _mm256_or_si256(a, b); }
  /// Control characters and what is not ASCII: with a sign, all of them are below the blank.
  static Block odd(Block block) { return _mm256_cmpgt_epi8(get(block_constants.blank), block); }
  static Block get(const void* from) {
    return _mm256_load_si256(static_cast<const __m256i*>(from));
  }
  static Block within(Block block, char least, char most) {
    const Block above = _mm256_sub_epi8(block, _mm256_set1_epi8(least));
    return _mm256_cmpeq_epi8(
        _mm256_min_epu8(above, _mm256_set1_epi8(static_cast<char>(most - least))), above);
  }
};
