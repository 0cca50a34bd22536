#pragma once

#include <cstdint>

namespace callrail {

enum class SyncMode : std::uint8_t {
  full,   ///< everything the API keeps
  delta,  ///< from the cursor on, and the look-back before it
  range,  ///< days the user named
  dry_run,
};

}  // namespace callrail
