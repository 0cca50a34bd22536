#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace callrail {

/// Unpacks gzip that is in memory as a whole, in one go: libdeflate takes no pieces, and is
/// 2.5 × as fast as zlib for it. It never writes beyond the room it is given, and what it calls
/// whole has the right checksum and length.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;

  enum class Outcome : std::uint8_t {
    whole,
    no_room,
    damaged,  ///< or cut: it does not tell these apart
  };
  struct Member {
    Outcome outcome = Outcome::damaged;
    std::size_t packed = 0, unpacked = 0;  ///< if whole; more may lie behind it
  };
  /// Unpacks the one member `packed` begins with.
  Member unpack(std::string_view packed, char* out, std::size_t room);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// How large a gzip of one member says it unpacks to: a hint, because it may lie, or the gzip may
/// have other members. Nothing that no gzip of this size can hold.
std::size_t announced_size(std::string_view packed);

}  // namespace callrail
