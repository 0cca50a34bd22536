#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/fake/zones.hpp>

#include <chrono>
#include <expected>
#include <optional>
#include <string>

namespace callrail::fake {

/// "2026-02-10", "2026-02-10T14:00", "2026-02-10 14:00:05.250-05:00"
struct Moment {
  Local local{};
  bool whole_day = false;
  std::optional<std::chrono::minutes> offset;

  Instant first(const Zone&) const;
};

std::optional<Moment> read_moment(Text);

struct DateRules {
  int keeps_months = 25;
  const Zone* owner = nullptr;
  const Zones* zones = nullptr;
  int default_days = -1;           ///< instead of the table's; 0: everything that is kept
  bool short_last_second = false;  ///< a bare end date stops at 23:59:59.000
  bool both_dates = false;         ///< one without the other is refused
};

struct Window {
  Instant from, to;  ///< both included
  const Zone* zone;
};

/// The window a request asks for; the text of a 400 if the API would not answer it.
std::expected<Window, std::string> read_window(const Dates&, const Ask&, const DateRules&);

}  // namespace callrail::fake
