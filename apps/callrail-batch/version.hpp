#pragma once

#include <string_view>

namespace callrail::cli {

/// Of the project, from CMake.
inline constexpr std::string_view version = CALLRAIL_VERSION;

}  // namespace callrail::cli
