find_package(GTest 1.12 REQUIRED CONFIG)
find_package(PkgConfig REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)  # servers in the tests of the transport
include(GoogleTest)

# Tests are compiled without optimisation also where what they test has it: that halves the time their compilation takes.
set(callrail_test_options $<$<CONFIG:Release>:-O0>)
if(CALLRAIL_SANITIZE)
  set(callrail_test_options -O0)
endif()

# What most tests include takes a second to read: it is read once. The preset tsan does without, so that a missing #include shows.
if(CALLRAIL_PRECOMPILE)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "// What callrail_test precompiles needs a target, and that a source.\n")
  add_library(callrail-test-headers OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(callrail-test-headers PRIVATE callrail-base callrail-warnings GTest::gmock)
  target_compile_options(callrail-test-headers PRIVATE ${callrail_test_options})
  target_precompile_headers(callrail-test-headers PRIVATE
    <algorithm> <array> <chrono> <filesystem> <fstream> <functional> <map> <memory> <optional> <ranges> <set> <span> <sstream> <string>
    <string_view> <thread> <unordered_map> <variant> <vector> <gmock/gmock.h> <gtest/gtest.h>)
endif()

# callrail_test(NAME SOURCES … LIBS … LABELS … [ENVIRONMENT A=b…] [LOOPS SOURCE…] [ALONE SOURCE…] [POSTGRES]): one program of tests, each TEST a
# ctest entry. With sanitizers the program is one: it takes longer to start than most tests take. LOOPS: those of the sources that
# count for so long that without optimisation, with sanitizers, they would lose what their compilation saves. ALONE: not put together
# with others (cmake/Unity.cmake). POSTGRES: tests use the server that tests/support starts once for a ctest; without ctest the
# program starts its own.
function(callrail_test name)
  cmake_parse_arguments(arg "POSTGRES" "" "SOURCES;LOOPS;ALONE;LIBS;LABELS;ENVIRONMENT" ${ARGN})
  if(CALLRAIL_SANITIZE AND arg_LOOPS)
    set_source_files_properties(${arg_LOOPS} PROPERTIES COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
  endif()
  if(arg_ALONE)
    callrail_alone(${arg_ALONE})
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE callrail-base callrail-warnings ${arg_LIBS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE ${callrail_test_options})
  if(CALLRAIL_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM callrail-test-headers)
  endif()
  set(environment "CALLRAIL_FIGURES=${PROJECT_BINARY_DIR}/figures;${arg_ENVIRONMENT}")
  set(server)
  if(arg_POSTGRES AND CALLRAIL_HAS_POSTGRES)
    # Not ENVIRONMENT: of a list the discovery keeps the first.
    set(server FIXTURES_REQUIRED postgres ENVIRONMENT_MODIFICATION "CALLRAIL_POSTGRES_SERVERS=set:${PROJECT_BINARY_DIR}/postgres")
  endif()
  if(CALLRAIL_SANITIZE)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" ${server} ENVIRONMENT "${environment}" TIMEOUT 900)
  else()
    gtest_discover_tests(${name} PROPERTIES LABELS "${arg_LABELS}" ${server} ENVIRONMENT "${environment}"
      DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
