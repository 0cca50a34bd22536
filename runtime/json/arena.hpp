#pragma once

#include <callrail/types.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace callrail {

/// Unescaped and compacted text of a page, in blocks that never move.
class Arena {
 public:
  explicit Arena(std::vector<std::unique_ptr<char[]>>& blocks) : blocks_{blocks} {}

  /// Room for `size` bytes; what of it is used is said with `keep`. Vector code may read and write
  /// `slack` bytes behind it.
  char* room(std::size_t size) {
    if (size > left_) {
      const std::size_t usual = blocks_.empty() ? first_block : block;
      left_ = size > usual ? size : usual;
      at_ = blocks_.emplace_back(std::make_unique_for_overwrite<char[]>(left_ + slack)).get();
    }
    return at_;
  }
  Text keep(Text text) {
    at_ += text.size();
    left_ -= text.size();
    return text;
  }

  static constexpr std::size_t slack = 128;

 private:
  /// Of a page that is held as lines, only keys and cursors are kept, and many such wait at once.
  static constexpr std::size_t first_block = 16384, block = 65536;
  std::vector<std::unique_ptr<char[]>>& blocks_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace callrail
