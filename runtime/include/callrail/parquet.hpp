#pragma once

#include <callrail/file_maker.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace callrail {

/// Makes Parquet files with DuckDB's library, which is loaded while a program runs, so that one
/// that writes no Parquet neither waits for it nor needs it.
///
/// Integers are INT64, numbers DECIMAL(38,18), instants TIMESTAMP in UTC and microseconds, booleans
/// BOOLEAN, all else UTF-8 text: objects and lists as JSON. Absent and null are both null. What a
/// column cannot hold to its last digit is null there and stands in the last column, `_extra`, as a
/// member of a JSON object.
class Parquet : public FileMaker {
 public:
  /// `library`: the file to load; empty: where the build found one, beside the program, or where
  /// the system's loader looks. Fails with Code::bad_request, naming what to do.
  static Result<std::unique_ptr<Parquet>> load(const std::string& library = {});
  /// Whether this build can load it.
  static bool is_built_in();

  virtual std::string version() const = 0;  ///< "DuckDB v1.4.4"
  /// As the file itself says. Fails with Code::bad_answer.
  virtual Result<std::uint64_t> rows_in(const std::string& file) = 0;
};

}  // namespace callrail
