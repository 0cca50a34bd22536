#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::codegen {

/// The lines of a text with their ends; the last one may lack it.
std::vector<std::string_view> lines_with_ends(std::string_view text);

/// The hunks that make `after` of `before`, as `diff -u` writes them, without the names of files;
/// empty if the texts are equal.
std::string unified_hunks(std::string_view before, std::string_view after, std::size_t context = 3);

/// The same below `--- a/FILE` and `+++ b/FILE`.
std::string unified_diff(std::string_view file, std::string_view before, std::string_view after);

}  // namespace callrail::codegen
