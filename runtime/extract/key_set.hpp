#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// Which keys were seen, at 16 bytes each whatever their length. Two keys are taken for one with
/// probability 2^-128 a pair: for a million rows, 10^-27.
class KeySet {
 public:
  /// False if the key was there already.
  bool insert(std::string_view key);
  bool contains(std::string_view key) const;
  std::size_t size() const { return size_; }
  void clear() { slots_.clear(), size_ = 0; }

 private:
  using Print = std::pair<std::uint64_t, std::uint64_t>;
  static Print print_of(std::string_view key);
  std::size_t slot_of(Print) const;
  void grow();

  std::vector<Print> slots_;  ///< {0, 0}: free
  std::size_t size_ = 0;
};

}  // namespace callrail
