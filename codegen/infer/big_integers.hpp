#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace callrail::codegen {

/// The parser reads no integer beyond 64 bits. Each gets one of 64 bits to stand for it while a
/// list is read, the same wherever it comes again: which rows are equal and which field is the key
/// stays so, and what looks at types sees an integer.
class BigIntegers {
 public:
  /// JSON, or what is given for it, with stand-ins.
  std::string replaced(std::string_view json);
  /// How many were replaced, each time counted.
  std::uint64_t count() const { return count_; }

 private:
  std::uint64_t stand_in(std::string_view digits);

  std::unordered_map<std::string, std::uint64_t> stand_ins_;
  std::uint64_t count_ = 0;
};

}  // namespace callrail::codegen
