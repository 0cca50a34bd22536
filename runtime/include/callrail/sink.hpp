#pragma once

#include <callrail/key_list.hpp>
#include <callrail/page.hpp>
#include <callrail/position.hpp>
#include <callrail/proof.hpp>
#include <callrail/result.hpp>
#include <callrail/table.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// What the rows of a table are worth, for whoever reads them later.
struct TableProof {
  std::optional<Proof> proof;  ///< of the weakest window; nothing: a limit ended the reading
  std::vector<WindowProof> windows;
  /// Of an endpoint with very many lists; `windows` are then a few that are not proven.
  std::optional<ListSum> sum = {};
};

/// Takes the rows of one endpoint in their final order.
///
/// Nothing is visible at the destination before `publish` succeeded. A writer destroyed before
/// leaves its rows where `Sink::open` finds them again, up to the last `commit`. Failures are
/// Code::sink_failed and name the destination.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual Status write(const Rows&) = 0;
  /// A window of a list is over: the rows since the last call are its rows, whatever their number.
  /// `whole_list`: the list is read without dates, all of it in this window.
  virtual void settled(const Scope& scope, const WindowProof& proof, bool whole_list) {
    (void)scope, (void)proof, (void)whole_list;
  }
  /// The rows so far survive the process and the machine; a writer opened at this position goes on.
  virtual Result<Position> commit() = 0;
  /// Completes the table; no row may follow. Durable, but not visible.
  virtual Result<Position> finish() = 0;
  /// Makes it visible, whole and with what it is worth, in place of what stood there before.
  virtual Status publish(const TableProof&) = 0;
  /// Gives up what was written: nothing will go on behind it.
  virtual void discard() = 0;
  virtual std::uint64_t bytes() const = 0;
  /// Whether rows vanish with a writer that did not publish; false for a stream.
  virtual bool all_or_nothing() const { return true; }
  virtual std::string where() const = 0;  ///< "data/calls.csv"
};

/// A destination: a folder, a stream, later a database.
class Sink {
 public:
  virtual ~Sink() = default;
  /// What the rows of a table may be spelled as while they are read, so that nobody spells them
  /// again; nothing: the writer wants their cells.
  virtual std::optional<RowLines> lines(const Table&) const { return std::nullopt; }
  /// Whether writers are to be told of every window that is over. Then one is opened for the first
  /// window, whether it has rows or not.
  virtual bool follows_windows() const { return false; }
  /// Goes on at `position`, or begins if nothing is there that ends so; `Writer::bytes` tells
  /// which. `table` must outlive the writer.
  virtual Result<std::unique_ptr<Writer>> open(const Table& table, const Position& position) = 0;
  Result<std::unique_ptr<Writer>> open(const Table& table) { return open(table, {}); }
  /// Publishes a table that an earlier process finished and did not get to publish. False: what it
  /// left is gone or differs.
  virtual Result<bool> publish_finished(const Table&, const Position&, const TableProof&) = 0;
};

}  // namespace callrail
