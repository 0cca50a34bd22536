# With ccache installed a second tree of this project (a worktree, the base of the speed gate, a test that builds a copy) costs
# seconds: paths count from the source folder, so that the same file in another tree is the same file.
find_program(CALLRAIL_CCACHE ccache)
mark_as_advanced(CALLRAIL_CCACHE)
if(CALLRAIL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CALLRAIL_CCACHE})
endif()
# Without these it keeps nothing that was compiled with a precompiled header; the header itself is compared by its bytes.
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros)
endif()
