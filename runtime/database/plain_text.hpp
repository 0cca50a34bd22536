#pragma once

#include <callrail/utf8.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace callrail {

/// PostgreSQL keeps no NUL in a text, and nothing that is no UTF-8.
inline bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const Utf8 first = first_character(text);
    if (first.broken || first.code == 0) return false;
    text.remove_prefix(first.size);
  }
  return true;
}

/// With U+FFFD for what it does not keep.
inline std::string plain_text(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const Utf8 first = first_character(text);
    if (first.broken || first.code == 0)
      plain += "\xef\xbf\xbd";
    else
      plain.append(text.substr(0, first.size));
    text.remove_prefix(first.size);
  }
  return plain;
}

}  // namespace callrail
