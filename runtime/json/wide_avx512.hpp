// No #pragma once and no includes: see vector_avx2.hpp. A 64-byte twin, which a test compares with
// what a byte is, too.

/// What an escaped character stands for, by its code; 0: nothing by itself.
struct EscapeTable {
  alignas(64) char of[128];
};
inline constexpr EscapeTable escape_table = [] {
  EscapeTable table{};
  for (int c = 0; c < 128; ++c) table.of[c] = simple_escape(static_cast<char>(c));
  return table;
}();
/// The same for what stays escaped in JSON.
inline constexpr EscapeTable kept_escapes = [] {
  EscapeTable table = escape_table;
  table.of[static_cast<int>('/')] = 0;
  return table;
}();

/// Sixty-four bytes at once, where they are looked at one block after the other. For what begins
/// anywhere 32 are better: they lie in two cache lines less often, and `Vector` knows two cycles
/// sooner where a text ends.
struct Wide {
  using Block = __m512i;
  using Bits = std::uint64_t;
  static constexpr std::size_t width = 64;
  static constexpr bool unescapes = true;

  static Block load(const char* at) { return _mm512_loadu_si512(at); }
  static void store(char* at, Block block) { _mm512_storeu_si512(at, block); }
  static Bits is(Block block, char c) {
    if (c == '"') return equal(block, block_constants.quote);
    if (c == '\\') return equal(block, block_constants.backslash);
    return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(c));
  }
  static Bits no_ascii(Block block) { return _mm512_movepi8_mask(block); }
  static Bits controls(Block block) {
    return _mm512_cmplt_epu8_mask(block, _mm512_load_si512(block_constants.blank));
  }
  /// With a sign, control characters and what is not ASCII are below the blank.
  static Bits marks(Block block) {
    return _mm512_cmplt_epi8_mask(block, _mm512_load_si512(block_constants.blank)) |
           is(block, '\\');
  }
  /// { [
  static Bits opening(Block block) { return is(lower_case(block), '{'); }
  /// } ]
  static Bits closing(Block block) { return is(lower_case(block), '}'); }
  static Bits prefix_xor(Bits bits) {
    const __m128i all = _mm_set1_epi8(-1);
    const __m128i sum = _mm_cvtsi64_si128(static_cast<long long>(bits));
    return static_cast<Bits>(_mm_cvtsi128_si64(_mm_clmulepi64_si128(sum, all, 0)));
  }

  static Bits utf8_errors(const char* at) {
    const Block block = load(at), first = load(at - 1);
    const Block pairs = _mm512_and_si512(
        _mm512_and_si512(_mm512_shuffle_epi8(table(utf8_mistakes.first_high), upper(first)),
                         _mm512_shuffle_epi8(table(utf8_mistakes.first_low), lower(first))),
        _mm512_shuffle_epi8(table(utf8_mistakes.second_high), upper(block)));
    const Block third = _mm512_subs_epu8(load(at - 2), _mm512_set1_epi8(0xe0 - 0x80));
    const Block fourth = _mm512_subs_epu8(load(at - 3), _mm512_set1_epi8(0xf0 - 0x80));
    const Block right = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8('\x80'));
    return _mm512_cmpneq_epi8_mask(right, pairs);
  }

  /// What becomes of the text at `in`, as far as it can be said at once.
  struct Piece {
    std::size_t read, written;
    Bits beyond;   ///< bytes of the block that are not ASCII
    bool stopped;  ///< what comes next is the closing quote, or has to be looked at
    bool escapes, marks, doubled;
  };
  /// All escapes of a block at once, without a branch: where they are is hard to foresee. Those of
  /// \u0026 and of one letter; an escaped backslash, and others, are left to the caller.
  template <Into into>
  [[gnu::always_inline]] static Piece piece(const char* in, char* out) {
    constexpr std::size_t longest = 6;
    const Block block = load(in);
    const Bits slashes = is(block, '\\'), quotes = is(block, '"'), beyond = no_ascii(block);
    const Bits ampersands = slashes & is(block, 'u') >> 1 & is(block, '0') >> 2 &
                            is(block, '0') >> 3 & is(block, '2') >> 4 & is(block, '6') >> 5;
    const Bits others = slashes & ~ampersands, letters = others << 1;
    const auto* const table = into == Into::json ? kept_escapes.of : escape_table.of;
    const Block meant =
        _mm512_permutex2var_epi8(_mm512_load_si512(table), block, _mm512_load_si512(table + 64));
    // The table has ASCII only: of other bytes it says what their lower bits do.
    const Bits known = _mm512_test_epi8_mask(meant, meant) & ~beyond;
    const Bits odd = (letters & ~known) >> 1 | (slashes & slashes << 1) >> 1;
    const Bits stops = odd | (quotes & ~(slashes << 1)) | controls(block);
    const Bits tails =
        ampersands << 1 | ampersands << 2 | ampersands << 3 | ampersands << 4 | ampersands << 5;
    // No more than leaves room for an escape, and none of them in two.
    std::size_t n = static_cast<std::size_t>(std::countr_zero(stops));
    const bool stopped = n < width - longest;
    if (!stopped) {
      n = width - longest;
      if (((letters | tails) >> n & 1) != 0)
        n = static_cast<std::size_t>(std::bit_width(slashes & first(n))) - 1;
    }
    const Bits here = first(n);
    Piece piece{n, 0, beyond, stopped, (slashes & here) != 0, false, false};
    if constexpr (into == Into::nothing) return piece;
    Bits kept = here & ~tails;
    Block text = _mm512_mask_mov_epi8(block, ampersands, _mm512_set1_epi8('&'));
    if constexpr (into != Into::json) {
      kept &= ~others;
      text = _mm512_mask_mov_epi8(text, letters, meant);
    }
    if constexpr (into == Into::csv) {
      // The backslash before a quote becomes the second one.
      const Bits doubled = (letters & quotes & here) >> 1;
      kept |= doubled;
      text = _mm512_mask_mov_epi8(text, doubled, _mm512_load_si512(block_constants.quote));
      const auto* const marks = reinterpret_cast<const __m128i*>(by_digit<Marks::csv>.at);
      const Block own =
          _mm512_shuffle_epi8(_mm512_maskz_broadcast_i32x4(0xffff, _mm_load_si128(marks)), text);
      piece.marks = _mm512_mask_cmpeq_epi8_mask(kept, own, text) != 0;
      piece.doubled = doubled != 0;
    }
    store(out, _mm512_maskz_compress_epi8(kept, text));
    piece.written = static_cast<std::size_t>(std::popcount(kept));
    return piece;
  }

 private:
  static Block lower_case(Block block) { return _mm512_or_si512(block, _mm512_set1_epi8(0x20)); }
  static Block table(const unsigned char* from) {
    const __m128i all = _mm_load_si128(reinterpret_cast<const __m128i*>(from));
    return _mm512_maskz_broadcast_i32x4(0xffff, all);
  }
  static Block lower(Block block) { return _mm512_and_si512(block, _mm512_set1_epi8(15)); }
  static Block upper(Block block) { return lower(_mm512_srli_epi16(block, 4)); }
  static Bits equal(Block block, const unsigned char* constant) {
    return _mm512_cmpeq_epi8_mask(block, _mm512_load_si512(constant));
  }
  static Bits first(std::size_t n) { return _bzhi_u64(~Bits{0}, n); }
};
