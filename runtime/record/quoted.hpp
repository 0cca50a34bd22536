#pragma once

#include <callrail/body.hpp>

#include <cstddef>
#include <string_view>

/// The long strings of a recording: a page is one, with a quote or a backslash every ten bytes.
namespace callrail {

/// Where the quote stands that ends the string whose text begins here; npos: nowhere.
std::size_t closing_quote(std::string_view text);

/// Appends what a JSON string (without its quotes) stands for. False if it has no UTF-8 form; then
/// the body is as it was.
bool append_unescaped(std::string_view quoted, Body& out);

/// The same, byte by byte: what the tests compare with.
std::size_t closing_quote_plainly(std::string_view text);
bool append_unescaped_plainly(std::string_view quoted, Body& out);

}  // namespace callrail
