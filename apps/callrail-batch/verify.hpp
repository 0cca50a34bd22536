#pragma once

#include <functional>
#include <string>

namespace callrail::cli {

/// Compares the files of a folder with its manifest, byte for byte, and says what the rows are
/// worth. Every finding is a line for `print`. Gives the exit code; `error` is the last line.
int verify(const std::string& folder, bool strict,
           const std::function<void(const std::string&)>& print, std::string& error);

}  // namespace callrail::cli
