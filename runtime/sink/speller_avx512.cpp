#include "speller_includes.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(                                                                    \
    __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi2"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi2")
#endif

namespace callrail {
namespace {

#include "bytes_avx512.hpp"
#include "spell_cells.hpp"

constexpr Speller speller{"AVX-512", &csv_cells, &json_object, &json_string, &copy_plain_xml};

}  // namespace
}  // namespace callrail

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const callrail::Speller* callrail::avx512_speller() {
  const bool here = __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
  return here ? &speller : nullptr;
}

#else

const callrail::Speller* callrail::avx512_speller() { return nullptr; }

#endif
