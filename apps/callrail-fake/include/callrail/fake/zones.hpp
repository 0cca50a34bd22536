#pragma once

#include <callrail/fake/ask.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace callrail::fake {

/// Time on a wall clock, without a zone.
using Local = std::chrono::local_time<std::chrono::milliseconds>;

/// The offsets of one time zone as a table, because the time zone library costs microseconds.
class Zone {
 public:
  struct Change {
    Instant from;
    std::chrono::seconds offset;
  };

  explicit Zone(std::vector<Change> changes) : changes_{std::move(changes)} {}

  std::chrono::seconds offset(Instant) const;
  Local local(Instant) const;
  /// Of the hour that exists twice the first one; of the hour that does not exist the instant as
  /// if the clock had not moved.
  Instant earliest(Local) const;
  /// Of the hour that exists twice the second one.
  Instant latest(Local) const;
  std::span<const Change> changes() const { return changes_; }

 private:
  std::vector<Change> changes_;  ///< the first one holds since ever
};

class Zones {
 public:
  /// By IANA name; null if there is none. The zone lives as long as this.
  const Zone* find(Text name) const;

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::unique_ptr<Zone>, std::less<>> loaded_;
};

}  // namespace callrail::fake
