#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/fake/ask.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace callrail::fake {

/// Counts requests in windows that roll: no span of a limit's length ever holds more than the
/// limit. Refused requests use nothing up.
class Limits {
 public:
  explicit Limits(std::span<const RateLimit>);

  struct Verdict {
    bool allowed = true;
    std::chrono::milliseconds wait{0};  ///< until the next request would be let in
  };
  Verdict take(Instant);
  /// Requests in the last so many seconds, and how many are allowed; 0 allowed: no such limit.
  struct Use {
    int seconds, allowed, used;
  };
  std::vector<Use> use(Instant) const;
  void reset();

 private:
  std::vector<RateLimit> limits_;
  mutable std::mutex mutex_;
  std::deque<Instant> taken_;  ///< in order, as old as the longest limit
};

/// "10/s,120/m,1000/h,10000/d" or "none".
Result<std::vector<RateLimit>> read_limits(Text);

/// "250ms", "2s", "5m"
Result<std::chrono::milliseconds> read_duration(Text);

}  // namespace callrail::fake
