#include "json_line.hpp"

#include <charconv>

namespace callrail {
namespace {

void append_coded(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out.append("\\u00");
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

}  // namespace

void JsonLine::quote(std::string_view value) {
  out_.reserve(out_.size() + value.size() + value.size() / 8);
  out_ += '"';
  const auto is_plain = [this](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && !key_.may_end(c);
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::size_t begin = i;
    while (i < value.size() && is_plain(value[i])) ++i;
    out_.append(value, begin, i - begin);
    if (i < value.size()) quote(value[i]);
  }
  out_ += '"';
}

void JsonLine::quote(char c) {
  if (static_cast<unsigned char>(c) < 0x20) {
    switch (c) {
      case '\n': out_ += "\\n"; break;
      case '\r': out_ += "\\r"; break;
      case '\t': out_ += "\\t"; break;
      default: append_coded(out_, c);
    }
    return;
  }
  if (c == '"' || c == '\\') out_ += '\\';
  out_ += c;
  // A key has no control characters, quotes or bytes beyond ASCII, so this is a single letter.
  if (!key_.ends(out_)) return;
  out_.pop_back();
  if (c == '\\') out_.pop_back();
  append_coded(out_, c);
}

std::optional<std::string> read_text(JsonScan& scan) {
  const auto quoted = scan.string();
  if (!quoted) return std::nullopt;
  std::string out;
  if (!append_unescaped(quoted->substr(1, quoted->size() - 2), out)) return std::nullopt;
  return out;
}

std::optional<std::int64_t> read_number(JsonScan& scan) {
  const auto word = scan.value();
  if (!word) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), value);
  if (error != std::errc{} || end != word->data() + word->size()) return std::nullopt;
  return value;
}

std::optional<bool> read_flag(JsonScan& scan) {
  const auto word = scan.value();
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

}  // namespace callrail
