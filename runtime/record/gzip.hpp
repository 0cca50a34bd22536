#pragma once

#include "bytes.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace callrail {

/// What is packed tighter than this, beyond `free_of_ratio` bytes, is taken for an attack. The
/// packer stores such text unpacked, so what it wrote can always be read.
inline constexpr std::uint64_t most_ratio = 400;
inline constexpr std::uint64_t free_of_ratio = 8u << 20;

/// Makes gzip members, one at a time: a file of them is what `zcat` reads in one go.
class Packer {
 public:
  Packer();
  ~Packer();
  /// One whole member; valid until the next call.
  std::string_view pack(std::string_view text);

 private:
  std::string_view packed(std::string_view text, int level);

  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::string out_;
};

/// Reads the members of a file, one at a time.
class Unpacker {
 public:
  /// `most`: bytes of one member, unpacked.
  Unpacker(std::unique_ptr<Bytes>, std::uint64_t most);
  ~Unpacker();

  enum class End {
    whole,
    cut,   ///< the file ends within the member
    none,  ///< the file ends where the member would begin
  };
  struct Member {
    End end = End::none;
    std::uint64_t size = 0;  ///< packed
  };
  /// Puts the member that begins at `offset` into `out`. Errors name the byte.
  Result<Member> read(std::uint64_t offset, std::string& out);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<Bytes> bytes_;
  std::uint64_t most_;
};

}  // namespace callrail
