#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace callrail {

/// What an error answer says, as one clean line of at most `most` bytes; empty if it says nothing.
///
/// The API has several shapes for it ({"error": "text"}, {"errors": {"field": ["text"]}},
/// {"errors": ["text"]}), and what stands between it and us answers in HTML.
std::string error_message(std::string_view body, std::size_t most = 200);

/// Any text as one line that a terminal or a log can show: control characters and line breaks
/// become blanks, marks that reverse the reading direction go, broken UTF-8 becomes "?". Longer
/// text is cut between two characters and ends in "…", which counts.
std::string one_line(std::string_view text, std::size_t most = 200);

}  // namespace callrail
