set(CALLRAIL_SANITIZE "" CACHE STRING "Sanitizers for the whole build: address,undefined or thread")

option(CALLRAIL_FUZZ "Fuzz targets driven by libFuzzer (clang), instead of tests that replay their seeds" OFF)

if(CALLRAIL_FUZZ)
  # Everything is instrumented, so that the fuzzer sees which way an input took.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CALLRAIL_SANITIZE)
  # Everything in one program must agree on these, hence directory-wide.
  add_compile_options(-fsanitize=${CALLRAIL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${CALLRAIL_SANITIZE})
endif()
