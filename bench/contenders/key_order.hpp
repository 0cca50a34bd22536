#pragma once

#include <callrail/types.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace callrail::bench::CALLRAIL_BENCH_KERNEL {

/// The keys of a record in the order of the last ones, and the column of each: the next key is
/// nearly always the expected one, and compared eight bytes at a time.
class KeyOrder {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit KeyOrder(std::vector<std::string> columns) : columns_{std::move(columns)} {}

  void begin_record() { at_ = 0; }
  /// The column of the key that begins at `raw`, behind its quote; 64 bytes may be read there.
  std::size_t column(const char* raw) {
    if (at_ < steps_.size() && steps_[at_].is(raw)) return steps_[at_++].column;
    return surprise(raw);
  }

 private:
  static constexpr std::size_t most = 6;
  struct Step {
    std::array<std::uint64_t, most> words{}, masks{};
    std::size_t column = none;

    bool is(const char* raw) const {
      // All words, whatever the length: a loop that ends differently from key to key is mispredicted.
      std::uint64_t differs = 0;
      for (std::size_t i = 0; i < most; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, raw + i * 8, 8);
        differs |= (word ^ words[i]) & masks[i];
      }
      return differs == 0;
    }
  };

  std::size_t surprise(const char* raw) {
    for (std::size_t i = at_; i < steps_.size(); ++i) {
      if (!steps_[i].is(raw)) continue;
      at_ = i + 1;
      return steps_[i].column;
    }
    std::size_t size = 0;
    while (raw[size] != '"') size += raw[size] == '\\' ? 2 : 1;
    const Text key{raw, size};
    const auto column = std::ranges::find(columns_, key);
    Step step;
    step.column =
        column == columns_.end() ? none : static_cast<std::size_t>(column - columns_.begin());
    if (size + 1 > most * 8) return step.column;
    std::memcpy(step.words.data(), raw, size + 1);
    std::array<char, most * 8> mask{};
    mask.fill('\0');
    std::memset(mask.data(), 0xff, size + 1);
    std::memcpy(step.masks.data(), mask.data(), mask.size());
    steps_.insert(steps_.begin() + static_cast<std::ptrdiff_t>(at_), step);
    return steps_[at_++].column;
  }

  std::vector<std::string> columns_;
  std::vector<Step> steps_;
  std::size_t at_ = 0;
};

}  // namespace callrail::bench::CALLRAIL_BENCH_KERNEL
