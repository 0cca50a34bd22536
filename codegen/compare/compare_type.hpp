#pragma once

#include "compare.hpp"
#include "renames.hpp"

namespace callrail::codegen {

/// What another type means for those who have values of the old one.
struct TypeChange {
  bool same = true;  ///< also the same text, but for names of enums and shapes
  bool cpp_differs = false;
  Verdict columns = Verdict::ok;
  std::string why{};  ///< of `columns`, if there is more to say than the two types
};

TypeChange compare_types(const Schema& old_schema, const FieldType& old, const Schema& now_schema,
                         const FieldType& now, const Renames&);

/// Whether --nested flatten makes columns of the members of such a field (runtime/sink/table.cpp).
bool spreads(const FieldType&);

}  // namespace callrail::codegen
