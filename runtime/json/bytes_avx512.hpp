// No #pragma once and no includes: see bytes_avx2.hpp, whose twin this is.

/// Up to 64 bytes at once, however many there are: what stands behind them is not touched. That and
/// the one instruction that makes room for quotes take a third off what AVX2 needs for CSV.
struct Bytes {
  using Block = __m256i;

  static constexpr bool copies_any_size = true;  ///< without a branch, up to 64 bytes

  /// Copies; with marks in it, the copy may end early. Returns whether there are any.
  template <Marks marks>
  [[gnu::always_inline]] static bool copy(const char* from, std::size_t size, char* out) {
    for (; size > 64; size -= 64, from += 64, out += 64)
      if (copy_block<marks>(from, 64, out) != 0) return true;
    return copy_block<marks>(from, size, out) != 0;
  }

  /// Copies up to the first mark; how many bytes that is.
  template <Marks marks>
  static std::size_t copy_to_mark(const char* from, std::size_t size, char* out) {
    for (std::size_t i = 0; i < size; i += 64) {
      const auto marked = copy_block<marks>(from + i, size - i < 64 ? size - i : 64, out + i);
      if (marked != 0) return i + static_cast<std::size_t>(std::countr_zero(marked));
    }
    return size;
  }

  /// Each quote twice. What is left at the end goes the same way whatever it is: how much it is, is
  /// hard to foresee. Halves are loaded once more, as it costs more to take a block apart.
  static char* copy_doubled(const char* from, std::size_t size, char* out) {
    const __m512i quote = _mm512_set1_epi8('"');
    for (; size > 64; size -= 64, from += 64) {
      const std::uint64_t quotes = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(from), quote);
      out = put_spread(half_at(from), quotes, out) + 32;
      out = put_spread(half_at(from + 32), quotes >> 32, out) + 32;
    }
    const __m512i last = _mm512_maskz_loadu_epi8(_bzhi_u64(~std::uint64_t{0}, size), from);
    const std::uint64_t quotes = _mm512_cmpeq_epi8_mask(last, quote);
    char* const half = put_spread(_mm512_maskz_extracti64x4_epi64(0xff, last, 0), quotes, out) + 32;
    put_spread(_mm512_maskz_extracti64x4_epi64(0xff, last, 1), quotes >> 32, half);
    return out + size + std::popcount(quotes);
  }

 private:
  static Block half_at(const char* from) {
    return _mm256_loadu_si256(reinterpret_cast<const Block*>(from));
  }

  template <Marks marks>
  static std::uint64_t copy_block(const char* from, std::size_t size, char* out) {
    const __mmask64 there = _bzhi_u64(~std::uint64_t{0}, size);
    const __m512i block = _mm512_maskz_loadu_epi8(there, from);
    _mm512_storeu_si512(out, block);
    if constexpr (marks == Marks::none) return 0;
    const auto* const table = reinterpret_cast<const __m128i*>(by_digit<marks>.at);
    const __m512i own =
        _mm512_shuffle_epi8(_mm512_maskz_broadcast_i32x4(0xffff, _mm_load_si128(table)), block);
    std::uint64_t marked = _mm512_mask_cmpeq_epi8_mask(there, own, block);
    if constexpr (marks != Marks::csv)
      marked |= _mm512_mask_cmplt_epu8_mask(there, block, _mm512_set1_epi8(0x20));
    if constexpr (marks == Marks::xml)
      marked |= _mm512_mask_cmpeq_epi8_mask(there, block, _mm512_set1_epi8('\xef'));
    return marked;
  }

  /// Makes room behind each quote, of which the lower 32 bits tell, and writes another one there.
  /// Returns by how many bytes that made it longer, from `out` on.
  static char* put_spread(Block block, std::uint64_t quotes, char* out) {
    constexpr std::uint64_t sent = 0x5555555555555555U;
    const auto lower = static_cast<std::uint32_t>(quotes);
    const std::uint64_t places = sent | _pdep_u64(lower, ~sent);
    const __m512i doubled = _mm512_mask_expand_epi8(_mm512_set1_epi8('"'), _pext_u64(sent, places),
                                                    _mm512_castsi256_si512(block));
    _mm512_storeu_si512(out, doubled);
    return out + _mm_popcnt_u32(lower);
  }
};
