#include "quoted.hpp"

#include <callrail/unescape.hpp>

#include <bit>
#include <cstdint>

#ifdef __SSE2__  // any x86-64
#include <emmintrin.h>
#endif

namespace callrail {

std::size_t closing_quote_plainly(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return i;
    if (text[i] == '\\') ++i;
  }
  return text.npos;
}

bool append_unescaped_plainly(std::string_view quoted, Body& out) {
  const auto text = unescape(quoted, out.room(quoted.size()));
  if (text) out.wrote(text->size());
  return text.has_value();
}

#ifdef __SSE2__
namespace {

__m128i load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

unsigned mask_of(__m128i bytes, char c) {
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))));
}

std::uint64_t mask_of_64(const char* at, char c) {
  std::uint64_t mask = 0;
  for (int i = 0; i < 4; ++i) mask |= std::uint64_t{mask_of(load(at + 16 * i), c)} << (16 * i);
  return mask;
}

/// Which bytes stand behind an odd number of backslashes. `escaped`: whether the first one does;
/// then, whether the first one of the next 64 does. As simdjson does it: adding carries through a
/// run of backslashes, and where it ends tells whether its length is odd.
std::uint64_t escaped_bytes(std::uint64_t backslashes, std::uint64_t& escaped) {
  constexpr std::uint64_t even = 0x5555'5555'5555'5555u;
  backslashes &= ~escaped;
  const std::uint64_t behind = backslashes << 1 | escaped;
  const std::uint64_t odd_starts = backslashes & ~even & ~behind;
  const std::uint64_t ends = odd_starts + backslashes;
  escaped = ends < backslashes ? 1 : 0;
  return (even ^ ends << 1) & behind;
}

char letter_of(char escape) {
  switch (escape) {
    case '"':
    case '\\':
    case '/': return escape;
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'f': return '\f';
    default: return 0;
  }
}

}  // namespace

// 64 bytes at a time: 8.9 GB/s on the lines of a recording, where the loop above does 0.75.
std::size_t closing_quote(std::string_view text) {
  std::uint64_t escaped = 0;
  std::size_t i = 0;
  for (; i + 64 <= text.size(); i += 64) {
    const std::uint64_t quotes = mask_of_64(text.data() + i, '"');
    const std::uint64_t backslashes = mask_of_64(text.data() + i, '\\');
    if (const std::uint64_t ends = quotes & ~escaped_bytes(backslashes, escaped); ends != 0)
      return i + static_cast<std::size_t>(std::countr_zero(ends));
  }
  i += escaped;
  if (i >= text.size()) return text.npos;
  const std::size_t rest = closing_quote_plainly(text.substr(i));
  return rest == text.npos ? rest : i + rest;
}

bool append_unescaped(std::string_view quoted, Body& out) {
  char* const begin = out.room(quoted.size());
  char* to = begin;
  const char* at = quoted.data();
  const char* const end = at + quoted.size();
  // Never more is written than was read, so 16 bytes have room as long as 16 are left.
  while (end - at >= 16) {
    const __m128i bytes = load(at);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
    const unsigned backslashes = mask_of(bytes, '\\');
    if (backslashes == 0) {
      at += 16, to += 16;
      continue;
    }
    const int plain = std::countr_zero(backslashes);
    at += plain, to += plain;
    if (end - at < 2) break;
    if (const char letter = letter_of(at[1]); letter != 0) {
      *to++ = letter;
      at += 2;
      continue;
    }
    // Rare: a \u escape, which may go on with another one, or a mistake.
    std::size_t size = 6;
    while (static_cast<std::size_t>(end - at) >= size + 6 && at[size] == '\\' &&
           at[size + 1] == 'u')
      size += 6;
    if (at[1] != 'u' || static_cast<std::size_t>(end - at) < size) return false;
    const auto text = unescape({at, size}, to);
    if (!text) return false;
    at += size, to += text->size();
  }
  const auto rest = unescape({at, static_cast<std::size_t>(end - at)}, to);
  if (!rest) return false;
  out.wrote(static_cast<std::size_t>(to - begin) + rest->size());
  return true;
}
#else
std::size_t closing_quote(std::string_view text) { return closing_quote_plainly(text); }
bool append_unescaped(std::string_view quoted, Body& out) {
  return append_unescaped_plainly(quoted, out);
}
#endif

}  // namespace callrail
