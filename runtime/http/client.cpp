#include "verdict.hpp"

#include <callrail/client.hpp>
#include <callrail/retry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace callrail {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds slice{200};          // how late Ctrl-C may be noticed
constexpr milliseconds worth_saying{1000};  // shorter waits are the normal rhythm
constexpr std::size_t most_answered = 256;

milliseconds whole(Clock::Steady::duration time) { return std::chrono::ceil<milliseconds>(time); }

/// "2026-03-10 14:05 UTC"
std::string spell_time(Clock::Wall when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(when - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     minutes / 60, minutes % 60);
}

Heard heard(const Finished& finished, std::optional<milliseconds> retry_after) {
  if (!finished.result) return {};
  const Response& response = *finished.result;
  return {.status = response.status,
          .runtime = response.runtime,
          .hour_allowed = response.hour_allowed,
          .hour_used = response.hour_used,
          .day_allowed = response.day_allowed,
          .day_used = response.day_used,
          .retry_after = retry_after};
}

}  // namespace

/// What keeps the next request from being sent.
struct Client::Pause {
  enum Cause { answers, hold, retry, limit } cause = answers;
  Clock::Steady until = Clock::Steady::max();
};

Client::Client(Transport& transport, Limiter& limiter, Clock& clock, ClientOptions options,
               std::uint64_t seed)
    : transport_{transport},
      limiter_{limiter},
      clock_{clock},
      options_{std::move(options)},
      random_{seed} {}

std::uint64_t Client::get(Request request) {
  queued_[++last_ticket_].request = std::move(request);
  return last_ticket_;
}

std::size_t Client::outstanding() const { return queued_.size() + in_flight_.size(); }

void Client::cancel_all() {
  // The server may have seen them, so they count.
  for (const auto& [ticket, pending] : in_flight_) limiter_.answered(ticket, clock_.now());
  transport_.cancel_all();
  queued_.clear();
  in_flight_.clear();
  answered_.clear();
}

bool Client::may_ask_again(std::uint64_t ticket) const {
  const auto found = answered_.find(ticket);
  return found != answered_.end() &&
         found->second.tries - found->second.forgiven <= options_.max_retries;
}

bool Client::again(std::uint64_t ticket, std::string_view reason) {
  if (!may_ask_again(ticket)) return false;
  const auto found = answered_.find(ticket);
  Pending pending = std::move(found->second);
  answered_.erase(found);
  const auto wait = backoff(options_.first_wait, pending.tries, options_.longest_wait, random_);
  put_off(ticket, pending, reason, wait);
  return true;
}

std::optional<Answer> Client::next(const std::function<bool()>& stop) {
  while (outstanding() != 0) {
    if (stop()) return std::nullopt;
    look_at_the_day();
    if (auto refused = refuse_queued()) return refused;
    send_ready();
    auto finished = wait(pause(clock_.now()));
    if (!finished) continue;
    auto answer = take(std::move(*finished));
    if (!answer) continue;
    // The caller decodes now; meanwhile the next request is on its way. Not after an error: the
    // caller may want to end it all.
    if (answer->result) send_ready();
    return answer;
  }
  return std::nullopt;
}

Client::Pendings::iterator Client::first_ready(Clock::Steady now) {
  return std::find_if(queued_.begin(), queued_.end(),
                      [&](const auto& entry) { return entry.second.not_before <= now; });
}

void Client::send_ready() {
  const auto now = clock_.now();
  if (now < hold_until_ || now < shut_until_) return;
  const auto jobs = static_cast<std::size_t>(std::max(options_.jobs, 1));
  while (in_flight_.size() < jobs) {
    const auto ready = first_ready(now);
    if (ready == queued_.end() || limiter_.next(now) > now) return;
    const std::uint64_t ticket = ready->first;
    if (!limiter_.book(ticket, now)) return;  // another process was faster
    Pending& pending = in_flight_.insert(queued_.extract(ready)).position->second;
    ++stats.requests;
    if (pending.tries++ > 0) ++stats.retries;
    transport_.start(ticket, pending.request);
  }
}

