#pragma once

#include "config.hpp"
#include "console.hpp"
#include "state.hpp"

#include <callrail/client.hpp>
#include <callrail/log.hpp>

namespace callrail::cli {

/// `callrail-batch plan`; gives the exit code.
int planning(const Api&, const Config&, Client&, Limiter&, const Clock&, const State&, Console&,
             Log&);

}  // namespace callrail::cli
