#include <callrail/fake/ask.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

Text find_header(const Pairs& headers, Text name) {
  for (const auto& [key, value] : headers)
    if (same_word(key, name)) return value;
  return {};
}

}  // namespace

bool same_word(Text a, Text b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* Ask::find(Text parameter) const {
  for (auto it = query.rbegin(); it != query.rend(); ++it)
    if (it->first == parameter) return &it->second;
  return nullptr;
}

Text Ask::header(Text name) const { return find_header(headers, name); }
Text Reply::header(Text name) const { return find_header(headers, name); }

std::string percent_decode(Text text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
  }
  return out;
}

std::string percent_encode(Text text) {
  static constexpr Text plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  static constexpr Text digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != Text::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

Pairs decode_query(Text query) {
  Pairs out;
  while (!query.empty()) {
    const Text one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    if (one.empty()) continue;
    const auto equals = one.find('=');
    out.emplace_back(percent_decode(one.substr(0, equals), true),
                     equals == Text::npos ? "" : percent_decode(one.substr(equals + 1), true));
  }
  return out;
}

std::string encode_query(const Pairs& pairs) {
  std::string out;
  for (const auto& [key, value] : pairs) {
    if (!out.empty()) out += '&';
    out += percent_encode(key);
    out += '=';
    out += percent_encode(value);
  }
  return out;
}

Ask get(Text target, Instant at) {
  Ask ask;
  const auto mark = target.find('?');
  ask.path = percent_decode(target.substr(0, mark), false);
  if (mark != Text::npos) ask.query = decode_query(target.substr(mark + 1));
  ask.at = at;
  return ask;
}

}  // namespace callrail::fake
