#include "round_trip.hpp"

#include <callrail/limiter.hpp>

#include <algorithm>

namespace callrail {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr int short_window = 60;    // seconds; shorter ones are kept by the close rule
constexpr int full_window = 60;     // this long and shorter: see Ledger::full_at
constexpr auto request_grace = 1s;  // from booking a request to the start of its timeout
constexpr auto poll = 5ms;          // how soon to look again after other processes
constexpr auto first_pause = 60s;   // after "the hour is used up" without a Retry-After; doubled
constexpr auto longest_pause = 15min;
constexpr auto way_lasts = 60s;   // what was seen of it; then it may be another network
constexpr auto hour_probe = 60s;  // how often to ask whether the others' requests have expired
constexpr auto day_probe = 15min;

template <class T>
void insert_sorted(std::deque<T>& sorted, T value, std::size_t keep) {
  // They come almost in order, so this is the end or close to it.
  sorted.insert(std::ranges::upper_bound(sorted, value), value);
  if (sorted.size() > keep) sorted.pop_front();
}

}  // namespace

Limiter::Limiter(std::vector<RateLimit> limits)
    : limits_{std::move(limits)}, way_{std::make_unique<RoundTrip>()} {
  for (const RateLimit& limit : limits_)
    keep_ = std::max(keep_, static_cast<std::size_t>(limit.requests));
}

Limiter::Limiter(std::vector<RateLimit> limits, Ledger& ledger,
                 std::chrono::milliseconds longest_request)
    : Limiter{std::move(limits)} {
  ledger_ = &ledger;
  longest_request_ = longest_request;
  // A limit beyond what the ledger holds is kept as that much: never exceeded, only not used up.
  for (RateLimit& limit : limits_)
    limit.requests = std::min(limit.requests, static_cast<int>(Ledger::capacity) - 1);
  keep_ = Ledger::capacity;
  look();
}

Limiter::Limiter(const Limiter& other)
    : limits_{other.limits_},
      longest_request_{other.longest_request_},
      shift_{other.shift_},
      keep_{other.keep_},
      open_{other.open_},
      answered_{other.answered_},
      arrived_{other.arrived_},
      told_{other.told_},
      full_at_{other.full_at_},
      careful_{other.careful_},
      way_{std::make_unique<RoundTrip>(*other.way_)} {}
Limiter::Limiter(Limiter&&) noexcept = default;
Limiter::~Limiter() = default;

Limiter Limiter::rehearsal() const {
  Limiter copy{*this};
  if (ledger_ != nullptr) copy.shift_ = ledger_->earliest_time_of(Clock::Steady{});
  return copy;
}

/// Never too early: an answer that seems older than it is would free its place too soon.
Limiter::Time Limiter::time_of(Clock::Steady when) const {
  return ledger_ != nullptr ? ledger_->latest_time_of(when)
                            : Time{when.time_since_epoch()} + shift_;
}

Clock::Steady Limiter::steady(Time time, Clock::Steady now, Time same) const {
  if (time == Time::max()) return Clock::Steady::max();
  if (time == Time::min()) return Clock::Steady::min();
  return now + (time - same);
}

/// When so many requests in this window leave room for one more.
Limiter::Time Limiter::free_at(const RateLimit& limit, int most) const {
  const auto requests = static_cast<std::size_t>(std::max(most, 0));
  if (open_.size() >= requests) return Time::max();
  const auto& ended = careful_ || limit.seconds >= short_window ? answered_ : arrived_;
  // Of the ended requests so many may still be in the window when the next one is sent; the one
  // before them must have left it.
  const std::size_t room = requests - open_.size();
  if (ended.size() < room) return Time::min();
  return ended[ended.size() - room] + seconds{limit.seconds} + margin;
}

