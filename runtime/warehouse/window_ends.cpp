#include "window_ends.hpp"

#include <callrail/timestamp.hpp>

#include <string>

namespace callrail {

namespace {

/// "2026-02-10", "2026-02-10T14:05" or "2026-02-10T14:05:06", as UTC.
std::optional<Clock::Wall> read(const std::string& text, bool is_end) {
  constexpr std::size_t day = 10, minute = 16, second = 19;
  const bool is_day = text.size() == day;
  if (!is_day && text.size() != minute && text.size() != second) return std::nullopt;
  const auto parsed = parse_timestamp(text + (is_day                  ? "T00:00:00Z"
                                              : text.size() == minute ? ":00Z"
                                                                      : "Z"));
  if (!parsed) return std::nullopt;
  // A day belongs to its window to its end.
  return parsed->utc + std::chrono::days{is_day && is_end ? 1 : 0};
}

}  // namespace

std::optional<WindowEnds> ends_of(const WindowProof& window) {
  const auto from = read(window.from, false), to = read(window.to, true);
  if (!from || !to) return std::nullopt;
  const bool exact = window.zone == "UTC";
  // Midnight comes last where clocks are 12 hours behind UTC.
  constexpr std::chrono::hours farthest_west{12};
  const auto later = exact ? std::chrono::hours{0} : farthest_west;
  return WindowEnds{*from + later, *to + later, exact};
}

std::string range_begin(Clock::Wall when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const auto minutes = std::chrono::floor<std::chrono::minutes>(when - day).count();
  const auto two = [](std::int64_t n) {
    return std::string(n < 10 ? "0" : "") + std::to_string(n);
  };
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day())) +
         'T' + two(minutes / 60) + ':' + two(minutes % 60);
}

}  // namespace callrail
