#pragma once

#include "progress.hpp"
#include "shape.hpp"

#include <callrail/bad_pages.hpp>
#include <callrail/log.hpp>

namespace callrail::cli {

/// Tells the screen and the log what happens in a run.
class Watch final : public Events {
 public:
  Watch(Console& console, Progress& progress, Log& log)
      : console_{console}, progress_{progress}, log_{log} {}

  void started(const EndpointSummary&, std::size_t number, std::size_t of) override;
  void progress(const EndpointSummary&, std::optional<std::uint64_t> expected) override;
  void finished(const EndpointSummary&, std::size_t number, std::size_t of) override;
  void warning(const std::string& text) override;
  void sample(const Endpoint&, std::string_view page, const Drift& of_page) override;
  void bad_page(const std::string& what, std::string_view page, Error& error) override;

  void waiting(const Waiting&);
  void idle() { progress_.tick(); }
  /// Without it nobody keeps bad pages.
  void keep_bad_pages(BadPages& where) { bad_pages_ = &where; }
  /// What the rows of sampled pages look like.
  const Shapes& shapes() const { return shapes_; }

 private:
  Console& console_;
  Progress& progress_;
  Log& log_;
  BadPages* bad_pages_ = nullptr;
  Shapes shapes_;
};

}  // namespace callrail::cli
