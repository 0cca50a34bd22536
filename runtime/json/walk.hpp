// No #pragma once and no includes: a kernel includes this inside its own namespace, behind a
// `Vector` and its `Bytes`, where the compiler may use that vector's instructions.

enum class Out : std::uint8_t { cells, csv, jsonl };

/// Where reading and writing stand. Nothing to read: a surprise.
struct At {
  const char* in;
  char* out;
};
inline constexpr At surprise{nullptr, nullptr};

using Bits = Vector::Bits;
inline constexpr Bits no_bits = 0, all_bits = ~no_bits;

/// The bits below the lowest one; all, if there is none.
inline Bits below_first(Bits bits) { return (bits - 1) & ~bits; }
/// And that one with them.
inline Bits up_to_first(Bits bits) { return bits ^ (bits - 1); }
/// The vector's width, if there is none.
inline std::size_t first_of(Bits bits) { return static_cast<std::size_t>(std::countr_zero(bits)); }
/// The lowest `size` bits; `size` is at most the vector's width.
inline Bits low_bits(std::size_t size) {
  return size == Vector::width ? all_bits : (Bits{1} << size) - 1;
}

template <std::size_t n>
inline bool begins(const char* at, const char (&word)[n]) {
  return std::memcmp(at, word, n - 1) == 0;
}

/// Without a branch: which values are null is hard to foresee.
inline std::size_t size_if(bool is, std::size_t size) { return size & -std::size_t{is}; }

/// The four bytes of null.
inline constexpr std::uint32_t null_word =
    std::endian::native == std::endian::little ? 0x6c6c756e : 0x6e756c6c;

/// The machine reads ahead by itself, but not into the next of its pages. Asked for at once, all of
/// a row would have to be waited for; asked for with each member, it is there when it is read.
[[gnu::always_inline]] inline void fetch_ahead(const char* in) {
  constexpr std::size_t bytes = 3072;
  __builtin_prefetch(in + bytes);
}

// Each needs those before it.
// clang-format off
#include "walk_tests.hpp"
#include "walk_tokens.hpp"
#include "walk_texts.hpp"
#include "walk_json.hpp"
#include "walk_shapes.hpp"
#include "walk_rows.hpp"
// clang-format on
