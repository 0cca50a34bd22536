#pragma once

#include "tables_there.hpp"

#include <callrail/endpoint.hpp>
#include <callrail/stored_table.hpp>

#include <set>
#include <string>

namespace callrail {

/// Statements that give the rows of an endpoint's table the key the schema has now. `there` tells
/// the columns as they are then, `other_kinds` those of the key that are of another kind. Of rows
/// with one key the one that was written last stays.
std::string other_key_statements(Dialect, const Endpoint&, const TablesThere&,
                                 const std::set<const StoredColumn*>& other_kinds);

}  // namespace callrail
