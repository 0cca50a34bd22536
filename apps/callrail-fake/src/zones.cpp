#include <callrail/fake/zones.hpp>

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace callrail::fake {
namespace {

constexpr Instant first_known{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}};
constexpr Instant last_known{std::chrono::sys_days{std::chrono::year{2060} / 1 / 1}};

std::vector<Zone::Change> read_changes(const date::time_zone& zone) {
  std::vector<Zone::Change> changes;
  Instant at = first_known;
  while (at < last_known) {
    const date::sys_info info = zone.get_info(at);
    changes.push_back({at, info.offset});
    if (info.end >= last_known) break;
    at = info.end;
  }
  return changes;
}

}  // namespace

std::chrono::seconds Zone::offset(Instant at) const {
  auto after = std::ranges::upper_bound(changes_, at, {}, &Change::from);
  return after == changes_.begin() ? changes_.front().offset : std::prev(after)->offset;
}

Local Zone::local(Instant at) const { return Local{(at + offset(at)).time_since_epoch()}; }

Instant Zone::earliest(Local local) const {
  const Instant as_utc{local.time_since_epoch()};
  const auto before = offset(as_utc - std::chrono::hours{26});
  const auto after = offset(as_utc + std::chrono::hours{26});
  if (const Instant at = as_utc - before; offset(at) == before) return at;
  if (const Instant at = as_utc - after; offset(at) == after) return at;
  return as_utc - before;
}

Instant Zone::latest(Local local) const {
  const Instant as_utc{local.time_since_epoch()};
  const auto after = offset(as_utc + std::chrono::hours{26});
  if (const Instant at = as_utc - after; offset(at) == after) return at;
  return earliest(local);
}

const Zone* Zones::find(Text name) const {
  const std::lock_guard lock{mutex_};
  if (const auto known = loaded_.find(name); known != loaded_.end()) return known->second.get();
  try {
    auto zone = std::make_unique<Zone>(read_changes(*date::locate_zone(std::string{name})));
    return loaded_.emplace(std::string{name}, std::move(zone)).first->second.get();
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

}  // namespace callrail::fake
