#pragma once

#include <callrail/endpoint.hpp>

#include <cstdint>
#include <string>

namespace callrail::bench {

/// The row with other text where people write freely; what has a format, an id or an enumeration
/// stays, so that nothing else about the row changes.
void make_nonascii(Text row, const Endpoint&, std::uint64_t number, std::string& out);
void make_escaped(Text row, const Endpoint&, std::string& out);

/// The row with its members in another order, the same one for every row.
void shuffle_members(Text row, std::string& out);

/// A page with blanks and line ends, as programs print JSON for people.
void indent(Text page, std::string& out);

}  // namespace callrail::bench
