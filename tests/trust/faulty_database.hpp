#pragma once

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace callrail::test {

/// While it lives, databases that are opened count their calls to the disk, and one of them, or all
/// from one on, can fail. Nobody waits for the disk, nor for a lock. One at a time, in one thread.
class FaultyDatabase {
 public:
  enum class Call : std::uint8_t { open, lock, write, sync };
  static const char* name_of(Call);

  FaultyDatabase();
  ~FaultyDatabase();
  FaultyDatabase(const FaultyDatabase&) = delete;
  FaultyDatabase& operator=(const FaultyDatabase&) = delete;

  /// `result`: SQLITE_FULL and the like.
  void fail(Call call, std::size_t nth, bool for_good, int result) {
    fault_ = Fault{call, nth, for_good, result};
  }
  void mend() { fault_.reset(); }
  /// Counts from now on.
  void forget() { counts_ = {}; }
  std::size_t count(Call call) const { return counts_[static_cast<std::size_t>(call)]; }

  /// Counts a call; what it has to answer, SQLITE_OK if it may go on.
  int turn(Call);

 private:
  struct Fault {
    Call call;
    std::size_t nth;
    bool for_good;
    int result;
  };
  std::optional<Fault> fault_;
  std::array<std::size_t, 4> counts_{};
};

}  // namespace callrail::test
