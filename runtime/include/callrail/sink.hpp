#pragma once

#include <callrail/page.hpp>
#include <callrail/result.hpp>
#include <callrail/table.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace callrail {

/// Takes the rows of one endpoint in their final order.
///
/// Nothing is visible at the destination before `finish` succeeded; a writer destroyed without it
/// leaves no trace. Failures are Code::sink_failed and name the destination.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual Status write(const Rows&) = 0;
  virtual Status finish() = 0;
  virtual std::uint64_t bytes() const = 0;
  /// Whether rows vanish with a writer that did not finish; false for a stream.
  virtual bool all_or_nothing() const { return true; }
  virtual std::string where() const = 0;  ///< "data/calls.csv"
};

/// A destination: a folder, a stream, later a database.
class Sink {
 public:
  virtual ~Sink() = default;
  /// `table` must outlive the writer.
  virtual Result<std::unique_ptr<Writer>> open(const Table& table) = 0;
};

}  // namespace callrail
