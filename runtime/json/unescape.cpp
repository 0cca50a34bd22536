#include "escapes.hpp"

#include <callrail/unescape.hpp>

#include <cstring>

namespace callrail {

namespace {

/// Four hex digits, or nothing.
std::optional<std::uint32_t> hex4(Text in) {
  if (in.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : in.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value;
}

char* put_utf8(char* out, std::uint32_t c) {
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

/// The code point of a \u escape whose digits `in` begins with; takes them off, and those of a
/// second half too.
std::optional<std::uint32_t> code_point(Text& in) {
  const auto first = hex4(in);
  if (!first) return std::nullopt;
  in.remove_prefix(4);
  if (*first < 0xd800 || *first > 0xdfff) return first;
  if (*first > 0xdbff || !in.starts_with("\\u")) return std::nullopt;
  const auto second = hex4(in.substr(2));
  if (!second || *second < 0xdc00 || *second > 0xdfff) return std::nullopt;
  in.remove_prefix(6);
  return 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00);
}

}  // namespace

std::optional<Text> unescape(Text in, char* out) {
  char* const begin = out;
  while (true) {
    const auto plain = std::min(in.find('\\'), in.size());
    std::memcpy(out, in.data(), plain);
    out += plain;
    in.remove_prefix(plain);
    if (in.empty()) return Text{begin, static_cast<std::size_t>(out - begin)};
    if (in.size() < 2) return std::nullopt;
    const char kind = in[1];
    in.remove_prefix(2);
    if (kind == 'u') {
      const auto c = code_point(in);
      if (!c) return std::nullopt;
      out = put_utf8(out, *c);
    } else if (const char c = simple_escape(kind); c != 0) {
      *out++ = c;
    } else {
      return std::nullopt;
    }
  }
}

}  // namespace callrail
