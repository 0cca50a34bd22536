#pragma once

#include <callrail/types.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace callrail {

/// Bytes that stay where they are until all of them go. The blocks are used again.
class ByteStore {
 public:
  /// Room for so many; `use` says how many of them it became.
  char* room(std::size_t bytes) {
    while (block_ < blocks_.size() && blocks_[block_].size - used_ < bytes) next();
    if (block_ == blocks_.size()) {
      const std::size_t size = std::max(bytes, block_size);
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    }
    return blocks_[block_].bytes.get() + used_;
  }
  void use(std::size_t bytes) {
    used_ += bytes;
    total_ += bytes;
  }
  Text keep(Text text) {
    if (text.empty()) return {};
    char* const at = room(text.size());
    std::memcpy(at, text.data(), text.size());
    use(text.size());
    return {at, text.size()};
  }
  std::size_t size() const { return total_; }

  /// What was taken for an unusual batch is given back.
  void clear() {
    std::size_t kept = 0;
    std::erase_if(blocks_, [&](const Block& block) { return (kept += block.size) > most_kept; });
    block_ = used_ = total_ = 0;
  }

 private:
  static constexpr std::size_t block_size = 256u << 10, most_kept = 4u << 20;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  void next() {
    ++block_;
    used_ = 0;
  }
  std::vector<Block> blocks_;
  std::size_t block_ = 0, used_ = 0, total_ = 0;
};

}  // namespace callrail
