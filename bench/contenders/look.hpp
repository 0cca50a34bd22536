#pragma once

#include <callrail/types.hpp>

#include <cstdint>
#include <cstring>

/// What `Contender::look` is made of.
namespace callrail::bench {

/// FNV-1a over words instead of bytes: text of 100 MB is hashed before anything is timed.
inline std::uint64_t hash_of(Text text, std::uint64_t hash = 0xcbf29ce484222325U) {
  constexpr std::uint64_t prime = 0x100000001b3U;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    hash = (hash ^ word) * prime;
    hash ^= hash >> 29;
  }
  for (; i < text.size(); ++i) hash = (hash ^ static_cast<unsigned char>(text[i])) * prime;
  return (hash ^ text.size()) * prime;
}

/// Values of JSON added up while they are visited: enough for a sum to differ when one was read
/// wrongly, and too little to be a cost. Order does not matter, for parsers that sort.
struct Sum {
  std::uint64_t value = 0;

  void text(std::size_t size) { value += size * 8 + 1; }
  void integer(std::int64_t n) { value += static_cast<std::uint64_t>(n) * 64 + 2; }
  void number(double n) { value += static_cast<std::uint64_t>(static_cast<std::int64_t>(n)) + 3; }
  void boolean(bool b) { value += b ? 5U : 4U; }
  void null() { value += 6; }
  void nested(std::size_t size) { value += size * 16 + 7; }
};

}  // namespace callrail::bench
