#include "fuzz.hpp"

#include <callrail/utf8.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace callrail::fuzz {

void require(bool holds, std::string_view promise, std::string_view detail) {
  if (holds) return;
  std::fprintf(stderr, "promise broken: %.*s\n%.*s\n", static_cast<int>(promise.size()),
               promise.data(), static_cast<int>(std::min<std::size_t>(detail.size(), 2000)),
               detail.data());
  std::abort();
}

std::vector<std::string> files(const std::string& folder, std::string_view ending) {
  std::vector<std::filesystem::path> paths;
  const auto root = std::filesystem::path{CALLRAIL_SOURCE_DIR} / folder;
  if (!std::filesystem::exists(root)) return {};
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root})
    if (entry.is_regular_file() && entry.path().string().ends_with(ending))
      paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream in{path, std::ios::binary};
    texts.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
  }
  return texts;
}

std::string as_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8 c = first_character(text);
    out += c.broken ? std::string_view{"\xef\xbf\xbd"} : text.substr(0, c.size);
    text.remove_prefix(c.size);
  }
  return out;
}

bool is_harmless_line(std::string_view text) {
  while (!text.empty()) {
    const Utf8 c = first_character(text);
    if (c.broken || c.code < 0x20 || (c.code >= 0x7f && c.code < 0xa0) || c.code == 0x2028 ||
        c.code == 0x2029 || (c.code >= 0x202a && c.code <= 0x202e) ||
        (c.code >= 0x2066 && c.code <= 0x2069))
      return false;
    text.remove_prefix(c.size);
  }
  return true;
}

}  // namespace callrail::fuzz
