# DuckDB's C header, and its library where one lies: build/duckdb, where setup.sh --parquet puts them, or -DDuckDB_ROOT=….
# Nothing is linked: whoever writes Parquet loads the library, which has 65 MB, when it is wanted.
#   DuckDB_FOUND, DuckDB_INCLUDE_DIR, DuckDB_LIBRARY (may be empty)
find_path(DuckDB_INCLUDE_DIR duckdb.h HINTS ${PROJECT_SOURCE_DIR}/build/duckdb PATH_SUFFIXES include)
find_library(DuckDB_LIBRARY duckdb HINTS ${PROJECT_SOURCE_DIR}/build/duckdb PATH_SUFFIXES lib)
mark_as_advanced(DuckDB_INCLUDE_DIR DuckDB_LIBRARY)
if(NOT DuckDB_LIBRARY)
  set(DuckDB_LIBRARY "")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(DuckDB REQUIRED_VARS DuckDB_INCLUDE_DIR)
