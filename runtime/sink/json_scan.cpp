#include "json_scan.hpp"

#include <callrail/unescape.hpp>

namespace callrail {

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
  out.resize(before + in.size());
  const auto text = unescape(in, out.data() + before);
  out.resize(before + (text ? text->size() : 0));
  return text.has_value();
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
