#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace callrail {

/// Hashes a JSON key by its length and its first, middle and last eight bytes; the API has long
/// names of one length that differ only in the middle. Shared by the generator, which searches a
/// seed without collisions, and the runtime, which proves it while compiling.
constexpr std::uint32_t key_hash(std::string_view key, std::uint32_t seed) {
  std::uint64_t head = 0, middle = 0, tail = 0;
  const std::size_t n = key.size() < 8 ? key.size() : 8;
  const std::size_t last = key.size() - n;
  for (std::size_t i = 0; i < n; ++i) {
    head = head << 8 | static_cast<unsigned char>(key[i]);
    middle = middle << 8 | static_cast<unsigned char>(key[last / 2 + i]);
    tail = tail << 8 | static_cast<unsigned char>(key[last + i]);
  }
  std::uint64_t h = head ^ (tail * 0x9e3779b97f4a7c15u) ^ key.size();
  h = (h ^ (middle * 0xd6e8feb86659fd93u)) + seed;
  h *= 0xff51afd7ed558ccdu;
  h ^= h >> 32;
  h *= 0xc4ceb9fe1a85ec53u + 2 * std::uint64_t{seed};
  return static_cast<std::uint32_t>(h >> 32);
}

/// Slots of the key table for `fields` fields: a power of two, at least four times as many, and
/// enough for records of more than 64 fields that one seed in some 3,000 has no collision.
constexpr std::size_t key_slots(std::size_t fields) {
  std::size_t n = 16;
  while (n < 4 * fields || 16 * n < fields * fields) n *= 2;
  return n;
}

}  // namespace callrail
