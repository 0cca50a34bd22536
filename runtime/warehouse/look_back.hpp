#pragma once

#include <callrail/clock.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/look_back.hpp>
#include <callrail/warehouse.hpp>

#include <cstdint>
#include <database.hpp>
#include <optional>
#include <string>

namespace callrail {

/// Nothing: fewer than a hundred edits were seen.
Result<std::optional<EditsSeen>> edits_seen(Database&, Text endpoint);

/// How many days behind its cursor a list of the endpoint is read again now. `narrowed`: as
/// `narrowing` says it.
Result<int> look_back_days(Database&, const Endpoint&, const LookBack&, const std::string& accounts,
                           const std::string& narrowed, Clock::Wall now);

}  // namespace callrail
