#include "window.hpp"

#include <date/tz.h>

#include <exception>

namespace callrail {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

/// The latest zone is 14 hours ahead of UTC.
constexpr std::chrono::hours farthest_east{14};

std::string text_of(sys_days day) {
  const std::chrono::year_month_day date{day};
  const auto two = [](unsigned n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day()));
}

Result<sys_days> today_in(const std::string& zone, const Clock& clock) {
  const auto now = clock.today();
  if (zone == "user") return std::chrono::floor<days>(now + farthest_east);
  try {
    const auto info = date::locate_zone(zone)->get_info(now);
    return std::chrono::floor<days>(now + info.offset);
  } catch (const std::exception&) {
    return fail(Code::bad_request,
                "time zone \"" + zone +
                    "\" is not known here; use an IANA name such as America/New_York, or user "
                    "(needs the tzdata package)");
  }
}

sys_days months_before(sys_days day, int months) {
  const auto date = std::chrono::year_month_day{day} - std::chrono::months{months};
  // 31 March minus 25 months is no date; the day after the shorter month is inside for certain.
  if (date.ok()) return date;
  return sys_days{date.year() / date.month() / std::chrono::last} + days{1};
}

}  // namespace

std::string Window::text() const { return from + ".." + to + ' ' + zone; }

Result<Window> resolve_window(const DateRange& range, int keeps_months, const Clock& clock) {
  const auto today = today_in(range.zone, clock);
  if (!today) return std::unexpected(today.error());
  const std::string earliest = text_of(months_before(*today, keeps_months) + days{1});
  Window window{.from = range.from.empty() ? earliest : range.from,
                .to = range.to.empty() ? text_of(*today) : range.to,
                .zone = range.zone,
                .warning = {}};
  // Dates in this spelling sort as text; a date-time is later than its bare date.
  if (keeps_months > 0 && window.from.substr(0, earliest.size()) < earliest) {
    window.warning = "asked from " + window.from + ", but the API keeps " +
                     std::to_string(keeps_months) +
                     " months and refuses earlier dates: reading from " + earliest;
    window.from = earliest;
  }
  if (window.to.substr(0, earliest.size()) < earliest) {
    window.empty = true;
    window.warning = "the days up to " + window.to + " lie before " + earliest +
                     ", the first day the API still keeps: nothing to read";
  }
  return window;
}

}  // namespace callrail
