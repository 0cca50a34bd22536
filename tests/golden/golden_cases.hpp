#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace callrail::codegen {

/// A file of text that says what the generator makes of a schema.
struct GoldenCase {
  std::string name;                ///< "scalars/src/toys.cpp"
  std::filesystem::path expected;  ///< the file in git
  std::string actual;              ///< what comes out now

  std::string expected_text() const;
  friend void PrintTo(const GoldenCase& golden, std::ostream* out) { *out << golden.name; }
};

/// A case for every file below `<feature>/expected`, held against what is generated from
/// `<feature>/schema.yaml`, and one for each `broken/*.yaml`: its mistakes are in the .txt beside
/// it.
std::vector<GoldenCase> golden_cases(const std::filesystem::path& folder);

}  // namespace callrail::codegen
