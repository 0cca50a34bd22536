#pragma once

#include "count.hpp"

#include <callrail/result.hpp>

#include <vector>

namespace callrail::counts {

/// Rows into tables of SQLite, new ones and unchanged ones: allocations per row. SQLite's own are
/// not counted.
Result<std::vector<Count>> count_loads();

}  // namespace callrail::counts
