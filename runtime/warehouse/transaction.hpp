#pragma once

#include <callrail/result.hpp>

#include <chrono>
#include <database.hpp>
#include <functional>

namespace callrail {

/// How a transaction is done that must succeed although others use the database, and connections
/// break.
struct Transaction {
  /// What it does; may be called again, after everything it did was undone.
  std::function<Status()> body;
  /// Whether a commit whose answer was lost has arrived; asked on a new connection. Nothing: doing
  /// it again does no harm.
  std::function<Result<bool>()> arrived = {};
  /// Whether, after Trouble::row, the next try leaves out what was to blame.
  std::function<bool()> may_go_on = {};
  bool reads = false;  ///< only: not in a transaction, which would keep writers of SQLite out
};

using Wait = std::function<void(std::chrono::milliseconds)>;

/// Tries for about half a minute.
Status commit(Database&, const Wait&, const Transaction&);

}  // namespace callrail
