#include "json_text.hpp"

#include <array>

namespace callrail::codegen {

std::string json_quoted(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out{"\""};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (byte < 0x20) {
          out += "\\u00";
          out += hex[byte >> 4];
          out += hex[byte & 15];
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

bool is_json_number(std::string_view text) {
  std::size_t i = 0;
  const auto run = [&] {
    const std::size_t begin = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - begin;
  };
  const auto take = [&](std::string_view any_of) {
    if (i == text.size() || any_of.find(text[i]) == std::string_view::npos) return false;
    ++i;
    return true;
  };
  take("-");
  const bool zero = i < text.size() && text[i] == '0';
  const std::size_t whole = run();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (take(".") && run() == 0) return false;
  if (take("eE")) {
    take("+-");
    if (run() == 0) return false;
  }
  return i == text.size();
}

std::string to_json(const yaml::Value& value) {
  std::string out;
  switch (value.kind) {
    case yaml::Kind::nothing: return "null";
    case yaml::Kind::text: {
      const bool plain = !value.quoted && (value.text == "true" || value.text == "false" ||
                                           is_json_number(value.text));
      return plain ? value.text : json_quoted(value.text);
    }
    case yaml::Kind::list:
      for (const auto& item : value.items) out += (out.empty() ? "" : ",") + to_json(item);
      return "[" + out + "]";
    case yaml::Kind::map:
      for (const auto& [key, member] : value.members)
        out += (out.empty() ? "" : ",") + json_quoted(key.text) + ":" + to_json(member);
      return "{" + out + "}";
  }
  return out;
}

}  // namespace callrail::codegen
