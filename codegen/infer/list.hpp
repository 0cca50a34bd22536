#pragma once

#include "model/schema.hpp"
#include "pages.hpp"

#include <callrail/sketch/sketch.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace callrail::codegen {

/// `rows` of an answer that is itself the one row.
inline constexpr std::string_view row_itself = ".";

/// What the pages of one list showed.
struct List {
  std::string path;  ///< as it was asked, ids in it as {}; empty if nobody knows
  std::string rows;  ///< the member with the rows, or `row_itself`
  std::size_t pages = 0;
  sketch::Sketch answer;           ///< the members beside the rows
  sketch::Sketch row;              ///< of rows, each counted once however often it came
  std::uint64_t again = 0;         ///< rows that came on an earlier page already
  std::uint64_t big_integers = 0;  ///< those beyond 64 bits
  std::vector<std::string> keys;   ///< fields with a value in every row, another in each
  std::set<std::string> asked;     ///< parameters that every request had
  std::set<std::string> selected;  ///< what the requests asked for by name
};

struct ListWords {
  std::string rows = {};              ///< the member with the rows; empty: it is found
  std::set<std::string> paging = {};  ///< members that tell of pages
  std::set<std::string> select = {};  ///< parameters that ask for fields
};

/// What the schema calls them.
ListWords words_of_lists(const Schema&);

/// The pages of one list together.
std::expected<List, std::string> read_list(std::span<const Page> pages, const ListWords&);

/// Pages by what they were asked for: equal paths together, ids in them apart.
std::vector<std::vector<Page>> by_path(std::vector<Page> pages);

/// The path with `{}` where it names one thing.
std::string pattern_of(std::string_view path);

/// A segment of a path that names one thing: digits, or an id with its prefix.
bool is_id_segment(std::string_view segment);

}  // namespace callrail::codegen
