// No #pragma once and no includes: a part of the vectors of AVX2 and of what came after it.

/// Whether each of 32 bytes is at most `span` more than `least`, and each of the pairs of digits
/// that `pairs` picks (two bytes, the first one higher) between `low` and `high`.
struct Pattern32 {
  alignas(32) unsigned char least[32], span[32], pairs[32];
  alignas(32) std::uint16_t low[16], high[16];
};

inline __m256i aligned_block(const void* from) {
  return _mm256_load_si256(static_cast<const __m256i*>(from));
}

inline bool fits_pattern(const char* at, const Pattern32& p) {
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  const __m256i above = _mm256_sub_epi8(text, aligned_block(p.least));
  const __m256i bytes = _mm256_cmpeq_epi8(_mm256_min_epu8(above, aligned_block(p.span)), above);
  const __m256i pairs = _mm256_shuffle_epi8(text, aligned_block(p.pairs));
  const __m256i clamped =
      _mm256_min_epu16(_mm256_max_epu16(pairs, aligned_block(p.low)), aligned_block(p.high));
  const __m256i all = _mm256_and_si256(bytes, _mm256_cmpeq_epi16(clamped, pairs));
  return _mm256_movemask_epi8(all) == -1;
}
