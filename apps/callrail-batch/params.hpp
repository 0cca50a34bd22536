#pragma once

#include "config.hpp"

namespace callrail::cli {

/// The request parameters that --param fills: NAME=WORD[,WORD], checked with the endpoints to read.
void read_params(const Settings&, const Api&, Mistakes&, ExtractOptions&);

}  // namespace callrail::cli
