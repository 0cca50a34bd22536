#pragma once

#include <callrail/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace callrail {

/// Where the bytes of a recording lie. A file is read piece by piece, not mapped: a mapped file
/// that somebody cuts short ends the process.
class Bytes {
 public:
  virtual ~Bytes() = default;
  /// Reads up to `room` bytes from `offset`; 0 at the end.
  virtual Result<std::size_t> read(std::uint64_t offset, char* out, std::size_t room) = 0;
};

/// `bytes` must outlive what this gives.
std::unique_ptr<Bytes> bytes_in_memory(std::string_view bytes);
Result<std::unique_ptr<Bytes>> bytes_of_file(const std::string& path);

}  // namespace callrail
