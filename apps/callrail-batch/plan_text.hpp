#pragma once

#include <callrail/limiter.hpp>
#include <callrail/plan.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace callrail::cli {

/// How long the requests of a plan take, going by the limits and what is used of them.
struct Timing {
  std::vector<std::chrono::milliseconds> ready;  ///< of each endpoint, from the start
  std::chrono::milliseconds total{0};
  std::uint64_t requests = 0;
  /// Where a limit of a day or more ends the run.
  struct Stop {
    RateLimit limit;
    std::uint64_t after = 0;  ///< requests made by then
    std::size_t endpoint = 0;
    std::chrono::milliseconds at{0}, pause{0};
  };
  std::optional<Stop> stop;
  struct Use {
    RateLimit limit;
    int used = 0;
  };
  std::vector<Use> used;  ///< of the limits of an hour or more, before the start
};
Timing timing(const Plan&, const Limiter&, Clock::Steady now);

/// What the last so many days would take.
struct Choice {
  std::string words;  ///< "--days 30"
  std::uint64_t rows = 0, requests = 0;
  std::chrono::milliseconds takes{0};
};

struct PlanFacts {
  Plan plan;
  Timing timing;
  std::vector<Choice> choices;
  bool choices_counted = false;  ///< else in proportion to the days
  std::string source;            ///< "counted with 12 requests"
  std::vector<std::string> notes;
  /// Requests for files behind rows, at most: how many rows have one is not known before they are
  /// read.
  std::optional<std::uint64_t> recordings;
  std::vector<RateLimit> limits;
  bool fields_named = false;
  Clock::Wall now{};
};

/// Lines for people.
std::string plan_text(const PlanFacts&);

/// The same as one JSON object: requests, seconds, at_least, basis, limits: [{ limit, used }],
/// day_ends (null or { limit, after_requests, endpoint, at, pause_seconds }), endpoints: [{ name,
/// wanted, lists, rows (or null), requests, at_least, ready_seconds, from, to, price (why --all
/// leaves it out, or null), refused (or null) }], choices: [{ words, rows, requests, seconds }],
/// choices_counted, recordings_at_most (not among the requests, or null), remarks: [text].
std::string plan_json(const PlanFacts&);

/// The plan scaled from the days it was counted for to so many.
Plan in_proportion(const Plan&, int days, int page_size);
/// Days from the first to the last of the window, both included; 0 without one.
int days_in(const PlannedEndpoint&);

}  // namespace callrail::cli
