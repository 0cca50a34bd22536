#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace callrail::cli {

inline std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

/// A number with nothing around it but blanks.
template <class T>
std::optional<T> parse_number(std::string_view text) {
  text = trim(text);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "5GB", "1.5 MB", "800000": powers of a thousand.
inline std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  text = trim(text);
  std::uint64_t unit = 1;
  constexpr std::string_view names[] = {"kB", "MB", "GB", "TB"};
  for (const std::string_view name : names) {
    unit *= 1000;
    if (!text.ends_with(name)) continue;
    const auto number = parse_number<double>(text.substr(0, text.size() - name.size()));
    constexpr double most = 1e18;
    if (!number || !(*number >= 0) || *number * static_cast<double>(unit) > most)
      return std::nullopt;
    return static_cast<std::uint64_t>(*number * static_cast<double>(unit));
  }
  return parse_number<std::uint64_t>(text);
}

/// The parts between commas, without the blanks around them; empty ones are left out.
inline std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    if (const auto part = trim(text.substr(0, comma)); !part.empty()) parts.push_back(part);
    if (comma == text.npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace callrail::cli
