#pragma once

#include "console.hpp"

#include <callrail/client.hpp>
#include <callrail/extract.hpp>

#include <map>

namespace callrail::cli {

/// Shows how far a run is: two lines that are redrawn, or a line now and then.
///
///   endpoint 2/11 tags
///   records 500/1250, 240/s, 3 s left
class Progress {
 public:
  Progress(Console& console, const Clock& clock, bool shown)
      : console_{console}, clock_{clock}, shown_{shown && !console.quiet()} {}

  void started(const EndpointSummary&, std::size_t number, std::size_t of);
  void progress(const EndpointSummary&, std::optional<std::uint64_t> expected);
  void finished(const EndpointSummary&, std::size_t number, std::size_t of);
  /// Called a few times a second, whatever happens.
  void tick();
  void end() { console_.clear(); }

 private:
  struct Endpoint {
    std::string name;
    std::uint64_t rows = 0;
    std::optional<std::uint64_t> expected = {};
    Clock::Steady begun = {};
  };
  std::string records(const Endpoint&) const;
  void draw();

  Console& console_;
  const Clock& clock_;
  bool shown_;
  std::map<std::size_t, Endpoint> active_;  ///< by number; the first is shown
  std::size_t of_ = 0;
  Clock::Steady next_{};
};

/// "waiting 2.1 s: 429, calls page 3, try 2 of 4"
std::string waiting_text(const Waiting&);

/// "2.1 s", and from ten seconds on "45 s", "2 h 5 min"
std::string spell_time(std::chrono::milliseconds);

}  // namespace callrail::cli
