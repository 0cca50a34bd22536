# find_package(callrail) for other projects. The programs install themselves, in apps/.
#
# Two components of `cmake --install`: runtime (programs, man page, completions) and development.
include(CMakePackageConfigHelpers)

# What others link, each with what it is called there: callrail::api.
set(libraries base json database state http sink parquet extract warehouse log record media)
set(targets callrail-generated callrail-warnings)
add_library(callrail::api ALIAS callrail-generated)
set_target_properties(callrail-generated PROPERTIES EXPORT_NAME api)
foreach(library IN LISTS libraries)
  add_library(callrail::${library} ALIAS callrail-${library})
  set_target_properties(callrail-${library} PROPERTIES EXPORT_NAME ${library})
  list(APPEND targets callrail-${library})
endforeach()

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/callrail)
install(TARGETS ${targets} EXPORT callrail-targets ARCHIVE COMPONENT development)
install(EXPORT callrail-targets NAMESPACE callrail:: DESTINATION ${config_folder} COMPONENT development)

configure_package_config_file(cmake/callrail-config.cmake.in ${PROJECT_BINARY_DIR}/callrail-config.cmake
  INSTALL_DESTINATION ${config_folder} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a new minor version may break the source of others.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/callrail-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/callrail-config.cmake ${PROJECT_BINARY_DIR}/callrail-config-version.cmake
        DESTINATION ${config_folder} COMPONENT development)

# All of these two folders is public; private headers lie beside their sources.
install(DIRECTORY runtime/include/callrail ${CALLRAIL_GENERATED}/include/callrail
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN *.hpp)
install(TARGETS callrail-codegen RUNTIME COMPONENT development)
install(FILES ${CALLRAIL_SCHEMA} schema/endpoints.schema.json ${CALLRAIL_GENERATED}/openapi.json
        DESTINATION ${CMAKE_INSTALL_DATADIR}/callrail COMPONENT development)
install(DIRECTORY ${CALLRAIL_GENERATED}/json-schema
        DESTINATION ${CMAKE_INSTALL_DATADIR}/callrail COMPONENT development FILES_MATCHING PATTERN *.json)
install(DIRECTORY ${CALLRAIL_GENERATED}/sql
        DESTINATION ${CMAKE_INSTALL_DATADIR}/callrail COMPONENT development FILES_MATCHING PATTERN *.sql)
install(FILES docs/cpp.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)
install(DIRECTORY ${CALLRAIL_GENERATED}/docs/
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/reference COMPONENT development FILES_MATCHING PATTERN *.md)
