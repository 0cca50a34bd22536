#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace callrail::codegen {

/// The smallest seed with which no two names share a slot of the runtime's key table.
std::uint32_t find_seed(const std::vector<std::string>& names);

/// Two names that every seed sends to the same slot, as "a and b"; empty if there are none. The
/// loader calls it, so that `find_seed` always ends.
std::string inseparable(const std::vector<std::string>& names);

}  // namespace callrail::codegen
