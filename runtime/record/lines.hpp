#pragma once

#include "body_cleaner.hpp"

#include <callrail/recording.hpp>

#include <optional>
#include <string>
#include <string_view>

/// The three sorts of lines of a recording, with their line break.
namespace callrail {

std::string header_line(const RecordingHeader&, const BodyCleaner&);
std::string answer_line(std::string_view target, Clock::Wall at,
                        const std::expected<Response, NetworkError>&, const BodyCleaner&);
std::string end_line(std::size_t answers, const BodyCleaner&);

/// What stands in a line.
struct Line {
  std::optional<std::int64_t> version;  ///< of a header
  std::optional<std::int64_t> end;      ///< of the last line: how many answers there are
  RecordingHeader header;
  std::optional<std::string> target;  ///< of an answer
  Recorded answer;
};
/// Nothing if the line is not JSON of this form. The body is left out where only the target is
/// asked for.
std::optional<Line> read_line(std::string_view line, bool with_body);

}  // namespace callrail
