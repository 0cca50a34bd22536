#pragma once

#include "../model/schema.hpp"
#include "text_block.hpp"

namespace callrail::codegen {

/// Banner, what the header is about, `#pragma once`.
void begin_header(TextBlock&, const Schema&, const std::vector<std::string>& about);

/// The assertion that the runtime is the one the header was written for.
void guard_version(TextBlock&, std::string_view header);

}  // namespace callrail::codegen
