#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace callrail::codegen {

/// `callrail-codegen diff`: `arguments` begin behind the word. Exit code: 0 nothing to do, 1 a
/// schema cannot be read or has mistakes, 2 wrong use, 3 something is to be migrated, 4 something
/// breaks.
int diff(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints);

}  // namespace callrail::codegen
