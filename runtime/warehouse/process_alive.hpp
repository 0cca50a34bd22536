#pragma once

#include <cstdint>
#include <string>

namespace callrail {

/// Of this machine; whose it is does not matter.
bool process_is_alive(std::int64_t pid);
std::string host_name();

}  // namespace callrail
