# Debian's packages by the names that work there; setup.sh installs all of them.
find_package(Threads REQUIRED)
find_package(CURL 7.87 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 3.38 REQUIRED)
find_package(fmt 9 REQUIRED CONFIG)
find_package(spdlog 1.10 REQUIRED CONFIG)
find_package(yaml-cpp 0.7 REQUIRED CONFIG)
find_package(simdjson 3.0 REQUIRED CONFIG)
find_package(nlohmann_json 3.11 REQUIRED CONFIG)
find_package(CLI11 2.1 REQUIRED CONFIG)
find_package(date 3.0 REQUIRED CONFIG)
if(CALLRAIL_BENCH)
  find_package(benchmark 1.7 REQUIRED CONFIG)
endif()
find_package(PkgConfig REQUIRED)
pkg_check_modules(libdeflate REQUIRED IMPORTED_TARGET libdeflate>=1.14)  # its CMake files came later

# simdjson's exceptions turn `if (value.is_null())` into a throw on broken input; without them it
# does not compile.
set_property(TARGET simdjson::simdjson APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS SIMDJSON_EXCEPTIONS=0)
