#pragma once

#include "config.hpp"

#include <callrail/recording.hpp>

#include <span>
#include <string>
#include <vector>

namespace callrail::cli {

/// A replay asks what was recorded: puts the recorded values of the options that shape requests in
/// the place of whatever is set. Given otherwise on the command line they are a mistake; what the
/// environment says is meant for runs. Gives the endpoints to write; empty: all that were recorded.
std::vector<std::string> ask_as_recorded(Settings&, std::span<const OptionGroup>, const Recording&,
                                         Mistakes&);

/// The others are still read, without a file: what was asked for one depends on all.
void write_only(const std::vector<std::string>& endpoints, Config&, Mistakes&);

}  // namespace callrail::cli
