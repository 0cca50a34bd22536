#include "json_scan.hpp"

#include <algorithm>
#include <cstring>

namespace callrail {

namespace {

/// Takes four hex digits off `in`, or returns -1.
std::int32_t take_hex4(Text& in) {
  if (in.size() < 4) return -1;
  std::int32_t value = 0;
  for (const char c : in.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  in.remove_prefix(4);
  return value;
}

/// Takes the digits of a \u escape off `in`, and a second escape if they are half of a pair.
std::int32_t take_code_point(Text& in) {
  const std::int32_t first = take_hex4(in);
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first > 0xdbff || !in.starts_with("\\u")) return -1;
  in.remove_prefix(2);
  const std::int32_t second = take_hex4(in);
  if (second < 0xdc00 || second > 0xdfff) return -1;
  return 0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00);
}

void append_utf8(std::int32_t c, std::string& out) {
  const auto put = [&](std::int32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
    return;
  }
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xe0 | c >> 12);
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
    }
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

/// What the letter after a backslash stands for, or 0.
char meaning(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

}  // namespace

bool JsonScan::skip_string() {
  if (!take('"')) return false;
  while (at_ != end_) {
    const char c = *at_++;
    if (c == '"') return true;
    if (c == '\\' && at_ != end_) ++at_;
  }
  return false;
}

/// Only counts brackets: that they match has been checked.
bool JsonScan::skip_nested() {
  int depth = 0;
  while (at_ != end_) {
    switch (*at_) {
      case '"':
        if (!skip_string()) return false;
        continue;
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']': --depth; break;
      default: break;
    }
    ++at_;
    if (depth == 0) return true;
  }
  return false;
}

std::optional<Text> JsonScan::string() {
  const char* const begin = at_;
  if (!skip_string()) return std::nullopt;
  return Text{begin, static_cast<std::size_t>(at_ - begin)};
}

std::optional<Text> JsonScan::value() {
  const char* const begin = at_;
  if (sees('"')) return string();
  if (sees('{') || sees('[')) {
    if (!skip_nested()) return std::nullopt;
  } else {
    const auto is_word = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' ||
             c == 'E';
    };
    while (at_ != end_ && is_word(*at_)) ++at_;
    if (at_ == begin) return std::nullopt;
  }
  return Text{begin, static_cast<std::size_t>(at_ - begin)};
}

bool append_unescaped(Text in, std::string& out) {
  const std::size_t before = out.size();
  while (true) {
    const auto plain = std::min(in.find('\\'), in.size());
    out.append(in.substr(0, plain));
    in.remove_prefix(plain);
    if (in.empty()) return true;
    if (in.size() < 2) break;
    const char letter = in[1];
    in.remove_prefix(2);
    if (letter == 'u') {
      const std::int32_t c = take_code_point(in);
      if (c < 0) break;
      append_utf8(c, out);
    } else if (const char c = meaning(letter); c != 0) {
      out += c;
    } else {
      break;
    }
  }
  out.resize(before);
  return false;
}

Cell cell_of_json(Text value, std::string& scratch) {
  switch (value.empty() ? '\0' : value.front()) {
    case '"': {
      const Text inner = value.substr(1, value.size() - 2);
      if (inner.find('\\') == Text::npos) return Cell::of(inner);
      const std::size_t begin = scratch.size();
      if (!append_unescaped(inner, scratch)) return Cell::of(value, Kind::json);
      return Cell::of(Text{scratch}.substr(begin));
    }
    case '{':
    case '[': return Cell::of(value, Kind::json);
    case 'n': return Cell::null();
    case 't':
    case 'f': return Cell::of(value, Kind::boolean);
    default: return Cell::of(value, Kind::number);
  }
}

}  // namespace callrail
