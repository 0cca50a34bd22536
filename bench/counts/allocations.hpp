#pragma once

#include <cstdint>

/// `operator new`, counted. Linking allocations.cpp replaces it for the whole program. What is
/// asked of malloc directly is not counted: of ours that is the body of a page, once a page.
namespace callrail::counts {

/// Calls so far, of all threads, outside of `Uncounted`.
std::uint64_t allocations();

/// What this thread allocates while one lives is not counted: a server that shares the process.
class Uncounted {
 public:
  Uncounted();
  ~Uncounted();
  Uncounted(const Uncounted&) = delete;
  Uncounted& operator=(const Uncounted&) = delete;
};

}  // namespace callrail::counts
