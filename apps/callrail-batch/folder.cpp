#include "folder.hpp"

#include <cerrno>
#include <cstring>
#include <unistd.h>

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

}  // namespace callrail::cli
