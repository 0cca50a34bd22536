#pragma once

#include "yaml_tree.hpp"

#include <string>
#include <string_view>

namespace callrail::codegen {

/// `"text"`, escaped for JSON.
std::string json_quoted(std::string_view text);

/// True for what JSON takes as a number, as it stands.
bool is_json_number(std::string_view text);

/// A YAML value as compact JSON. What has no quotes and looks like a JSON number, true, false or
/// null is one; everything else is a text.
std::string to_json(const yaml::Value&);

}  // namespace callrail::codegen
