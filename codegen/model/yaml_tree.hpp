#pragma once

#include "mistakes.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// YAML as plain data that knows where it stands. Beside yaml-cpp's own nodes this keeps duplicate
/// keys and the order of maps, and tells an empty value from its neighbour.
namespace callrail::codegen::yaml {

enum class Kind { nothing, text, list, map };

struct Value {
  Kind kind = Kind::nothing;
  Place place{};
  std::string text{};
  bool quoted = false;  ///< "1" is a text, 1 a number
  std::vector<Value> items{};
  std::vector<std::pair<Value, Value>> members{};  ///< keys are texts
};

/// The document in `source`. Mistakes of syntax end the reading: what follows them in the file is
/// not what its writer meant.
Value parse(std::string_view source, Mistakes& mistakes);

}  // namespace callrail::codegen::yaml
