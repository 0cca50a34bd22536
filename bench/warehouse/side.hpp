#pragma once

#include "calls.hpp"
#include "place.hpp"

#include <callrail/result.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace callrail::bench {

/// What an answer amounts to: rows, and the bytes of their values.
struct Read {
  std::uint64_t rows = 0, bytes = 0;
  friend bool operator==(const Read&, const Read&) = default;
};

/// One way to bring calls into a database, and to ask it for them. What `begin` and `end` do is
/// done once a run, and not timed.
class Side {
 public:
  virtual ~Side() = default;
  virtual Status begin() = 0;
  virtual Status load(const Calls::Part&) = 0;  ///< committed when it returns
  virtual Status end() = 0;
  /// Asks, and looks at every value of the answer.
  virtual Result<Read> ask(std::string_view question) = 0;
  /// The server's process for this connection; 0: there is none.
  virtual std::int64_t server() const = 0;
};

/// The way of a run: `Warehouse`, with all it does for a row and for a commit.
std::unique_ptr<Side> ours(const Calls&, const Place&);

/// As somebody would write it who wants these tables and nothing else. Of each row the same values
/// and the same hash are made, straight from its cells; then
/// - SQLite: the hash is looked up by the key, and the row is inserted, updated (and its elements
///   deleted and inserted), or left as it is; prepared statements, one transaction a part;
/// - PostgreSQL: the part is copied into a temporary table, and one INSERT … ON CONFLICT takes from
///   there what is new or has another hash; its elements are deleted where the row is not new, and
///   copied.
/// It does not check rows, keeps no rejects and no warnings, notes no cursor, no history and no
/// place to go on at, and does not look for rows that are gone; a row the database refuses, a lost
/// connection or a busy database ends it.
std::unique_ptr<Side> by_hand(const Calls&, const Place&);

/// The view `v_call` and what somebody would write without it.
struct Question {
  std::string name, view, by_hand;
};
std::vector<Question> questions(Dialect, const Calls&);

}  // namespace callrail::bench
