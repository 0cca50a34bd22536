#pragma once

#include <callrail/fake/ask.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace callrail::fake {

/// A request as it stands in the connection.
struct RequestHead {
  Ask ask;
  std::uint64_t body_size = 0;
  bool keep_alive = true;
};

/// Reads the lines before the blank one; nothing if they are no HTTP.
std::optional<RequestHead> read_head(Text);

/// The lines before the body. `length`: what Content-Length says; nothing: chunked.
std::string write_head(const Reply&, std::optional<std::uint64_t> length, bool keep_alive);

}  // namespace callrail::fake
