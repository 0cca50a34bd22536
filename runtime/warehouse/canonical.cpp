#include "canonical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <json_scan.hpp>
#include <map>

namespace callrail {

namespace {

// The decoder takes no more than 64; what is deeper is not looked into.
constexpr int deepest = 500;

std::string without_blanks(Text json) {
  std::string compact;
  compact.reserve(json.size());
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!in_string && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) continue;
    compact += c;
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\' && i + 1 < json.size()) compact += json[++i];
  }
  return compact;
}

void append_string(Text quoted, std::string& out) {
  const Text inner = quoted.substr(1, quoted.size() - 2);
  std::string plain;
  if (!append_unescaped(inner, plain)) plain = inner;
  fmt::format_to(std::back_inserter(out), "{}\"", plain.size());
  out += plain;
}

void append_value(Text value, std::string& out, int depth) {
  const char first = value.empty() ? '\0' : value.front();
  JsonScan scan{value};
  if (depth == deepest) {
    out += value;
  } else if (first == '"' && value.size() > 1) {
    append_string(value, out);
  } else if (first == '-' || (first >= '0' && first <= '9')) {
    append_canonical_number(value, out);
  } else if (scan.take('[')) {
    out += '[';
    if (!scan.sees(']')) do {
        const auto element = scan.value();
        if (!element) break;
        append_value(*element, out, depth + 1);
        out += ',';
      } while (scan.take(','));
    out += ']';
  } else if (scan.take('{')) {
    std::map<std::string, std::string> members;
    if (!scan.sees('}')) do {
        const auto name = scan.string();
        if (!name || !scan.take(':')) break;
        const auto member = scan.value();
        if (!member) break;
        std::string key, text;
        append_string(*name, key);
        append_value(*member, text, depth + 1);
        members.insert_or_assign(std::move(key), std::move(text));
      } while (scan.take(','));
    out += '{';
    for (const auto& [name, text] : members) out.append(name).append(":").append(text).append(",");
    out += '}';
  } else {
    out += value;  // true, false, null
  }
}

}  // namespace

void append_canonical_json(Text json, std::string& out) {
  append_value(without_blanks(json), out, 0);
}

void append_canonical_number(Text number, std::string& out) {
  const bool negative = number.starts_with('-');
  Text mantissa = number.substr(negative ? 1 : 0);
  std::int64_t power = 0;
  if (const auto e = mantissa.find_first_of("eE"); e != mantissa.npos) {
    Text digits = mantissa.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), power);
    if (read.ec != std::errc{} || power > 1'000'000'000 || power < -1'000'000'000) {
      out += number;
      return;
    }
    mantissa = mantissa.substr(0, e);
  }
  std::string digits;
  bool behind_point = false;
  for (const char c : mantissa) {
    if (c == '.') {
      behind_point = true;
      continue;
    }
    digits += c;
    if (behind_point) --power;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  while (digits.ends_with('0')) {
    digits.pop_back();
    ++power;
  }
  if (digits.empty()) {
    out += '0';
    return;
  }
  if (negative) out += '-';
  fmt::format_to(std::back_inserter(out), "{}e{}", digits, power);
}

}  // namespace callrail
