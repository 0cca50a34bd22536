#pragma once

#include <callrail/log.hpp>

#include <spdlog/formatter.h>

#include <memory>
#include <string>
#include <vector>

namespace callrail {

/// Spells a line with its end; every message passes `redact` on the way. `run` and the endpoint the
/// message begins with stand in front of it, unless there is no `run`.
std::unique_ptr<spdlog::formatter> make_formatter(LogFormat, Redaction, std::string run,
                                                  std::vector<std::string> endpoints);

}  // namespace callrail
