#pragma once

#include <callrail/page.hpp>
#include <callrail/table.hpp>

#include <contenders/contender.hpp>
#include <memory>
#include <string>
#include <vector>

namespace callrail::bench {

inline constexpr Text account = "ACC00000000000000000000000000000001";

/// Calls of every field, read from their pages: what comes into a warehouse.
class Calls {
 public:
  explicit Calls(std::size_t rows);

  /// Rows that are committed together, four pages of the API, and the days they are of.
  struct Part {
    Rows rows;
    std::string from, to;  ///< in UTC, as a window of a run has them
  };
  const std::vector<Part>& all() const { return all_; }
  /// The same after somebody wrote a note to each and put a tag on it.
  const std::vector<Part>& edited() const { return edited_; }

  const Task& task() const { return task_; }
  std::size_t rows() const { return rows_; }
  std::size_t bytes() const { return bytes_; }  ///< of the pages

 private:
  void edit(std::size_t part);

  Task task_;
  Pages pages_;
  std::vector<std::vector<Cell>> cells_, edited_cells_;  ///< of each part
  std::vector<std::unique_ptr<Page>> read_;
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<Part> all_, edited_;
  std::size_t rows_ = 0, bytes_ = 0;
};

}  // namespace callrail::bench
