#include "output.hpp"

#include "commands/files.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>

namespace callrail::codegen {
namespace fs = std::filesystem;
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

/// The first stretch in which two texts differ, as a piece of a unified diff.
void show_difference(std::ostream& out, std::string_view old_text, std::string_view new_text) {
  constexpr std::size_t context = 2, most = 8;
  const auto before = lines_of(old_text), after = lines_of(new_text);
  const auto [a, b] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto first = static_cast<std::size_t>(a - before.begin());
  // Lines that agree again from the end do not belong to the difference.
  std::size_t same = 0;
  while (same < before.size() - first && same < after.size() - first &&
         before[before.size() - 1 - same] == after[after.size() - 1 - same])
    ++same;
  const std::size_t begin = first > context ? first - context : 0;
  out << "@@ line " << first + 1 << " @@\n";
  for (std::size_t i = begin; i < first; ++i) out << ' ' << before[i] << '\n';
  const auto show = [&](char sign, const auto& lines) {
    const std::size_t end = lines.size() - same;
    for (std::size_t i = first; i < end && i < first + most; ++i) out << sign << lines[i] << '\n';
    if (end > first + most) out << sign << "… " << end - first - most << " more lines\n";
  };
  show('-', before);
  show('+', after);
}

}  // namespace

std::vector<std::string> leftovers(const fs::path& folder, const std::set<std::string>& produced) {
  std::set<fs::path> folders;
  for (const auto& name : produced) folders.insert(fs::path{name}.parent_path());
  std::vector<std::string> out;
  for (const auto& inside : folders) {
    std::error_code error;
    for (auto it = fs::directory_iterator{folder / inside, error};
         !error && it != fs::directory_iterator{}; it.increment(error)) {
      const auto name = (inside / it->path().filename()).generic_string();
      if (produced.contains(name) || !it->is_regular_file()) continue;
      std::ifstream in{it->path(), std::ios::binary};
      std::string head(256, '\0');
      in.read(head.data(), static_cast<std::streamsize>(head.size()));
      if (head.find(banner_mark) != std::string::npos) out.push_back(name);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

void DiskOutput::put(const File& file) {
  produced_.insert(file.path);
  const fs::path path = folder_ / file.path;
  if (read_file(path) == file.text) return;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out << file.text;
  out.close();
  if (!out) {
    complaints_ << path.generic_string() << ": cannot be written\n";
    good_ = false;
    return;
  }
  ++written_;
}

bool DiskOutput::done() {
  for (const auto& name : leftovers(folder_, produced_)) {
    std::error_code error;
    good_ &= fs::remove(folder_ / name, error);
    (error ? complaints_ << "cannot remove " : out_ << "removed ") << name << '\n';
  }
  if (written_ != 0) out_ << written_ << " of " << produced_.size() << " files written\n";
  return good_;
}

void CheckOutput::put(const File& file) {
  produced_.insert(file.path);
  const auto on_disk = read_file(folder_ / file.path);
  if (on_disk == file.text) return;
  ++stale_;
  complaints_ << file.path << (on_disk ? " is stale:\n" : " is missing\n");
  if (on_disk) show_difference(complaints_, *on_disk, file.text);
}

bool CheckOutput::done() {
  for (const auto& name : leftovers(folder_, produced_)) {
    ++stale_;
    complaints_ << name << " is of no use any more\n";
  }
  if (stale_ != 0)
    complaints_ << stale_ << (stale_ == 1 ? " file is" : " files are")
                << " not current; run: cmake --build build --target regenerate\n";
  return stale_ == 0;
}

void ListOutput::put(const File& file) { out_ << file.path << '\n'; }

}  // namespace callrail::codegen
