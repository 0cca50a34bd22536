#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/result.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace callrail {

class Database;

/// How many rows a table has of each day of UTC, by the field the API selects days on; removed rows
/// do not count. Days are YYYY-MM-DD; those without rows are not there. `accounts`: only theirs;
/// empty: all.
Result<std::map<std::string, std::uint64_t>> rows_by_day(Database&, const Endpoint&,
                                                         const std::string& first_day,
                                                         const std::string& last_day,
                                                         const std::vector<std::string>& accounts);

/// And how many in all, of an endpoint without days.
Result<std::uint64_t> rows_in_all(Database&, const Endpoint&,
                                  const std::vector<std::string>& accounts);

}  // namespace callrail
