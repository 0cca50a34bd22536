option(CALLRAIL_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})

# A target of its own, linked privately, so that users of the libraries keep their own warnings.
add_library(callrail-warnings INTERFACE)
target_compile_options(callrail-warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${CALLRAIL_WERROR}>:-Werror>
  # g++ 12 takes "text" + string for an overlapping copy (GCC bug 105651, mended in 13).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
