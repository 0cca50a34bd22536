#pragma once

#include <callrail/clock.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/extract.hpp>
#include <callrail/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// The days one list is asked for, as they go into the request: always both of them, because an API
/// that gets no dates silently answers its last seven days.
struct Window {
  std::string from, to, zone;
  bool empty = false;   ///< all of it lies before what the API keeps
  std::string warning;  ///< what was cut off, if anything

  std::string text() const;  ///< "2024-10-22..2026-11-21 user"
};

/// Cuts a window into at most so many of about the same length, at midnights where it is long
/// enough and at full minutes else. Neighbours share the instant of the cut, written as a time, so
/// no fraction of a second lies between them; a row on it comes twice. One window: no cut is left.
std::vector<Window> cut_window(const Window&, std::uint64_t parts);

/// Cuts a window of sums over days at midnights, so that an answer has at most so many points of
/// this length: hour, day, week, month, quarter or year. No day belongs to two of them, and no week
/// or month either if that can be.
std::vector<Window> cut_by_points(const Window&, int most_points, std::string_view length);

/// The window with a later begin, in its own zone. One behind its end becomes the day of that end:
/// whoever set the clock back does not make the API refuse the request.
Window begin_at(Window, const std::string& from);

/// Moves the begin of a window, laid out some time ago, to the first day the API still keeps.
void clamp_window(Window&, int keeps_months, Clock::Wall now);

/// Fills in the ends the user left open and clamps to what the API keeps: it refuses an earlier
/// start as a whole instead of trimming it.
///
/// In the key owner's zone ("user"), which nobody can ask for, today is the latest date there is on
/// Earth: no call of today is missed, at the price of up to a day at the far end. A named zone
/// makes both exact. Fails with Code::bad_request on a zone that does not exist.
Result<Window> resolve_window(const DateRange&, int keeps_months, Clock::Wall now);

}  // namespace callrail
