#pragma once

#include "environment.hpp"

#include <callrail/endpoint.hpp>

#include <string>
#include <vector>

namespace callrail::cli {

/// The whole program behind `main`: takes the arguments without the program's name, gives the exit
/// code.
int program(std::vector<std::string> arguments, const Environment&, const Api&);

}  // namespace callrail::cli
