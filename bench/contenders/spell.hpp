#pragma once

#include <callrail/types.hpp>

#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/// JSON strings straight to CSV and NDJSON, for the pipelines on top of simdjson: what such a
/// pipeline can best do once it knows where a string ends. In a namespace of its own for each set
/// of instructions, as the file that includes it.
namespace callrail::bench {

/// Bytes that may be read and written behind the end of what is copied.
inline constexpr std::size_t slack = 64;

inline constexpr std::size_t block = 16;
#ifdef __SSE2__
/// Copies a block; a bit for each byte in it that is one of the two.
inline std::uint32_t copy_block(const char* in, char* out, char a, char b) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
  const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(a)),
                                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b)));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(found));
}
#else
inline std::uint32_t copy_block(const char* in, char* out, char a, char b) {
  std::memcpy(out, in, block);
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < block; ++i)
    found |= static_cast<std::uint32_t>(in[i] == a || in[i] == b) << i;
  return found;
}
#endif

/// Copies until the end or one of the two bytes; true: it stands there.
inline bool copy_until(const char*& in, const char* end, char*& out, char a, char b) {
  while (in < end) {
    const std::uint32_t found = copy_block(in, out, a, b);
    const auto n = found == 0 ? block : static_cast<std::size_t>(std::countr_zero(found));
    if (n >= static_cast<std::size_t>(end - in)) {
      out += end - in;
      in = end;
      return false;
    }
    in += n;
    out += n;
    if (found != 0) return true;
  }
  return false;
}

inline std::uint32_t hex4(const char* in) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = in[i];
    value = value << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

/// The code point of the \u at `in`, which moves behind it and its second half.
inline std::uint32_t code_point(const char*& in) {
  std::uint32_t c = hex4(in + 2);
  in += 6;
  if (c >= 0xd800 && c < 0xdc00 && in[0] == '\\' && in[1] == 'u') {
    c = 0x10000 + ((c - 0xd800) << 10) + (hex4(in + 2) - 0xdc00);
    in += 6;
  }
  return c;
}

inline char* put_utf8(char* out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
  return out;
}

inline char simple_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

/// A cell of the JSON string between the quotes: at most twice as long, and two quotes.
inline char* csv_string(Text json, char* out) {
  char* const begin = out;
  const char* in = json.data();
  const char* const end = in + json.size();
  char comma = ',';
  const auto open = [&] {
    if (comma != ',') return;
    comma = '\\';  // from here on only escapes matter
    std::memmove(begin + 1, begin, static_cast<std::size_t>(out - begin));
    *begin = '"';
    ++out;
  };
  if (json.empty()) open();
  while (copy_until(in, end, out, '\\', comma)) {
    if (*in == ',') {
      open();
      *out++ = *in++;
      continue;
    }
    std::uint32_t c = 0;
    if (in[1] == 'u') {
      c = code_point(in);
    } else {
      c = static_cast<unsigned char>(simple_escape(in[1]));
      in += 2;
    }
    if (c == '"' || c == ',' || c == '\n' || c == '\r') open();
    if (c == '"') *out++ = '"';
    out = put_utf8(out, c);
  }
  if (comma != ',') *out++ = '"';
  return out;
}

/// A cell of the JSON of an object or array: in quotes, and its own doubled.
inline char* csv_nested(Text json, char* out) {
  const char* in = json.data();
  const char* const end = in + json.size();
  *out++ = '"';
  while (copy_until(in, end, out, '"', '"')) {
    *out++ = '"';
    *out++ = *in++;
  }
  *out++ = '"';
  return out;
}

/// The JSON string with its quotes, and no escape that need not be.
inline char* json_string(Text json, char* out) {
  const char* in = json.data();
  const char* const end = in + json.size();
  *out++ = '"';
  while (copy_until(in, end, out, '\\', '\\')) {
    if (in[1] == '/') {
      *out++ = '/';
      in += 2;
    } else if (in[1] != 'u') {
      *out++ = *in++;
      *out++ = *in++;
    } else {
      const char* const escape = in;
      const std::uint32_t c = code_point(in);
      if (c == '"' || c == '\\') {
        *out++ = '\\';
        *out++ = static_cast<char>(c);
      } else if (c >= 0x20) {
        out = put_utf8(out, c);
      } else if (const auto* const at =
                     c == 0 ? nullptr : std::strchr("\bb\ff\nn\rr\tt", static_cast<int>(c));
                 at != nullptr) {
        *out++ = '\\';
        *out++ = at[1];
      } else {
        for (int i = 0; i < 6; ++i)
          *out++ = escape[i] >= 'A' && escape[i] <= 'F' ? static_cast<char>(escape[i] | 0x20)
                                                        : escape[i];
      }
    }
  }
  *out++ = '"';
  return out;
}

inline char* copy_text(Text text, char* out) {
  const char* in = text.data();
  const char* const end = in + text.size();
  for (char* to = out; in < end; in += 16, to += 16) std::memcpy(to, in, 16);
  return out + text.size();
}

}  // namespace callrail::bench
