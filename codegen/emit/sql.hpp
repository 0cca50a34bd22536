#pragma once

#include "../model/tables.hpp"

#include <string>

namespace callrail::codegen {

/// The statements that make the tables of an endpoint, each ending in ";\n".
struct Sql {
  std::string create;    ///< tables and indexes
  std::string view;      ///< of the rows that are not removed
  std::string comments;  ///< SQLite keeps those within the statements instead
};

Sql sql_of(const Schema&, const Endpoint&, Dialect);

}  // namespace callrail::codegen
