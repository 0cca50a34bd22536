#include "predict.hpp"

#include "formats.hpp"

#include <callrail/unescape.hpp>

#include <simdjson.h>

#include <algorithm>

namespace callrail {

constinit const BlockConstants block_constants = [] {
  BlockConstants c{};
  for (int i = 0; i < 64; ++i)
    c.quote[i] = '"', c.backslash[i] = '\\', c.comma[i] = ',', c.blank[i] = ' ';
  return c;
}();

bool is_utf8(Text text) { return simdjson::validate_utf8(text.data(), text.size()); }

bool passes_slowly(const Field& field, Text text) {
  if (!field.values.empty() && std::ranges::find(field.values, text) == field.values.end())
    return false;
  return fits(field.format, text);
}

bool unescape_unicode(const char*& in, char*& out) {
  // The other half of a pair stands right behind the first.
  const auto is = [&](std::size_t i, Text any) { return any.find(in[i]) != Text::npos; };
  const bool pair = is(2, "dD") && is(3, "89abAB") && in[6] == '\\' && in[7] == 'u';
  const std::size_t size = pair ? 12 : 6;
  const auto text = unescape({in, size}, out);
  if (!text) return false;
  in += size;
  out += text->size();
  return true;
}

char* put_json_escape(unsigned char c, char* out) {
  *out++ = '\\';
  switch (c) {
    case '"':
    case '\\': *out++ = static_cast<char>(c); return out;
    case '\b': *out++ = 'b'; return out;
    case '\f': *out++ = 'f'; return out;
    case '\n': *out++ = 'n'; return out;
    case '\r': *out++ = 'r'; return out;
    case '\t': *out++ = 't'; return out;
    default: break;
  }
  for (const char digit : {'u', '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]})
    *out++ = digit;
  return out;
}

const Kernel& best_kernel() {
  static const Kernel& best = [&]() -> const Kernel& {
    for (const Kernel* const kernel : {avx512_kernel(), avx2_kernel()})
      if (kernel != nullptr) return *kernel;
    return plain_kernel();
  }();
  return best;
}

}  // namespace callrail
