#pragma once

#include "api_key.hpp"
#include "config.hpp"

namespace callrail::cli {

/// `run` and `check`: builds the parts, hands them to each other, and reports. Gives the exit code.
int extraction(const Api&, Config, Verb, const ApiKey&, const Environment&);

}  // namespace callrail::cli
