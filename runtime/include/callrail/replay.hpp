#pragma once

#include <callrail/recording.hpp>
#include <callrail/transport.hpp>
#include <callrail/url.hpp>

#include <deque>
#include <string>
#include <vector>

namespace callrail {

/// Another clock whose time jumps when somebody would wait, so that a replay of an hour's pause
/// takes none. Its dates begin where the recorded run did.
class ReplayClock final : public Clock {
 public:
  ReplayClock(const Clock& clock, Wall began) : clock_{clock}, began_{began} {}

  Steady now() const override { return clock_.now() + jumped_; }
  Wall today() const override {
    return began_ + std::chrono::floor<std::chrono::milliseconds>(jumped_);
  }
  /// Nothing for times that have passed.
  void jump_to(Steady when) {
    if (const auto by = when - now(); by > by.zero()) jumped_ += by;
  }
  /// How much of the time nobody waited for.
  Steady::duration jumped() const { return jumped_; }

 private:
  const Clock& clock_;
  Wall began_;
  Steady::duration jumped_{};
};

/// Another clock with a date that stays. A run that goes on past midnight asks to the end for the
/// days it began with, so its recording can be asked for the same days.
class OneDayClock final : public Clock {
 public:
  OneDayClock(const Clock& clock, Wall today) : clock_{clock}, today_{today} {}
  Steady now() const override { return clock_.now(); }
  Wall today() const override { return today_; }

 private:
  const Clock& clock_;
  Wall today_;
};

/// Answers from a recording, at once. What was asked several times gets its answers in their order,
/// and the last one ever after. What was never asked gets an error, which is handed out when
/// nothing else is left: with more requests in flight than the recorded run had, some turn out to
/// be in vain before their answer comes.
class ReplayTransport final : public Transport {
 public:
  ReplayTransport(const Recording& recording, ReplayClock& clock, const std::string& base_url);

  void start(std::uint64_t ticket, const Request&) override;
  std::optional<Finished> wait(Clock::Steady until) override;
  void cancel_all() override;

 private:
  struct Asked {
    std::uint64_t ticket;
    std::size_t number;  ///< of the answer
  };
  std::expected<Response, NetworkError> answer(std::size_t number) const;

  const Recording& recording_;
  ReplayClock& clock_;
  Url base_;
  std::vector<std::size_t> asked_;  ///< how often, by the first answer to a target
  std::deque<Asked> recorded_;
  std::deque<std::uint64_t> unknown_;
};

}  // namespace callrail
