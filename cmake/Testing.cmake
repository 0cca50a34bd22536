find_package(GTest 1.12 REQUIRED CONFIG)
find_package(PkgConfig REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)  # servers in the tests of the transport
include(GoogleTest)

# callrail_test(NAME SOURCES … LIBS … LABELS … [ENVIRONMENT A=b…]): one program of tests, each TEST a ctest entry.
function(callrail_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS;LABELS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE callrail-base callrail-warnings ${arg_LIBS} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE CALLRAIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} PROPERTIES LABELS "${arg_LABELS}" ENVIRONMENT "CALLRAIL_FIGURES=${PROJECT_BINARY_DIR}/figures;${arg_ENVIRONMENT}"
    DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60)
endfunction()
