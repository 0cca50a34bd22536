#include "kernel_includes.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(                                                                    \
    __attribute__((target(                                                                       \
        "avx2,bmi,bmi2,lzcnt,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target( \
    "avx2,bmi,bmi2,lzcnt,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")
#endif

namespace callrail {
namespace {

// clang-format off
#include "pattern_avx2.hpp"
#include "vector_avx2.hpp"
#include "wide_avx512.hpp"
#include "bytes_avx512.hpp"
#include "walk.hpp"
// clang-format on

constexpr Kernel kernel{"AVX-512", &read_row<Out::cells>, &read_row<Out::csv>,
                        &read_row<Out::jsonl>, &value_end};

}  // namespace
}  // namespace callrail

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const callrail::Kernel* callrail::avx512_kernel() {
  const bool here = callrail::avx2_kernel() != nullptr && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
                    __builtin_cpu_supports("avx512vbmi2");
  return here ? &kernel : nullptr;
}

#else

const callrail::Kernel* callrail::avx512_kernel() { return nullptr; }

#endif
