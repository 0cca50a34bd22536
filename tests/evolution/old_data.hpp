#pragma once

#include "model/schema.hpp"

#include <string>

namespace callrail::test {

/// How data that was written under one schema reads under another one.
struct Reading {
  bool by_position = true;  ///< the old columns are the first of the new ones, of the same types
  bool by_name = true;    ///< each is there under its name, or the one `was` says, with its values
  std::string trouble{};  ///< the first thing that was in the way
};

/// Writes rows with every sort of value the old schema knows, as CSV and as JSON lines, with
/// objects in cells and in columns, and reads them under the new one: headers and cells, and the
/// lines as a page of an API that is as the new schema says.
Reading read_old_data(const codegen::Schema& old, const codegen::Schema& now);

/// What programs rely on: the members of records with their types, and the enumerators.
struct Source {
  bool compiles = true;      ///< what the old headers had is in the new ones
  bool same_numbers = true;  ///< of the enumerators
  std::string trouble{};
};
Source use_old_headers(const codegen::Schema& old, const codegen::Schema& now);

}  // namespace callrail::test
