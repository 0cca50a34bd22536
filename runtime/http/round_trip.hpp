#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace callrail {

/// How long the way to the server and back takes at the least.
///
/// Nobody can know: the shortest exchange seen is only the shortest so far. How much shorter one
/// may still be is told by how the others lie above it. With jitter on both ways the chance of an
/// excess below x is about (x/m)²/2, m being the median excess; so the shortest of n lies more than
/// q·m above the least there can be with a chance of (1 - q²/2)ⁿ, and q = √(18.4/n) makes that
/// 1 in 10,000. The median excess is itself measured from the shortest, which turns q into
/// q/(1-q). Never less than half a median, for jitter that is not of this kind.
class RoundTrip {
 public:
  using Duration = std::chrono::nanoseconds;

  /// An exchange took so long, without the time the server says it worked.
  void saw(Duration);
  /// What other processes saw of the same way: their shortest, of so many in all.
  void heard(Duration shortest, std::size_t seen);
  /// Zero until enough was seen.
  Duration least() const { return least_; }
  Duration shortest() const { return shortest_; }
  std::size_t seen() const { return seen_; }
  void forget() { *this = RoundTrip{}; }

 private:
  std::size_t seen_ = 0;
  Duration shortest_ = Duration::max(), least_{};
  std::vector<Duration> latest_;  ///< a ring
  std::size_t place_ = 0;         ///< in it
};

}  // namespace callrail
