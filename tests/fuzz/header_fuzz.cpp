// What stands in headers and in --limits. Byte 0 chooses the reader.
#include "fuzz.hpp"

#include <callrail/limiter.hpp>
#include <callrail/retry.hpp>

#include <fmt/format.h>

using namespace callrail;
using fuzz::require;
using std::chrono::milliseconds;

namespace {

const Clock::Wall now =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + std::chrono::hours{12};
constexpr milliseconds a_year = std::chrono::hours{24 * 365};

/// The three spellings of RFC 9110.
std::string spelled(std::chrono::sys_seconds at, unsigned form) {
  using namespace std::chrono;
  static constexpr std::string_view week[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};
  static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  const std::string_view weekday_name = week[weekday{day}.c_encoding()];
  const auto month_name = months[static_cast<unsigned>(date.month()) - 1];
  const auto d = static_cast<unsigned>(date.day());
  const int y = static_cast<int>(date.year());
  const std::string clock = fmt::format("{:02}:{:02}:{:02}", time.hours().count(),
                                        time.minutes().count(), time.seconds().count());
  switch (form % 3) {
    case 0:
      return fmt::format("{}, {:02} {} {} {} GMT", weekday_name.substr(0, 3), d, month_name, y,
                         clock);
    case 1:
      return fmt::format("{}, {:02}-{}-{:02} {} GMT", weekday_name, d, month_name, y % 100, clock);
    default:
      return fmt::format("{} {} {:2} {} {}", weekday_name.substr(0, 3), month_name, d, clock, y);
  }
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (const std::string text :
       {"120", "0", " 7\t", "-5", "99999999999", "999999999999999999999999", "soon", "1.5", "0x10",
        "Tue, 10 Mar 2026 12:01:00 GMT", "Tuesday, 10-Mar-26 12:01:00 GMT",
        "Tue Mar 10 12:01:00 2026", "Tue, 10 Mar 2026 12:01:00 +0100",
        "Tue, 31 Feb 2027 12:01:60 GMT", "Sun, 06 Nov 9999 23:59:59 GMT",
        "Sun, 06 Nov -1 08:49:37 GMT", "Sun, 06 Nov 2147483647 08:49:37 GMT"})
    out.push_back('\0' + text);
  for (const std::string text :
       {"10/s,120/m,1000/h,10000/d", "none", "5/2s", "1/31d", "1/32d", "0/s", "1000001/s", "1/ 2 h",
        " 1 / s ", "1/s,", ",", "10/seconds", "2147483648/s", "1/99999999999999d"})
    out.push_back('\1' + text);
  for (int i = 0; i < 6; ++i)
    out.push_back(std::string{'\2', static_cast<char>(i), '\0', '\1', '\2', '\3'});
  for (const std::string text : {"1000", "-1", "", "1e3", "99999999999", "10 "})
    out.push_back('\3' + text);
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  switch (in.byte() % 4) {
    case 0: {
      const auto wait = parse_retry_after(in.rest(), now);
      if (!wait) break;
      require(*wait >= milliseconds{0} && *wait <= a_year, "a wait is between nothing and a year",
              in.rest());
      require(!spell_duration(*wait).empty(), "a wait has words");
      break;
    }
    case 1: {
      const auto limits = parse_limits(in.rest());
      if (!limits) {
        require(limits.error().code == Code::bad_request,
                "a limit not understood is the user's mistake");
        break;
      }
      for (const RateLimit& limit : *limits)
        require(limit.requests >= 1 && limit.requests <= 1'000'000 && limit.seconds >= 1 &&
                    limit.seconds <= 31 * 86400,
                "a limit makes sense", in.rest());
      const std::string again = to_string(*limits);
      const auto read = parse_limits(again);
      require(read && read->size() == limits->size(), "limits are read as they are written", again);
      for (std::size_t i = 0; i < limits->size(); ++i)
        require((*read)[i].requests == (*limits)[i].requests &&
                    (*read)[i].seconds == (*limits)[i].seconds,
                "limits are read as they are written", again);
      break;
    }
    case 2: {
      const unsigned form = in.byte();
      const std::chrono::seconds later{1 +
                                       static_cast<std::int64_t>(in.number(4) % (300u * 86400))};
      const auto at = std::chrono::floor<std::chrono::seconds>(now) + later;
      const std::string text = spelled(at, form);
      const auto wait = parse_retry_after(text, now);
      require(wait && *wait == later, "a date is read as it is written", text);
      std::mt19937_64 random{form};
      const auto pause = backoff(later, static_cast<int>(in.byte()), a_year, random);
      require(pause >= milliseconds{0} && pause <= a_year, "a pause is bounded");
      break;
    }
    default: {
      const auto count = parse_budget(in.rest());
      if (count) require(*count >= 0, "a budget is no debt", in.rest());
    }
  }
  return 0;
}
