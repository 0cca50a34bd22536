#pragma once

#include <chrono>
#include <ctime>

namespace callrail {

/// Time comes in from outside, so a test of "retry after two hours" takes a millisecond.
class Clock {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  using Wall = std::chrono::sys_time<std::chrono::milliseconds>;

  virtual ~Clock() = default;
  virtual Steady now() const = 0;  ///< never jumps; for waiting and rates
  virtual Wall today() const = 0;  ///< may jump; for dates
  /// Since the machine was started. Never jumps, is the same in every process, and goes on while
  /// the machine sleeps, which `now` does not.
  virtual std::chrono::nanoseconds boot() const { return now().time_since_epoch(); }
};

class SystemClock final : public Clock {
 public:
  Steady now() const override { return std::chrono::steady_clock::now(); }
  Wall today() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::nanoseconds boot() const override {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  }
};

}  // namespace callrail
