// The vector modules, each against what it says of a byte, and the plain one against the others.
#include "kernel_includes.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>

namespace callrail {
namespace {

namespace plain {
#include "vector_plain.hpp"
}

/// A block of bytes that vector code looks at closely, and room behind it.
std::string block_of(unsigned seed) {
  std::mt19937 random{seed};
  const std::string close{"\"\\,/:;09@AFGZ`afgz{}[]\x00\x1f\x20\x21\x7e\x7f\x80\xa0\xff", 31};
  std::string block(128, 'x');
  for (char& c : block)
    c = random() % 3 == 0 ? close[random() % close.size()] : static_cast<char>(random());
  return block;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_stop(char c) { return c == '\\' || c == '"' || static_cast<unsigned char>(c) < 0x20; }
bool is_mark(char c) {
  return c == '\\' || static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x80;
}

template <class Bits, class Is>
Bits expected(const std::string& block, Is is) {
  Bits bits = 0;
  for (std::size_t i = 0; i < sizeof(Bits) * 8; ++i)
    if (is(block[i])) bits |= Bits{1} << i;
  return bits;
}

template <class Vector>
void look_at_every_byte() {
  using Bits = typename Vector::Bits;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const std::string text = block_of(seed);
    const auto block = Vector::load(text.data());
    ASSERT_EQ(Vector::is(block, '"'), expected<Bits>(text, [](char c) { return c == '"'; }));
    ASSERT_EQ(Vector::is(block, '\0'), expected<Bits>(text, [](char c) { return c == 0; }));
    ASSERT_EQ(Vector::no_ascii(block),
              expected<Bits>(text, [](char c) { return static_cast<signed char>(c) < 0; }));
    ASSERT_EQ(Vector::stops(block), expected<Bits>(text, is_stop));
    ASSERT_EQ(Vector::marks(block), expected<Bits>(text, is_mark));
    ASSERT_EQ(Vector::marks_or_commas(block),
              expected<Bits>(text, [](char c) { return is_mark(c) || c == ','; }));
    ASSERT_EQ(Vector::digits(block), expected<Bits>(text, is_digit));
    ASSERT_EQ(Vector::hex(block), expected<Bits>(text, is_hex));
    std::string copy(128, 'y');
    Vector::store(copy.data() + 3, block);
    ASSERT_EQ(copy.substr(3, Vector::width), text.substr(0, Vector::width));
    ASSERT_EQ(copy.substr(3 + Vector::width), std::string(128 - 3 - Vector::width, 'y'));
  }
}

template <class Vector>
void compare_keys() {
  const std::string key = block_of(1);
  for (std::size_t size = 0; size <= 64; ++size) {
    const std::uint64_t mask = size == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1;
    for (std::size_t at = 0; at < 70; ++at) {
      std::string other = key;
      other[at] = static_cast<char>(other[at] ^ 1);
      ASSERT_EQ(Vector::same(other.data(), key.data(), mask), at >= size) << size << ' ' << at;
    }
  }
}

TEST(AVector, SaysOfEachByteWhatItIs) { look_at_every_byte<plain::Vector>(); }
TEST(AVector, ComparesTheBytesOfTheMaskAndNoOthers) { compare_keys<plain::Vector>(); }

#if defined(__x86_64__)
}  // namespace
}  // namespace callrail

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace callrail {
namespace {

namespace avx2 {
#include "vector_avx2.hpp"
}

void look_at_every_byte_with_avx2() { look_at_every_byte<avx2::Vector>(); }
void compare_keys_with_avx2() { compare_keys<avx2::Vector>(); }

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

TEST(AVector, SaysTheSameWithAvx2) {
  if (avx2_kernel() == nullptr) GTEST_SKIP() << "this machine has no AVX2";
  look_at_every_byte_with_avx2();
  compare_keys_with_avx2();
}
#endif

}  // namespace
}  // namespace callrail
