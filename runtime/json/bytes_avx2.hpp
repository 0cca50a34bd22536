// No #pragma once and no includes: speller_avx2.cpp includes this where the compiler may use AVX2.

/// How eight bytes are spread over sixteen so that some of them, one bit each, come twice.
struct Spreads {
  alignas(16) unsigned char at[256][16];
};
inline constexpr Spreads spreads = [] {
  Spreads all{};
  for (unsigned twice = 0; twice < 256; ++twice) {
    unsigned char to = 0;
    for (unsigned char from = 0; from < 8; ++from) {
      all.at[twice][to++] = from;
      if ((twice >> from & 1) != 0) all.at[twice][to++] = from;
    }
  }
  return all;
}();

/// Sixteen or 32 bytes at once. `Bytes` in bytes_plain.hpp says the same in plain C++, and a test
/// compares the two.
struct Bytes {
  using Block = __m256i;
  using Half = __m128i;

  static constexpr bool copies_any_size = false;

  /// Copies; with marks in it, the copy may end early. Returns whether there are any.
  template <Marks marks>
  [[gnu::always_inline]] static bool copy(const char* from, std::size_t size, char* out) {
    if (size >= 4 && size < 32) {
      // One way for all these sizes: most cells are among them, and a guess of the size would often
      // be wrong. Whole words first, then the last four bytes, some of them twice.
      const Block there = block_at(reinterpret_cast<const char*>(words_there + 8 - size / 4));
      const Block words = _mm256_maskload_epi32(reinterpret_cast<const int*>(from), there);
      const auto last = word_at<std::int32_t>(from + size - 4);
      put(out, words), put(out + size - 4, last);
      return found<marks>(_mm256_blendv_epi8(_mm256_set1_epi32(last), words, there)) != 0;
    }
    if (size >= 32) {
      for (std::size_t i = 0; i < size - 32; i += 32)
        if (copy_block<marks>(from + i, out + i) != 0) return true;
      return copy_block<marks>(from + size - 32, out + size - 32) != 0;
    }
    if (size == 0) return false;
    const char first = from[0], middle = from[size / 2], last = from[size - 1];
    out[0] = first, out[size / 2] = middle, out[size - 1] = last;
    return is_mark(marks, first) || is_mark(marks, middle) || is_mark(marks, last);
  }

  /// Copies up to the first mark; how many bytes that is.
  template <Marks marks>
  static std::size_t copy_to_mark(const char* from, std::size_t size, char* out) {
    std::size_t i = 0;
    for (; i + 32 <= size; i += 32) {
      const std::uint32_t marked = copy_block<marks>(from + i, out + i);
      if (marked != 0) return i + static_cast<std::size_t>(std::countr_zero(marked));
    }
    for (; i < size && !is_mark(marks, from[i]); ++i) out[i] = from[i];
    return i;
  }

  /// Each quote twice.
  static char* copy_doubled(const char* from, std::size_t size, char* out) {
    const char* const end = from + size;
    for (; end - from >= 32; from += 32) {
      const Block all = block_at(from);
      const Block is = _mm256_cmpeq_epi8(all, _mm256_set1_epi8('"'));
      const auto quotes = static_cast<std::uint32_t>(_mm256_movemask_epi8(is));
      if (quotes == 0) {
        put(out, all);
        out += 32;
        continue;
      }
      for (unsigned i = 0; i < 4; ++i)
        out =
            put_spread(half_of(word_at<std::uint64_t>(from + 8 * i)), quotes >> 8 * i & 0xff, out);
    }
    for (; end - from >= 8; from += 8) out = put_doubled(word_at<std::uint64_t>(from), out);
    // Zeros are no quotes: behind the end, each of them is written as one byte.
    const auto left = static_cast<std::size_t>(end - from);
    return put_doubled(few_bytes(from, left), out) - (8 - left);
  }

 private:
  static char* put_doubled(std::uint64_t word, char* out) {
    const Half eight = half_of(word);
    const Half quotes = _mm_cmpeq_epi8(eight, _mm_set1_epi8('"'));
    return put_spread(eight, static_cast<unsigned>(_mm_movemask_epi8(quotes)), out);
  }

  static constexpr std::int32_t words_there[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

  static Block block_at(const char* at) {
    return _mm256_loadu_si256(reinterpret_cast<const Block*>(at));
  }
  static Half half_of(std::uint64_t word) {
    return _mm_cvtsi64_si128(static_cast<long long>(word));
  }
  template <class Word>
  static Word word_at(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
  }
  template <class Some>
  static void put(char* at, Some some) {
    std::memcpy(at, &some, sizeof some);
  }

  static char* put_spread(Half eight, unsigned twice, char* out) {
    const auto* const spread = reinterpret_cast<const Half*>(spreads.at[twice]);
    put(out, _mm_shuffle_epi8(eight, _mm_load_si128(spread)));
    return out + 8 + _mm_popcnt_u32(twice);
  }

  template <Marks marks>
  static std::uint32_t copy_block(const char* from, char* out) {
    const Block all = block_at(from);
    put(out, all);
    return found<marks>(all);
  }

  template <Marks marks>
  static std::uint32_t found(Block block) {
    if constexpr (marks == Marks::none) return 0;
    const auto* const table = reinterpret_cast<const Half*>(by_digit<marks>.at);
    const Block own =
        _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_load_si128(table)), block);
    Block marked = _mm256_cmpeq_epi8(own, block);
    if constexpr (marks != Marks::csv) {
      const Block control = _mm256_min_epu8(block, _mm256_set1_epi8(0x1f));
      marked = _mm256_or_si256(marked, _mm256_cmpeq_epi8(control, block));
    }
    if constexpr (marks == Marks::xml)
      marked = _mm256_or_si256(marked, _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\xef')));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(marked));
  }
};
