#include "span.hpp"

#include <algorithm>

namespace callrail {

namespace {
constexpr int most_pages = 8;  // held in memory until the window is proven
}

Span span_after(std::uint64_t covered, int most, std::uint64_t overlap) {
  Span best;
  for (int size = most; size > 0; --size) {
    const auto rows = static_cast<std::uint64_t>(size);
    const std::uint64_t before = (covered - std::min(covered, overlap)) / rows;
    const Span span{static_cast<int>(before) + 1, size};
    if (span.end() > std::max(covered, best.end())) best = span;
  }
  if (best.size != 0) return best;
  return overlap == 0 ? Span{1, most} : span_after(covered, most, 0);
}

int pages_of_window(int page_size) {
  int pages = 1;
  while (pages < most_pages && (pages + 1) * (pages + 2) <= page_size) ++pages;
  return pages;
}

}  // namespace callrail
