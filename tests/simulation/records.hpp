#pragma once

#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>

#include <optional>
#include <string>
#include <vector>

/// Files taken apart into their records, and rows of the world spelled as such records, so that the
/// two can be compared as text.
namespace callrail::sim {

/// The records of a whole file; nothing if the file is not whole: no header, a torn last record.
std::optional<std::vector<Text>> split_records(const Table&, FileFormat, Text file);

/// The row a JSON object stands for, as a record of the file; "" if it cannot be decoded.
std::vector<std::string> spell_rows(const Api&, const Endpoint&, const Selection&, const Table&,
                                    FileFormat, const std::vector<const std::string*>& objects);

}  // namespace callrail::sim
