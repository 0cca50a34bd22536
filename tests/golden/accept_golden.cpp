#include "golden_cases.hpp"

#include <fstream>
#include <iostream>

/// Takes what the generator writes now as what it has to write. The diff is in git.
int main() {
  for (const auto& golden : callrail::codegen::golden_cases(CALLRAIL_SOURCE_DIR "/tests/golden")) {
    if (golden.expected_text() == golden.actual) continue;
    std::ofstream{golden.expected, std::ios::binary} << golden.actual;
    std::cout << "accepted " << golden.name << '\n';
  }
}
