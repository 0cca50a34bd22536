#pragma once

#include <callrail/types.hpp>

#include <string>

/// One spelling for what databases spell differently, so that values can be compared.
namespace callrail {

/// Appends the JSON without blanks, members in the order of their names (of two of one name the
/// later), strings unescaped and with their length, numbers as below. It is no JSON any more.
void append_canonical_json(Text json, std::string& out);

/// Appends the digits without leading and trailing zeros, and the power of ten: 12.50 is "125e-1".
void append_canonical_number(Text number, std::string& out);

}  // namespace callrail
