#pragma once

#include <callrail/result.hpp>
#include <callrail/stored_table.hpp>

#include <database.hpp>
#include <string>

namespace callrail {

/// What names of the checkpoint's tables begin with in a warehouse.
inline constexpr Text checkpoint_prefix = "_run_";

/// Statements that make the tables that belong to no endpoint, where they are not there: the
/// history of runs, rows that could not be stored, what looked odd, and what a warehouse remembers
/// for itself.
std::string own_tables(Dialect);

/// These and the checkpoint's, within a transaction.
Status make_own_tables(Database&);

}  // namespace callrail
