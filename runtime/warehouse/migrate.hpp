#pragma once

#include "fill.hpp"

#include <callrail/endpoint.hpp>

#include <database.hpp>
#include <string>
#include <variant>
#include <vector>

namespace callrail {

/// What has to be done to a database to make its tables those of an API.
struct Migration {
  struct OwnTables {};  ///< of the program, and of its checkpoint
  using Step = std::variant<std::string, OwnTables, ColumnFill, ChildFill>;  ///< text: statements

  std::vector<Step> steps;
  std::vector<std::string> says;      ///< what they do, a line each
  std::vector<std::string> withheld;  ///< what would lose something, and was not asked for
  /// Why rows cannot be written as it is; empty: there is nothing to do, or only for readers.
  std::string misfit;
  bool only_destructive = false;  ///< what this migration may do does not change that
  bool from_nothing = false;      ///< nobody has migrated this database yet
  const Api* api = nullptr;
  bool destructive = false;

  bool up_to_date() const { return steps.empty(); }
  /// All of it as SQL to be read; what is filled row by row stands in comments.
  std::string text() const;
};

/// Reads what is there and changes nothing. Columns and tables that are gone from the schema, and
/// those of another kind, are left as they are unless the migration may be `destructive`. Fails
/// with Code::bad_request if a name is taken by something of somebody else's.
Result<Migration> plan_migration(Database&, const Api&, bool destructive);

/// Does it in one transaction. Does nothing if somebody else has meanwhile done the same, and fails
/// with Code::held if they did something else.
Status apply(Database&, const Migration&);

/// Code::bad_request, with the command that helps, unless rows of the API can be written.
Status check_tables(Database&, const Api&);
/// The same of the history alone, which does not depend on an API.
Status check_history(Database&);

}  // namespace callrail
