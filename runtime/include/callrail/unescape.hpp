#pragma once

#include <callrail/types.hpp>

#include <optional>

namespace callrail {

/// Replaces the escapes of a JSON string (the text between its quotes) and writes UTF-8 to `out`,
/// which has room for `in.size()` bytes: no escape is shorter than what it stands for.
///
/// Nothing if an escape is wrong or half of a surrogate pair stands alone: such a string has no
/// UTF-8 form, and the caller keeps its JSON text instead.
std::optional<Text> unescape(Text in, char* out);

}  // namespace callrail
