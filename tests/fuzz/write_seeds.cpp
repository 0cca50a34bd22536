// libFuzzer takes its seeds from a folder: with CALLRAIL_FUZZ_SEEDS=FOLDER a target writes them
// there, and ends.
#include "fuzz.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* const folder = std::getenv("CALLRAIL_FUZZ_SEEDS");
  if (folder == nullptr) return 0;
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& seed : callrail::fuzz::seeds())
    std::ofstream{std::filesystem::path{folder} / ("seed-" + std::to_string(number++)),
                  std::ios::binary}
        << seed;
  std::exit(0);
}
