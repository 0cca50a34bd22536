#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace callrail {

class Database;

/// Rows of a table that refer to rows which are not there: a call of a company the key may not see,
/// or of one that was never read. They are stored all the same.
struct Orphans {
  std::string table, column, refers_to;  ///< "calls", "company_id", "companies.id"
  std::uint64_t rows = 0;
  std::uint64_t missing = 0;       ///< different ones
  std::vector<std::string> first;  ///< a few of them
};

/// Of every column of the schema that refers to others, those with orphans. Removed rows are no
/// orphans, and rows that refer to removed ones neither.
Result<std::vector<Orphans>> find_orphans(Database&, const Api&);

}  // namespace callrail