Client::Pause Client::pause(Clock::Steady now) const {
  const auto jobs = static_cast<std::size_t>(std::max(options_.jobs, 1));
  if (queued_.empty() || in_flight_.size() >= jobs) return {};
  if (now < hold_until_) return {Pause::hold, hold_until_};
  auto earliest = Clock::Steady::max();
  for (const auto& [ticket, pending] : queued_) {
    earliest = std::min(earliest, pending.not_before);
    if (earliest <= now) return {Pause::limit, limiter_.next(now)};
  }
  return {Pause::retry, earliest};
}

void Client::announce(const Pause& pause, Clock::Steady now) {
  const bool hold = pause.cause == Pause::hold;
  if (!hold && pause.cause != Pause::limit) return;
  auto& announced = hold ? hold_announced_ : limit_announced_;
  if (pause.until == Clock::Steady::max() || pause.until - now <= worth_saying) return;
  if (pause.until <= announced) return;
  announced = pause.until;
  std::string reason = "429";
  if (!hold) {
    const auto limit = limiter_.blocking(now);
    reason = "limit " + (limit ? to_string(*limit) : std::string{});
  }
  on_wait({queued_.begin()->second.request.what, std::move(reason), whole(pause.until - now)});
}

std::optional<Finished> Client::wait(const Pause& pause) {
  const auto before = clock_.now();
  announce(pause, before);
  auto finished = transport_.wait(std::min(pause.until, before + slice));
  const auto after = clock_.now();
  if (pause.cause == Pause::limit) waited_for_limits_ += after - before;
  if (pause.cause == Pause::hold || pause.cause == Pause::retry)
    waited_for_retries_ += after - before;
  stats.waited_for_limits = std::chrono::floor<milliseconds>(waited_for_limits_);
  stats.waited_for_retries = std::chrono::floor<milliseconds>(waited_for_retries_);
  if (!finished && after - last_idle_ >= slice / 2) {
    last_idle_ = after;
    on_idle();
  }
  return finished;
}

/// A day is not waited for.
void Client::look_at_the_day() {
  const auto now = clock_.now();
  if (queued_.empty() || now < shut_until_) return;
  const auto used_up = limiter_.used_up(now, options_.longest_wait);
  if (!used_up) return;
  const milliseconds wait = whole(used_up->until - now);
  std::string others;
  if (used_up->others > 0)
    others = fmt::format(" ({} of them by somebody else with this key)", used_up->others);
  shut(used_up->until,
       {Code::try_later,
        fmt::format("limit {}: {} requests are used up{}; there is room again in {}{}, "
                    "at {}",
                    to_string(used_up->limit), used_up->limit.requests, others,
                    spell_duration(wait), used_up->others > 0 ? " at the latest" : "",
                    spell_time(clock_.today() + wait))});
}

void Client::shut(Clock::Steady until, Error because) {
  shut_until_ = std::max(shut_until_, until);
  shut_because_ = std::move(because);
  stats.quota_used_up = true;
}

std::optional<Answer> Client::refuse_queued() {
  if (queued_.empty() || clock_.now() >= shut_until_) return std::nullopt;
  const auto entry = queued_.extract(queued_.begin());
  const Pending& pending = entry.mapped();
  return Answer{
      entry.key(), std::unexpected(shut_because_), 429, pending.tries - pending.answered_tries, {}};
}

