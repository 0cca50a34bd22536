#pragma once

#include <callrail/fake/ask.hpp>

#include <cstdint>
#include <string>

namespace callrail::fake {

/// What is told about a request. The key is not: only whether it was right.
struct Entry {
  Instant at{};
  std::string method, path;
  Pairs query;
  int status = 0;
  std::string endpoint;  ///< empty: the path names none
  std::uint64_t rows = 0;
  bool authorized = false;
  std::string user_agent;
  std::string fault;  ///< name of the fault that was played
};

/// One JSON object, without a line end. A repeated parameter becomes an array.
std::string to_json(const Entry&);

}  // namespace callrail::fake
