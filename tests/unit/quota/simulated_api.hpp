#pragma once

#include "virtual_time.hpp"

#include <callrail/client.hpp>
#include <callrail/fake/limits.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <random>

namespace callrail {

/// Virtual time for several threads: each waits for a moment, and the one whose moment comes first
/// goes on. So one thread runs at a time, in the order of time, the same way on every run.
class Stage {
 public:
  explicit Stage(int actors) {
    for (int i = 0; i < actors; ++i) wakes_[i] = clock.now();
  }
  VirtualClock clock;

  void wait_until(int actor, Clock::Steady when) {
    std::unique_lock lock{mutex_};
    wakes_[actor] = std::max(when, clock.now());
    running_ = -1;
    changed_.notify_all();
    changed_.wait(lock, [&] { return running_ == -1 && first() == actor; });
    running_ = actor;
    clock.advance_to(wakes_[actor]);
  }
  void leave(int actor) {
    const std::lock_guard lock{mutex_};
    wakes_.erase(actor);
    running_ = -1;
    changed_.notify_all();
  }

 private:
  int first() const {
    int found = -1;
    auto earliest = Clock::Steady::max();
    for (const auto& [actor, wake] : wakes_)
      if (found == -1 || wake < earliest) {
        found = actor;
        earliest = wake;
      }
    return found;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, Clock::Steady> wakes_;
  int running_ = -1;
};

/// How long things take on the way; each leg and the work vary by themselves.
struct Path {
  std::chrono::microseconds there{0}, back{0}, leg_jitter{0};
  std::chrono::microseconds work{0}, work_jitter{0};
  bool tells_work = true;
  bool counts_after_work = false;
};

/// The server: counts a request when it has come the way there, to the microsecond as well as the
/// fake does it.
struct CountingServer {
  explicit CountingServer(const std::vector<RateLimit>& limits) : counted{limits} {}

  fake::Limits counted;
  std::vector<Clock::Steady> arrivals;
  int refused = 0;
  bool tells_use = true, tells_when = false;
  std::function<void(Response&)> spoil = [](Response&) {};

  /// One arrival; calls come in the order of time.
  Response take(Clock::Steady when, Clock::Wall wall) {
    Response response;
    const auto [allowed, pause] = counted.take(wall);
    response.status = allowed ? 200 : 429;
    response.body = Body{"{}"};
    if (allowed) arrivals.push_back(when);
    if (!allowed) ++refused;
    if (!allowed && tells_when)
      response.retry_after = std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count());
    for (const auto& use : counted.use(wall)) {
      if (!tells_use) break;
      if (use.seconds == 3600) response.hour_allowed = use.allowed, response.hour_used = use.used;
      if (use.seconds == 86400) response.day_allowed = use.allowed, response.day_used = use.used;
    }
    return response;
  }
};

/// The way from one client to the server.
class SimulatedTransport final : public Transport {
 public:
  SimulatedTransport(Stage& stage, int actor, CountingServer& server, const Path& way,
                     std::uint64_t seed)
      : path{way}, stage_{stage}, actor_{actor}, server_{server}, random_{seed} {}

  Path path;

  void start(std::uint64_t ticket, const Request&) override {
    const auto sent = stage_.clock.now();
    const auto work = path.work + jitter(path.work_jitter);
    Flight flight{ticket, {}, {}, work, {}};
    flight.counted = sent + path.there + jitter(path.leg_jitter);
    flight.answered = flight.counted + work + path.back + jitter(path.leg_jitter);
    if (path.counts_after_work) flight.counted += work;
    flights_.push_back(std::move(flight));
  }

  std::optional<Finished> wait(Clock::Steady until) override {
    for (;;) {
      auto next = until;
      for (const Flight& flight : flights_)
        next = std::min(next, flight.response ? flight.answered : flight.counted);
      stage_.wait_until(actor_, next);
      const auto now = stage_.clock.now();
      for (Flight& flight : flights_)
        if (!flight.response && flight.counted <= now)
          flight.response = server_.take(flight.counted, stage_.clock.today());
      for (auto flight = flights_.begin(); flight != flights_.end(); ++flight)
        if (flight->response && flight->answered <= now) {
          if (path.tells_work) flight->response->runtime = flight->work;
          server_.spoil(*flight->response);
          Finished finished{flight->ticket, *std::move(flight->response), flight->answered};
          flights_.erase(flight);
          return finished;
        }
      if (now >= until) return std::nullopt;
    }
  }

  void cancel_all() override { flights_.clear(); }

 private:
  struct Flight {
    std::uint64_t ticket;
    Clock::Steady counted, answered;
    std::chrono::microseconds work;
    std::optional<Response> response;
  };

  std::chrono::microseconds jitter(std::chrono::microseconds most) {
    return std::chrono::microseconds{
        static_cast<std::int64_t>(random_() % (static_cast<std::uint64_t>(most.count()) + 1))};
  }

  Stage& stage_;
  int actor_;
  CountingServer& server_;
  std::mt19937_64 random_;
  std::vector<Flight> flights_;
};

}  // namespace callrail
