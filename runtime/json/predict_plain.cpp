#include "kernel_includes.hpp"

namespace callrail {
namespace {

// clang-format off
#include "vector_plain.hpp"
using Wide = Vector;
#include "bytes_plain.hpp"
#include "walk.hpp"
// clang-format on

}  // namespace

const Kernel& plain_kernel() {
  static constexpr Kernel kernel{"plain", &read_row<Out::cells>, &read_row<Out::csv>,
                                 &read_row<Out::jsonl>, &value_end};
  return kernel;
}

}  // namespace callrail
