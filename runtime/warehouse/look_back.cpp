#include "look_back.hpp"

#include "stored_value.hpp"

#include <algorithm>

namespace callrail {

namespace {

constexpr std::uint64_t enough_edits = 100;
constexpr int days_until_enough = 7, most_days = 30;

/// When the last run began that looked back so far, with these fields: what was edited while it
/// read it may have missed.
Result<std::optional<Clock::Wall>> last_run(Database& db, Text endpoint,
                                            const std::string& accounts,
                                            const std::string& narrowed, int days) {
  std::optional<Clock::Wall> began;
  const SqlValue values[] = {endpoint, accounts, narrowed, days};
  auto status = db.query(
      "SELECT max(started_at) FROM runs WHERE endpoint = $1 AND account = $2 AND _fields = $3 AND "
      "_looked_back >= $4",
      values, [&](const SqlRow& row) {
        if (!row.is_null(0)) began = read_instant(row.text(0));
      });
  if (!status) return std::unexpected(std::move(status).error());
  return began;
}

/// Each tier a little before its day or week is over, or a daily run would come too early for it.
Result<int> tier(Database& db, Text endpoint, const std::string& accounts,
                 const std::string& narrowed, Clock::Wall now) {
  struct Tier {
    int days;
    std::chrono::hours every;
  };
  for (const auto& [days, every] :
       {Tier{30, std::chrono::hours{156}}, Tier{7, std::chrono::hours{22}}}) {
    const auto began = last_run(db, endpoint, accounts, narrowed, days);
    if (!began) return std::unexpected(began.error());
    // A clock that was set back makes the last run one of the future.
    if (!*began || now - **began > every || **began > now) return days;
  }
  return 1;
}

}  // namespace

Result<std::optional<EditsSeen>> edits_seen(Database& db, Text endpoint) {
  std::vector<std::pair<std::int64_t, std::uint64_t>> ages;
  std::uint64_t all = 0;
  const SqlValue values[] = {endpoint};
  auto status =
      db.query("SELECT days, edits FROM _edit_ages WHERE endpoint = $1 ORDER BY days", values,
               [&](const SqlRow& row) {
                 ages.emplace_back(row.number(0), static_cast<std::uint64_t>(row.number(1)));
                 all += ages.back().second;
               });
  if (!status) return std::unexpected(std::move(status).error());
  if (all < enough_edits) return std::nullopt;
  std::uint64_t within = 0;
  std::int64_t days = 0;
  for (const auto& [age, edits] : ages) {
    within += edits;
    days = age + 1;  // begun
    if (within * 1000 >= all * 999) break;
  }
  return EditsSeen{all, static_cast<int>(days)};
}

Result<int> look_back_days(Database& db, const Endpoint& endpoint, const LookBack& look_back,
                           const std::string& accounts, const std::string& narrowed,
                           Clock::Wall now) {
  switch (look_back.how) {
    case LookBack::How::schema: break;
    case LookBack::How::days: return look_back.days;
    case LookBack::How::tiers: return tier(db, endpoint.name, accounts, narrowed, now);
    case LookBack::How::learnt: {
      const auto seen = edits_seen(db, endpoint.name);
      if (!seen) return std::unexpected(seen.error());
      return *seen ? std::clamp((*seen)->days, 1, most_days) : days_until_enough;
    }
  }
  return endpoint.dates.look_back_days;
}

}  // namespace callrail
