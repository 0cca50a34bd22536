#pragma once

#include <callrail/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace callrail::cli {

/// A day or a time of a day, as the user wrote it; without a zone.
struct Moment {
  std::chrono::local_seconds first, last;  ///< the same for a time; a day has all its seconds
};

/// YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS], and only days that exist.
std::optional<Moment> parse_moment(std::string_view);

/// The day that many days before `today`, as YYYY-MM-DD. Counted in UTC: wherever the account is,
/// the range then holds at least the asked number of its days, today's included.
std::string days_before(Clock::Wall today, int days);

/// Whether a zone of this name exists; every well-formed one does where the machine has no list.
bool is_known_zone(std::string_view name);

}  // namespace callrail::cli
