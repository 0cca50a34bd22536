#pragma once

#include <cstdint>
#include <string>

namespace callrail {

/// How far a table has come: all that a writer in another process needs to go on behind it.
struct Position {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  std::string sha256;  ///< of these bytes, in hex; empty where nobody keeps them
  friend bool operator==(const Position&, const Position&) = default;
};

}  // namespace callrail
