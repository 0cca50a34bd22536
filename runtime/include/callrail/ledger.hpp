#pragma once

#include <callrail/clock.hpp>
#include <callrail/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace callrail {

/// What the API said about its own count (x-rate-limit-*), and what follows from it.
struct Told {
  struct Window {
    int allowed = 0;                ///< 0: it never said
    int others = 0;                 ///< requests in its count that nobody here made
    std::chrono::nanoseconds at{};  ///< when it said so
    bool operator==(const Window&) const = default;
  };
  Window hour, day;
  std::chrono::nanoseconds shut_until{};  ///< nobody asks before: the API said the hour is used up
  int refusals = 0;                       ///< times it said so since it last let one in
  /// Answers of the last minute: the shortest time on the way, of so many.
  struct Way {
    std::chrono::nanoseconds shortest{}, at{};
    int seen = 0;
    bool operator==(const Way&) const = default;
  };
  Way way;
  bool operator==(const Told&) const = default;
};

/// The requests made with one key to one host by all processes of this user, in a small file, so
/// that they keep the limits together and after a restart.
///
/// A ring of fixed slots behind a header, changed in place under flock: a few system calls for each
/// request. A slot is written before the header counts it, and a request is sent only after that,
/// so whatever moment a process is killed at, the file holds every request that was sent. Slots and
/// header carry check sums. A torn slot counts as a request of the latest time there is; with a
/// torn header the whole file is set aside, and the new one takes the short limits for used up.
/// Nothing is synced to the disk: only a power cut can lose entries, and after a start of the
/// machine the short limits count as used up at the moment of the start.
///
/// Time is the ledger's own: nanoseconds since 1970 by the clock on the wall when it was first used
/// after a start of the machine, and from then on by the clock that counts from that start. So the
/// clock on the wall may jump, but over a restart nothing better is known; if it went back there,
/// the time without power counts as none at all.
class Ledger {
 public:
  using Time = std::chrono::nanoseconds;

  struct Entry {
    Time sent{};
    Time answered{};  ///< while `open`: when the request has ended at the latest, whatever happens
    Time arrived{};   ///< at the API, at the latest; a better guess than `answered`
    bool open = true;
    bool operator==(const Entry&) const = default;
  };
  static constexpr std::uint64_t capacity = 1 << 16;  ///< entries kept: 2 MB

  /// Opens the file, or makes it; the folder must exist. `boot`: names this start of the machine.
  static Result<std::unique_ptr<Ledger>> open(std::string file, const Clock&,
                                              std::string boot = boot_id());
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// "0fe41bd0-…", another one after each start of the machine; empty where nobody tells.
  static std::string boot_id();

  enum class Locked : std::uint8_t {
    yes,
    busy,    ///< another process has it just now: ask again in a moment
    broken,  ///< it cannot be used any more; a warning was given
  };
  /// Everything below needs the lock.
  Locked lock();
  void unlock();

  std::int64_t born() const;   ///< another number for another file at the same place
  std::uint64_t last() const;  ///< number of the newest entry, counted from 1
  /// Those from `first` on, at most `capacity` of them.
  std::vector<Entry> read(std::uint64_t first) const;
  /// False: it could not be written, and the ledger is broken.
  bool append(const Entry&);
  bool change(std::uint64_t number, const Entry&);
  Told told() const;
  bool tell(const Told&);

  /// Limits of a minute or less count as used up at this moment; 0: at none.
  Time full_at() const;

  // These do not need it, but it must have been held once.
  Time now() const;
  /// Two clocks are looked at, and a busy machine may let us wait for milliseconds in between: the
  /// time of a moment is known between these two.
  Time latest_time_of(Clock::Steady) const;
  Time earliest_time_of(Clock::Steady) const;
  const std::string& file() const { return file_; }

  std::function<void(const std::string&)> on_warning = [](const std::string&) {};

 private:
  struct Header;
  enum class Found : std::uint8_t { good, damaged, unusable };

  Ledger(std::string file, const Clock&, std::string boot);
  Status attach();
  Status create(Time full_at, bool replace);
  Locked give_up(const std::string& why);
  Found read_header();
  bool write_header();
  bool still_in_place() const;
  Status set_aside();
  void change_boot();
  void fill(Header&, Time full_at) const;

  std::string file_, boot_;
  const Clock& clock_;
  int fd_ = -1;
  bool locked_ = false, broken_ = false;
  std::unique_ptr<Header> header_;
};

}  // namespace callrail
