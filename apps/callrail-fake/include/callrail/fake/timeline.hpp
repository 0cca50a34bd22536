#pragma once

#include <callrail/fake/zones.hpp>

#include <array>
#include <cstdint>

namespace callrail::fake {

/// The instants of numbered rows: one in each of equally long slots, so row n's is known without
/// those before it and they never decrease. On purpose some rows share a second or a millisecond,
/// some lie on local midnight and just before it, and each clock change has a row on both sides.
class Timeline {
 public:
  Timeline(Instant from, Instant to, std::uint64_t rows, std::uint64_t seed, const Zone& zone);

  std::uint64_t rows() const { return rows_; }
  Instant at(std::uint64_t row) const;
  /// The first row at or after the instant, or rows().
  std::uint64_t first_from(Instant) const;
  /// The first row after the instant, or rows().
  std::uint64_t first_after(Instant) const;

 private:
  Instant slot(std::uint64_t row) const;
  template <class Before>
  std::uint64_t partition(Before before) const;

  struct Placed {
    std::uint64_t row;
    Instant at;
  };

  Instant from_;
  std::int64_t span_;
  std::uint64_t rows_;
  std::uint64_t seed_;
  std::int64_t slot_length_;
  const Zone* zone_;
  std::array<Placed, 32> placed_{};
  std::size_t placed_count_ = 0;
};

}  // namespace callrail::fake
