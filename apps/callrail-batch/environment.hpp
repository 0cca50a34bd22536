#pragma once

#include <functional>
#include <optional>
#include <string>

namespace callrail::cli {

/// Looks a variable up. Tests bring their own.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Names DuckDB's library. Not an option, and not in .env files: what it names is run.
inline constexpr const char* duckdb_variable = "CALLRAIL_DUCKDB";

/// That of the process.
Environment process_environment();

}  // namespace callrail::cli
