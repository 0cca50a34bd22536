#include "hiding.hpp"

#include <callrail/bad_pages.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <functional>

namespace callrail {
namespace {

constexpr std::size_t longest_name = 80;
constexpr int most_of_a_second = 1000;

/// "calls page 3 of ACC1" → "calls-page-3-of-ACC1": what comes from the API leads to no other
/// folder, and means nothing to a shell.
std::string clean_name(std::string_view what) {
  std::string name;
  for (const char c : what.substr(0, longest_name)) {
    if (hiding::is_word(c))
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  return name;
}

/// "20260310T140501Z"
std::string stamp(Clock::Wall when) {
  using namespace std::chrono;
  const auto day = floor<days>(when);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(when - day)};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

Error failed(const std::string& file, int error) {
  return {Code::sink_failed, "a bad page cannot be kept in " + file + ": " + std::strerror(error) +
                                 "; name another folder with --bad-pages, or none"};
}

}  // namespace

BadPages::BadPages(std::string folder, Redaction redaction, const Clock& clock, FileSystem& files)
    : folder_{std::move(folder)}, redaction_{std::move(redaction)}, clock_{clock}, files_{files} {
  while (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
}

Result<std::string> BadPages::keep(std::string_view what, std::string_view page) {
  const auto print = std::pair{std::string{what}, std::hash<std::string_view>{}(page)};
  if (const auto seen = kept_.find(print); seen != kept_.end()) return seen->second;
  if (tried_ == most) return std::string{};
  ++tried_;
  auto file = write(what, page.substr(0, most_bytes));
  if (file) kept_.emplace(print, *file);
  return file;
}

Result<std::string> BadPages::write(std::string_view what, std::string_view page) {
  if (auto made = make_folders(folder_, files_); !made)
    return std::unexpected(std::move(made).error());
  const std::string name =
      folder_ + '/' + stamp(clock_.today()) + '-' + clean_name(redact(what, redaction_));
  std::string file;
  int fd = -1;
  // Another file may have the name, of another run or of this one; links are not followed.
  for (int n = 1; fd < 0 && n <= most_of_a_second; ++n) {
    file = name + (n == 1 ? "" : "-" + std::to_string(n)) + ".txt";
    fd = files_.open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST && errno != EINTR) return std::unexpected(failed(file, errno));
  }
  if (fd < 0) return std::unexpected(failed(file, EEXIST));
  const std::string masked = mask_page(page, redaction_);
  int error = 0;
  for (std::string_view rest = masked; error == 0 && !rest.empty();) {
    const ssize_t n = files_.write(fd, rest.data(), rest.size());
    if (n > 0)
      rest.remove_prefix(static_cast<std::size_t>(n));
    else if (n == 0 || errno != EINTR)
      error = n == 0 ? EIO : errno;
  }
  if (files_.close(fd) != 0 && error == 0) error = errno;
  if (error == 0) return file;
  files_.remove(file.c_str());
  return std::unexpected(failed(file, error));
}

}  // namespace callrail
