#pragma once

#include <callrail/utf8.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail::fuzz {

struct XmlValue {
  std::string name, type;  ///< the attribute "type"
  bool nil = false;
  std::string text;
};
using XmlRow = std::vector<XmlValue>;

/// Reads the XML our writer spells and nothing else, as strictly as XML 1.0 demands: characters it
/// forbids are mistakes, and line ends become LF as in every parser. Nothing on the first mistake.
class XmlReader {
 public:
  explicit XmlReader(std::string_view in) : in_{in} {}

  std::optional<std::vector<XmlRow>> read() {
    std::vector<XmlRow> rows;
    std::string root;
    if (!take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<") || !name(root) || !take(">\n"))
      return std::nullopt;
    while (take("<row>")) {
      XmlRow& row = rows.emplace_back();
      while (!take("</row>\n"))
        if (!value(row)) return std::nullopt;
    }
    if (!take("</" + root + ">\n") || !in_.empty()) return std::nullopt;
    return rows;
  }

 private:
  bool take(std::string_view expected) {
    if (!in_.starts_with(expected)) return false;
    in_.remove_prefix(expected.size());
    return true;
  }

  bool name(std::string& out) {
    while (!in_.empty() && (std::isalnum(static_cast<unsigned char>(in_[0])) != 0 ||
                            in_[0] == '_' || (!out.empty() && (in_[0] == '-' || in_[0] == '.')))) {
      out += in_[0];
      in_.remove_prefix(1);
    }
    return !out.empty() && (out[0] < '0' || out[0] > '9');
  }

  bool value(XmlRow& row) {
    XmlValue& value = row.emplace_back();
    if (!take("<") || !name(value.name)) return false;
    if (take(" nil=\"true\"/>")) return value.nil = true;
    for (const std::string type : {"json-string", "json"})
      if (take(" type=\"" + type + "\"")) value.type = type;
    return take(">") && text(value.text) && take("</" + value.name + ">");
  }

  bool text(std::string& out) {
    while (!in_.empty() && in_[0] != '<') {
      if (take("&amp;")) {
        out += '&';
      } else if (take("&lt;")) {
        out += '<';
      } else if (take("&gt;")) {
        out += '>';
      } else if (take("&#")) {
        unsigned code = 0;
        while (!in_.empty() && in_[0] >= '0' && in_[0] <= '9' && code < 1000) {
          code = code * 10 + static_cast<unsigned>(in_[0] - '0');
          in_.remove_prefix(1);
        }
        if (!take(";") || !allowed(code) || code > 0x7f) return false;
        out += static_cast<char>(code);
      } else if (in_[0] == '&' || in_.starts_with("]]>")) {
        return false;
      } else if (take("\r\n") || take("\r")) {
        out += '\n';
      } else {
        const Utf8 c = first_character(in_);
        if (c.broken || !allowed(c.code)) return false;
        out += in_.substr(0, c.size);
        in_.remove_prefix(c.size);
      }
    }
    return true;
  }

  static bool allowed(char32_t c) {
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xd7ff) ||
           (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }

  std::string_view in_;
};

}  // namespace callrail::fuzz
