#pragma once

#include <optional>

/// What the program does to its own process.
namespace callrail::cli {

/// The key lies in memory: no core file may hold it, and no other program of the same user may
/// read it from /proc or with a debugger.
void keep_memory_private();

/// SIGINT and SIGTERM ask to stop; a second one ends the process at once. Writing to a closed pipe,
/// or a file beyond the allowed size, becomes an error of the write.
void watch_signals();

/// The signal that asked to stop.
std::optional<int> stop_signal();

}  // namespace callrail::cli
