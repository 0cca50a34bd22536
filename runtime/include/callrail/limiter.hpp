#pragma once

#include <callrail/clock.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// "10/s,120/m,1000/h,10000/d"; "none" gives no limit. Errors say what is allowed.
Result<std::vector<RateLimit>> parse_limits(std::string_view);
/// In the spelling `parse_limits` reads.
std::string to_string(const RateLimit&);
std::string to_string(std::span<const RateLimit>);

/// Keeps every rolling window of every limit, as the *server* counts it.
///
/// A request counts from the moment it is sent until one window after its answer began to arrive:
/// the server saw it somewhere in between, so no window of the server's ever holds more.
class Limiter {
 public:
  /// On top of every window, for a server that counts in whole milliseconds.
  static constexpr std::chrono::milliseconds margin{1};

  explicit Limiter(std::vector<RateLimit> limits);

  /// When the next request may be sent; `now` or earlier: at once. While answers are outstanding
  /// the time may be unknown: then it is Clock::Steady::max(), ask again after the next answer.
  Clock::Steady next(Clock::Steady now) const;
  /// The limit that makes `next` later than `now`, if one does.
  std::optional<RateLimit> blocking(Clock::Steady now) const;
  void sent(std::uint64_t ticket, Clock::Steady now);
  void answered(std::uint64_t ticket, Clock::Steady when);

 private:
  Clock::Steady free_at(const RateLimit&) const;

  std::vector<RateLimit> limits_;
  std::size_t most_ = 0;  ///< requests in the largest limit: older answers decide nothing
  std::vector<std::uint64_t> outstanding_;
  std::deque<Clock::Steady> answered_;  ///< sorted, at most `most_`
};

}  // namespace callrail
