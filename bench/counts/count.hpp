#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::counts {

/// A number that is the same in every run. Less is better.
struct Count {
  std::string name;  ///< "calls.full.csv.allocations_per_row"
  double value = 0;
  std::uint64_t input = 0;  ///< a hash of the data it was counted on
  /// Bytes the input has per row, where the count grows with them: with other data the gate then
  /// compares what a byte costs.
  std::optional<double> input_size;
};

/// FNV-1a; only ever compared with itself.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) value_ = (value_ ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037U;
};

}  // namespace callrail::counts
