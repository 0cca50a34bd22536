#pragma once

#include <callrail/sink.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace callrail {

/// Several destinations of one extraction. The first one's positions are those of all: it is the
/// one that goes on behind a byte, such as a folder; the others must know rows that come again, as
/// a table knows them by their key. See TeeCheckpoint for what a crash between them leaves.
class TeeSink final : public Sink {
 public:
  /// They must outlive it; at least one.
  explicit TeeSink(std::vector<Sink*> sinks) : sinks_{std::move(sinks)} {}

  /// Only if all want the same lines: whoever wants cells gets them, and then so do the others.
  std::optional<RowLines> lines(const Table&) const override;
  bool follows_windows() const override;
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override;
  /// True if all of them did.
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override;

 private:
  class TeeWriter;
  std::vector<Sink*> sinks_;
};

}  // namespace callrail
