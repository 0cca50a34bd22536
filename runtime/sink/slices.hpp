#pragma once

#include <callrail/page.hpp>

namespace callrail {

/// Hands rows on a few at a time: the text of a whole page need not be in memory at once, and a
/// few rows with every field are the size of one write.
template <class Take>
Status in_slices(const Rows& rows, Take take) {
  constexpr std::size_t most = 64;
  for (std::size_t at = 0; at < rows.count; at += most) {
    const Rows rest{rows.cells + at * rows.width, rows.count - at, rows.width,
                    rows.lines != nullptr ? rows.lines + at : nullptr};
    if (Status taken = take(rest.first(most)); !taken) return taken;
  }
  return {};
}

}  // namespace callrail
