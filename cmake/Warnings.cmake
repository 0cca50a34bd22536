option(CALLRAIL_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})

# A target of its own, linked privately, so that users of the libraries keep their own warnings. Installed it is empty.
add_library(callrail-warnings INTERFACE)
target_compile_options(callrail-warnings INTERFACE $<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;-Wconversion>)
if(NOT CMAKE_UNITY_BUILD)  # in which names of other files are in sight
  target_compile_options(callrail-warnings INTERFACE $<BUILD_INTERFACE:-Wshadow>)
endif()
if(CALLRAIL_WERROR)
  target_compile_options(callrail-warnings INTERFACE $<BUILD_INTERFACE:-Werror>)
endif()
# g++ 12 takes "text" + string for an overlapping copy (GCC bug 105651, mended in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(callrail-warnings INTERFACE $<BUILD_INTERFACE:-Wno-restrict>)
endif()
