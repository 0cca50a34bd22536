#include <callrail/fake/limits.hpp>
#include <callrail/fake/number.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::fake {
namespace {

int seconds_of(Text unit) {
  if (unit == "s" || unit == "second") return 1;
  if (unit == "m" || unit == "min" || unit == "minute") return 60;
  if (unit == "h" || unit == "hour") return 3600;
  if (unit == "d" || unit == "day") return 86400;
  return 0;
}

}  // namespace

Limits::Limits(std::span<const RateLimit> limits) : limits_{limits.begin(), limits.end()} {}

Limits::Verdict Limits::take(Instant at) {
  const std::lock_guard lock{mutex_};
  if (limits_.empty()) return {};
  int longest = 0;
  Verdict verdict;
  for (const RateLimit& limit : limits_) {
    longest = std::max(longest, limit.seconds);
    const Instant begin = at - std::chrono::seconds{limit.seconds};
    const auto first = std::ranges::upper_bound(taken_, begin);
    const auto inside = taken_.end() - first;
    if (inside < limit.requests) continue;
    verdict.allowed = false;
    // The request that has to leave the window before another one fits.
    const Instant leaves = *(first + (inside - limit.requests));
    verdict.wait = std::max(verdict.wait, leaves + std::chrono::seconds{limit.seconds} - at);
  }
  while (!taken_.empty() && taken_.front() <= at - std::chrono::seconds{longest})
    taken_.pop_front();
  if (verdict.allowed) taken_.insert(std::ranges::upper_bound(taken_, at), at);
  return verdict;
}

std::vector<Limits::Use> Limits::use(Instant at) const {
  const std::lock_guard lock{mutex_};
  std::vector<Use> out;
  for (const RateLimit& limit : limits_) {
    const auto first = std::ranges::upper_bound(taken_, at - std::chrono::seconds{limit.seconds});
    out.push_back({limit.seconds, limit.requests, static_cast<int>(taken_.end() - first)});
  }
  return out;
}

void Limits::reset() {
  const std::lock_guard lock{mutex_};
  taken_.clear();
}

Result<std::vector<RateLimit>> read_limits(Text text) {
  std::vector<RateLimit> out;
  if (text == "none") return out;
  while (true) {
    const auto comma = text.find(',');
    const Text one = text.substr(0, comma);
    const auto slash = one.find('/');
    const std::uint64_t count =
        slash == Text::npos ? 0 : whole_number(one.substr(0, slash)).value_or(0);
    const int seconds = slash == Text::npos ? 0 : seconds_of(one.substr(slash + 1));
    if (count == 0 || count > 1'000'000 || seconds == 0)
      return fail(Code::bad_request,
                  fmt::format("{} is no limit; write 10/s,120/m,1000/h,10000/d or none", one));
    out.push_back({static_cast<int>(count), seconds});
    if (comma == Text::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

Result<std::chrono::milliseconds> read_duration(Text text) {
  const auto unit_at = text.find_first_not_of("0123456789");
  const Text digits = text.substr(0, unit_at);
  const Text unit = unit_at == Text::npos ? Text{} : text.substr(unit_at);
  const std::int64_t factor = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : 0;
  const auto value = whole_number(digits);
  if (factor == 0 || !value || digits.size() > 9)
    return fail(Code::bad_request, fmt::format("{} is no duration; write 200ms, 2s or 5m", text));
  return std::chrono::milliseconds{static_cast<std::int64_t>(*value) * factor};
}

}  // namespace callrail::fake
