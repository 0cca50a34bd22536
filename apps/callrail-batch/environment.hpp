#pragma once

#include <functional>
#include <optional>
#include <string>

namespace callrail::cli {

/// Looks a variable up. Tests bring their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// That of the process.
Environment process_environment();

}  // namespace callrail::cli
