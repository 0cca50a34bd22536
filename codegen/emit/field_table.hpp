#pragma once

#include "../model/schema.hpp"
#include "text_block.hpp"

namespace callrail::codegen {

/// The entries of a table of `Field`: one initializer for each, only what differs from the
/// defaults. `api` goes before the names of generated things: "api::" outside of their namespace.
void field_table(TextBlock&, const std::vector<Field>&, const Schema&, std::string_view api);

}  // namespace callrail::codegen
