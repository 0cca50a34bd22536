#pragma once

#include <callrail/atomic_file.hpp>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace callrail::test {

/// The real file system, but for what a test wants to go wrong.
class FailingFiles : public FileSystem {
 public:
  /// Fails the call with this index into `calls`.
  std::size_t fail_at = std::numeric_limits<std::size_t>::max();
  std::string fail_call;       ///< or every call of this name
  std::string fail_rename_to;  ///< or a rename to this path
  int error = EIO;
  std::size_t most_at_once = std::numeric_limits<std::size_t>::max();  ///< bytes a write takes
  std::uint64_t space = std::numeric_limits<std::uint64_t>::max();     ///< bytes until ENOSPC
  bool interrupt = false;  ///< every other call that may fail with EINTR does
  bool busy = false;       ///< every other write fails with EAGAIN

  std::vector<std::string> calls;   ///< names, in order
  std::vector<std::size_t> writes;  ///< sizes asked for

  std::size_t count(const std::string& name) const {
    std::size_t n = 0;
    for (const auto& call : calls) n += call == name ? 1 : 0;
    return n;
  }

  int open(const char* path, int flags, mode_t mode) override {
    if (fails("open") || interrupted()) return -1;
    return real_files().open(path, flags, mode);
  }
  ssize_t write(int fd, const char* data, std::size_t size) override {
    writes.push_back(size);
    if (fails("write")) return error == 0 ? 0 : -1;
    if (interrupted()) return -1;
    if (busy && (odd_write_ = !odd_write_)) return errno = EAGAIN, -1;
    size = std::min(size, most_at_once);
    if (size > space) size = space;
    if (size == 0) return errno = ENOSPC, -1;
    space -= size;
    return real_files().write(fd, data, size);
  }
  ssize_t read(int fd, char* data, std::size_t size) override {
    if (fails("read") || interrupted()) return -1;
    return real_files().read(fd, data, size);
  }
  int truncate(int fd, off_t size) override {
    return fails("truncate") ? -1 : real_files().truncate(fd, size);
  }
  int wait_writable(int fd) override {
    return fails("wait_writable") ? -1 : real_files().wait_writable(fd);
  }
  int sync(int fd) override { return fails("sync") || interrupted() ? -1 : real_files().sync(fd); }
  int close(int fd) override {
    const bool failed = fails("close");
    const int closed = real_files().close(fd);  // close gives the descriptor up even if it fails
    return failed ? (errno = error, -1) : closed;
  }
  int rename(const char* from, const char* to) override {
    if (fails("rename") || fail_rename_to == to) return errno = error, -1;
    return real_files().rename(from, to);
  }
  int remove(const char* path) override { return fails("remove") ? -1 : real_files().remove(path); }
  int make_folder(const char* path, mode_t mode) override {
    return fails("make_folder") ? -1 : real_files().make_folder(path, mode);
  }
  int look(const char* path, struct stat* out) override {
    return fails("look") ? -1 : real_files().look(path, out);
  }
  int look_behind(const char* path, struct stat* out) override {
    return fails("look_behind") ? -1 : real_files().look_behind(path, out);
  }

 private:
  bool fails(const char* name) {
    calls.emplace_back(name);
    if (calls.size() - 1 != fail_at && fail_call != name) return false;
    errno = error;
    return true;
  }
  bool interrupted() {
    if (!interrupt || !(odd_call_ = !odd_call_)) return false;
    errno = EINTR;
    return true;
  }

  bool odd_call_ = false, odd_write_ = false;
};

}  // namespace callrail::test
