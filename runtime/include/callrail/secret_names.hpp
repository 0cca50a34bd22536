#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace callrail {

/// Whether a member nobody has described is likely a credential.
constexpr bool sounds_secret(std::string_view name) {
  constexpr std::array<std::string_view, 8> words{"secret", "token",      "password", "passwd",
                                                  "key",    "credential", "auth",     "signature"};
  return std::ranges::any_of(
      words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

}  // namespace callrail
