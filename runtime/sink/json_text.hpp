#pragma once

#include <callrail/types.hpp>

#include <string>

namespace callrail {

/// Appends text as a JSON string with its quotes. Only what must be escaped is; UTF-8 stays.
void append_json_string(Text text, std::string& out);

/// Appends \u0001 and its like.
void append_json_escape(unsigned code, std::string& out);

}  // namespace callrail
