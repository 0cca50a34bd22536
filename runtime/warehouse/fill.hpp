#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/stored_table.hpp>

#include <database.hpp>
#include <string>

namespace callrail {

/// Where the values of a column that is new, or of another kind, are in rows that are there.
struct ColumnFill {
  const Endpoint* endpoint = nullptr;
  const StoredColumn* column = nullptr;
  std::string from;          ///< a column of the same table
  Stored as = Stored::json;  ///< what that one holds
  Text member = {};          ///< of the object in it; empty: the value itself
};

/// Rows of a child table for the rows of its table that are there.
struct ChildFill {
  const Endpoint* endpoint = nullptr;
  const ChildTable* child = nullptr;
};

/// As the sink would have written them; what a column cannot hold stays null. Some thousand rows at
/// a time are in memory. Within a transaction.
Status fill(Database&, const ColumnFill&);
Status fill(Database&, const ChildFill&);

}  // namespace callrail
