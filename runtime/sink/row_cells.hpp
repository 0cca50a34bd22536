#pragma once

#include "json_scan.hpp"

#include <callrail/page.hpp>
#include <callrail/table.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace callrail {

/// The cells of a row in the order of a table's columns. Objects that are spread over columns are
/// read once, whatever the number of columns.
class RowCells {
 public:
  explicit RowCells(const Table&);

  /// Valid until the next call, and as long as the rows.
  std::span<const Cell> of(const Rows&, std::size_t row);

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  struct Plain {
    std::size_t column, field;
  };
  /// A member is a column or, if it is spread itself, a group.
  struct Member {
    Text name;
    std::size_t column = none, group = none;
    std::uint64_t seen_in = 0;  ///< the number of the object that had it last
  };
  /// An object that is spread.
  struct Group {
    std::vector<Member> members;
    std::size_t rest = none;  ///< column
  };
  struct Spread {
    std::size_t field, group;
    std::vector<std::size_t> columns;  ///< of the group and those inside it
  };

  void reserve(const Cell* row);
  void spread(const Spread&, const Cell&);
  bool object(JsonScan&, std::size_t group);
  bool member(JsonScan&, Member&);
  Member* find(Group&, Text quoted_key, std::size_t& next);
  void keep_rest(const Group&, std::size_t first);
  void put(std::size_t column, const Cell& cell) {
    if (column != none) cells_[column] = cell;
  }

  std::vector<Plain> plain_;
  bool are_fields_;  ///< fields beside each other, in their order: no cell is copied
  std::vector<Spread> spreads_;
  std::vector<Group> groups_;
  std::vector<Cell> cells_;
  std::string scratch_;     ///< never grows while a row is read: cells point into it
  std::vector<Text> rest_;  ///< members without a column, of the objects being read
  std::uint64_t objects_ = 0;
};

}  // namespace callrail
