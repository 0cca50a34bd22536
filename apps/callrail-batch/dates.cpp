#include "dates.hpp"

#include <date/tz.h>

#include <exception>
#include <filesystem>
#include <system_error>

namespace callrail::cli {
namespace {

using namespace std::chrono;

/// Where the day ends last and begins first.
constexpr minutes westernmost = -hours{12}, easternmost = hours{14};

/// Reads exactly `n` digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t n) {
  if (at + n > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, n)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  const auto y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (!y || !m || !d || text[4] != '-' || text[7] != '-') return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  const local_seconds begin{local_days{date}};
  if (text.size() == 10) return Moment{begin, begin + days{1} - seconds{1}};

  const bool with_seconds = text.size() == 19;
  if (text[10] != 'T' || (text.size() != 16 && !with_seconds)) return std::nullopt;
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2);
  const auto second = with_seconds ? digits(text, 17, 2) : 0;
  if (!hour || !minute || !second || text[13] != ':' || (with_seconds && text[16] != ':'))
    return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const local_seconds at = begin + hours{*hour} + minutes{*minute} + seconds{*second};
  // Without seconds the whole minute is meant.
  return Moment{at, with_seconds ? at : at + seconds{59}};
}

local_days today_in(std::string_view zone, Clock::Wall now) {
  minutes offset = westernmost;
  try {
    if (zone != "user")
      offset = floor<minutes>(date::locate_zone(std::string{zone})->get_info(now).offset);
  } catch (const std::exception&) {
    // A machine without the list of zones.
  }
  return local_days{floor<days>(now + offset).time_since_epoch()};
}

local_days latest_today(Clock::Wall now) {
  return local_days{floor<days>(now + easternmost).time_since_epoch()};
}

std::string days_before(local_days today, int count) {
  const year_month_day date{today - days{count}};
  const auto two = [](unsigned n) {
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  const auto y = static_cast<unsigned>(static_cast<int>(date.year()));
  return two(y / 100) + two(y % 100) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
         two(static_cast<unsigned>(date.day()));
}

bool is_known_zone(std::string_view name) {
  bool steps_ok = !name.empty() && name.front() != '/' && name.back() != '/';
  for (const char c : name)
    steps_ok = steps_ok && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/');
  if (!steps_ok) return false;
  const std::filesystem::path zones{"/usr/share/zoneinfo"};
  std::error_code ignored;
  if (!std::filesystem::is_directory(zones, ignored)) return true;
  return std::filesystem::is_regular_file(zones / name, ignored);
}

}  // namespace callrail::cli
