#include <callrail/limiter.hpp>

#include <fmt/format.h>

#include <charconv>

namespace callrail {
namespace {

struct Unit {
  char letter;
  std::string_view words;
  int seconds;
};
constexpr Unit units[] = {{'s', " s sec second seconds ", 1},
                          {'m', " m min minute minutes ", 60},
                          {'h', " h hour hours ", 3600},
                          {'d', " d day days ", 86400}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Takes a number from 1 to 1,000,000 off the front; 0 if there is none.
int take_number(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 1 || number > 1'000'000) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::unexpected<Error> refuse(std::string_view part) {
  return fail(
      Code::bad_request,
      fmt::format("limit \"{}\" is not understood: write a number of requests, \"/\" and s, "
                  "m, h or d, like 10/s,120/m,1000/h,10000/d, or none",
                  part));
}

Result<RateLimit> parse_limit(std::string_view part) {
  std::string_view rest = part;
  RateLimit limit;
  limit.requests = take_number(rest);
  rest = trimmed(rest);
  if (limit.requests == 0 || !rest.starts_with('/')) return refuse(part);
  rest = trimmed(rest.substr(1));

  int count = 1;
  if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    count = take_number(rest);
    rest = trimmed(rest);
  }
  const std::string word = fmt::format(" {} ", rest);
  if (rest.empty() || rest.find(' ') != rest.npos || count == 0) return refuse(part);
  for (const Unit& unit : units) {
    if (unit.words.find(word) == unit.words.npos) continue;
    // A month: the longest window anybody has a use for, and far from overflowing.
    if (count > 31 * 86400 / unit.seconds) return refuse(part);
    limit.seconds = count * unit.seconds;
    return limit;
  }
  return refuse(part);
}

}  // namespace

Result<std::vector<RateLimit>> parse_limits(std::string_view text) {
  std::vector<RateLimit> limits;
  if (trimmed(text) == "none") return limits;
  for (;;) {
    const auto comma = text.find(',');
    auto limit = parse_limit(trimmed(text.substr(0, comma)));
    if (!limit) return std::unexpected(std::move(limit).error());
    limits.push_back(*limit);
    if (comma == text.npos) return limits;
    text.remove_prefix(comma + 1);
  }
}

std::string to_string(const RateLimit& limit) {
  // The longest unit that fits: more than a million seconds would not be read back.
  const Unit* best = &units[0];
  for (const Unit& unit : units)
    if (limit.seconds % unit.seconds == 0) best = &unit;
  const int count = limit.seconds / best->seconds;
  if (count == 1) return fmt::format("{}/{}", limit.requests, best->letter);
  return fmt::format("{}/{}{}", limit.requests, count, best->letter);
}

std::string to_string(std::span<const RateLimit> limits) {
  std::string text;
  for (const RateLimit& limit : limits) {
    if (!text.empty()) text += ',';
    text += to_string(limit);
  }
  return text.empty() ? "none" : text;
}

}  // namespace callrail
