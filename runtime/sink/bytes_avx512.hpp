// No #pragma once and no includes: see bytes_avx2.hpp, whose twin this is.

/// Thirty-two bytes at once, or just as many of them as there are.
struct Bytes {
  using Block = __m256i;

  /// Copies; with marks in it, the copy may end early. Returns whether there are any.
  template <Marks marks>
  [[gnu::always_inline]] static bool copy(const char* from, std::size_t size, char* out) {
    for (; size > 32; size -= 32, from += 32, out += 32)
      if (copy_block<marks>(from, 32, out) != 0) return true;
    return size != 0 && copy_block<marks>(from, size, out) != 0;
  }

  /// Copies up to the first mark; how many bytes that is.
  template <Marks marks>
  static std::size_t copy_to_mark(const char* from, std::size_t size, char* out) {
    for (std::size_t i = 0; i < size; i += 32) {
      const auto marked = copy_block<marks>(from + i, size - i < 32 ? size - i : 32, out + i);
      if (marked != 0) return i + static_cast<std::size_t>(std::countr_zero(marked));
    }
    return size;
  }

  /// Each quote twice.
  static char* copy_doubled(const char* from, std::size_t size, char* out) {
    for (; size > 32; size -= 32, from += 32) out = put_doubled(from, 32, out);
    return size == 0 ? out : put_doubled(from, size, out);
  }

 private:
  static std::uint32_t first(std::size_t size) {
    return _bzhi_u32(~0U, static_cast<std::uint32_t>(size));
  }

  template <Marks marks>
  static std::uint32_t copy_block(const char* from, std::size_t size, char* out) {
    const Block block = _mm256_maskz_loadu_epi8(first(size), from);
    _mm256_storeu_si256(reinterpret_cast<Block*>(out), block);
    return found<marks>(block) & first(size);
  }

  static std::uint32_t is(Block block, char c) {
    return _mm256_cmpeq_epi8_mask(block, _mm256_set1_epi8(c));
  }
  static std::uint32_t below(Block block, char limit) {
    return _mm256_cmplt_epu8_mask(block, _mm256_set1_epi8(limit));
  }
  template <Marks marks>
  static std::uint32_t found(Block block) {
    switch (marks) {
      case Marks::none: return 0;
      case Marks::csv: return is(block, ',') | is(block, '"') | is(block, '\r') | is(block, '\n');
      case Marks::json: return is(block, '"') | is(block, '\\') | below(block, 0x20);
      case Marks::xml:
        return is(block, '&') | is(block, '<') | is(block, '>') | is(block, '\xef') |
               below(block, 0x20);
    }
  }

  /// Makes room behind each quote and writes another one there.
  static char* put_doubled(const char* from, std::size_t size, char* out) {
    const Block block = _mm256_maskz_loadu_epi8(first(size), from);
    const std::uint32_t quotes = is(block, '"');
    constexpr std::uint64_t sent = 0x5555555555555555U;
    const std::uint64_t places = sent | _pdep_u64(quotes, ~sent);
    const __m512i doubled = _mm512_mask_expand_epi8(_mm512_set1_epi8('"'), _pext_u64(sent, places),
                                                    _mm512_castsi256_si512(block));
    _mm512_storeu_si512(out, doubled);
    return out + size + _mm_popcnt_u32(quotes);
  }
};
