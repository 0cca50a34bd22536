#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace callrail::test {

/// A number the tests stand for ("fault matrix cells", 1234), kept in the folder that
/// CALLRAIL_FIGURES names, for the table of docs/trust.md; without it, nothing happens. Every
/// figure has a file of its own, so that programs that run at once do not write over each other.
inline void note_figure(const std::string& name, std::uint64_t number) {
  const char* const folder = std::getenv("CALLRAIL_FIGURES");
  if (folder == nullptr || *folder == '\0') return;
  std::filesystem::create_directories(folder);
  const auto path = std::filesystem::path{folder} / (name + ".txt");
  const auto temporary = path.string() + "." + std::to_string(::getpid());
  std::ofstream{temporary} << number << '\n';
  std::filesystem::rename(temporary, path);
}

}  // namespace callrail::test
