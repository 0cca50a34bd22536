#pragma once

#include <callrail/result.hpp>

#include <string>
#include <utility>
#include <vector>

namespace callrail {

struct PostgresAddress {
  std::string where;  ///< for people: host and database, and nothing secret
  std::vector<std::pair<std::string, std::string>> parameters;  ///< for libpq
};

/// Takes `postgresql://user:password@host/database?parameter=value` apart. An address that libpq
/// would understand otherwise than its author is refused, and not repeated: what stands where
/// the host or the database belongs may be a part of the password.
Result<PostgresAddress> read_postgres_address(const std::string&);

}  // namespace callrail
