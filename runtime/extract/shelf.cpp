#include "shelf.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace callrail {
namespace {

/// malloc gives such pieces a mapping of their own (its threshold grows to 32 MB unless it is set,
/// as main does): smaller ones may lie between others on the heap.
constexpr std::size_t least = 256u << 10;

bool write_at(int file, const char* bytes, std::size_t size, std::uint64_t offset) {
  while (size != 0) {
    const ssize_t n = ::pwrite(file, bytes, size, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n;
    size -= static_cast<std::size_t>(n);
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

}  // namespace

Shelf::~Shelf() {
  if (file_ >= 0) ::close(file_);
}

bool Shelf::open() {
  if (file_ >= 0) return true;
  if (hopeless_ || folder_.empty()) return false;
#ifdef O_TMPFILE
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
  hopeless_ = file_ < 0;
  return !hopeless_;
}

bool Shelf::put_aside(std::string_view bytes) {
  if (bytes.size() < least || !open()) return false;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
  const std::uintptr_t begin = (address + page - 1) / page * page;
  const std::uintptr_t end = (address + bytes.size()) / page * page;
  const std::size_t size = end - begin;
  const char* const from = bytes.data() + (begin - address);
  if (!write_at(file_, from, size, used_)) {
    hopeless_ = true;
    return false;
  }
  // Private: what is written there later stays in memory, and the file as it is.
  void* const there = ::mmap(const_cast<char*>(from), size, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_FIXED, file_, static_cast<off_t>(used_));
  if (there == MAP_FAILED) return false;
  used_ += size;
  return true;
}

}  // namespace callrail
