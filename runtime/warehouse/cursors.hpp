#pragma once

#include <callrail/clock.hpp>
#include <callrail/proof.hpp>
#include <callrail/warehouse.hpp>

#include <cstdint>
#include <database.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace callrail {

/// How far each list of an endpoint has been read: the greatest value of the field its dates select
/// on, among the rows of windows that are complete and follow one another from the first one on. It
/// is a value of the data and never of our clock, and never goes back.
class Cursors {
 public:
  /// What earlier runs got to, and this one before its process ended.
  Status load(Database&, Text endpoint, std::int64_t run);
  /// The value that committed runs left.
  std::optional<Clock::Wall> value(std::string_view list) const;

  /// A window of a list is over. `greatest`: of the values of its rows.
  void window(const std::string& list, const WindowProof&, bool complete,
              std::optional<Clock::Wall> greatest, SyncMode);
  /// Writes what changed since the last commit.
  Status save(Database&, Text endpoint, std::int64_t run) const;
  void committed() { before_.clear(); }
  /// The rows that moved them are given up.
  void undo();

 private:
  struct List {
    std::optional<Clock::Wall> value = {};
    bool begun = false;    ///< in this run
    bool stopped = false;  ///< for this run
  };
  using Lists = std::map<std::string, List, std::less<>>;
  Lists lists_;
  Lists before_;  ///< as they were at the last commit, of those that changed since
};

}  // namespace callrail
