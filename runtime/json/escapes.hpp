#pragma once

#include <cstdint>

namespace callrail {

/// What becomes of a text while it is read. `csv`: quotes come twice.
enum class Into : std::uint8_t { nothing, cell, csv, json };

constexpr bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
/// What a letter behind a backslash stands for; 0: not by itself.
constexpr char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

}  // namespace callrail
