#pragma once

#include <optional>

/// What the program does to its own process.
namespace callrail::cli {

/// The key lies in memory: no core file may hold it, and no other program of the same user may
/// read it from /proc or with a debugger.
void keep_memory_private();

/// Pages of a megabyte come and go all the time: their memory goes back to the system at once, or
/// the holes between them add up.
void give_large_memory_back();

/// Opens /dev/null for each of the descriptors 0, 1 and 2 that is closed, or the next file or
/// connection would get its number, and messages would go there. What is written to one of these
/// fails as it did before. To be called before anything is opened.
void fill_closed_descriptors();
/// Whether that found standard output closed.
bool standard_output_was_closed();

/// SIGINT, SIGTERM and SIGHUP ask to stop; a second one ends the process at once. Writing to a
/// closed pipe, or a file beyond the allowed size, becomes an error of the write.
void watch_signals();

/// The signal that asked to stop.
std::optional<int> stop_signal();

}  // namespace callrail::cli
