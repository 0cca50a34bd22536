#include "round_trip.hpp"

#include <algorithm>
#include <cmath>

namespace callrail {
namespace {

constexpr double once_in_10000 = 18.42;  // 2 · ln 10,000
constexpr std::size_t fewest = 19;       // q < 1
constexpr std::size_t most = 127;        // the way of now, not of an hour ago
constexpr std::size_t fewest_own = 8;    // for a median
constexpr double least_share = 0.5;

}  // namespace

void RoundTrip::saw(Duration time) {
  shortest_ = std::min(shortest_, time);
  if (latest_.size() < most)
    latest_.push_back(time);
  else
    latest_[place_++ % most] = time;
  ++seen_;
  if (seen_ < fewest || latest_.size() < fewest_own) return;
  std::vector<Duration> sorted = latest_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  const double q = std::sqrt(once_in_10000 / static_cast<double>(seen_));
  const double share = std::max(least_share, q / (1 - q));
  const auto excess = std::chrono::duration<double, std::nano>(*middle - shortest_);
  const auto may_be_shorter = std::chrono::ceil<Duration>(share * excess);
  least_ = std::max(Duration{}, shortest_ - may_be_shorter);
}

void RoundTrip::heard(Duration shortest, std::size_t seen) {
  shortest_ = std::min(shortest_, shortest);
  seen_ = std::max(seen_, seen);
}

}  // namespace callrail
