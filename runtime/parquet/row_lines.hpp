#pragma once

#include <callrail/result.hpp>
#include <callrail/table.hpp>
#include <callrail/types.hpp>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace callrail {

/// Rows that a sink wrote as JSON lines, one by one, as cells again.
class RowsOnDisk {
 public:
  /// Fails with Code::sink_failed.
  static Result<RowsOnDisk> open(const Table&, const std::string& path);

  /// The cells of the next row in the order of the table's columns, valid until the next call;
  /// empty: there are no more.
  Result<std::span<const Cell>> next();
  std::uint64_t bytes() const { return bytes_; }  ///< of the rows so far

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct Free {
    void operator()(char* text) const { std::free(text); }
  };

  bool parse(Text line);

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::unique_ptr<char, Free> line_;  ///< of getline
  std::size_t room_ = 0;
  std::vector<std::string> keys_;  ///< `"name"`, as they are spelled
  std::vector<Cell> cells_;
  std::string scratch_;  ///< never grows while a row is read: cells point into it
  std::uint64_t bytes_ = 0, rows_ = 0;
};

}  // namespace callrail
