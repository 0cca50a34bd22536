#pragma once

#include "stored_value.hpp"
#include "table_plan.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace callrail {

/// Something about a value that a person may want to know; the row is stored.
struct Finding {
  Text field;
  Text rule;   ///< "format", "word", "type", "characters"
  Text value;  ///< empty: it is a credential
};

/// Why a row cannot be stored, if so: its key or another required value is missing or cannot be
/// read, or (`ranges`) a number is beyond what the schema allows.
std::optional<std::string> reason_to_reject(const TablePlan&, std::span<const Cell> row,
                                            bool ranges, ByteStore& scratch);

/// Words and formats the schema does not foresee.
void find_oddities(const TablePlan&, std::span<const Cell> row, std::vector<Finding>&);
void note_misfit(const TablePlan::Column&, const Cell&, Fit, std::vector<Finding>&);

/// What `--strict` rejects a row for, if anything is odd about it.
std::optional<std::string> first_oddity(const TablePlan&, std::span<const Cell> row,
                                        ByteStore& scratch);

/// What a column is made of: the cell, or a member of the object in it.
Cell cell_of(const TablePlan::Column&, std::span<const Cell> row, ByteStore& scratch);

/// "format: customer_phone_number is not e164": of the rows `--strict` rejects.
std::string text_of(const Finding&);

/// The row as it came, as one JSON object.
std::string raw_json(const TablePlan&, std::span<const Cell> row);

}  // namespace callrail
