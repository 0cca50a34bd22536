#pragma once

#include <callrail/sink.hpp>

#include <functional>

namespace callrail {

/// Hands the rows to a function instead of writing them. Like a stream it takes nothing back: rows
/// that were handed over before a run failed have been handed over.
class RowsSink final : public Sink {
 public:
  using Take = std::function<Status(const Table&, const Rows&)>;

  explicit RowsSink(Take take) : take_{std::move(take)} {}
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override;
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override;

 private:
  Take take_;
};

}  // namespace callrail
