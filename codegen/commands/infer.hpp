#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace callrail::codegen {

/// `callrail-codegen infer`, without the word: drafts an endpoint from answers somebody kept.
/// Returns the exit code: 0 all is well, 1 nothing can be learned from the pages, 2 wrong use.
int infer(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& complaints);

}  // namespace callrail::codegen
