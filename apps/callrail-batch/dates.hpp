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

/// The day it is in a zone. Where the zone is not known, "user" for one, it is the day of the
/// westernmost one: a range that counts back from it misses no day anywhere.
std::chrono::local_days today_in(std::string_view zone, Clock::Wall now);

/// The day it is where the day begins first.
std::chrono::local_days latest_today(Clock::Wall now);

/// The day that many days before `today`, as YYYY-MM-DD.
std::string days_before(std::chrono::local_days today, int days);

/// Whether a zone of this name exists; every well-formed one does where the machine has no list.
bool is_known_zone(std::string_view name);

}  // namespace callrail::cli
