#include "folder.hpp"

#include <callrail/text_format.hpp>

#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <vector>

namespace callrail::cli {

std::string why_not_writable(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::path existing = std::filesystem::absolute(folder, error);
  if (error) return error.message();
  while (!std::filesystem::exists(existing, error) && !error && existing.has_relative_path())
    existing = existing.parent_path();
  if (error) return error.message();
  if (!std::filesystem::is_directory(existing, error)) return existing.string() + " is no folder";
  if (::access(existing.c_str(), W_OK | X_OK) != 0)
    return existing.string() + ": " + std::strerror(errno);
  return {};
}

void remove_leftovers(const std::filesystem::path& folder, const Api& api) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
    const std::string name = entry.path().filename().string();
    for (const FileFormat format : file_formats)
      for (const Endpoint* endpoint : api.endpoints) {
        const std::string file =
            '.' + std::string{endpoint->name} + std::string{file_extension(format)};
        if (name.starts_with(file + ".part") || name.starts_with(file + ".rows.part"))
          found.push_back(entry.path());
      }
  }
  for (const auto& path : found)
    if (path.extension() == ".spill")
      std::filesystem::remove_all(path, error);  // a folder of DuckDB's
    else
      std::filesystem::remove(path, error);
}

}  // namespace callrail::cli
