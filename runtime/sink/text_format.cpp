#include "text_formats.hpp"

namespace callrail {

std::unique_ptr<TextFormat> make_text_format(const TextOptions& options) {
  switch (options.format) {
    case FileFormat::csv: return make_csv_format(options);
    case FileFormat::jsonl:
    case FileFormat::parquet: return make_jsonl_format();
    case FileFormat::json: return make_json_format();
    case FileFormat::xml: return make_xml_format();
  }
  return nullptr;
}

Text file_extension(FileFormat format) {
  switch (format) {
    case FileFormat::csv: return ".csv";
    case FileFormat::jsonl: return ".jsonl";
    case FileFormat::json: return ".json";
    case FileFormat::xml: return ".xml";
    case FileFormat::parquet: return ".parquet";
  }
  return {};
}

std::optional<RowLines> lines_of(const Table& table, RowLines::Form form) {
  RowLines lines{.form = form};
  for (const Column& column : table.columns) {
    if (!column.path.empty() || column.rest || column.facts == nullptr ||
        column.facts->name != column.name)
      return std::nullopt;
    lines.fields.push_back(column.field);
  }
  struct Speller {
    Table table;
    std::unique_ptr<TextFormat> format;
  };
  const auto speller = std::make_shared<Speller>(
      table, form == RowLines::Form::csv ? make_csv_format({}) : make_jsonl_format());
  std::string header;
  speller->format->begin(speller->table, header);
  lines.spell = [speller](const Rows& rows, std::string& out) {
    speller->format->rows(speller->table, rows, out);
  };
  return lines;
}

void append_lines(const Rows& rows, std::string& out) {
  (void)take_lines(rows, [&](Text lines) -> Status {
    out.append(lines);
    return {};
  });
}

}  // namespace callrail
