#pragma once

#include <cstdint>
#include <vector>

namespace callrail::fake {

/// A set of row numbers that counts and finds its n-th member fast: one bit a row, so a million
/// rows take 125 kB.
class Marks {
 public:
  explicit Marks(std::uint64_t size);

  std::uint64_t size() const { return size_; }
  bool has(std::uint64_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
  void set(std::uint64_t i, bool on);
  /// To be called after `set`, before the two below.
  void count();
  /// Members below `i`.
  std::uint64_t rank(std::uint64_t i) const;
  /// The member with `n` below it; size() if there are not so many.
  std::uint64_t select(std::uint64_t n) const;
  /// The first member from `i` on; size() if there is none.
  std::uint64_t next(std::uint64_t i) const;

 private:
  static constexpr std::uint64_t words_in_block = 8;

  std::uint64_t size_;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> before_;  ///< members before each block
};

}  // namespace callrail::fake
