#pragma once

#include <callrail/drift.hpp>
#include <callrail/endpoint.hpp>

#include <span>
#include <string>

namespace callrail {

/// Sixteen hex digits that change when paths, names, types or the order of fields of these
/// endpoints do, or of those whose rows they are asked for.
std::string schema_fingerprint(const Api&, std::span<const Endpoint* const>);

/// Forgets what was found in members of these names: in a replay their values are placeholders.
void forget_removed(Drift&, std::span<const std::string> secret_names);

}  // namespace callrail
