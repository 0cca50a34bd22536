#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Names out of other names.
namespace callrail::codegen {

/// `call_flow`, `call-flow` and `callFlow` as their words, in small letters.
std::vector<std::string> parts_of(std::string_view name);

/// `flow` of `call_flow`; may be empty.
std::string last_part(std::string_view name);

/// `call_flow` as `CallFlow`. What no identifier may have is left out.
std::string pascal(std::string_view name);

/// `companies` as `company`, `statuses` as `status`.
std::string singular(std::string_view name);

/// A name of a field as the notation wants it: like_this.
bool is_field_name(std::string_view name);

/// `loyalty-cards.json` as `loyalty_cards`.
std::string field_name(std::string_view text);

}  // namespace callrail::codegen
