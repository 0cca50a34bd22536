#pragma once

#include "arena.hpp"
#include "escapes.hpp"
#include "forecast.hpp"

#include <callrail/types.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace callrail {

/// A value of a row that reads well and yet may differ from the schema, or a member nobody knows.
struct Doubt {
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);
  std::size_t field = unknown;
  Text key;  ///< of an unknown member
  Cell cell;
  Text sent;
};

/// Reads one row that looks as expected.
struct RowTask {
  const Forecast* forecast = nullptr;
  Arena* arena = nullptr;
  const char* in = nullptr;  ///< at the brace; behind it when the row is read
  char* out = nullptr;       ///< the line goes here, with room for whatever it may become
  Cell* cells = nullptr;     ///< of this row, all absent
  std::vector<Doubt> doubts;
  bool as_expected = true;  ///< the members came as foreseen, some of them `skipped`
  std::vector<std::uint8_t> skipped;
  // Else:
  std::vector<std::uint8_t> order;
  std::array<std::uint64_t, 4> seen{};  ///< fields
};

/// The same code for one instruction set. All of them read no farther than Body::padding behind the
/// page, stop at a NUL, and return false on the first surprise: a row that is not compact JSON, a
/// member that comes twice, an escape in a key, a nested value that differs from the schema. What
/// they have written by then is to be thrown away, and the general reader has the word.
struct Kernel {
  const char* name;
  bool (*cells)(RowTask&);  ///< of the fields that are kept
  bool (*csv)(RowTask&);    ///< and a line; a field whose column went by is a surprise
  bool (*jsonl)(RowTask&);  ///< likewise
  /// Behind the JSON value that begins here, or nothing.
  const char* (*value)(const char*, int level);
};

const Kernel& plain_kernel();
const Kernel* avx2_kernel();    ///< nothing: this machine has no such instructions
const Kernel* avx512_kernel();  ///< likewise
const Kernel& best_kernel();    ///< of this machine

/// The steps that the kernels share.
bool is_utf8(Text);
/// Whether `check_value` would note nothing about a text that the field accepts.
bool passes_slowly(const Field&, Text);
/// Replaces the \u escape at `in`, and the other half of a pair; false if it has no UTF-8.
bool unescape_unicode(const char*& in, char*& out);
/// Spells a character that JSON has to escape; behind it.
char* put_json_escape(unsigned char, char* out);

/// Elsewhere, so that no compiler makes them anew where they are used: that took a tenth of all
/// instructions.
struct BlockConstants {
  alignas(64) unsigned char quote[64], backslash[64], comma[64], blank[64];
};
extern const BlockConstants block_constants;

/// Room that a line needs at most, for a row of so many bytes.
constexpr std::size_t line_room(std::size_t row_bytes, std::size_t columns) {
  return 2 * row_bytes + 4 * columns + 256;
}

}  // namespace callrail
