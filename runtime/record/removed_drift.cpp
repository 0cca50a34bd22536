#include <callrail/schema_fingerprint.hpp>

#include <algorithm>

namespace callrail {
namespace {

/// "tags[].color" is about color, and so is "tags[].color=blue".
std::string_view member_of(std::string_view path) {
  path = path.substr(0, path.find('='));
  path = path.substr(path.find_last_of('.') + 1);
  while (path.ends_with("[]")) path.remove_suffix(2);
  return path;
}

}  // namespace

void forget_removed(Drift& drift, std::span<const std::string> secret_names) {
  const auto is_removed = [&](const auto& finding) {
    return std::ranges::find(secret_names, member_of(finding.first)) != secret_names.end();
  };
  for (Drift::Findings* findings :
       {&drift.changed_types, &drift.unknown_values, &drift.broken_formats})
    std::erase_if(*findings, is_removed);
}

}  // namespace callrail
