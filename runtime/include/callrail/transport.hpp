#pragma once

#include <callrail/body.hpp>
#include <callrail/clock.hpp>
#include <callrail/result.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// One GET. The address holds no secret; the transport adds the key.
struct Request {
  std::string url;   ///< absolute
  std::string what;  ///< for messages: "calls page 3"
  /// To bytes elsewhere: a redirect is an answer, and since addresses in it may let anybody in, it
  /// is not recorded.
  bool leads_on = false;
  int most_tries = 0;  ///< where there is room for no more; 0: as the client does
};

struct Response {
  int status = 0;
  Body body;
  std::string content_type;
  std::optional<std::string> retry_after;  ///< the header as sent
  std::string location;                    ///< of a redirect, which no transport follows
  /// Hourly and daily budget as the server counts it, if it says.
  std::optional<int> hour_allowed, hour_used, day_allowed, day_used;
  std::optional<std::chrono::nanoseconds> runtime;  ///< the server says it worked so long
  std::uint64_t wire_bytes = 0;                     ///< as received, still compressed
};

/// A status whose `location` is where the same can be had.
constexpr bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// No answer: refused, reset, timed out, cut short, too large, TLS.
struct NetworkError {
  std::string what;
  bool final = false;  ///< asking again cannot help: certificate refused, body over the cap
  Code code = Code::try_later;  ///< what the request ends with
};

struct Finished {
  std::uint64_t ticket = 0;
  std::expected<Response, NetworkError> result;
  Clock::Steady answered;  ///< when the first byte of the answer came, or the failure was noticed
};

/// Sends requests and hands back answers in the order they finish. Single-threaded; the real one is
/// libcurl's multi interface, tests and replays bring their own.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void start(std::uint64_t ticket, const Request&) = 0;
  /// Waits for an answer until `until` at the latest. With nothing in flight it just waits.
  virtual std::optional<Finished> wait(Clock::Steady until) = 0;
  /// Forgets every request in flight.
  virtual void cancel_all() = 0;
};

}  // namespace callrail
