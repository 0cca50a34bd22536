#include "names.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

bool small(char c) { return c >= 'a' && c <= 'z'; }
bool capital(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return capital(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return small(c) ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts;
  bool begins = true, was_small = false;
  for (const char c : name) {
    const bool inside = small(c) || capital(c) || digit(c);
    if (inside) {
      if (begins || (capital(c) && was_small)) parts.emplace_back();
      parts.back() += lower(c);
    }
    begins = !inside;
    was_small = small(c);
  }
  return parts;
}

std::string last_part(std::string_view name) {
  auto parts = parts_of(name);
  return parts.empty() ? std::string{} : std::move(parts.back());
}

std::string pascal(std::string_view name) {
  std::string out;
  for (const auto& part : parts_of(name)) out += upper(part[0]) + part.substr(1);
  if (!out.empty() && digit(out[0])) out.insert(0, "N");
  return out;
}

std::string singular(std::string_view name) {
  const auto without = [&](std::size_t letters) {
    return std::string{name.substr(0, name.size() - letters)};
  };
  if (name.size() < 4 || !name.ends_with('s') || name.ends_with("ss") || name.ends_with("us") ||
      name.ends_with("is"))
    return std::string{name};
  if (name.ends_with("ies")) return without(3) + 'y';
  for (const std::string_view end : {"sses", "uses", "xes", "ches", "shes"})
    if (name.ends_with(end)) return without(2);
  return without(1);
}

bool is_field_name(std::string_view name) {
  // Which YAML takes for something else.
  if (name == "null" || name == "true" || name == "false") return false;
  return std::ranges::any_of(name, small) && !digit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return small(c) || digit(c) || c == '_'; });
}

std::string field_name(std::string_view text) {
  std::string out;
  for (const auto& part : parts_of(text.substr(0, text.find('.'))))
    out += (out.empty() ? "" : "_") + part;
  return out.empty() || digit(out[0]) ? "rows" + (out.empty() ? "" : "_" + out) : out;
}

}  // namespace callrail::codegen
