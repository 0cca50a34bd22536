#include "records.hpp"

namespace callrail::sim {
namespace {

/// Takes `what` off the front.
bool skip(Text& text, Text what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

/// Past the CRLF that ends a record, which is the first one outside quotes.
std::optional<Text> take_csv(Text& text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted || text[i] != '\n') continue;
    if (i == 0 || text[i - 1] != '\r') return std::nullopt;
    const Text record = text.substr(0, i - 1);
    text.remove_prefix(i + 1);
    return record;
  }
  return std::nullopt;
}

/// Up to `end`, which goes too.
std::optional<Text> take_until(Text& text, Text end) {
  const auto at = text.find(end);
  if (at == Text::npos) return std::nullopt;
  const Text record = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return record;
}

}  // namespace

std::optional<std::vector<Text>> split_records(const Table& table, FileFormat format, Text file) {
  const auto spelled = make_text_format({.format = format});
  std::string head, tail;
  spelled->begin(table, head);
  std::vector<Text> out;
  if (format == FileFormat::json) {
    // An empty array is "[]\n", others have a record a line.
    if (file == "[]\n") return out;
    if (!skip(file, "[\n") || !file.ends_with("\n]\n")) return std::nullopt;
    file.remove_suffix(2);
    while (!file.empty()) {
      auto record = take_until(file, "\n");
      if (!record) return std::nullopt;
      if (!file.empty() && !record->ends_with(',')) return std::nullopt;
      if (!file.empty()) record->remove_suffix(1);
      out.push_back(*record);
    }
    return out;
  }
  spelled->end(table, tail);
  if (!skip(file, head) || !file.ends_with(tail)) return std::nullopt;
  file.remove_suffix(tail.size());
  while (!file.empty()) {
    const auto record = format == FileFormat::csv   ? take_csv(file)
                        : format == FileFormat::xml ? take_until(file, "</row>\n")
                                                    : take_until(file, "\n");
    if (!record) return std::nullopt;
    out.push_back(*record);
  }
  return out;
}

std::vector<std::string> spell_rows(const Api& api, const Endpoint& endpoint,
                                    const Selection& fields, const Table& table, FileFormat format,
                                    const std::vector<const std::string*>& objects) {
  std::string text = "{\"" + std::string{endpoint.rows} + "\":[";
  for (const std::string* object : objects) {
    if (object != objects.front()) text += ',';
    text += *object;
  }
  text += "]}";
  PageDecoder decoder;
  Drift drift;
  auto page = decoder.decode(endpoint, api.paging, Body{text}, fields, {}, drift);
  std::vector<std::string> out(objects.size());
  if (!page || page->size() != objects.size()) return out;
  const auto spelled = make_text_format({.format = format});
  std::string head;
  spelled->begin(table, head);
  const Rows rows = page->rows();
  for (std::size_t i = 0; i < rows.count; ++i) {
    std::string record;
    spelled->rows(table, Rows{rows.cells + i * rows.width, 1, rows.width}, record);
    Text core = record;
    if (format == FileFormat::csv) core.remove_suffix(2);
    if (format == FileFormat::jsonl) core.remove_suffix(1);
    if (format == FileFormat::xml) core.remove_suffix(Text{"</row>\n"}.size());
    if (format == FileFormat::json) core.remove_prefix(i == 0 ? 1 : 2);  // "\n" or ",\n"
    out[i] = core;
  }
  return out;
}

}  // namespace callrail::sim
