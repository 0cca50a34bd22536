#pragma once

#include "texts.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace callrail::cli {

/// Rows of words under each other. Columns from the first to the last number are set to the right.
class TextTable {
 public:
  TextTable(std::vector<std::string> head, std::size_t first_number, std::size_t last_number)
      : first_{first_number}, last_{last_number} {
    rows_.push_back(std::move(head));
  }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  std::vector<std::string> lines() const {
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_)
      for (std::size_t c = 0; c + 1 < row.size(); ++c)
        widths[c] = std::max(widths[c], columns(row[c]));
    std::vector<std::string> out;
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t c = 0; c + 1 < row.size(); ++c) {
        const std::string blanks(widths[c] - columns(row[c]), ' ');
        line += (c >= first_ && c <= last_ ? blanks + row[c] : row[c] + blanks) + "  ";
      }
      line += row.back();
      line.resize(line.find_last_not_of(' ') + 1);
      out.push_back(std::move(line));
    }
    return out;
  }

 private:
  std::size_t first_, last_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace callrail::cli
