#pragma once

#include <callrail/types.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace callrail {

/// How far a delta run reads behind the newest row it knows, because rows are edited later.
struct LookBack {
  enum class How : std::uint8_t {
    schema,  ///< as the schema says of the endpoint
    days,    ///< so many, 0 included
    tiers,   ///< 1 day; 7 about once a day, 30 about once a week
    learnt,  ///< as far as nearly all edits that were seen
  };
  How how = How::schema;
  int days = 0;
  friend bool operator==(const LookBack&, const LookBack&) = default;
};

/// That of all endpoints, and of some that have their own.
struct LookBacks {
  LookBack all = {};
  std::map<std::string, LookBack, std::less<>> own = {};

  const LookBack& of(Text endpoint) const {
    const auto found = own.find(endpoint);
    return found == own.end() ? all : found->second;
  }
};

}  // namespace callrail
