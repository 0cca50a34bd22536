#pragma once

#include <callrail/clock.hpp>
#include <callrail/limiter.hpp>
#include <callrail/result.hpp>
#include <callrail/transport.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

struct Verdict;

struct ClientOptions {
  int jobs = 4;         ///< requests in flight
  int max_retries = 3;  ///< after the first try
  std::vector<int> retry_statuses;
  std::chrono::milliseconds first_wait{1000};         ///< doubled each time, with jitter
  std::chrono::milliseconds longest_wait{3'600'000};  ///< a server asking for more ends the request
};

struct Answer {
  std::uint64_t ticket = 0;
  /// A 2xx answer. Errors: try_later after the last retry; bad_request, bad_key, forbidden,
  /// not_found by status.
  Result<Response> result;
  int status = 0;  ///< 0: no answer came
  int tries = 0;   ///< requests made since the last answer for this ticket
  /// What the API said, from whichever of its error shapes, cleaned. Longer than what the error
  /// text quotes, because a 400 may list many refused fields.
  std::string message;
  bool in_json = false;  ///< of an error: the API itself said it, as a JSON object
};

struct ClientStats {
  std::uint64_t requests = 0, retries = 0, wire_bytes = 0, body_bytes = 0, refused_429 = 0;
  std::uint64_t answers = 0;   ///< of any status; none: the API is out of reach
  bool quota_used_up = false;  ///< of the day, or a 429 asked to come back later than this waits
  std::chrono::milliseconds waited_for_limits{0}, waited_for_retries{0};
};

/// Told about waiting, so that a person sees it: before every retry, and when a limit ("limit
/// 1000/h") or somebody else's 429 keeps everything back for more than a second.
struct Waiting {
  std::string what;    ///< "calls page 3"
  std::string reason;  ///< "429", "503", "connection reset"
  std::chrono::milliseconds wait{0};
  int attempt = 0, attempts = 0;  ///< the try that failed, of so many; 0 for a limit
};

/// Sends requests in the order they were asked for, as fast as jobs and limits allow, and tries
/// again where that can help. A 429 holds all requests back: the limit is the account's. If the API
/// adds that the hour is used up, that is no failed try, nor is a 429 with a Retry-After while
/// others get through: somebody shares the key. Only a used-up day ends the requests.
class Client {
 public:
  Client(Transport&, Limiter&, Clock&, ClientOptions, std::uint64_t seed);

  std::uint64_t get(Request);
  bool may_ask_again(std::uint64_t ticket) const;
  /// Asks again for something whose answer turned out unusable (cut JSON). False: no tries left.
  bool again(std::uint64_t ticket, std::string_view reason);
  /// The next finished request; nothing if none is outstanding, or `stop` became true.
  std::optional<Answer> next(const std::function<bool()>& stop);
  std::size_t outstanding() const;  ///< queued, waiting or in flight
  int jobs() const { return options_.jobs; }
  void cancel_all();

  ClientStats stats;
  std::function<void(const Waiting&)> on_wait = [](const Waiting&) {};
  std::function<void()> on_idle = [] {};  ///< called a few times a second while waiting

 private:
  struct Pending {
    Request request;
    int tries = 0;
    int forgiven = 0;  ///< of them, those refused because the key is shared or the hour over
    /// How many had succeeded when it was refused before, and before that: refusals of one moment
    /// come in any order.
    std::uint64_t refused_at = 0, refused_before = 0;
    int answered_tries = 0;  ///< of them, those an answer already told of
    Clock::Steady not_before{};
  };
  using Pendings = std::map<std::uint64_t, Pending>;  ///< by ticket: first come, first sent
  struct Pause;

  Pendings::iterator first_ready(Clock::Steady now);
  void send_ready();
  Pause pause(Clock::Steady now) const;
  void announce(const Pause&, Clock::Steady now);
  std::optional<Finished> wait(const Pause&);
  void look_at_the_day();
  void shut(Clock::Steady until, Error because);
  std::optional<Answer> refuse_queued();
  std::optional<Answer> take(Finished);
  std::optional<Answer> failed(std::uint64_t ticket, Pending&, const Verdict&, const Heard&);
  void put_off(std::uint64_t ticket, Pending&, std::string_view reason,
               std::chrono::milliseconds wait);

  Transport& transport_;
  Limiter& limiter_;
  Clock& clock_;
  ClientOptions options_;
  std::mt19937_64 random_;
  std::uint64_t last_ticket_ = 0;
  Pendings queued_;
  Pendings in_flight_;
  std::uint64_t successes_ = 0;
  Pendings answered_;  ///< kept for `again`, a few of them
  Clock::Steady hold_until_{};
  /// The API asked for a longer silence than we wait: until then requests end unsent, like this.
  Clock::Steady shut_until_{};
  Error shut_because_{Code::try_later, {}};
  Clock::Steady hold_announced_{}, limit_announced_{}, last_idle_{};
  Clock::Steady::duration waited_for_limits_{}, waited_for_retries_{};
};

}  // namespace callrail
