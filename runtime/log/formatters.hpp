#pragma once

#include <callrail/log.hpp>

#include <spdlog/formatter.h>

#include <memory>

namespace callrail {

/// Spells a line with its end; every message passes `redact` on the way.
std::unique_ptr<spdlog::formatter> make_formatter(LogFormat, Redaction);

}  // namespace callrail
