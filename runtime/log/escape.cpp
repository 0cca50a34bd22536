#include <callrail/redact.hpp>

#include <cstdint>

namespace callrail {
namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t size = 0;  ///< 0: no character begins here
};

Decoded decode(std::string_view text, std::size_t i) {
  const auto at = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = at(i);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xc2 ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || i + size > text.size()) return {};
  std::uint32_t code = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t k = 1; k < size; ++k) {
    if ((at(i + k) & 0xc0) != 0x80) return {};
    code = code << 6 | (at(i + k) & 0x3fU);
  }
  const bool too_long = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (too_long || surrogate || code > 0x10ffff) return {};
  return {code, size};
}

constexpr bool unseen(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void hex(std::string& out, std::uint32_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[value >> shift & 0xfU];
}

}  // namespace

std::string escape_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, size] = decode(text, i);
    if (size == 0) {
      out += "\\x";
      hex(out, static_cast<unsigned char>(text[i++]), 2);
      continue;
    }
    if (!unseen(code)) {
      out += text.substr(i, size);
    } else if (code == '\n') {
      out += "\\n";
    } else if (code == '\r') {
      out += "\\r";
    } else if (code == '\t') {
      out += "\\t";
    } else if (code < 0x100) {
      out += "\\x";
      hex(out, code, 2);
    } else {
      out += "\\u";
      hex(out, code, 4);
    }
    i += size;
  }
  return out;
}

}  // namespace callrail
