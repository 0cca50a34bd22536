#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace callrail::codegen {

/// The program: `arguments` without its name. Returns the exit code: 0 all is well, 1 the schema
/// has mistakes or files are not current, 2 wrong use.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints);

}  // namespace callrail::codegen
