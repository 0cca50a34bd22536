#pragma once

#include <callrail/fake/ask.hpp>
#include <callrail/fake/model.hpp>

#include <optional>
#include <string>

namespace callrail::fake {

/// What a path names.
struct Route {
  const EndpointPlan* plan = nullptr;
  Pairs parameters;               ///< of the path: "account_id" and its value
  std::optional<std::string> id;  ///< one row instead of a list
  bool bare = false;              ///< without the ending: only addresses of relative pages may be
};

std::optional<Route> find_route(const Model&, Text path);

/// The path of a list with its parameters filled in; `bare` leaves the ending out.
std::string list_path(const Endpoint&, const Pairs& parameters, bool bare);

}  // namespace callrail::fake
