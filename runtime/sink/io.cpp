#include "io.hpp"

#include <climits>

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <system_error>

namespace callrail {

namespace {

/// What is wrong and what to do, for the errors people meet.
const char* advice(int error) {
  switch (error) {
    case ENOSPC: return "no space left on device; free some space and run again";
    case EDQUOT: return "disk quota exceeded; free some space and run again";
    case EACCES:
    case EPERM: return "permission denied; choose a folder you may write to";
    case EROFS: return "the file system is read-only; choose another folder";
    case EISDIR: return "a folder has this name; move it away or choose another folder";
    case ENOTDIR: return "a part of this path is not a folder; choose another one";
    case ENOENT: return "the folder does not exist; create it or choose another one";
    case ENAMETOOLONG: return "the path is too long; choose a shorter one";
    case ELOOP: return "the links of this path lead in a circle; choose another one";
    case EMFILE:
    case ENFILE: return "too many open files; raise the limit (ulimit -n) and run again";
    case EFBIG: return "the file would be too large for this file system or limit (ulimit -f)";
    case EIO: return "input/output error; check the disk and run again";
    case EPIPE:
      return "the reader closed the pipe before the end; let it read everything, or ask for less";
    default: return nullptr;
  }
}

}  // namespace

Error file_error(std::string_view where, int error) {
  std::string what{where};
  what += ": ";
  if (const char* const known = advice(error); known != nullptr)
    what += known;
  else
    what += std::generic_category().message(error) + "; solve this and run again";
  return {Code::sink_failed, std::move(what)};
}

Status check_place(FileSystem& files, const std::string& path) {
  struct stat seen {};
  if (files.look(path.c_str(), &seen) == 0) {
    if (S_ISDIR(seen.st_mode)) return std::unexpected(file_error(path, EISDIR));
  } else if (errno != ENOENT) {
    return std::unexpected(file_error(path, errno));
  }
  return {};
}

int open_file(FileSystem& files, const std::string& path, int flags, mode_t mode) {
  int fd = -1;
  do fd = files.open(path.c_str(), flags, mode);
  while (fd < 0 && errno == EINTR);
  return fd;
}

Status write_all(FileSystem& files, int fd, std::string_view text, std::string_view where) {
  while (!text.empty()) {
    const ssize_t written = files.write(fd, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    // A write that takes nothing and complains about nothing would be repeated forever.
    const int error = written == 0 ? EIO : errno;
    if (error == EINTR) continue;
    // Standard output is non-blocking if whoever shares it made it so.
    if (error == EAGAIN && (files.wait_writable(fd) >= 0 || errno == EINTR)) continue;
    return std::unexpected(file_error(where, error));
  }
  return {};
}

Status write_all(FileSystem& files, int fd, std::string_view text, std::string_view where,
                 const std::function<bool()>& stop) {
  constexpr int milliseconds = 200;
  while (!text.empty()) {
    if (stop())
      return fail(Code::cancelled, std::string{where} + ": stopped before the reader took it all");
    pollfd wanted{.fd = fd, .events = POLLOUT, .revents = 0};
    if (::poll(&wanted, 1, milliseconds) <= 0) continue;
    // A pipe that is ready takes this much at once; more could block.
    const std::string_view piece = text.substr(0, PIPE_BUF);
    const ssize_t written = files.write(fd, piece.data(), piece.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    const int error = written == 0 ? EIO : errno;
    if (error != EINTR && error != EAGAIN) return std::unexpected(file_error(where, error));
  }
  return {};
}

int sync_file(FileSystem& files, int fd) {
  int result = -1;
  do result = files.sync(fd);
  while (result < 0 && errno == EINTR);
  return result;
}

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string{path.substr(0, slash == 0 ? 1 : slash)};
}

}  // namespace callrail
