// The vector modules, each against what it says of a byte, and the plain one against the others.
#include "kernel_includes.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace callrail {
namespace {

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
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }
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

namespace plain {
// clang-format off
#include "vector_plain.hpp"
#include "vector_checks.hpp"
// clang-format on
}  // namespace plain

TEST(AVector, SaysOfEachByteWhatItIs) { plain::look_at_every_byte(); }
TEST(AVector, FindsWhatIsNoUtf8) { plain::find_what_is_no_utf8<plain::Vector>(); }
TEST(AVector, ComparesTheBytesOfTheMaskAndNoOthers) { plain::compare_keys(); }

#if defined(__x86_64__)
}  // namespace
}  // namespace callrail

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")
#endif

namespace callrail {
namespace {

namespace avx2 {
// clang-format off
#include "pattern_avx2.hpp"
#include "vector_avx2.hpp"
#include "vector_checks.hpp"
// clang-format on
}  // namespace avx2

#ifdef __clang__
#pragma clang attribute pop
#pragma clang attribute push(                                                                    \
    __attribute__((target(                                                                       \
        "avx2,bmi,bmi2,lzcnt,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2"))), \
    apply_to = function)
#else
#pragma GCC target( \
    "avx2,bmi,bmi2,lzcnt,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")
#endif

namespace avx512 {
// clang-format off
#include "pattern_avx2.hpp"
#include "vector_avx2.hpp"
#include "wide_avx512.hpp"
#include "vector_checks.hpp"
// clang-format on
}  // namespace avx512

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

TEST(AVector, SaysTheSameWithAvx2) {
  if (avx2_kernel() == nullptr) GTEST_SKIP() << "this machine has no AVX2";
  avx2::look_at_every_byte();
  avx2::find_what_is_no_utf8<avx2::Vector>();
  avx2::compare_keys();
}

TEST(AVector, SaysTheSameOf64BytesWithAvx512) {
  if (avx512_kernel() == nullptr) GTEST_SKIP() << "this machine has no AVX-512";
  avx512::look_at_what_both_know<avx512::Wide>();
  avx512::find_what_is_no_utf8<avx512::Wide>();
}
#endif

}  // namespace
}  // namespace callrail
