#include "io.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace callrail {

namespace {

class RealFiles : public FileSystem {
 public:
  int open(const char* path, int flags, mode_t mode) override { return ::open(path, flags, mode); }
  ssize_t write(int fd, const char* data, std::size_t size) override {
    return ::write(fd, data, size);
  }
  ssize_t read(int fd, char* data, std::size_t size) override { return ::read(fd, data, size); }
  int truncate(int fd, off_t size) override { return ::ftruncate(fd, size); }
  int wait_writable(int fd) override {
    pollfd wanted{.fd = fd, .events = POLLOUT, .revents = 0};
    return ::poll(&wanted, 1, -1);
  }
  int sync(int fd) override { return ::fsync(fd); }
  int close(int fd) override { return ::close(fd); }
  int rename(const char* from, const char* to) override { return std::rename(from, to); }
  int remove(const char* path) override { return ::unlink(path); }
  int make_folder(const char* path, mode_t mode) override { return ::mkdir(path, mode); }
  int look(const char* path, struct stat* out) override { return ::lstat(path, out); }
  int look_behind(const char* path, struct stat* out) override { return ::stat(path, out); }
};

/// A new folder can be lost in a power cut, and all files in it, until the one above is synced.
/// Whoever may not read that one cannot do this, and goes without.
Status make_durable(const std::string& path, FileSystem& files) {
  const int above = open_file(files, folder_of(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (above < 0) return {};
  const int error = sync_file(files, above) == 0 ? 0 : errno;
  files.close(above);
  if (error == 0 || error == EINVAL || error == ENOTSUP) return {};
  return std::unexpected(file_error(path, error));
}

/// A folder made by another process in the meantime is as good as one of ours.
Status make_folder(const std::string& path, FileSystem& files) {
  if (files.make_folder(path.c_str(), 0700) == 0) {
    return make_durable(path, files);
  }
  const int error = errno;
  struct stat seen {};
  if (files.look_behind(path.c_str(), &seen) != 0)
    return std::unexpected(file_error(path, error == EEXIST ? errno : error));
  if (!S_ISDIR(seen.st_mode))
    return fail(Code::sink_failed, path + ": a file has this name; choose another folder");
  return {};
}

}  // namespace

FileSystem& real_files() {
  static RealFiles files;
  return files;
}

Status make_folders(const std::string& path, FileSystem& files) {
  struct stat seen {};
  if (files.look_behind(path.c_str(), &seen) == 0 && S_ISDIR(seen.st_mode)) {
    return make_durable(path, files);
  }
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (part.back() == '/') continue;  // a//b, a/
    if (auto made = make_folder(part, files); !made) return made;
  }
  return {};
}

}  // namespace callrail
