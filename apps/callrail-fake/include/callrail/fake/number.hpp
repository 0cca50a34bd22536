#pragma once

#include <callrail/types.hpp>

#include <charconv>
#include <cstdint>
#include <optional>

namespace callrail::fake {

/// The whole text as a number without sign; nothing if it is anything else, or too large.
inline std::optional<std::uint64_t> whole_number(Text text, int base = 10) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace callrail::fake
