#include <callrail/folder_lock.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace callrail {

namespace {

std::string spell(Clock::Wall when) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

std::string host() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "this machine";
  return name.data();
}

/// What the holder wrote about itself, made harmless.
std::string holder(int fd) {
  std::array<char, 200> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  std::string line{text.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  line.resize(std::min(line.find('\n'), line.size()));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return line.empty() ? "another process" : line;
}

/// The line, and nothing else; or what went wrong. A short write gives no reason: the next one
/// does.
int put(int fd, std::string_view line) {
  if (::ftruncate(fd, 0) != 0) return errno;
  for (off_t at = 0; !line.empty();) {
    const ssize_t written = ::pwrite(fd, line.data(), line.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    at += written;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::unexpected<Error> failed(const std::string& path, int error) {
  return fail(Code::sink_failed, path + ": " + std::generic_category().message(error) +
                                     "; choose a folder in which files can be made and locked");
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::string& folder, const Clock& clock) {
  const std::string path =
      folder + (folder.empty() || folder.back() == '/' ? "" : "/") + ".callrail.lock";
  for (;;) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return failed(path, errno);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      const std::string who = holder(fd);
      ::close(fd);
      if (error == EINTR) continue;
      if (error != EWOULDBLOCK) return failed(path, error);
      return fail(Code::held, "another run writes into " + folder + ": " + who +
                                  "; wait for it, or choose another folder");
    }
    FolderLock lock{fd, path};
    // The holder before removed the file between our two calls: then this is nobody's lock.
    struct stat ours {
    }, there{};
    if (::fstat(fd, &ours) != 0 || ::stat(path.c_str(), &there) != 0 ||
        ours.st_ino != there.st_ino) {
      lock.path_.clear();
      continue;
    }
    const std::string line = "process " + std::to_string(::getpid()) + " on " + host() + " since " +
                             spell(clock.today()) + '\n';
    if (const int error = put(fd, line); error != 0) return failed(path, error);
    return lock;
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)}, path_{std::move(other.path_)} {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

FolderLock::~FolderLock() {
  if (fd_ < 0) return;
  // Removed while it is still ours, so that nobody's is removed.
  if (!path_.empty()) ::unlink(path_.c_str());
  ::close(fd_);
}

}  // namespace callrail
