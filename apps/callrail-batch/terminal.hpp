#pragma once

#include "config.hpp"
#include "environment.hpp"
#include "screen.hpp"

namespace callrail::cli {

/// Whether to redraw: on a terminal that is not dumb, and not where a robot keeps the output (CI).
/// `always` does it anywhere, `never` nowhere.
bool is_live(ProgressMode, bool is_terminal, const Environment&);
/// NO_COLOR, set to anything, means none.
bool has_color(bool is_terminal, const Environment&);

/// That of standard error.
Terminal standard_error(ProgressMode, const Environment&);

}  // namespace callrail::cli
