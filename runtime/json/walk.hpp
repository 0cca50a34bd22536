// No #pragma once and no includes: a kernel includes this inside its own namespace, behind a
// `Vector`, where the compiler may use that vector's instructions.

enum class Out : std::uint8_t { cells, csv, jsonl };
/// How a nested value is copied while it is walked.
enum class Spell : std::uint8_t { nothing, raw, doubled };

/// Where reading and writing stand. Nothing to read: a surprise.
struct At {
  const char* in;
  char* out;
};
inline constexpr At surprise{nullptr, nullptr};

using Bits = Vector::Bits;
inline constexpr Bits no_bits = 0, all_bits = ~no_bits;

/// The bits below the lowest one; all, if there is none.
inline Bits below_first(Bits bits) { return bits == 0 ? all_bits : (bits - 1) & ~bits; }
inline std::size_t first_of(Bits bits) { return static_cast<std::size_t>(std::countr_zero(bits)); }

template <std::size_t n>
inline bool begins(const char* at, const char (&word)[n]) {
  return std::memcmp(at, word, n - 1) == 0;
}

// Each needs those before it.
// clang-format off
#include "walk_tests.hpp"
#include "walk_json.hpp"
#include "walk_shapes.hpp"
#include "walk_rows.hpp"
// clang-format on
