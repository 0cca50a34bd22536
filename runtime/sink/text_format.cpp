#include "text_formats.hpp"

namespace callrail {

std::unique_ptr<TextFormat> make_text_format(const TextOptions& options) {
  switch (options.format) {
    case FileFormat::csv: return make_csv_format(options);
    case FileFormat::jsonl: return make_jsonl_format();
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
  }
  return {};
}

}  // namespace callrail
