#pragma once

#include <string>
#include <string_view>

namespace callrail::codegen {

struct Applied {
  std::string text;
  std::string trouble;  ///< names the hunk that does not fit; empty: all is well
};

/// Applies a unified diff of one file whose name ends like `file`. A hunk may have moved, but its
/// lines must all be there: nothing is guessed, and one that does not fit leaves all of them out.
Applied apply_patch(std::string_view text, std::string_view patch, std::string_view file);

}  // namespace callrail::codegen
