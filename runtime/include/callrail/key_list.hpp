#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// Parameters and the values a list is asked with, in the order of nesting.
using Scope = std::vector<std::pair<std::string, std::string>>;

/// Keys of rows and the scope each was read in, in the order they came. There may be a hundred
/// thousand: one takes its own bytes and four more.
class KeyList {
 public:
  /// Keys of one scope that came one after the other.
  struct Stretch {
    Scope scope;
    std::size_t first = 0, behind = 0;
  };

  void add(const Scope& scope, std::string_view value) {
    if (blocks_.empty() || blocks_.back().ends.size() == block_size) {
      if (!blocks_.empty()) blocks_.back().text.shrink_to_fit();
      blocks_.emplace_back().ends.reserve(block_size);
    }
    Block& block = blocks_.back();
    block.text += value;
    block.ends.push_back(static_cast<std::uint32_t>(block.text.size()));
    if (stretches_.empty() || stretches_.back().scope != scope)
      stretches_.push_back({scope, size_, size_});
    stretches_.back().behind = ++size_;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view operator[](std::size_t i) const {
    const Block& block = blocks_[i / block_size];
    const std::size_t at = i % block_size, begin = at == 0 ? 0 : block.ends[at - 1];
    return std::string_view{block.text}.substr(begin, block.ends[at] - begin);
  }
  const Scope& scope(std::size_t i) const {
    return std::ranges::upper_bound(stretches_, i, {}, &Stretch::behind)->scope;
  }
  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  static constexpr std::size_t block_size = 1024;
  struct Block {
    std::string text;
    std::vector<std::uint32_t> ends;
  };
  std::vector<Block> blocks_;
  std::vector<Stretch> stretches_;
  std::size_t size_ = 0;
};

}  // namespace callrail
