#pragma once

#include "api_key.hpp"
#include "config.hpp"

#include <callrail/recording.hpp>

namespace callrail::cli {

/// `run`, `check` and `replay`: builds the parts, hands them to each other, and reports. Gives the
/// exit code. `recording`: of a replay, which needs no key.
int extraction(const Api&, Config, Verb, const ApiKey&, const Environment&,
               const Recording* recording = nullptr);

}  // namespace callrail::cli