const Told::Window* Limiter::told_about(const RateLimit& limit, Time now) const {
  const Told::Window* window = limit.seconds == 3600    ? &told_.hour
                               : limit.seconds == 86400 ? &told_.day
                                                        : nullptr;
  if (window == nullptr || window->allowed == 0) return nullptr;
  return now < window->at + seconds{limit.seconds} ? window : nullptr;
}

Limiter::Gate Limiter::gate(const RateLimit& limit, Time now) const {
  const Told::Window* told = told_about(limit, now);
  const int most = told != nullptr ? std::min(limit.requests, told->allowed) : limit.requests;
  Gate gate{free_at(limit, most), RateLimit{most, limit.seconds}};
  if (full_at_ != Time{} && limit.seconds <= full_window)
    gate.until = std::max(gate.until, full_at_ + seconds{limit.seconds} + margin);
  if (told == nullptr || told->others == 0) return gate;
  // Nobody knows when the requests of others leave the window; they were all in it when the API
  // counted. One request now and then asks.
  const Time gone = told->at + seconds{limit.seconds} + margin;
  Time with_others = std::min(free_at(limit, most - told->others), gone);
  const auto pause = limit.seconds == 3600 ? nanoseconds{hour_probe} : nanoseconds{day_probe};
  if (open_.empty()) with_others = std::min(with_others, told->at + pause);
  gate.until = std::max(gate.until, with_others);
  return gate;
}

Limiter::Gate Limiter::gate(Time now) const {
  Gate latest;
  for (const RateLimit& limit : limits_)
    if (const Gate one = gate(limit, now); one.until > latest.until) latest = one;
  if (told_.refusals == 0) return latest;
  // After "the hour is used up" one request goes first, whatever --limits says.
  const Time shut = now >= told_.shut_until && !open_.empty() ? Time::max() : told_.shut_until;
  if (shut > latest.until) latest = {shut, RateLimit{std::max(told_.hour.allowed, 1), 3600}};
  return latest;
}

Clock::Steady Limiter::next(Clock::Steady now) const {
  const Time same = time_of(now);
  const Time until = gate(same).until;
  if (until <= same) return now;
  const auto is_foreign = [](const Open& open) { return !open.ticket; };
  if (until == Time::max() && std::ranges::any_of(open_, is_foreign)) return now + poll;
  return steady(until, now, same);
}

std::optional<RateLimit> Limiter::blocking(Clock::Steady now) const {
  const Time same = time_of(now);
  const Gate latest = gate(same);
  return latest.until > same ? latest.limit : std::nullopt;
}

std::optional<Limiter::UsedUp> Limiter::used_up(Clock::Steady now,
                                                std::chrono::milliseconds patience) const {
  const Time same = time_of(now);
  std::optional<UsedUp> found;
  for (const RateLimit& limit : limits_) {
    if (limit.seconds < 86400) continue;
    const Gate gate = this->gate(limit, same);
    if (gate.until <= same) continue;
    const Told::Window* told = told_about(limit, same);
    const int others = told != nullptr ? told->others : 0;
    if (others != 0 && same >= told->at + day_probe) continue;  // a request is under way to ask
    Time until = free_at(limit, gate.limit->requests - others);
    if (others != 0) until = std::min(until, told->at + seconds{limit.seconds} + margin);
    if (until == Time::max() || until <= same + patience) continue;
    if (!found || steady(until, now, same) > found->until)
      found = UsedUp{*gate.limit, steady(until, now, same), others};
  }
  return found;
}

int Limiter::own(seconds window, Time now) const {
  const auto first = std::ranges::upper_bound(answered_, now - window);
  return static_cast<int>(answered_.end() - first) + static_cast<int>(open_.size());
}

int Limiter::used(const RateLimit& limit, Clock::Steady now) const {
  const Time same = time_of(now);
  const Told::Window* told = told_about(limit, same);
  return own(seconds{limit.seconds}, same) + (told != nullptr ? told->others : 0);
}

