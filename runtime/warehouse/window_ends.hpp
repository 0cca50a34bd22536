#pragma once

#include <callrail/clock.hpp>
#include <callrail/proof.hpp>

#include <optional>

namespace callrail {

/// The ends of a window as instants: of days in another zone than UTC, the latest its begin and its
/// end may be.
struct WindowEnds {
  Clock::Wall from, to;
  bool exact = false;  ///< the window is in UTC
};

/// Nothing: the window has no days, or they cannot be read.
std::optional<WindowEnds> ends_of(const WindowProof&);

/// A begin for `DateRange::from` in UTC, not later than this.
std::string range_begin(Clock::Wall);

}  // namespace callrail
