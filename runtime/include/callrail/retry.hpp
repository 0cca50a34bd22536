#pragma once

#include <callrail/clock.hpp>

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace callrail {

/// What a Retry-After header asks for: seconds, or a date in any of the three forms of RFC 9110.
/// Nothing for nonsense, and for a date that has passed, which is more likely a wrong clock.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view header,
                                                           Clock::Wall today);

/// The number of requests an x-rate-limit header tells of; nothing if it is no such number.
std::optional<int> parse_budget(std::string_view header);

/// first · 2^(tries - 1), at most `longest`, and up to 20 % more or less, so that clients that were
/// refused together do not come back together.
std::chrono::milliseconds backoff(std::chrono::milliseconds first, int tries,
                                  std::chrono::milliseconds longest, std::mt19937_64&);

/// "Too Many Requests" for 429; empty for a status nobody has named.
std::string_view reason_phrase(int status);

/// "45 s", "2 h 5 min"; for messages.
std::string spell_duration(std::chrono::milliseconds);

}  // namespace callrail
