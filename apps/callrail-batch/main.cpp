#include "process.hpp"
#include "program.hpp"

#include <callrail/api.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  using namespace callrail;
  cli::fill_closed_descriptors();
  cli::keep_memory_private();
  cli::give_large_memory_back();
  try {
    return cli::program({argv + (argc > 0 ? 1 : 0), argv + argc}, cli::process_environment(),
                        api::description());
  } catch (const std::exception& error) {
    // Out of memory and the like; everything expected is a Result. The text may hold anything, and
    // nobody has redacted it.
    (void)error;
    std::fputs("error: the program failed in a way it does not know; run it again, with -v\n",
               stderr);
    return 1;
  }
}
