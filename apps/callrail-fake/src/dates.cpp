#include <callrail/fake/dates.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::fake {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::months;
using LocalDay = std::chrono::local_days;

/// Reads exactly `digits` digits; -1 if there are others.
int take(Text& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool skip(Text& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::minutes> take_offset(Text text) {
  if (text == "Z") return std::chrono::minutes{0};
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const int hours = take(text, 2);
  skip(text, ':');
  const int minutes = take(text, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59 || !text.empty()) return std::nullopt;
  const std::chrono::minutes offset{hours * 60 + minutes};
  return west ? -offset : offset;
}

LocalDay day_of(Local local) { return std::chrono::floor<days>(local); }

LocalDay first_of_month(LocalDay day) {
  const std::chrono::year_month_day date{day};
  return LocalDay{date.year() / date.month() / 1};
}

LocalDay months_before(LocalDay day, int count) {
  std::chrono::year_month_day date{day};
  date -= months{count};
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return LocalDay{date};
}

/// First and last day of a named range; nothing for a name the API does not have.
std::optional<std::pair<LocalDay, LocalDay>> named_range(Text name, LocalDay today) {
  using namespace std::chrono;
  const auto month = first_of_month(today);
  const auto year = year_month_day{today}.year();
  if (name == "recent") return {{today - days{7}, today}};
  if (name == "today") return {{today, today}};
  if (name == "yesterday") return {{today - days{1}, today - days{1}}};
  if (name == "last_7_days") return {{today - days{7}, today - days{1}}};
  if (name == "last_30_days") return {{today - days{30}, today - days{1}}};
  if (name == "this_month") return {{month, today}};
  if (name == "last_month") return {{months_before(month, 1), month - days{1}}};
  if (name == "this_year") return {{LocalDay{year / 1 / 1}, today}};
  if (name == "last_year")
    return {{LocalDay{(year - years{1}) / 1 / 1}, LocalDay{(year - years{1}) / 12 / 31}}};
  // Reaches back to before anything is kept, and is therefore refused.
  if (name == "all_time") return {{LocalDay{2000y / 1 / 1}, today}};
  return std::nullopt;
}

const std::string* given(const Ask& ask, Text parameter) {
  if (parameter.empty()) return nullptr;
  const std::string* value = ask.find(parameter);
  return value == nullptr || value->empty() ? nullptr : value;
}

std::unexpected<std::string> refuse(std::string why) { return std::unexpected(std::move(why)); }

}  // namespace

std::optional<Moment> read_moment(Text text) {
  Moment moment;
  const int year = take(text, 4);
  if (year < 0 || !skip(text, '-')) return std::nullopt;
  const int month = take(text, 2);
  if (month < 0 || !skip(text, '-')) return std::nullopt;
  const int day = take(text, 2);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (day < 0 || !date.ok()) return std::nullopt;
  moment.local = LocalDay{date};
  if (text.empty()) {
    moment.whole_day = true;
    return moment;
  }
  if (!skip(text, 'T') && !skip(text, ' ')) return std::nullopt;
  const int hour = take(text, 2);
  if (hour < 0 || hour > 23 || !skip(text, ':')) return std::nullopt;
  const int minute = take(text, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  moment.local += std::chrono::hours{hour} + std::chrono::minutes{minute};
  if (skip(text, ':')) {
    const int second = take(text, 2);
    if (second < 0 || second > 59) return std::nullopt;
    moment.local += std::chrono::seconds{second};
    if (skip(text, '.')) {
      int unit = 100, digits = 0;
      for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits, unit /= 10) {
        moment.local += milliseconds{(text.front() - '0') * unit};
        text.remove_prefix(1);
      }
      if (digits == 0) return std::nullopt;
    }
  }
  if (text.empty()) return moment;
  skip(text, ' ');
  moment.offset = take_offset(text);
  if (!moment.offset) return std::nullopt;
  return moment;
}

Instant Moment::first(const Zone& zone) const {
  return offset ? Instant{local.time_since_epoch()} - *offset : zone.earliest(local);
}

std::expected<Window, std::string> read_window(const Dates& names, const Ask& ask,
                                               const DateRules& rules) {
  Window window{{}, ask.at, rules.owner};
  if (const std::string* zone = given(ask, names.zone); zone != nullptr && *zone != "user") {
    window.zone = rules.zones->find(*zone);
    if (window.zone == nullptr)
      return refuse(fmt::format("{} is not a valid time zone", names.zone));
  }
  const Zone& zone = *window.zone;
  const LocalDay today = day_of(zone.local(ask.at));
  const LocalDay first_kept = months_before(today, rules.keeps_months);
  const auto last_of = [&](LocalDay day) {
    const Instant next = zone.earliest(day + days{1});
    return next - milliseconds{rules.short_last_second ? 1000 : 1};
  };

  const std::string* from = given(ask, names.from);
  const std::string* to = given(ask, names.to);
  if (rules.both_dates && (from == nullptr) != (to == nullptr))
    return refuse(fmt::format("{} and {} must be given together", names.from, names.to));
  if (from == nullptr && to == nullptr) {
    const std::string* preset = given(ask, names.preset);
    auto range = named_range(preset == nullptr ? names.preset_default : Text{*preset}, today);
    if (!range && preset != nullptr) return refuse(fmt::format("{} is not valid", names.preset));
    if (preset == nullptr) {
      const int count = rules.default_days < 0 ? names.preset_default_days : rules.default_days;
      range = {count == 0 ? first_kept : today - days{count}, today};
    }
    window.from = zone.earliest(range->first);
    window.to = last_of(range->second);
  } else {
    window.from = zone.earliest(first_kept);
    window.to = last_of(today);
    if (from != nullptr) {
      const auto moment = read_moment(*from);
      if (!moment) return refuse(fmt::format("{} is not a valid date", names.from));
      window.from = moment->first(zone);
    }
    if (to != nullptr) {
      const auto moment = read_moment(*to);
      if (!moment) return refuse(fmt::format("{} is not a valid date", names.to));
      window.to = moment->whole_day ? last_of(day_of(moment->local))
                  : moment->offset  ? moment->first(zone)
                                    : zone.latest(moment->local);
    }
  }
  if (window.to < window.from)
    return refuse(fmt::format("{} must not be before {}", names.to, names.from));
  if (window.from < zone.earliest(first_kept))
    return refuse(fmt::format("date range must be within the last {} months", rules.keeps_months));
  return window;
}

}  // namespace callrail::fake
