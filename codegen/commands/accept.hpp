#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace callrail::codegen {

/// `callrail-codegen accept`: `arguments` without the verb. All or nothing: a patch that does not
/// fit, or leaves a schema with mistakes, changes no file.
int accept(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints);

}  // namespace callrail::codegen
