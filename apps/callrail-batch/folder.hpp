#pragma once

#include <filesystem>
#include <string>

namespace callrail::cli {

/// Why files cannot be written into this folder, which need not exist yet; empty: they can. Touches
/// nothing.
std::string why_not_writable(const std::filesystem::path& folder);

}  // namespace callrail::cli
