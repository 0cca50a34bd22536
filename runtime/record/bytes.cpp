#include "bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace callrail {
namespace {

class MemoryBytes final : public Bytes {
 public:
  explicit MemoryBytes(std::string_view bytes) : bytes_{bytes} {}
  Result<std::size_t> read(std::uint64_t offset, char* out, std::size_t room) override {
    if (offset >= bytes_.size()) return 0;
    const auto from = static_cast<std::size_t>(offset);
    const std::size_t n = std::min(room, bytes_.size() - from);
    std::memcpy(out, bytes_.data() + from, n);
    return n;
  }

 private:
  std::string_view bytes_;
};

std::unexpected<Error> cannot_read(int error) {
  return fail(Code::bad_request, "cannot be read: " + std::generic_category().message(error));
}

class FileBytes final : public Bytes {
 public:
  explicit FileBytes(int fd) : fd_{fd} {}
  ~FileBytes() override { ::close(fd_); }
  FileBytes(const FileBytes&) = delete;

  Result<std::size_t> read(std::uint64_t offset, char* out, std::size_t room) override {
    while (true) {
      const ssize_t n = ::pread(fd_, out, room, static_cast<off_t>(offset));
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return cannot_read(errno);
    }
  }

 private:
  int fd_;
};

}  // namespace

std::unique_ptr<Bytes> bytes_in_memory(std::string_view bytes) {
  return std::make_unique<MemoryBytes>(bytes);
}

Result<std::unique_ptr<Bytes>> bytes_of_file(const std::string& path) {
  // A pipe without a writer must not hold the program up; it is refused below.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return cannot_read(errno);
  auto bytes = std::make_unique<FileBytes>(fd);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return cannot_read(errno);
  if (!S_ISREG(facts.st_mode)) return fail(Code::bad_request, "is not a plain file");
  return bytes;
}

}  // namespace callrail
