#pragma once

#include "arena.hpp"
#include "extra_members.hpp"
#include "predict.hpp"

#include <callrail/drift.hpp>
#include <callrail/page.hpp>

#include <simdjson.h>

#include <deque>
#include <vector>

namespace callrail {

/// Where the rows of a page go.
struct PageRows {
  Envelope& envelope;
  std::vector<Cell>& cells;
  Arena& arena;
  LineBuffer& text;
  std::vector<std::size_t>& ends;  ///< of the lines in `text`
  std::size_t& count;
  ExtraMembers* extra = nullptr;  ///< as in `ReadTask`
};

/// Spells a row the general way, and keeps those of its cells that are kept beside lines. `cells`
/// has one of each field.
void spell_row(const PageTask&, const Cell* cells, PageRows&);

/// Reads pages whose rows look like those before them. What does not is left to the general reader:
/// a row that surprises at once, the page if its frame does or if one row after the other does.
class PredictingReader {
 public:
  PredictingReader(simdjson::ondemand::parser& parser, const Kernel& kernel)
      : parser_{parser}, kernel_{kernel} {}

  /// False if the page has to be read the general way, from its beginning.
  bool page(const PageTask&, const std::vector<bool>& expected, Text, PageRows&, Drift&);

 private:
  /// What is known of the rows that one task asks for.
  struct Known {
    const Endpoint* endpoint;
    std::vector<std::size_t> wanted, columns;
    std::vector<bool> expected;
    bool narrow;
    Forecast cells;         ///< each field at its place: for rows that become no line at once
    Forecast forecast;      ///< as the task wants it
    int strays = 0;         ///< rows in a row with other members than foreseen
    int refused = 0;        ///< rows in a row that were left to the general reader
    int refused_lines = 0;  ///< rows in a row that could be read, but not spelled
    int without_lines = 0;  ///< pages since then
    int skip = 0;           ///< pages to be left to the general reader
  };
  Known& known(const PageTask&, const std::vector<bool>& expected);
  const char* rows(Known&, const PageTask&, const char* at, const char* end, PageRows&, Drift&);
  bool row(Known&, const PageTask&, const char*& at, const char* end, PageRows&, Drift&);
  bool predicted(Known&, Forecast&, bool (*read)(RowTask&), ExtraMembers*, Drift&);
  bool general(const PageTask&, const Selection&, const std::vector<bool>& expected, Text row,
               PageRows&, Drift&);

  simdjson::ondemand::parser& parser_;
  const Kernel& kernel_;
  std::deque<Known> known_;
  RowTask task_;
  std::vector<Cell> wide_, absent_;
};

}  // namespace callrail
