#include <callrail/limiter.hpp>

#include <algorithm>

namespace callrail {

Limiter::Limiter(std::vector<RateLimit> limits) : limits_{std::move(limits)} {
  for (const RateLimit& limit : limits_)
    most_ = std::max(most_, static_cast<std::size_t>(limit.requests));
}

Clock::Steady Limiter::free_at(const RateLimit& limit) const {
  const auto requests = static_cast<std::size_t>(limit.requests);
  if (outstanding_.size() >= requests) return Clock::Steady::max();
  // Of the answered requests so many may still be in the window when the next one is sent; the one
  // before them must have left it.
  const std::size_t room = requests - outstanding_.size();
  if (answered_.size() < room) return Clock::Steady::min();
  return answered_[answered_.size() - room] + std::chrono::seconds{limit.seconds} + margin;
}

Clock::Steady Limiter::next(Clock::Steady now) const {
  for (const RateLimit& limit : limits_) now = std::max(now, free_at(limit));
  return now;
}

std::optional<RateLimit> Limiter::blocking(Clock::Steady now) const {
  std::optional<RateLimit> found;
  for (const RateLimit& limit : limits_) {
    const auto free = free_at(limit);
    if (free <= now) continue;
    now = free;
    found = limit;
  }
  return found;
}

void Limiter::sent(std::uint64_t ticket, Clock::Steady) {
  if (most_ != 0) outstanding_.push_back(ticket);
}

void Limiter::answered(std::uint64_t ticket, Clock::Steady when) {
  const auto known = std::find(outstanding_.begin(), outstanding_.end(), ticket);
  if (known == outstanding_.end()) return;
  outstanding_.erase(known);
  // Answers are reported in almost the order they came, so this is the end or close to it.
  answered_.insert(std::upper_bound(answered_.begin(), answered_.end(), when), when);
  if (answered_.size() > most_) answered_.pop_front();
}

}  // namespace callrail
