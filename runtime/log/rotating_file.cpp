#include "rotating_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace callrail {

RotatingFile::~RotatingFile() {
  if (fd_ >= 0) ::close(fd_);
}

bool RotatingFile::open() {
  if (fd_ >= 0) ::close(fd_);
  return open_with(0);
}

bool RotatingFile::open_with(int flags) {
  fd_ = ::open(path_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0600);
  return fd_ >= 0;
}

/// Whether the file that is open still has its name.
bool RotatingFile::is_current() const {
  struct stat open {
  }, named{};
  return fd_ >= 0 && ::fstat(fd_, &open) == 0 && ::stat(path_.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/// A device, or a link such as /dev/stderr, is somebody else's name: it is not renamed.
bool RotatingFile::may_be_put_away() const {
  struct stat named {};
  return ::lstat(path_.c_str(), &named) == 0 && S_ISREG(named.st_mode);
}

std::string RotatingFile::name(std::size_t n) const {
  if (n == 0) return path_;
  const std::filesystem::path whole{path_};
  return (whole.parent_path() / whole.stem()).string() + "." + std::to_string(n) +
         whole.extension().string();
}

/// The lock is on the file itself: only who has the current one may rename, and there is no other
/// current one before the last name is given.
void RotatingFile::put_away() {
  const int full = fd_;
  while (::flock(full, LOCK_EX) != 0)
    if (errno != EINTR) return;
  if (is_current() && may_be_put_away()) {
    for (std::size_t n = kept_; n > 0; --n) (void)std::rename(name(n - 1).c_str(), name(n).c_str());
    if (kept_ == 0) ::unlink(path_.c_str());
  }
  fd_ = -1;
  if (!open_with(O_NOFOLLOW)) {
    fd_ = full;  // it goes on where it is
    ::flock(full, LOCK_UN);
    return;
  }
  ::close(full);  // and with it the lock
}

void RotatingFile::append(std::string_view line) {
  if (!is_current() && !open()) return;
  struct stat now {};
  if (most_ != 0 && ::fstat(fd_, &now) == 0 && now.st_size != 0 &&
      static_cast<std::uint64_t>(now.st_size) + line.size() > most_ && may_be_put_away())
    put_away();
  while (!line.empty()) {
    const ssize_t n = ::write(fd_, line.data(), line.size());
    if (n < 0 && errno != EINTR) return;
    if (n > 0) line.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace callrail
