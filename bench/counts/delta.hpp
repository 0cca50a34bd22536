#pragma once

#include "count.hpp"

#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>

#include <vector>

namespace callrail::counts {

/// What keeping a warehouse current costs: of 1,840 calls that came within the look-back of a
/// week, 1,000 were edited, and an hour later a delta run brings them into SQLite.
Result<std::vector<Count>> count_delta(const Api&);

}  // namespace callrail::counts
