#include "progress.hpp"

#include <callrail/retry.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_frames{100};
constexpr milliseconds between_lines{5000};

std::uint64_t rate(std::uint64_t rows, milliseconds took) {
  return took.count() <= 0 ? 0 : rows * 1000 / static_cast<std::uint64_t>(took.count());
}

}  // namespace

std::string spell_time(milliseconds time) {
  if (time >= std::chrono::seconds{10}) return spell_duration(time);
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
}

std::string waiting_text(const Waiting& waiting) {
  std::string out =
      fmt::format("waiting {}: {}, {}", spell_time(waiting.wait), waiting.reason, waiting.what);
  // `attempt` counts the tries made; waits for a limit belong to no try.
  if (waiting.attempts > 0)
    out += fmt::format(", try {} of {}", waiting.attempt + 1, waiting.attempts);
  return out;
}

std::string Progress::records(const Endpoint& endpoint) const {
  std::string out = fmt::format("records {}", endpoint.rows);
  if (endpoint.expected) out += fmt::format("/{}", *endpoint.expected);
  const auto took = std::chrono::duration_cast<milliseconds>(clock_.now() - endpoint.begun);
  const std::uint64_t per_second = rate(endpoint.rows, took);
  if (per_second == 0) return out;
  out += fmt::format(", {}/s", per_second);
  if (endpoint.expected && *endpoint.expected > endpoint.rows) {
    const std::uint64_t left = (*endpoint.expected - endpoint.rows) * 1000 / per_second;
    out += ", " +
           spell_duration(
               milliseconds{static_cast<std::int64_t>(std::max<std::uint64_t>(left, 1000))}) +
           " left";
  }
  return out;
}

void Progress::started(const EndpointSummary& summary, std::size_t number, std::size_t of) {
  of_ = of;
  active_[number] = {.name = summary.name, .begun = clock_.now()};
  if (active_.size() == 1)
    next_ = clock_.now() + (console_.live() ? milliseconds{0} : between_lines);
  tick();
}

void Progress::progress(const EndpointSummary& summary, std::optional<std::uint64_t> expected) {
  for (auto& [number, endpoint] : active_)
    if (endpoint.name == summary.name) {
      endpoint.rows = summary.rows;
      endpoint.expected = expected;
    }
  tick();
}

void Progress::finished(const EndpointSummary& summary, std::size_t number, std::size_t of) {
  of_ = of;
  active_.erase(number);
  if (!shown_) return;
  if (console_.live()) {
    next_ = {};
    tick();
  }
  // Where the two lines are redrawn, the table at the end tells of what went well.
  if (console_.live() || summary.outcome != Outcome::complete) return;
  console_.line(fmt::format("endpoint {}/{} {}: {} records in {}{}{}", number, of, summary.name,
                            summary.rows, spell_time(summary.took),
                            summary.file.empty() ? "" : ", ", summary.file));
}

void Progress::tick() {
  if (!shown_ || clock_.now() < next_) return;
  next_ = clock_.now() + (console_.live() ? between_frames : between_lines);
  draw();
}

void Progress::draw() {
  if (active_.empty()) {
    console_.clear();
    return;
  }
  const auto& [number, endpoint] = *active_.begin();
  const std::string place = fmt::format("endpoint {}/{} {}", number, of_, endpoint.name);
  if (console_.live())
    console_.show({place, records(endpoint)});
  else
    console_.line(place + ": " + records(endpoint));
}

}  // namespace callrail::cli
