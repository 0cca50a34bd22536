# generated/ is in git, and a build keeps it current.
#
# Twice: while configuring, so that the files of a new endpoint are known before the build begins (the
# schema is a configure dependency), and while building, so that a changed generator counts too.
# The generator rewrites only what differs, so an edit to one endpoint recompiles one endpoint.
option(CALLRAIL_REGENERATE "Refresh generated/ when the schema or the generator changes" ON)

set(CALLRAIL_SCHEMA ${PROJECT_SOURCE_DIR}/schema/endpoints.yaml CACHE FILEPATH "The description of the API")
set(CALLRAIL_GENERATED ${PROJECT_SOURCE_DIR}/generated CACHE PATH "Where the generated files are")
mark_as_advanced(CALLRAIL_SCHEMA CALLRAIL_GENERATED)
set(stamp ${PROJECT_BINARY_DIR}/generated.stamp)

# The endpoints as the schema's lines name them, only to see whether generated/ has all of them.
function(callrail_schema_endpoints out)
  file(STRINGS ${CALLRAIL_SCHEMA} lines REGEX "^([a-z]+:|  [a-z0-9_]+:)")
  foreach(line IN LISTS lines)
    if(line MATCHES "^([a-z]+):")
      set(section ${CMAKE_MATCH_1})
    elseif(section STREQUAL "endpoints" AND line MATCHES "^  ([a-z0-9_]+):")
      list(APPEND names src/${CMAKE_MATCH_1}.cpp)
    endif()
  endforeach()
  set(${out} ${names} PARENT_SCOPE)
endfunction()

function(callrail_emit_while_configuring generator)
  execute_process(COMMAND ${generator} emit ${CALLRAIL_SCHEMA} --out ${CALLRAIL_GENERATED}
                  RESULT_VARIABLE failed ERROR_VARIABLE complaint OUTPUT_QUIET)
  # Not fatal: the generator may be older than the schema, and the build makes a new one. If the
  # schema is to blame, the build says so again and stops.
  if(failed)
    message(WARNING "The schema does not hold together:\n${complaint}")
  endif()
endfunction()

if(CALLRAIL_REGENERATE)
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CALLRAIL_SCHEMA})
  if(EXISTS ${PROJECT_BINARY_DIR}/codegen/callrail-codegen)
    callrail_emit_while_configuring(${PROJECT_BINARY_DIR}/codegen/callrail-codegen)
  else()
    # Before the first build there is no generator yet, and none is needed unless the list of
    # endpoints changed: then one is built on the side.
    include(${CALLRAIL_GENERATED}/sources.cmake)
    callrail_schema_endpoints(named)
    list(REMOVE_ITEM CALLRAIL_GENERATED_SOURCES src/api.cpp)
    list(FILTER CALLRAIL_GENERATED_SOURCES INCLUDE REGEX "^src/")
    list(SORT named)
    list(SORT CALLRAIL_GENERATED_SOURCES)
    if(NOT named STREQUAL CALLRAIL_GENERATED_SOURCES)
      message(STATUS "The list of endpoints changed: building the generator first")
      set(side ${PROJECT_BINARY_DIR}/first-codegen)
      execute_process(
        COMMAND ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR} -B ${side} -G ${CMAKE_GENERATOR} -DCALLRAIL_PARTS=codegen
                -DCALLRAIL_TESTS=OFF -DCALLRAIL_BENCH=OFF -DCALLRAIL_REGENERATE=OFF -DCMAKE_BUILD_TYPE=Debug
                -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} "-DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}"
        OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
      execute_process(COMMAND ${CMAKE_COMMAND} --build ${side} --target callrail-codegen --parallel 2
                      OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
      callrail_emit_while_configuring(${side}/codegen/callrail-codegen)
    endif()
  endif()
  # Named as by-products so that what includes a rewritten file is compiled again in the same build.
  # The price: "clean" removes them, and the next build writes them again.
  include(${CALLRAIL_GENERATED}/sources.cmake)
  list(TRANSFORM CALLRAIL_GENERATED_SOURCES PREPEND ${CALLRAIL_GENERATED}/ OUTPUT_VARIABLE byproducts)
  list(TRANSFORM CALLRAIL_GENERATED_HEADERS PREPEND ${CALLRAIL_GENERATED}/ OUTPUT_VARIABLE headers)
  list(APPEND byproducts ${headers})
  add_custom_command(
    OUTPUT ${stamp}
    BYPRODUCTS ${byproducts}
    COMMAND callrail-codegen emit ${CALLRAIL_SCHEMA} --out ${CALLRAIL_GENERATED} --stamp ${stamp}
    DEPENDS ${CALLRAIL_SCHEMA} callrail-codegen
    COMMENT "Generating code from schema/endpoints.yaml"
    VERBATIM)
  add_custom_target(regenerate DEPENDS ${stamp})
endif()

if(CALLRAIL_TESTS)
  add_test(NAME generated-is-current COMMAND callrail-codegen check ${CALLRAIL_SCHEMA} --out ${CALLRAIL_GENERATED})
  set_tests_properties(generated-is-current PROPERTIES LABELS "golden")
endif()