bool Limiter::lock(bool must) {
  if (ledger_ == nullptr) return false;
  for (;;) {
    switch (ledger_->lock()) {
      case Ledger::Locked::yes: return true;
      case Ledger::Locked::busy:
        if (must) continue;
        return false;
      case Ledger::Locked::broken:
        // What is known stays known; the times go on as they were.
        shift_ = ledger_->earliest_time_of(Clock::Steady{});
        ledger_ = nullptr;
        return false;
    }
  }
}

void Limiter::unlock() {
  if (ledger_ != nullptr) ledger_->unlock();
}

void Limiter::look() {
  if (!lock(false)) return;
  refresh();
  unlock();
}

/// With the lock: what other processes did, and what we could not write.
void Limiter::refresh() {
  if (born_ != ledger_->born()) begin_anew();
  if (!write_back()) return;
  const std::uint64_t last = ledger_->last();
  std::uint64_t first = seen_ + 1;
  for (const Open& open : open_)
    if (!open.ticket) first = std::min(first, open.number);
  if (first <= last) {
    const auto entries = ledger_->read(first);
    first = last - entries.size() + 1;  // the ring may have gone over the first ones
    const auto is_gone = [&](const Open& open) { return !open.ticket && open.number < first; };
    for (const Open& open : open_)
      if (is_gone(open)) finish(open.entry);
    std::erase_if(open_, is_gone);
    for (Open& open : open_)
      if (!open.ticket) open.entry = entries[open.number - first];
    for (const Open& open : open_)
      if (!open.entry.open) finish(open.entry);
    std::erase_if(open_, [](const Open& open) { return !open.entry.open; });
    for (std::uint64_t number = std::max(first, seen_ + 1); number <= last; ++number) {
      if (std::ranges::find(open_, number, &Open::number) != open_.end()) continue;  // ours
      const Ledger::Entry& entry = entries[number - first];
      if (entry.open)
        open_.push_back({number, std::nullopt, entry});
      else
        finish(entry);
    }
  }
  seen_ = last;
  told_ = ledger_->told();
  full_at_ = ledger_->full_at();
  expire(ledger_->now());
}

/// Another file than before: what is known stays known, and requests under way are booked again.
void Limiter::begin_anew() {
  born_ = ledger_->born();
  seen_ = 0;
  unwritten_.clear();
  const auto foreign = [](const Open& open) { return !open.ticket; };
  for (const Open& open : open_)
    if (foreign(open)) finish(open.entry);
  std::erase_if(open_, foreign);
  for (Open& open : open_) open.number = ledger_->append(open.entry) ? ledger_->last() : 0;
}

/// Requests of other processes that cannot be under way any more.
void Limiter::expire(Time now) {
  const auto is_over = [&](const Open& open) { return !open.ticket && open.entry.answered <= now; };
  for (const Open& open : open_)
    if (is_over(open)) finish(open.entry);
  std::erase_if(open_, is_over);
}

void Limiter::finish(const Ledger::Entry& entry) {
  insert_sorted(answered_, entry.answered, keep_);
  insert_sorted(arrived_, entry.open ? entry.answered : entry.arrived, keep_);
}

bool Limiter::write_back() {
  for (const Open& change : unwritten_)
    if (!ledger_->change(change.number, change.entry)) return false;
  unwritten_.clear();
  return true;
}

void Limiter::add(std::uint64_t ticket, Time now) {
  Open open{0, ticket, {.sent = now, .answered = now, .arrived = now, .open = true}};
  if (ledger_ != nullptr) {
    open.entry.answered += longest_request_ + request_grace;
    open.entry.arrived = open.entry.answered;
    if (ledger_->append(open.entry)) open.number = seen_ = ledger_->last();
  }
  open_.push_back(open);
}

