#pragma once

#include <callrail/types.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace callrail::fake {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// One request, already decoded.
struct Ask {
  std::string method = "GET";
  std::string path;
  Pairs query;  ///< decoded, in the order sent
  Pairs headers;
  Instant at{};  ///< when it arrived, by the clock of the fake

  /// The value of a parameter; of repeated ones the last counts.
  const std::string* find(Text parameter) const;
  /// The value of a header, whatever the case of its name; empty if it was not sent.
  Text header(Text name) const;
};

/// What the connection does with the bytes of a reply.
enum class Wire : std::uint8_t {
  whole,
  refused,  ///< as good as: reset at once
  reset,    ///< reset before the first byte of the answer
  reset_in_body,
  stall,         ///< half of the body, then nothing
  slow,          ///< one byte at a time
  short_body,    ///< closed early under a true Content-Length
  wrong_length,  ///< Content-Length is less than the body
  bad_chunk,     ///< chunked, and a chunk has no size
};

struct Reply {
  int status = 200;
  Pairs headers;
  std::string body;
  std::chrono::milliseconds delay{0};  ///< before the first byte
  Wire wire = Wire::whole;
  std::chrono::milliseconds pace{0};  ///< of stall: how long; of slow: between two bytes

  Text header(Text name) const;
};

/// "/v3/a.json?page=2" as a GET request.
Ask get(Text target, Instant at = {});

Pairs decode_query(Text);
std::string percent_encode(Text);
std::string percent_decode(Text, bool plus_is_blank);
/// "a=1&b=x%20y"
std::string encode_query(const Pairs&);
bool same_word(Text a, Text b);  ///< without regard to case

}  // namespace callrail::fake
