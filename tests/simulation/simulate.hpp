#pragma once

#include "scene.hpp"

#include <callrail/fake/fake_api.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// One seed, one world, one extraction with everything that can happen to it, and a judge who knows
/// what the world held.
namespace callrail::sim {

/// What a seed stands for. Can be read, and changed by a test that wants one thing different.
struct Plan {
  std::uint64_t seed = 1;
  fake::FakeOptions world;
  Job job;
  std::chrono::milliseconds up{10}, down{30};
  std::chrono::milliseconds churn_every{100};
  int changes = 0;  ///< rows that change while the run goes on
  int reruns = 0;   ///< how often somebody starts a failed run again

  /// How a process ends before its time.
  struct Death {
    enum class How : std::uint8_t { kill, power_cut, stop } how = How::kill;
    std::size_t at = 1;  ///< the n-th call to the disk; of stop: the n-th time it is looked at
    bool after = false;  ///< the call has done its work
  };
  std::vector<Death> deaths;  ///< of the first processes, one each

  bool static_world() const { return changes == 0; }
  std::string text() const;  ///< a few lines for a person
};

Plan plan_of(const Api&, std::uint64_t seed);

enum class Wrong : std::uint8_t {
  loss,      ///< claims to be complete, and lacks a row that was listed all the time
  twice,     ///< a row stands in the file twice
  stranger,  ///< a row, or a value, that never was in the list, or lies outside the range
  torn,      ///< a file that is not whole
  bytes,     ///< the world stood still, and still the bytes are not those of a quiet run
  leftover,  ///< a finished run left working files behind
  limit,     ///< the server had to refuse a request that was too many
  endless,   ///< was not done after many attempts
};
Text name_of(Wrong);

struct Finding {
  Wrong wrong;
  std::string what;
};

struct Verdict {
  std::uint64_t seed = 0;
  std::vector<Finding> findings;
  std::uint64_t requests = 0, rows = 0, changes = 0, faults = 0, deaths = 0, attempts = 0;
  std::uint64_t claimed = 0, admitted = 0;  ///< endpoints said to be complete, and others
  std::string trace;
};

/// `tamper` may spoil a finished file before it is judged: to see whether the judge is awake.
using Tamper = std::function<void(const Job&, Text endpoint, std::string& file)>;
Verdict simulate(const Api&, const Plan&, const Tamper& tamper = {});

}  // namespace callrail::sim
