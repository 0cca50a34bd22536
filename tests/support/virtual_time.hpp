#pragma once

#include <callrail/clock.hpp>
#include <callrail/transport.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// Time that passes only when somebody waits for it. Starts on 2026-03-10T12:00:00Z.
class VirtualClock final : public Clock {
 public:
  Steady now() const override { return now_; }
  Wall today() const override {
    return began_ + std::chrono::floor<std::chrono::milliseconds>(now_ - first_);
  }

  void advance_to(Steady when) {
    if (when > now_) now_ = when;
  }
  void advance(Steady::duration by) { now_ += by; }
  /// Since the clock was made.
  std::chrono::milliseconds passed() const {
    return std::chrono::floor<std::chrono::milliseconds>(now_ - first_);
  }

 private:
  static constexpr Steady first_{std::chrono::hours{1000}};
  Steady now_ = first_;
  Wall began_ = std::chrono::sys_days{std::chrono::year{2026} / 3 / 10} + std::chrono::hours{12};
};

/// What the scripted server does with one request.
struct Scripted {
  std::expected<Response, NetworkError> result;
  Clock::Steady::duration latency = std::chrono::milliseconds{20};

  Scripted after(Clock::Steady::duration time) && {
    latency = time;
    return std::move(*this);
  }
};

inline Scripted answer(int status, std::string_view body, std::string_view retry_after = {}) {
  Response response;
  response.status = status;
  response.body = Body{body};
  response.content_type = "application/json";
  response.wire_bytes = body.size();
  if (!retry_after.empty()) response.retry_after = retry_after;
  return {std::move(response)};
}
inline Scripted broken(std::string what, bool final = false) {
  return {std::unexpected(NetworkError{std::move(what), final})};
}

/// A server in the same thread, in virtual time: `wait` moves the clock to the next answer, or to
/// `until`. The handler is asked when a request is sent.
class ScriptedTransport final : public Transport {
 public:
  using Handler = std::function<Scripted(const Request&)>;
  struct Sent {
    std::uint64_t ticket;
    std::string url;
    Clock::Steady when;
  };

  ScriptedTransport(VirtualClock& clock, Handler handler)
      : clock_{clock}, handler_{std::move(handler)} {}

  void start(std::uint64_t ticket, const Request& request) override {
    sent.push_back({ticket, request.url, clock_.now()});
    Scripted scripted = handler_(request);
    flying_.push_back({ticket, clock_.now() + scripted.latency, std::move(scripted.result)});
    if (flying_.size() > most_at_once) most_at_once = flying_.size();
  }

  std::optional<Finished> wait(Clock::Steady until) override {
    ++waits;
    auto first = flying_.end();
    for (auto it = flying_.begin(); it != flying_.end(); ++it)
      if (first == flying_.end() || it->when < first->when) first = it;
    if (first == flying_.end() || first->when > until) {
      clock_.advance_to(until);
      return std::nullopt;
    }
    clock_.advance_to(first->when);
    Finished finished{first->ticket, std::move(first->result), first->when};
    flying_.erase(first);
    return finished;
  }

  void cancel_all() override { flying_.clear(); }

  std::vector<Sent> sent;  ///< everything that was ever started, in order
  std::size_t most_at_once = 0;
  std::uint64_t waits = 0;

 private:
  struct Flying {
    std::uint64_t ticket;
    Clock::Steady when;
    std::expected<Response, NetworkError> result;
  };

  VirtualClock& clock_;
  Handler handler_;
  std::vector<Flying> flying_;
};

}  // namespace callrail
