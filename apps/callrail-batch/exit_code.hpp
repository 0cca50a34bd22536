#pragma once

#include <callrail/extract.hpp>

#include <optional>
#include <string>

namespace callrail::cli {

/// What a script can rely on.
enum ExitCode : int {
  exit_complete = 0,
  exit_incomplete = 1,  ///< an endpoint failed or was refused
  exit_usage = 2,       ///< command line or configuration; nothing was requested
  exit_bad_key = 3,
  exit_out_of_reach = 4,
  exit_destination = 5,
  exit_drift = 6,
  exit_unproven = 7,  ///< a list could not be proven complete, under --strict
  exit_held = 8,      ///< another run holds the destination
  exit_signal = 128,  ///< + the number of the signal
};

/// `signal`: the one that asked the run to stop.
int exit_code(const Summary&, bool strict, std::optional<int> signal);

/// The last line on standard error: what, why, next step. Empty for exit code 0.
std::string last_words(int exit_code, const Summary&);

}  // namespace callrail::cli
