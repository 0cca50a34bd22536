// Timestamps, days, zones and windows. Byte 0 chooses.
#include "dates.hpp"
#include "fuzz.hpp"
#include "window.hpp"

#include <callrail/timestamp.hpp>

#include <fmt/format.h>

using namespace callrail;
using fuzz::require;

namespace {

const Clock::Wall today =
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + std::chrono::hours{12};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Wall when) : when_{when} {}
  Steady now() const override { return {}; }
  Wall today() const override { return when_; }

 private:
  Wall when_;
};

/// An instant in one of the API's spellings.
void round_trip(fuzz::Input& in) {
  using namespace std::chrono;
  const std::uint8_t form = in.byte();
  const sys_time<milliseconds> instant{
      milliseconds{static_cast<std::int64_t>(in.number() % 253'402'300'799'999u)}};
  const int zone = static_cast<int>(in.number(2) % (2 * 14 * 60 + 1)) - 14 * 60;
  const minutes offset{(form & 8) != 0 ? 0 : zone};
  const auto local = instant + offset;
  const auto day = floor<days>(local);
  const year_month_day date{day};
  if (static_cast<int>(date.year()) < 0 || static_cast<int>(date.year()) > 9999) return;
  const hh_mm_ss time{local - day};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  (form & 1) != 0 ? 'T' : ' ', time.hours().count(), time.minutes().count(),
                  time.seconds().count());
  const bool fraction = (form & 2) != 0;
  if (fraction)
    text += fmt::format(".{:03}{}", time.subseconds().count(), (form & 16) != 0 ? "999999" : "");
  const int away = static_cast<int>(offset.count() < 0 ? -offset.count() : offset.count());
  if ((form & 8) != 0)
    text += 'Z';
  else
    text +=
        fmt::format("{}{}{:02}{}{:02}", (form & 32) != 0 ? " " : "", offset.count() < 0 ? '-' : '+',
                    away / 60, (form & 4) != 0 ? ":" : "", away % 60);
  const auto read = parse_timestamp(text);
  require(read.has_value(), "a spelling of the API is understood", text);
  require(read->utc == (fraction ? instant : floor<seconds>(instant)) && read->offset == offset &&
              read->text == text,
          "an instant is read as it is written", text);
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (const std::string text :
       {"2026-02-10T09:22:21.049-05:00", "2026-02-10 09:22:21 UTC", "2026-02-10T09:22:21Z",
        "2026-02-10 09:22:21 -0500", "2016-12-31T23:59:60Z", "2024-02-29T00:00:00.123456789+14:00",
        "2023-02-29T00:00:00Z", "0000-01-01T00:00:00-23:59", "9999-12-31T23:59:59+00:00",
        "2026-02-10"})
    out.push_back('\0' + text);
  for (int i = 0; i < 64; i += 5)
    out.push_back(std::string{'\1', static_cast<char>(i), '\0', '\0', '\1', '\x9c', '\x5b', '\x8a',
                              '\x10', '\3', '\2'});
  for (const std::string text :
       {"2026-01-31", "2026-02-30", "2024-02-29T23:59", "2026-01-31T12:30:59", "0000-01-01",
        "9999-12-31T24:00", "2026-1-1", "2026-01-31T12:30:5", "yesterday"})
    out.push_back('\2' + text);
  for (const std::string text :
       {"Europe/Berlin", "user", "UTC", "America/New_York", "../../etc/passwd", "", "/",
        "Etc/GMT+12", "posix/UTC", "zone.tab"})
    out.push_back('\3' + text);
  for (const std::string text : {"2026-01-01", "2020-01-01T00:00", ""})
    for (const std::string zone : {"user", "Europe/Berlin", "America/New_York", "Nowhere/Land"})
      out.push_back('\4' + std::string{static_cast<char>(text.size())} + text +
                    static_cast<char>(text.size()) + text + static_cast<char>(zone.size()) + zone);
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono;
  fuzz::Input in{data, size};
  switch (in.byte() % 5) {
    case 0:
      if (const auto read = parse_timestamp(in.rest())) {
        require(read->text == in.rest(), "an instant keeps its spelling");
        require(read->offset > -hours{24} && read->offset < hours{24},
                "a zone is less than a day away", in.rest());
      }
      break;
    case 1: round_trip(in); break;
    case 2:
      if (const auto moment = cli::parse_moment(in.rest())) {
        require(moment->first <= moment->last && moment->last - moment->first < hours{24},
                "a moment is at most a day", in.rest());
        const auto day = floor<days>(moment->first);
        require(cli::parse_moment(cli::days_before(day, 0)).has_value(),
                "a day is read as it is written", in.rest());
      }
      break;
    case 3: {
      const std::string zone{in.rest()};
      if (cli::is_known_zone(zone))
        require(zone.find("..") == std::string::npos && !zone.starts_with('/'),
                "a zone leads nowhere else", zone);
      const auto day = cli::today_in(zone, today);
      const auto here = local_days{floor<days>(today.time_since_epoch())};
      require(day >= here - days{1} && day <= here + days{1}, "it is today somewhere", zone);
      break;
    }
    default: {
      DateRange range;
      range.from = in.text(40);
      range.to = in.text(40);
      range.zone = in.text(60);
      const FixedClock clock{today + seconds{static_cast<std::int64_t>(in.number(4))}};
      const auto window = resolve_window(range, 25, clock.today());
      if (!window) {
        require(window.error().code == Code::bad_request,
                "a range not understood is the user's mistake");
        break;
      }
      require(!window->zone.empty() && !window->text().empty(), "a window says its zone");
    }
  }
  return 0;
}
