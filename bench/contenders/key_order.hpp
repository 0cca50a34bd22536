#pragma once

#include <callrail/types.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace callrail::bench {

/// The keys of a record in the order of the last ones, and the column of each: the next key is
/// nearly always the expected one.
class KeyOrder {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit KeyOrder(std::vector<std::string> columns) : columns_{std::move(columns)} {}

  void begin_record() { at_ = 0; }
  /// The column of the key that begins at `raw`, behind its quote, with a page's padding.
  std::size_t column(const char* raw) {
    if (at_ < steps_.size() && steps_[at_].is(raw)) return steps_[at_++].column;
    return surprise(raw);
  }

 private:
  struct Step {
    std::string key;  ///< with the quote behind it
    std::size_t column = none;

    bool is(const char* raw) const { return std::memcmp(raw, key.data(), key.size()) == 0; }
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
    const bool known = column != columns_.end();
    steps_.insert(steps_.begin() + static_cast<std::ptrdiff_t>(at_),
                  {std::string{key} + '"',
                   known ? static_cast<std::size_t>(column - columns_.begin()) : none});
    return steps_[at_++].column;
  }

  std::vector<std::string> columns_;
  std::vector<Step> steps_;
  std::size_t at_ = 0;
};

}  // namespace callrail::bench
