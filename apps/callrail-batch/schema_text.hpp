#pragma once

#include <string_view>

namespace callrail::cli {

/// schema/endpoints.yaml as it was when the program was built: what a patch is written against.
std::string_view schema_text();

}  // namespace callrail::cli