std::optional<Answer> Client::take(Finished finished) {
  const auto found = in_flight_.find(finished.ticket);
  if (found == in_flight_.end()) return std::nullopt;
  Pending pending = std::move(found->second);
  in_flight_.erase(found);

  std::optional<milliseconds> asked;
  if (finished.result) {
    const Response& response = *finished.result;
    ++stats.answers;
    stats.wire_bytes += response.wire_bytes;
    stats.body_bytes += response.body.size();
    if (response.status == 429) ++stats.refused_429;
    if (response.retry_after) asked = parse_retry_after(*response.retry_after, clock_.today());
  }
  const Heard told = heard(finished, asked);
  limiter_.answered(finished.ticket, finished.answered, told);
  const auto verdict = judge(finished.result, pending.request, options_.retry_statuses);
  if (verdict) return failed(finished.ticket, pending, *verdict, told);

  ++successes_;
  const int status = finished.result->status;
  const int tries = pending.tries - std::exchange(pending.answered_tries, pending.tries);
  answered_.insert_or_assign(finished.ticket, std::move(pending));
  if (answered_.size() > most_answered) answered_.erase(answered_.begin());
  return Answer{finished.ticket, *std::move(finished.result), status, tries, {}, true};
}

/// Puts the request off, or ends it.
std::optional<Answer> Client::failed(std::uint64_t ticket, Pending& pending, const Verdict& verdict,
                                     const Heard& told) {
  Answer answer{ticket,          fail(verdict.code, describe(verdict, pending.tries)),
                verdict.status,  pending.tries - pending.answered_tries,
                verdict.message, verdict.in_json};
  if (!verdict.retry) return answer;
  const bool is_429 = verdict.status == 429;
  const auto now = clock_.now();
  const auto& asked = told.retry_after;

  if (asked && *asked > options_.longest_wait) {
    Error& error = answer.result.error();
    error.what += fmt::format(
        "; it asks to come back in {}, at {}, which is longer than the {} "
        "this waits: try again then",
        spell_duration(*asked), spell_time(clock_.today() + *asked),
        spell_duration(options_.longest_wait));
    if (is_429) shut(now + *asked, error);
    return answer;
  }
  if (is_429 && told.day_used_up() && !asked) {
    const auto used_up = limiter_.used_up(now, milliseconds{0});
    const milliseconds wait = used_up ? whole(used_up->until - now) : std::chrono::days{1};
    Error& error = answer.result.error();
    error.what += fmt::format("; there is room again in {} at the latest, at {}: try again then",
                              spell_duration(wait), spell_time(clock_.today() + wait));
    shut(now + wait, error);
    return answer;
  }

  const int most = pending.request.most_tries;
  const bool no_room = most != 0 && pending.tries >= most;
  const auto wait =
      asked ? *asked : backoff(options_.first_wait, pending.tries, options_.longest_wait, random_);
  if (is_429 && told.hour_used_up() && !no_room) {
    // The limiter knows, and holds everything back as long as it takes.
    ++pending.forgiven;
    if (asked) {
      hold_until_ = std::max(hold_until_, now + wait);
      hold_announced_ = std::max(hold_announced_, hold_until_);
    }
    put_off(ticket, pending, verdict.reason, asked ? wait : milliseconds{0});
    return std::nullopt;
  }
  if (is_429 && asked && pending.tries - pending.forgiven > 1 &&
      pending.refused_before < successes_)
    ++pending.forgiven;
  if (is_429) pending.refused_before = std::exchange(pending.refused_at, successes_);
  const bool last = no_room || pending.tries - pending.forgiven > options_.max_retries;
  if (is_429) {
    hold_until_ = std::max(hold_until_, now + wait);
    if (!last) hold_announced_ = std::max(hold_announced_, hold_until_);
  }
  if (last) return answer;
  put_off(ticket, pending, verdict.reason, wait);
  return std::nullopt;
}

void Client::put_off(std::uint64_t ticket, Pending& pending, std::string_view reason,
                     milliseconds wait) {
  pending.not_before = clock_.now() + wait;
  const Waiting waiting{pending.request.what, std::string{reason}, wait,
                        pending.tries - pending.forgiven, options_.max_retries + 1};
  queued_.insert_or_assign(ticket, std::move(pending));
  // Without a wait of its own the request goes on as soon as the limiter lets it, which tells.
  if (wait > milliseconds{0} || reason != "429") on_wait(waiting);
}

}  // namespace callrail
