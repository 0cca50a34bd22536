#pragma once

#include "tables_there.hpp"

#include <callrail/endpoint.hpp>
#include <callrail/stored_table.hpp>

#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// How the kind of a column stands in `_schema`, and back.
std::string_view to_text(Stored);
std::optional<Stored> stored_from(std::string_view word);

/// How tables stand there: by what their rows are known, and whose elements a child has.
std::string told(const Endpoint&);
std::string told(const Endpoint&, const ChildTable&);

/// Parts that are no columns.
inline constexpr std::string_view part_create = "-- create", part_comments = "-- comments",
                                  part_view = "-- view", part_own = "-- own";
std::string digest(std::string_view text);

std::vector<const Endpoint*> stored_endpoints(const Api&);
/// A column that the table of an endpoint has by its schema.
bool is_wanted(const Endpoint&, std::string_view column);

/// A table of the program itself, taken from its statement.
struct OwnTable {
  std::string name;
  std::vector<std::pair<std::string, std::string>> columns;  ///< and how they are declared
};
std::vector<OwnTable> tables_in(std::string_view statements);

}  // namespace callrail
