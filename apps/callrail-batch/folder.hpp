#pragma once

#include <callrail/endpoint.hpp>

#include <filesystem>
#include <string>

namespace callrail::cli {

/// Why files cannot be written into this folder, which need not exist yet; empty: they can. Touches
/// nothing.
std::string why_not_writable(const std::filesystem::path& folder);

/// Removes what runs that nobody goes on with left beside their files: `.calls.csv.part…`
void remove_leftovers(const std::filesystem::path& folder, const Api&);

}  // namespace callrail::cli
