#include <callrail/error_message.hpp>
#include <callrail/utf8.hpp>

namespace callrail {
namespace {

constexpr std::string_view ellipsis = "…";

/// Controls, C1 included: terminals obey U+009B like ESC [.
constexpr bool is_blank(char32_t c) {
  return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029;
}

/// Marks without a shape of their own; some make a line read backwards.
constexpr bool is_invisible(char32_t c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t most) {
  std::string line;
  std::size_t fits = 0;  // where the line can be cut and still take the ellipsis
  bool blank = false;
  while (!text.empty()) {
    const Utf8 c = first_character(text);
    const std::string_view spelled = c.broken ? "?" : text.substr(0, c.size);
    text.remove_prefix(c.size);
    if (is_invisible(c.code) && !c.broken) continue;
    if (is_blank(c.code) && !c.broken) {
      blank = !line.empty();
      continue;
    }
    if (line.size() + (blank ? 1 : 0) + spelled.size() > most) {
      if (most < ellipsis.size()) return {};
      line.resize(fits);
      return line += ellipsis;
    }
    if (blank) line += ' ';
    blank = false;
    line += spelled;
    if (line.size() + ellipsis.size() <= most) fits = line.size();
  }
  return line;
}

}  // namespace callrail
