#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// Which of the requested fields a 400 complains about: "field values not allowed: a, b; must be:
/// 'c, d'". Empty if the message is about something else.
std::vector<std::string> refused_fields(std::string_view message,
                                        const std::vector<std::string>& requested);

}  // namespace callrail
