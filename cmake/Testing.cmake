find_package(GTest 1.12 REQUIRED CONFIG)
find_package(PkgConfig REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)  # servers in the tests of the transport
include(GoogleTest)

# callrail_test(NAME SOURCES … LIBS … LABELS … [ENVIRONMENT A=b…] [POSTGRES]): one program of tests, each TEST a ctest entry.
# POSTGRES: tests use the server that tests/support starts once for a ctest; without ctest the program starts its own.
# Tests are compiled without optimisation also where what they test has it: that halves the time their compilation takes.
function(callrail_test name)
  cmake_parse_arguments(arg "POSTGRES" "" "SOURCES;LIBS;LABELS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE callrail-base callrail-warnings ${arg_LIBS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  set(fixture)
  if(arg_POSTGRES AND CALLRAIL_HAS_POSTGRES)
    # Not ENVIRONMENT: of a list the discovery keeps the first.
    set(fixture FIXTURES_REQUIRED postgres ENVIRONMENT_MODIFICATION "CALLRAIL_POSTGRES_SERVERS=set:${PROJECT_BINARY_DIR}/postgres")
  endif()
  gtest_discover_tests(${name} PROPERTIES LABELS "${arg_LABELS}" ${fixture} ENVIRONMENT "CALLRAIL_FIGURES=${PROJECT_BINARY_DIR}/figures;${arg_ENVIRONMENT}"
    DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60)
endfunction()
