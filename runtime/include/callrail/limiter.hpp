#pragma once

#include <callrail/clock.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/ledger.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

class RoundTrip;

/// "10/s,120/m,1000/h,10000/d"; "none" gives no limit. Errors say what is allowed.
Result<std::vector<RateLimit>> parse_limits(std::string_view);
/// In the spelling `parse_limits` reads.
std::string to_string(const RateLimit&);
std::string to_string(std::span<const RateLimit>);

/// What an answer tells about the limits, beside having come.
struct Heard {
  int status = 0;
  std::optional<std::chrono::nanoseconds> runtime = {};  ///< the server says it worked: x-runtime
  std::optional<int> hour_allowed = {}, hour_used = {}, day_allowed = {}, day_used = {};
  std::optional<std::chrono::milliseconds> retry_after = {};

  bool hour_used_up() const { return hour_allowed && hour_used && *hour_used >= *hour_allowed; }
  bool day_used_up() const { return day_allowed && day_used && *day_used >= *day_allowed; }
};

/// Keeps every rolling window of every limit, as the *server* counts it; with a ledger, together
/// with all other processes and with those that ran before.
///
/// The careful rule: a request counts from the moment it is sent until one window after its answer
/// began to arrive. The server saw it somewhere in between, so no window of the server's ever holds
/// more. It costs the time of an exchange per window, which is nothing for a minute or more, and
/// all those windows are kept by it. Of ten requests a second it would leave unused what the
/// answers take: 13 % at 150 ms.
///
/// The close rule, for windows below a minute: let f be the time a request takes to the server, r
/// the answer's back, F and R the least either can take, and w the time the server worked. It
/// counts before it works, so request i was counted at answered(i) - w(i) - r(i) at the latest,
/// and that is no later than answered(i) - w(i) - R. A later request k is counted no earlier than
/// sent(k) + F. Between the two lie more than W seconds if
///
///     sent(k) > answered(i) - w(i) - (F + R) + W
///
/// F and R alone are unknown, but only their sum matters, the shortest round trip: see RoundTrip,
/// which takes less than the shortest one seen. w is x-runtime; where the header is missing, or
/// says more than the whole exchange took, w is zero and the shortest time of working counts as a
/// part of the way. What is left unused is the jitter. The rule rests on three things that may turn
/// out wrong (counted before working, no way much shorter than all seen, nobody else uses the key),
/// so the first 429 ends it: from then on the process keeps all windows by the careful rule.
///
/// What the API says about its own hour and day adds the requests of others, who share the key and
/// not the ledger. It never takes away from what is booked here.
class Limiter {
 public:
  /// On top of every window, for a server that counts in whole milliseconds.
  static constexpr std::chrono::milliseconds margin{1};

  explicit Limiter(std::vector<RateLimit> limits);
  /// `longest_request`: after which a request has ended, whatever happened to it.
  Limiter(std::vector<RateLimit> limits, Ledger&, std::chrono::milliseconds longest_request);
  Limiter(Limiter&&) noexcept;
  ~Limiter();

  /// When the next request may be sent; `now` or earlier: at once. While answers are outstanding
  /// the time may be unknown: then it is Clock::Steady::max(), ask again after the next answer.
  Clock::Steady next(Clock::Steady now) const;
  /// The limit that makes `next` later than `now`, if one does.
  std::optional<RateLimit> blocking(Clock::Steady now) const;

  /// Books a request if it may be sent now. It is not to be sent before.
  bool book(std::uint64_t ticket, Clock::Steady now);
  /// Books it whatever the limits say.
  void sent(std::uint64_t ticket, Clock::Steady now);
  void answered(std::uint64_t ticket, Clock::Steady when, const Heard& = {});

  /// Set if a limit of a day or more lets nothing through for longer than `patience`.
  struct UsedUp {
    RateLimit limit;
    Clock::Steady until;  ///< at the latest
    int others = 0;       ///< requests nobody here made
  };
  std::optional<UsedUp> used_up(Clock::Steady now, std::chrono::milliseconds patience) const;

  /// Requests in the window of this limit, those of others included.
  int used(const RateLimit&, Clock::Steady now) const;
  /// Brings what other processes did up to date.
  void look();
  /// The same without a ledger, to try what would happen: `sent` and `answered` at once.
  Limiter rehearsal() const;
  bool careful() const { return careful_; }

 private:
  using Time = Ledger::Time;
  struct Open {
    std::uint64_t number = 0;             ///< in the ledger, from 1; 0: not there
    std::optional<std::uint64_t> ticket;  ///< nothing: another process made it
    Ledger::Entry entry;
  };
  struct Gate {
    Time until = Time::min();
    std::optional<RateLimit> limit;
  };

  Limiter(const Limiter&);

  Time time_of(Clock::Steady) const;
  Clock::Steady steady(Time, Clock::Steady now, Time same) const;
  Gate gate(Time now) const;
  Gate gate(const RateLimit&, Time now) const;
  Time free_at(const RateLimit&, int requests) const;
  const Told::Window* told_about(const RateLimit&, Time now) const;
  int own(std::chrono::seconds window, Time now) const;
  bool lock(bool must);
  void unlock();
  void refresh();
  void begin_anew();
  void expire(Time now);
  void finish(const Ledger::Entry&);
  void add(std::uint64_t ticket, Time now);
  Time arrival(const Ledger::Entry&, const Heard&);
  void learn(const Ledger::Entry&, const Heard&);
  bool write_back();

  std::vector<RateLimit> limits_;
  Ledger* ledger_ = nullptr;
  std::chrono::milliseconds longest_request_{0};
  Time shift_{};          ///< without a ledger: of time against Steady's
  std::size_t keep_ = 0;  ///< requests in the largest limit: older answers decide nothing
  std::int64_t born_ = 0;
  std::uint64_t seen_ = 0;
  std::vector<Open> open_;
  std::deque<Time> answered_, arrived_;  ///< sorted, at most `keep_`
  std::vector<Open> unwritten_;          ///< changes the ledger was too busy for
  Told told_;
  Time full_at_{};
  bool careful_ = false;
  bool trusts_runtime_ = true;
  std::unique_ptr<RoundTrip> way_;
};

}  // namespace callrail
