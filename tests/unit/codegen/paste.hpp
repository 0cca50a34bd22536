#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace callrail::codegen {

/// A schema with a draft in it, put there as a person would: each part of the draft at the end of
/// the same section; a section the schema lacks before `endpoints`.
inline std::string pasted(const std::string& schema, const std::string& draft) {
  const auto lines_of = [](const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  };
  std::vector<std::string> out = lines_of(schema);
  std::string section;
  const auto is_top = [](const std::string& line) {
    return !line.empty() && line[0] >= 'a' && line[0] <= 'z';
  };
  for (const auto& line : lines_of(draft)) {
    if (line.starts_with('#')) continue;
    if (is_top(line)) {
      section = line;
      if (std::ranges::find(out, section) == out.end())
        out.insert(std::ranges::find(out, "endpoints:"), section);
      continue;
    }
    if (section == "api:" && line == "  parameters:") continue;
    auto at = std::ranges::find(out, section) + 1;
    if (section == "api:") {
      at = std::ranges::find_if(out, [](const auto& l) { return l.starts_with("  parameters:"); }) +
           1;
    } else {
      at = std::find_if(at, out.end(), is_top);
    }
    out.insert(at, line);
  }
  std::string text;
  for (const auto& line : out) text += line + "\n";
  return text;
}

}  // namespace callrail::codegen
