#pragma once

#include <callrail/types.hpp>

#include <optional>

namespace callrail {

struct JsonMistake {
  std::size_t byte = 0;  ///< the first that should not be there; the size, if more should follow
  Text what;
};

/// Where a text stops being one JSON value of at most `deepest` levels; nothing if it never does.
/// The decoder knows that a page is wrong long before it knows where: this looks again, slowly, at
/// pages that were refused.
std::optional<JsonMistake> first_mistake(Text);

}  // namespace callrail
