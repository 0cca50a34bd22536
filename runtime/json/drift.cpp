#include <callrail/drift.hpp>

namespace callrail {

namespace {

constexpr std::size_t longest_text = 80;
/// Distinct findings of one sort; the rest is counted together, or a hostile answer fills the
/// memory.
constexpr std::size_t most_findings = 100;
constexpr std::string_view the_rest = "(others)";

/// Not more than `longest_text` bytes, and no half of a UTF-8 sequence.
std::string_view cut(std::string_view text) {
  std::size_t size = text.size();
  if (size > longest_text) {
    size = longest_text;
    while (size > 0 && (text[size] & 0xc0) == 0x80) --size;
  }
  return text.substr(0, size);
}

Drift::Finding& finding_of(Drift::Findings& in, std::string_view path, Text example) {
  path = cut(path);
  auto at = in.find(path);
  if (at == in.end() && in.size() >= most_findings) path = the_rest, at = in.find(path);
  if (at == in.end()) at = in.emplace(path, Drift::Finding{0, std::string{cut(example)}}).first;
  return at->second;
}

void add_all(Drift::Findings& to, const Drift::Findings& from) {
  for (const auto& [path, finding] : from)
    finding_of(to, path, finding.example).count += finding.count;
}

}  // namespace

void Drift::note(Findings& in, std::string_view path, Text example) {
  ++finding_of(in, path, example).count;
}

void Drift::add(const Drift& other) {
  rows += other.rows;
  add_all(unknown_fields, other.unknown_fields);
  add_all(missing_fields, other.missing_fields);
  add_all(unknown_values, other.unknown_values);
  add_all(changed_types, other.changed_types);
  add_all(broken_formats, other.broken_formats);
  add_all(repeated_fields, other.repeated_fields);
  add_all(withheld, other.withheld);
}

}  // namespace callrail
