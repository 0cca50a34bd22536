#pragma once

#include <callrail/fake/ask.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace callrail::fake {

/// How an endpoint writes an instant, learnt from an example of the field.
struct Spelling {
  enum class Offset : std::uint8_t { z, colon, plain, spaced_plain };
  char separator = 'T';
  int digits = 3;  ///< of the second's fraction
  Offset offset = Offset::colon;
  friend bool operator==(const Spelling&, const Spelling&) = default;
};

/// Nothing if the text is no instant.
std::optional<Spelling> learn_spelling(Text example);

/// Appends the instant as local time of a zone with this offset.
void append_instant(std::string& out, Instant, std::chrono::seconds offset, Spelling);

void append_number(std::string& out, std::int64_t value, int least_digits = 1);

}  // namespace callrail::fake
