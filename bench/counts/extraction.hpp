#pragma once

#include "count.hpp"

#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>

#include <vector>

namespace callrail::counts {

/// A whole extraction of each list from the fake in this process: requests for 1,000 rows,
/// allocations and bytes written per row. The fake's own allocations are not counted.
Result<std::vector<Count>> count_extraction(const Api&);

}  // namespace callrail::counts
