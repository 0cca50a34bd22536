#include "kernel_includes.hpp"

#if defined(__x86_64__)

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

// clang-format off
#include "pattern_avx2.hpp"
#include "vector_avx2.hpp"
using Wide = Vector;
#include "bytes_avx2.hpp"
#include "walk.hpp"
// clang-format on

constexpr Kernel kernel{"AVX2", &read_row<Out::cells>, &read_row<Out::csv>, &read_row<Out::jsonl>,
                        &value_end};

}  // namespace
}  // namespace callrail

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const callrail::Kernel* callrail::avx2_kernel() {
  const bool here = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt") &&
                    __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
  return here ? &kernel : nullptr;
}

#else

const callrail::Kernel* callrail::avx2_kernel() { return nullptr; }

#endif
