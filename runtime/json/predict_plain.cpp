#include "kernel_includes.hpp"

namespace callrail {
namespace {

#include "vector_plain.hpp"
#include "walk.hpp"

}  // namespace

const Kernel& plain_kernel() {
  static constexpr Kernel kernel{"plain", &read_row<Out::cells>, &read_row<Out::csv>,
                                 &read_row<Out::jsonl>, &value_end};
  return kernel;
}

}  // namespace callrail
