#include "speller_includes.hpp"

#if defined(__x86_64__)

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

#include "bytes_avx2.hpp"
#include "spell_cells.hpp"

constexpr Speller speller{"AVX2", &csv_cells, &json_object, &json_string, &copy_plain_xml};

}  // namespace
}  // namespace callrail

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

const callrail::Speller* callrail::avx2_speller() {
  const bool here = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt") &&
                    __builtin_cpu_supports("popcnt");
  return here ? &speller : nullptr;
}

#else

const callrail::Speller* callrail::avx2_speller() { return nullptr; }

#endif
