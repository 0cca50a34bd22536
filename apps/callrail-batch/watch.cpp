#include "watch.hpp"

#include <fmt/format.h>

namespace callrail::cli {
namespace {

/// What fails like this fails for all endpoints, and the last line tells it once.
bool ends_the_run(const EndpointSummary& summary) {
  return summary.code == Code::bad_key || summary.code == Code::cancelled ||
         summary.code == Code::sink_failed;
}

}  // namespace

void Watch::started(const EndpointSummary& summary, std::size_t number, std::size_t of) {
  log_.info(fmt::format("endpoint {}/{} {}: reading{}", number, of, summary.name,
                        summary.window.empty() ? "" : " " + summary.window));
  progress_.started(summary, number, of);
}

void Watch::progress(const EndpointSummary& summary, std::optional<std::uint64_t> expected) {
  progress_.progress(summary, expected);
}

void Watch::finished(const EndpointSummary& summary, std::size_t number, std::size_t of) {
  const std::string place = fmt::format("endpoint {}/{} {}: ", number, of, summary.name);
  progress_.finished(summary, number, of);
  switch (summary.outcome) {
    case Outcome::complete:
      log_.info(place + fmt::format("{} records in {}, {} requests, {}", summary.rows,
                                    spell_time(summary.took), summary.requests, summary.file));
      break;
    case Outcome::failed:
      log_.error(place + "failed, " + summary.reason);
      if (!ends_the_run(summary)) console_.error(place + "failed, " + summary.reason);
      break;
    case Outcome::skipped:
      log_.warning(place + "skipped, " + summary.reason);
      console_.warning(place + "skipped, " + summary.reason);
      break;
  }
}

void Watch::warning(const std::string& text) {
  log_.warning(text);
  console_.warning(text);
}

void Watch::sample(const Endpoint& endpoint, std::string_view page, const Drift& of_page) {
  const auto [shape, is_new] = shapes_.try_emplace(std::string{endpoint.name}, endpoint);
  shape->second.add(page, of_page);
}

void Watch::bad_page(const std::string& what, std::string_view page, Error& error) {
  if (bad_pages_ == nullptr) return;
  const auto file = bad_pages_->keep(what, page);
  if (!file)
    log_.warning(file.error().what);
  else if (!file->empty())
    error.what += "; the page is kept in " + *file;
}

void Watch::waiting(const Waiting& waiting) {
  const std::string text = waiting_text(waiting);
  log_.info(text);
  console_.line(text);
}

}  // namespace callrail::cli
