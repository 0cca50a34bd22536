#pragma once

#include <callrail/endpoint.hpp>

namespace callrail {

/// Whether a text looks like what its format promises. Lenient on purpose: a finding is a hint to a
/// person, and the text is kept either way. Empty text fits every format.
bool fits(Format, Text);

}  // namespace callrail
