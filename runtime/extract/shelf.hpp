#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace callrail {

/// Memory that is held for long and not looked at meanwhile, put into a file without a name: what
/// points to it goes on doing so, and looking at it brings it back. The file goes with the last of
/// that memory, whatever becomes of the shelf.
class Shelf {
 public:
  /// A folder to have the file in; empty, or one where that cannot be done: nothing is put aside.
  explicit Shelf(std::string folder) : folder_{std::move(folder)} {}
  ~Shelf();
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  /// Of these bytes, which must be malloc's, what lies in whole pages of the machine. False if
  /// nothing was put aside: they are few, or there is no room on the disk.
  bool put_aside(std::string_view bytes);

 private:
  bool open();

  std::string folder_;
  int file_ = -1;
  bool hopeless_ = false;
  std::uint64_t used_ = 0;
};

}  // namespace callrail
