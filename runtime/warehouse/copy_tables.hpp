#pragma once

#include <callrail/result.hpp>

#include <cstdint>
#include <database.hpp>
#include <functional>
#include <string>
#include <vector>

namespace callrail {

/// The rows of a table as both databases have them. The checksum is of the values, in whatever
/// order the rows are and however the database spells them.
struct CopiedTable {
  std::string name;
  std::uint64_t rows = 0;
  std::string checksum;
};

struct CopyReport {
  std::vector<CopiedTable> tables;
  std::vector<std::string> left;   ///< tables of the source that the target has no place for
  std::vector<std::string> added;  ///< columns the target had no place for: "calls.rating"
};

struct CopyOptions {
  /// What is in the target goes; else a target with rows is refused.
  bool replace = false;
  std::function<void(const CopiedTable&)> done = {};  ///< after each table
};

/// Every table of a warehouse in SQLite into one in PostgreSQL, whose tables are there and are
/// those of the same schema (migrate): rows, history, cursors. The lease, and where an unfinished
/// run stands, stay. One transaction: what differs from its source when it is read back undoes it
/// all. Some thousand rows are in memory at a time.
///
/// Code::bad_request: not from SQLite to PostgreSQL, or there are rows already. Code::held: a run
/// writes into one of them.
Result<CopyReport> copy_tables(Database& from, Database& to, const CopyOptions&);

}  // namespace callrail
