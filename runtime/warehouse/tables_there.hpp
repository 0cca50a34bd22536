#pragma once

#include <callrail/result.hpp>

#include <database.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace callrail {

/// What a migration leaves in the table `_schema`: of a thing (a table, a view) and a part of it (a
/// column, or "-- …" for what has no name) how it is. The part of a table itself is "".
using Made = std::map<std::pair<std::string, std::string>, std::string>;

struct ColumnThere {
  std::string name;
  std::string type;  ///< in SQLite with its default
};

/// An index or a trigger, as SQLite keeps it. PostgreSQL keeps its own across what is done there.
struct BesideTable {
  std::string table, name, sql;
};

/// What a database has, whoever made it.
struct TablesThere {
  std::map<std::string, std::vector<ColumnThere>, std::less<>> tables;
  std::set<std::string, std::less<>> views;
  std::map<std::string, std::string, std::less<>> key_names;  ///< of PostgreSQL's primary keys
  std::vector<BesideTable> beside;
  Made made;

  bool has(std::string_view table) const { return tables.contains(table); }
  bool has(std::string_view table, std::string_view column) const;
  /// Made by a migration; without a column, the table.
  bool is_ours(std::string_view table, std::string_view column = "") const {
    return made.contains({std::string{table}, std::string{column}});
  }
};

Result<TablesThere> tables_there(Database&);

}  // namespace callrail
