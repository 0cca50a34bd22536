#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// Which keys were seen, at 16 bytes each whatever their length. Two keys are taken for one with
/// probability 2^-128 a pair: for a million rows, 10^-27.
class KeySet {
 public:
  using Print = std::pair<std::uint64_t, std::uint64_t>;
  static Print print_of(std::string_view key);

  /// False if the key was there already.
  bool insert(Print);
  bool insert(std::string_view key) { return insert(print_of(key)); }
  bool contains(Print) const;
  bool contains(std::string_view key) const { return contains(print_of(key)); }
  std::size_t size() const { return size_; }
  void clear();  ///< keeps the memory of a set of usual size
  /// All of it as bytes, the same on every machine and in every order of inserting; and back.
  std::string bytes() const;
  void add_bytes(std::string_view);
  static void append(Print, std::string& out);  ///< the bytes of one

 private:
  std::size_t slot_of(Print) const;
  void grow();

  std::vector<Print> slots_;  ///< {0, 0}: free
  std::size_t size_ = 0;
};

}  // namespace callrail
