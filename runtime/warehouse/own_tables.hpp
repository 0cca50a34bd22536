#pragma once

#include <callrail/stored_table.hpp>

#include <string>

namespace callrail {

/// Makes the tables that belong to no endpoint, where they are not there: the history of runs, rows
/// that could not be stored, what looked odd, and what a warehouse remembers for itself.
std::string own_tables(Dialect);

}  // namespace callrail
