#pragma once

#include <callrail/result.hpp>

#include <duckdb.h>
#include <memory>
#include <string>

/// The functions of DuckDB's C interface that are used here.
#define CALLRAIL_DUCKDB_FUNCTIONS(use)                                                             \
  use(bind_add_result_column) use(bind_get_extra_info) use(close) use(connect) use(create_config)  \
      use(create_decimal_type) use(create_logical_type) use(create_table_function)                 \
          use(data_chunk_get_size) use(data_chunk_get_vector) use(data_chunk_set_size)             \
              use(destroy_config) use(destroy_data_chunk) use(destroy_logical_type)                \
                  use(destroy_result) use(destroy_table_function) use(disconnect) use(fetch_chunk) \
                      use(free) use(function_get_extra_info) use(function_set_error) use(          \
                          library_version) use(open_ext) use(query) use(register_table_function)   \
                          use(result_error) use(set_config) use(table_function_set_bind)           \
                              use(table_function_set_extra_info) use(table_function_set_function)  \
                                  use(table_function_set_init) use(table_function_set_name)        \
                                      use(vector_assign_string_element_len)                        \
                                          use(vector_ensure_validity_writable)                     \
                                              use(vector_get_data) use(vector_get_validity)        \
                                                  use(vector_size)

namespace callrail {

/// DuckDB's library, loaded into this process for good: it does not take well to being unloaded.
struct DuckDbLibrary {
#define CALLRAIL_DECLARE(name) decltype(&::duckdb_##name) name = nullptr;
  CALLRAIL_DUCKDB_FUNCTIONS(CALLRAIL_DECLARE)
#undef CALLRAIL_DECLARE

  /// See Parquet::load.
  static Result<DuckDbLibrary> load(const std::string& named);
};

}  // namespace callrail
