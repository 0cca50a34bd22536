#pragma once

#include "bytes.hpp"
#include "http/inflater.hpp"

#include <memory>
#include <optional>
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

/// Reads the members of a file, one at a time: in one go what is whole and of usual size, else
/// piece by piece, which also tells what is wrong.
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
    std::uint64_t size = 0;      ///< packed
    std::string_view text = {};  ///< of a whole one; valid until the next call
  };
  /// Reads the member that begins at `offset`. Errors name the byte.
  Result<Member> read(std::uint64_t offset);

 private:
  struct Stream;
  std::optional<Member> read_in_one_go(std::uint64_t offset);
  Result<Member> read_piece_by_piece(std::uint64_t offset);
  Status look_at(std::uint64_t offset);
  void make_room(std::size_t size);

  std::unique_ptr<Bytes> bytes_;
  std::uint64_t most_;
  Inflater inflater_;
  /// A stretch of the file: members that follow each other are read from it together.
  std::string file_;
  std::uint64_t file_begin_ = 0;
  std::size_t file_size_ = 0;
  std::unique_ptr<char[]> out_;
  std::size_t room_ = 0;
};

}  // namespace callrail