bool Limiter::book(std::uint64_t ticket, Clock::Steady now) {
  const bool shared = ledger_ != nullptr;
  const bool locked = lock(false);
  if (shared && !locked && ledger_ != nullptr) return false;  // busy
  if (locked) refresh();
  const Time time = ledger_ != nullptr ? ledger_->now() : time_of(now);
  const bool free = gate(time).until <= time;
  if (free) add(ticket, time);
  unlock();
  return free;
}

void Limiter::sent(std::uint64_t ticket, Clock::Steady now) {
  const bool locked = lock(true);
  if (locked) refresh();
  add(ticket, time_of(now));
  unlock();
}

/// In the frame in which requests take no time to the server: see the close rule.
Limiter::Time Limiter::arrival(const Ledger::Entry& entry, const Heard& heard) {
  if (heard.status == 0) return entry.answered;  // a failure may be noticed long after
  const Time exchange = entry.answered - entry.sent;
  nanoseconds runtime{0};
  if (trusts_runtime_ && heard.runtime) {
    runtime = *heard.runtime;
    if (runtime > exchange) {
      trusts_runtime_ = false;
      way_->forget();
      told_.way = {};
      runtime = nanoseconds{0};
    }
  }
  if (told_.way.seen != 0 && entry.answered < told_.way.at + way_lasts)
    way_->heard(told_.way.shortest, static_cast<std::size_t>(told_.way.seen));
  way_->saw(exchange - runtime);
  told_.way = {way_->shortest(), std::max(told_.way.at, entry.answered),
               static_cast<int>(std::min<std::size_t>(way_->seen(), 1'000'000))};
  if (careful_) return entry.answered;
  return std::clamp(entry.answered - runtime - way_->least(), entry.sent, entry.answered);
}

/// The API's count, less all of ours that may be in it, is what others made at the least.
void Limiter::learn(const Ledger::Entry& entry, const Heard& heard) {
  const auto window = [&](Told::Window& told, std::optional<int> allowed, std::optional<int> used,
                          seconds length) {
    if (!allowed || !used || *allowed <= 0 || *used < 0 || entry.answered < told.at) return;
    told = {*allowed, std::max(0, *used - own(length, entry.sent)), entry.answered};
  };
  window(told_.hour, heard.hour_allowed, heard.hour_used, 1h);
  window(told_.day, heard.day_allowed, heard.day_used, 24h);
  if (heard.status == 429) {
    careful_ = true;
    // Those sent before it was known were refused for the same reason.
    if (!heard.hour_used_up() || (told_.refusals != 0 && entry.sent < told_.shut_until)) return;
    nanoseconds pause = first_pause;
    for (int n = 0; n < told_.refusals && pause < longest_pause; ++n) pause *= 2;
    pause = heard.retry_after ? nanoseconds{*heard.retry_after}
                              : std::min(pause, nanoseconds{longest_pause});
    told_.shut_until = entry.answered + pause;
    ++told_.refusals;
  } else if (heard.status >= 200 && heard.status < 300) {
    told_.refusals = 0;
  }
}

void Limiter::answered(std::uint64_t ticket, Clock::Steady when, const Heard& heard) {
  const auto known = std::ranges::find(open_, std::optional{ticket}, &Open::ticket);
  if (known == open_.end()) return;
  Open done = *known;
  const bool shared = ledger_ != nullptr;
  const bool locked = lock(false);
  if (locked) refresh();
  open_.erase(std::ranges::find(open_, std::optional{ticket}, &Open::ticket));
  done.entry.open = false;
  done.entry.answered = std::max(done.entry.sent, time_of(when));
  done.entry.arrived = arrival(done.entry, heard);
  finish(done.entry);
  learn(done.entry, heard);
  if (locked && ledger_ != nullptr) {
    if (done.number != 0) (void)ledger_->change(done.number, done.entry);
    (void)ledger_->tell(told_);
    unlock();
  } else if (shared && ledger_ != nullptr && done.number != 0) {
    unwritten_.push_back(done);
  }
}

}  // namespace callrail
