#include "files.hpp"

#include <fstream>
#include <iterator>

namespace callrail::codegen {
namespace fs = std::filesystem;

std::optional<std::string> read_file(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return std::nullopt;
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (in.bad()) return std::nullopt;
  return text;
}

std::optional<std::string> read_filled(const fs::path& path) {
  auto text = read_file(path);
  if (text && text->empty()) text.reset();
  return text;
}

bool replace_file(const fs::path& path, std::string_view text) {
  std::error_code error;
  const fs::path place = fs::weakly_canonical(path, error);
  if (error) return false;
  const fs::path unfinished = place.parent_path() / ("." + place.filename().string() + ".new");
  std::ofstream out{unfinished, std::ios::binary | std::ios::trunc};
  out << text;
  out.close();
  if (out) {
    const auto rights = fs::status(place, error).permissions();
    if (!error) fs::permissions(unfinished, rights, error);
    fs::rename(unfinished, place, error);
    if (!error) return true;
  }
  fs::remove(unfinished, error);
  return false;
}

std::string public_name(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return (whole.parent_path().filename() / whole.filename()).generic_string();
}

}  // namespace callrail::codegen
