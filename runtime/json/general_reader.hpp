#pragma once

#include "arena.hpp"
#include "extra_members.hpp"

#include <callrail/drift.hpp>
#include <callrail/page.hpp>
#include <callrail/selection.hpp>

#include <simdjson.h>

#include <string>
#include <vector>

namespace callrail {

/// What the readers of a page have in common: what is wanted, and where it goes.
struct ReadTask {
  const Endpoint& endpoint;
  const PagingFacts& paging;
  const Selection& wanted;
  const std::vector<bool>& expected;  ///< fields whose absence is to be noted
  Drift& drift;
  Envelope& envelope;
  std::vector<Cell>& cells;
  Arena& arena;
  ExtraMembers* extra = nullptr;  ///< gathers what the schema does not know, for a cell of its own
};

/// Takes in a member that stands beside the rows; false if its value is malformed.
bool read_beside(ReadTask&, Text key, Text json);

/// Without what JSON takes for blanks behind it: a NUL there is a mistake.
inline Text trimmed(Text text) { return text.substr(0, text.find_last_not_of(" \n\t\r") + 1); }

/// Reads any JSON, on top of simdjson. What it says of a page is what counts: faster readers have
/// to come to the same. Everything returns false on the first mistake, which `mistake` describes.
class GeneralReader {
 public:
  explicit GeneralReader(ReadTask& task) : task_{task} {}

  std::string mistake;
  const char* mistake_at = nullptr;

  bool page(simdjson::ondemand::document&);
  /// One row alone, which is all of the document.
  bool row(simdjson::ondemand::document&);

 private:
  bool wrong(std::string what, simdjson::ondemand::document&);
  std::optional<Text> key_of(simdjson::ondemand::field&);
  bool beside(Text key, simdjson::ondemand::value);
  bool rows(simdjson::ondemand::value, simdjson::ondemand::document&);
  bool row(simdjson::ondemand::object, simdjson::ondemand::document&);
  bool row_itself(simdjson::ondemand::object, simdjson::ondemand::document&);
  bool malformed(simdjson::ondemand::document&);
  std::size_t find(Text key) const;
  bool cell(const Field&, simdjson::ondemand::value&, Cell& out);
  bool scalar(Text sent, Cell& out);

  ReadTask& task_;
  std::vector<bool> seen_;
  std::size_t hint_ = Endpoint::npos;
  std::size_t count_ = 0;
};

}  // namespace callrail
