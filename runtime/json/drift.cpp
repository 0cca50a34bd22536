#include <callrail/drift.hpp>

namespace callrail {

namespace {

constexpr std::size_t longest_example = 80;

void add_all(Drift::Findings& to, const Drift::Findings& from) {
  for (const auto& [path, finding] : from) {
    auto& mine = to[path];
    if (mine.count == 0) mine.example = finding.example;
    mine.count += finding.count;
  }
}

}  // namespace

void Drift::note(Findings& in, std::string_view path, Text example) {
  auto at = in.find(path);
  if (at == in.end()) {
    std::size_t size = example.size();
    if (size > longest_example) {
      size = longest_example;
      while (size > 0 && (example[size] & 0xc0) == 0x80) --size;  // not inside a UTF-8 sequence
    }
    at = in.emplace(path, Finding{0, std::string{example.substr(0, size)}}).first;
  }
  ++at->second.count;
}

void Drift::add(const Drift& other) {
  add_all(unknown_fields, other.unknown_fields);
  add_all(missing_fields, other.missing_fields);
  add_all(unknown_values, other.unknown_values);
  add_all(changed_types, other.changed_types);
  add_all(broken_formats, other.broken_formats);
  add_all(repeated_fields, other.repeated_fields);
}

}  // namespace callrail
