#pragma once

#include <callrail/fake/model.hpp>
#include <callrail/fake/timeline.hpp>

#include <cstdint>

namespace callrail::fake {

/// A row without its values: what they are made from.
struct Row {
  const EndpointPlan* plan = nullptr;
  std::uint32_t account = 0;
  std::uint64_t number = 0;
  std::uint64_t seed = 0;
  std::int64_t group = -1;  ///< number of the company; -1: the row is the account's
  Instant at{};
  const Zone* zone = nullptr;
};

}  // namespace callrail::fake
