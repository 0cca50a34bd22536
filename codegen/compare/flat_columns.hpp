#pragma once

#include "../model/schema.hpp"

#include <string>
#include <vector>

namespace callrail::codegen {

/// A column under --nested flatten: the way to a field, or to what an object has beside its
/// members.
struct FlatColumn {
  std::string name;
  std::vector<std::string> path;
  bool rest = false;
};

/// The columns of an endpoint as runtime/sink/table.cpp names them, which gives a name that is
/// taken a number.
std::vector<FlatColumn> flat_columns(const Schema&, const Endpoint&);

}  // namespace callrail::codegen
