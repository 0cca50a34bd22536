#pragma once

#include <functional>
#include <string>

namespace callrail::cli {

/// Compares the files of a folder with its manifest, byte for byte, and says what the rows are
/// worth. Every finding is a line for `print`. Gives the exit code; `error` is the last line.
/// `duckdb`: see Parquet::load; where it can be had, the rows of Parquet files are counted too.
int verify(const std::string& folder, bool strict,
           const std::function<void(const std::string&)>& print, std::string& error,
           const std::string& duckdb = {});

}  // namespace callrail::cli
