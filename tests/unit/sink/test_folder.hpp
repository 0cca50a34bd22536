#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace callrail::test {

/// A folder of its own for every test, removed with it.
class TestFolder {
 public:
  TestFolder() {
    std::string pattern = testing::TempDir() + "callrail-sink-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

  std::vector<std::string> names(const std::string& below = "") const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{path_ + "/" + below})
      out.push_back(entry.path().filename());
    std::ranges::sort(out);
    return out;
  }

 private:
  std::string path_;
};

inline std::string content(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return (std::ostringstream{} << in.rdbuf()).str();
}

inline void put(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
}

inline unsigned mode(const std::string& path) {
  struct stat seen {};
  return ::lstat(path.c_str(), &seen) == 0 ? seen.st_mode & 07777 : 0;
}

}  // namespace callrail::test
