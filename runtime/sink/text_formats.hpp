#pragma once

#include <callrail/result.hpp>
#include <callrail/text_format.hpp>

#include <array>

namespace callrail {

std::unique_ptr<TextFormat> make_csv_format(const TextOptions&);
std::unique_ptr<TextFormat> make_jsonl_format();
std::unique_ptr<TextFormat> make_json_format();
std::unique_ptr<TextFormat> make_xml_format();

/// What a reader has to know to spell the rows of a table: nothing if columns are no plain fields.
std::optional<RowLines> lines_of(const Table&, RowLines::Form);
/// Rows that the reader spelled.
void append_lines(const Rows&, std::string& out);
/// Hands them on in pieces that lie in memory one behind the other, as they mostly do.
template <class Take>
Status take_lines(const Rows& rows, Take take) {
  for (std::size_t begin = 0, end = 0; begin < rows.count; begin = end) {
    std::size_t bytes = 0;
    const char* const from = rows.lines[begin].data();
    for (; end < rows.count && rows.lines[end].data() == from + bytes; ++end)
      bytes += rows.lines[end].size();
    if (auto taken = take(Text{from, bytes}); !taken) return taken;
  }
  return {};
}

/// Which bytes a format cannot take as they are; 0: it can.
using ByteClasses = std::array<unsigned char, 256>;

inline unsigned char class_of(char byte, const ByteClasses& classes) {
  return classes[static_cast<unsigned char>(byte)];
}

/// Index of the first byte with a class, from `at` on; the size if there is none.
inline std::size_t find_class(Text text, const ByteClasses& classes, std::size_t at = 0) {
  while (at < text.size() && class_of(text[at], classes) == 0) ++at;
  return at;
}

}  // namespace callrail
