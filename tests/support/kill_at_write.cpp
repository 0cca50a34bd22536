// Loaded into a program with LD_PRELOAD, it counts the calls that change files and kills the
// program at one of them, as a power switch would:
//   CALLRAIL_KILL_AT=7        the seventh call
//   CALLRAIL_KILL_WHEN=after  its work is done; "before" it; "within": half of a write is done
//   CALLRAIL_KILL_LOG=FILE    one line a call, to know how many there are
// Only regular files and folders count: sockets, pipes and terminals do not outlive a program.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum class When { before, after, within };

std::atomic<long> calls{0};
long kill_at = 0;
When when = When::before;
int log_fd = -1;

[[gnu::constructor]] void read_orders() {
  if (const char* const at = std::getenv("CALLRAIL_KILL_AT")) kill_at = std::atol(at);
  if (const char* const text = std::getenv("CALLRAIL_KILL_WHEN")) {
    if (std::strcmp(text, "after") == 0) when = When::after;
    if (std::strcmp(text, "within") == 0) when = When::within;
  }
  if (const char* const path = std::getenv("CALLRAIL_KILL_LOG"))
    log_fd = static_cast<int>(
        syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
}

[[noreturn]] void die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/// Whether this call is the one. Tells the log; dies before the call if so ordered.
bool is_last(const char* name, const char* path) {
  const int saved = errno;
  const long number = ++calls;
  if (log_fd >= 0) {
    char line[512];
    const int size = std::snprintf(line, sizeof line, "%s %s\n", name, path);
    if (size > 0)
      syscall(SYS_write, log_fd, line,
              static_cast<std::size_t>(size) < sizeof line ? static_cast<std::size_t>(size)
                                                           : sizeof line - 1);
  }
  const bool last = number == kill_at;
  if (last && when == When::before) die();
  errno = saved;
  return last;
}

/// The way of the work: done, and then the end if this was the last call.
template <class Result>
Result finish(bool last, Result result) {
  if (last) die();
  return result;
}

bool outlives_us(int fd) {
  struct stat seen {};
  const int saved = errno;
  const bool known = syscall(SYS_fstat, fd, &seen) == 0;
  errno = saved;
  return known && (S_ISREG(seen.st_mode) || S_ISDIR(seen.st_mode));
}

/// The name behind a descriptor, for the log.
struct Path {
  char text[256] = "";
  explicit Path(int fd) {
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const long size = syscall(SYS_readlinkat, AT_FDCWD, link, text, sizeof text - 1);
    text[size > 0 ? size : 0] = '\0';
  }
};

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const auto really = [&] {
    return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
  };
  if ((flags & (O_CREAT | O_TRUNC)) == 0) return really();
  const bool last = is_last("open", path);
  return finish(last, really());
}

mode_t mode_of(int flags, va_list& rest) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(folder, path, flags, mode);
}

ssize_t write(int fd, const void* data, size_t size) {
  if (!outlives_us(fd)) return syscall(SYS_write, fd, data, size);
  const bool last = is_last("write", Path{fd}.text);
  if (last && when == When::within) size /= 2;
  return finish(last, syscall(SYS_write, fd, data, size));
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t where) {
  if (!outlives_us(fd)) return syscall(SYS_pwrite64, fd, data, size, where);
  const bool last = is_last("pwrite", Path{fd}.text);
  if (last && when == When::within) size /= 2;
  return finish(last, syscall(SYS_pwrite64, fd, data, size, where));
}
ssize_t pwrite(int fd, const void* data, size_t size, off_t where) {
  return pwrite64(fd, data, size, where);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  if (!outlives_us(fd)) return syscall(SYS_writev, fd, parts, count);
  const bool last = is_last("writev", Path{fd}.text);
  return finish(last, syscall(SYS_writev, fd, parts, count));
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t where) {
  const bool last = outlives_us(fd) && is_last("pwritev", Path{fd}.text);
  return finish(last, syscall(SYS_pwritev, fd, parts, count, where, 0L));
}

int ftruncate64(int fd, off64_t size) {
  const bool last = is_last("ftruncate", Path{fd}.text);
  return finish(last, static_cast<int>(syscall(SYS_ftruncate, fd, size)));
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
  const bool last = outlives_us(fd) && is_last("fsync", Path{fd}.text);
  return finish(last, static_cast<int>(syscall(SYS_fsync, fd)));
}
int fdatasync(int fd) {
  const bool last = outlives_us(fd) && is_last("fdatasync", Path{fd}.text);
  return finish(last, static_cast<int>(syscall(SYS_fdatasync, fd)));
}

int rename(const char* from, const char* to) noexcept {
  const bool last = is_last("rename", to);
  return finish(last, static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)));
}
int renameat(int folder, const char* from, int other, const char* to) noexcept {
  const bool last = is_last("rename", to);
  return finish(last, static_cast<int>(syscall(SYS_renameat2, folder, from, other, to, 0)));
}
int link(const char* from, const char* to) noexcept {
  const bool last = is_last("link", to);
  return finish(last, static_cast<int>(syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)));
}
int unlink(const char* path) noexcept {
  const bool last = is_last("unlink", path);
  return finish(last, static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0)));
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  const bool last = is_last("unlink", path);
  return finish(last, static_cast<int>(syscall(SYS_unlinkat, folder, path, flags)));
}
int remove(const char* path) noexcept {
  const bool last = is_last("remove", path);
  auto result = static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
  if (result != 0 && errno == EISDIR)
    result = static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
  return finish(last, result);
}
int mkdir(const char* path, mode_t mode) noexcept {
  const bool last = is_last("mkdir", path);
  return finish(last, static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode)));
}

}  // extern "C"
