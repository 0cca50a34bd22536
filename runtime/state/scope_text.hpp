#pragma once

#include <callrail/key_list.hpp>

#include <string>
#include <string_view>

namespace callrail {

/// A scope in one cell: names and values are ids and never hold these two characters.
inline std::string join_scope(const Scope& scope) {
  std::string text;
  for (const auto& [parameter, value] : scope) text += parameter + '\x1f' + value + '\x1e';
  return text;
}

inline Scope split_scope(std::string_view text) {
  Scope scope;
  while (!text.empty()) {
    const auto middle = text.find('\x1f'), end = text.find('\x1e');
    if (middle == text.npos || end == text.npos || end < middle) break;
    scope.emplace_back(text.substr(0, middle), text.substr(middle + 1, end - middle - 1));
    text.remove_prefix(end + 1);
  }
  return scope;
}

}  // namespace callrail
