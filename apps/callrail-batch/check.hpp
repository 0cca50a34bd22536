#pragma once

#include "config.hpp"

#include <callrail/client.hpp>

#include <functional>
#include <string>

namespace callrail::cli {

struct CheckResult {
  int exit_code = 0;
  std::string error;  ///< the last line on standard error; empty after exit code 0
};

/// Asks each chosen endpoint for one row, and whoever has no parents for the keys the others need.
/// Every finding is a line for `print`.
CheckResult check(const Api&, const Config&, Client&, const Clock&,
                  const std::function<bool()>& stop,
                  const std::function<void(const std::string&)>& print);

}  // namespace callrail::cli
