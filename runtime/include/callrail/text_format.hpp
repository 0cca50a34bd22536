#pragma once

#include <callrail/page.hpp>
#include <callrail/table.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace callrail {

enum class FileFormat : std::uint8_t {
  csv,
  jsonl,
  json,
  xml,
  parquet,  ///< as text, and until a FileMaker has it: jsonl
};
inline constexpr FileFormat file_formats[] = {FileFormat::csv, FileFormat::jsonl, FileFormat::json,
                                              FileFormat::xml, FileFormat::parquet};
enum class CsvDialect : std::uint8_t {
  rfc4180,  ///< UTF-8, CRLF
  excel,    ///< the same behind a byte order mark, without which Excel guesses the encoding
};

struct TextOptions {
  FileFormat format = FileFormat::csv;
  CsvDialect dialect = CsvDialect::rfc4180;
  /// In CSV, text with a leading = + - @ tab or CR gets a ' before it; numbers and phones do not.
  bool escape_formulas = false;
};

/// Spells rows as text, appended to `out`. One per file: `begin` first and `end` last, once each,
/// and every call with the same table.
class TextFormat {
 public:
  virtual ~TextFormat() = default;
  virtual void begin(const Table&, std::string& out) = 0;
  /// Instead of what `begin` wrote and so many rows, which stand there already.
  virtual void go_on(const Table& table, std::uint64_t rows) {
    std::string written;
    (void)rows;
    begin(table, written);
  }
  virtual void rows(const Table&, const Rows&, std::string& out) = 0;
  virtual void end(const Table&, std::string& out) = 0;
  /// How a reader may spell the rows of this table itself; nothing: their cells are needed.
  virtual std::optional<RowLines> lines(const Table&) const { return std::nullopt; }
};

std::unique_ptr<TextFormat> make_text_format(const TextOptions&);
Text file_extension(FileFormat);  ///< ".csv"

}  // namespace callrail
