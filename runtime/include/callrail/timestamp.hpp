#pragma once

#include <callrail/types.hpp>

#include <optional>

namespace callrail {

/// Reads any of the spellings the API uses: "T" or a space between date and time, up to nine digits
/// of a second's fraction, and "Z", "-05:00", "-0500" or " -0500" behind it. Finer than a
/// millisecond is cut in `utc`; `text` keeps all.
std::optional<Timestamp> parse_timestamp(Text);

}  // namespace callrail
