#pragma once

#include <cstdint>
#include <string>

namespace callrail {

/// What became of the rows of an endpoint. `created + updated + unchanged + rejected` is the number
/// of rows that were read.
struct TableCounts {
  std::uint64_t created = 0, updated = 0, unchanged = 0, rejected = 0;
  std::uint64_t removed = 0;   ///< marked: not listed any more
  std::uint64_t returned = 0;  ///< of `updated`: had been marked
  std::uint64_t warnings = 0;  ///< rows of quality_issues made
};

/// The same, of one of several databases.
struct StoredRows {
  std::string where;  ///< "callrail.db"
  TableCounts counts;
};

}  // namespace callrail
