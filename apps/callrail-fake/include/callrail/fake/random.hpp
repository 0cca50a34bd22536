#pragma once

#include <cstdint>
#include <string_view>

/// Randomness without state: every value the fake makes up is a function of what it is for, so the
/// same seed gives the same bytes whatever was asked before.
namespace callrail::fake {

/// The last step of splitmix64: a bijection, hence ids made from it are unique by construction.
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9U;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// The inverse of `mix`.
constexpr std::uint64_t unmix(std::uint64_t x) {
  x ^= (x >> 31) ^ (x >> 62);
  x *= 0x319642b2d24d8ec3U;
  x ^= (x >> 27) ^ (x >> 54);
  x *= 0x96de1b173f119089U;
  return x ^ (x >> 30) ^ (x >> 60);
}

constexpr std::uint64_t join(std::uint64_t a, std::uint64_t b) {
  return mix(a ^ (b * 0x9e3779b97f4a7c15U + 0x7f4a7c15U));
}

constexpr std::uint64_t join(std::uint64_t a, std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325U;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return join(a, h);
}

class Dice {
 public:
  constexpr explicit Dice(std::uint64_t seed) : state_{seed} {}
  constexpr std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15U); }
  /// 0 … n-1
  constexpr std::uint64_t below(std::uint64_t n) { return n < 2 ? 0 : next() % n; }
  constexpr bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace callrail::fake
