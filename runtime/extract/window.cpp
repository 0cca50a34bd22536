#include "window.hpp"

#include <date/tz.h>

#include <charconv>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

namespace callrail {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

/// The latest zone is 14 hours ahead of UTC.
constexpr std::chrono::hours farthest_east{14};

std::string text_of(sys_days day) {
  const std::chrono::year_month_day date{day};
  const auto two = [](unsigned n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day()));
}

Result<sys_days> today_in(const std::string& zone, Clock::Wall now) {
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

/// Minutes since 1970 on the clock of the window's zone; the end of a bare day is the next one.
std::optional<minutes> read_minute(std::string_view text, bool is_end) {
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    if (at + length <= text.size())
      std::from_chars(text.data() + at, text.data() + at + length, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!day.ok()) return std::nullopt;
  const minutes midnight = sys_days{day}.time_since_epoch();
  if (text.size() == 10) return is_end ? midnight + days{1} : midnight;
  const int hour = number(11, 2), minute = number(14, 2);
  if (hour < 0 || minute < 0) return std::nullopt;
  return midnight + std::chrono::hours{hour} + minutes{minute};
}

std::string text_of_minute(minutes time) {
  const auto day = std::chrono::floor<days>(time);
  const auto two = [](std::int64_t n) {
    return std::string(n < 10 ? "0" : "") + std::to_string(n);
  };
  const auto rest = (time - day).count();
  return text_of(sys_days{day}) + 'T' + two(rest / 60) + ':' + two(rest % 60);
}

}  // namespace

std::string Window::text() const { return from + ".." + to + ' ' + zone; }

std::vector<Window> cut_window(const Window& window, std::uint64_t parts) {
  const auto begin = read_minute(window.from, false), end = read_minute(window.to, true);
  if (!begin || !end || *end <= *begin + minutes{1} || parts < 2) return {window};
  // Round cuts read well, but they must not make one part much larger than the next.
  const minutes part = (*end - *begin) / static_cast<std::int64_t>(parts);
  const minutes unit = part >= days{8}    ? minutes{days{1}}
                       : part >= hours{8} ? minutes{hours{1}}
                                          : minutes{1};
  std::vector<Window> cuts{window};
  minutes last = *begin;
  for (std::uint64_t i = 1; i < parts; ++i) {
    const minutes span = *end - *begin;
    const auto raw =
        *begin + span * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(parts);
    const minutes cut = raw - (raw % unit);
    if (cut <= last || cut >= *end) continue;
    last = cut;
    cuts.back().to = text_of_minute(cut);
    cuts.push_back(window);
    cuts.back().from = text_of_minute(cut);
  }
  for (Window& cut : cuts) cut.warning.clear();
  return cuts;
}

namespace {

/// The first day of the point that a day belongs to, and of the next one.
std::pair<sys_days, sys_days> point_of(sys_days day, std::string_view length) {
  const std::chrono::year_month_day date{day};
  const auto from = [](std::chrono::year_month month, int months) {
    return std::pair{sys_days{month / 1}, sys_days{(month + std::chrono::months{months}) / 1}};
  };
  if (length == "week") {
    const sys_days monday = day - (std::chrono::weekday{day} - std::chrono::Monday);
    return {monday, monday + days{7}};
  }
  if (length == "month") return from(date.year() / date.month(), 1);
  if (length == "quarter") {
    const unsigned month = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
    return from(date.year() / std::chrono::month{month}, 3);
  }
  if (length == "year") return from(date.year() / std::chrono::January, 12);
  return {day, day + days{1}};
}

}  // namespace

std::vector<Window> cut_by_points(const Window& window, int most_points, std::string_view length) {
  const auto begin = read_minute(window.from, false), end = read_minute(window.to, true);
  if (!begin || !end || *end <= *begin || most_points < 1) return {window};
  const sys_days first{std::chrono::floor<days>(*begin)};
  const sys_days last{std::chrono::floor<days>(*end - minutes{1})};
  // A length nobody knows is taken for the shortest one. Weeks may begin on Sunday: one more.
  const bool is_long =
      length == "week" || length == "month" || length == "quarter" || length == "year";
  const int most = is_long           ? std::max(1, most_points - (length == "week" ? 1 : 0))
                   : length == "day" ? most_points
                                     : std::max(1, most_points / 24);
  std::vector<Window> cuts{window};
  sys_days next = first;
  while (true) {
    for (int point = 0; point < most && next <= last; ++point) next = point_of(next, length).second;
    if (next > last) return cuts;
    cuts.back().to = text_of(next - days{1});
    cuts.push_back(window);
    cuts.back().from = text_of(next);
    cuts.back().warning.clear();
  }
}

Window begin_at(Window window, const std::string& from) {
  // In this spelling a date-time sorts behind its bare date, as it should.
  if (from > window.from) window.from = from;
  const bool behind_end = window.from.substr(0, window.to.size()) > window.to;
  if (behind_end) window.from = window.to.substr(0, std::string_view{"YYYY-MM-DD"}.size());
  return window;
}

void clamp_window(Window& window, int keeps_months, Clock::Wall now) {
  if (keeps_months <= 0) return;
  const auto today = today_in(window.zone, now);
  if (!today) return;
  const std::string earliest = text_of(months_before(*today, keeps_months) + days{1});
  if (window.from.substr(0, earliest.size()) < earliest) window.from = earliest;
  window.empty = window.empty || window.to.substr(0, earliest.size()) < earliest;
}

Result<Window> resolve_window(const DateRange& range, int keeps_months, Clock::Wall now) {
  const auto today = today_in(range.zone, now);
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
