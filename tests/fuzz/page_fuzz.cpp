// Pages of every endpoint of the real schema. Byte 0 chooses the endpoint, byte 1 the fields that
// are wanted.
#include "first_mistake.hpp"
#include "fuzz.hpp"

#include <callrail/api.hpp>
#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>

#include <random>

using namespace callrail;
using fuzz::require;

namespace {

const Api& the_api() { return api::description(); }

Selection random_selection(const Endpoint& endpoint, std::uint8_t seed) {
  std::mt19937 random{seed};
  Selection some;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i)
    if (random() % 3 == 0) some.add(i);
  return some;
}

struct Decoded {
  Result<Page> page;
  Body body;  ///< what the decoder gave back
  Drift drift;
};

Decoded decode(const Endpoint& endpoint, Text text, const Selection& wanted) {
  static PageDecoder decoder;
  Decoded out{fail(Code::bad_answer, ""), Body{text}, {}};
  out.page =
      decoder.decode(endpoint, the_api().paging, std::move(out.body), wanted, wanted, out.drift);
  return out;
}

std::string spelled(const Table& table, const Rows& rows, FileFormat format) {
  std::string out;
  TextOptions options;
  options.format = format;
  const auto writer = make_text_format(options);
  writer->begin(table, out);
  writer->rows(table, rows, out);
  writer->end(table, out);
  return out;
}

void check_cells(const Page& page, const Selection& wanted) {
  const Rows rows = page.rows();
  for (std::size_t r = 0; r < rows.count; ++r)
    for (std::size_t f = 0; f < rows.width; ++f) {
      const Cell& cell = rows.at(r, f);
      require(wanted.has(f) || cell.is_absent(), "a field nobody wanted stays absent");
      const Text text = cell.text();
      switch (cell.kind) {
        case Kind::absent:
        case Kind::null: require(text.empty(), "no value, no text"); break;
        case Kind::boolean:
          require(text == "true" || text == "false", "a boolean is a word", text);
          break;
        case Kind::number:
          require(!first_mistake(text) && text.find_first_of("\"{[tfn") == Text::npos,
                  "a number is one", text);
          break;
        case Kind::json: require(!first_mistake(text), "a nested cell is JSON", text); break;
        case Kind::text: require(fuzz::as_utf8(text) == text, "text is UTF-8", text); break;
      }
    }
}

void check_drift(const Drift& drift) {
  for (const auto* findings :
       {&drift.unknown_fields, &drift.missing_fields, &drift.unknown_values, &drift.changed_types,
        &drift.broken_formats, &drift.repeated_fields}) {
    require(findings->size() <= 101, "findings stay few");
    for (const auto& [path, finding] : *findings)
      require(path.size() <= 80 && finding.example.size() <= 80 && finding.count > 0,
              "findings stay short");
  }
}

void check_equal(const Page& a, const Page& b, const Selection& fields, Text promise, Text detail) {
  require(a.size() == b.size(), promise, detail);
  for (std::size_t r = 0; r < a.size(); ++r)
    for (std::size_t f = 0; f < a.rows().width; ++f)
      if (fields.has(f)) require(a.rows().at(r, f) == b.rows().at(r, f), promise, detail);
}

/// The answer that holds a list of rows; where the answer is the row, that of the only one.
std::string page_of(const Endpoint& endpoint, const std::string& rows) {
  if (endpoint.rows != Endpoint::row_itself)
    return "{\"" + std::string{endpoint.rows} + "\":" + rows + "}";
  const auto begin = rows.find('{');
  return rows.substr(begin, rows.rfind('}') - begin + 1);
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  const auto add = [&](std::size_t endpoint, std::uint8_t fields, const std::string& page) {
    out.push_back(std::string{static_cast<char>(endpoint), static_cast<char>(fields)} + page);
  };
  for (std::size_t i = 0; i < the_api().endpoints.size(); ++i) {
    const Endpoint& endpoint = *the_api().endpoints[i];
    const std::string name{endpoint.name}, rows{endpoint.rows};
    for (const std::string& page : files("tests/data/" + name, ".json")) add(i, 1, page);
    const std::string first{endpoint.fields[0].name};
    for (const std::string value :
         {"1", "\"a\"", "null", "\"\\ud83d\"", "\"\\u0000\\\"\"", "1e999", "[[[{}]]]",
          "{\"a\":[1,{\"b\":null}],\"a\":2}", "\"\\ud83d\\ude00\"", "-0",
          "\"2026-03-10T12:00:00Z\"", "tru", "\"\\q\"", "1 2", "{]"})
      add(i, 2,
          rows == Endpoint::row_itself
              ? "{\"" + first + "\":" + value + ",\"" + std::string{endpoint.key} +
                    "\":1,\"new\":" + value + "}"
              : "{\"" + rows + "\":[{\"" + first + "\":" + value + ",\"new\":" + value +
                    "},{}],\"beside\":" + value + "}");
  }
  for (const std::string& page : files("tests/data/errors", ".json")) add(1, 0, page);
  for (const std::string page :
       {"{}", "[]", "", " ", "<html>", "{\"calls\":{}}", "\xef\xbb\xbf{\"calls\":[]}"})
    add(1, 0, page);
  add(1, 3, "{\"calls\":[" + std::string(80, '[') + std::string(80, ']') + "]}");
  add(1, 3, "{\"x\":" + std::string(63, '[') + std::string(63, ']') + ",\"calls\":[]}");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const auto& endpoints = the_api().endpoints;
  const Endpoint& endpoint = *endpoints[in.byte() % endpoints.size()];
  const Selection some = random_selection(endpoint, in.byte());
  Selection every;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) every.add(i);
  const Text text = in.rest();

  const Decoded all = decode(endpoint, text, every), few = decode(endpoint, text, some);
  // What stands in a field that nobody wants is stepped over.
  require(!all.page || few.page, "a page that is good is good for whatever is wanted of it", text);
  check_drift(all.drift);
  check_drift(few.drift);
  if (few.page) check_cells(*few.page, some);
  const auto mistake = first_mistake(text);
  if (!all.page) {
    require(all.page.error().code == Code::bad_answer, "a page that is refused is a bad answer");
    require(all.page.error().what.find("(byte ") != std::string::npos, "its error names the byte",
            all.page.error().what);
    require(all.body.text() == text, "a page that is refused stays with the caller");
    return 0;
  }
  require(!mistake, "a page that is taken is JSON", mistake ? mistake->what : Text{});
  check_cells(*all.page, every);
  check_equal(*all.page, *few.page, some, "a value does not depend on what else is wanted", text);

  // What is written can be read, and is the same.
  const std::string rows =
      spelled(table_of(endpoint, every, Nested::json), all.page->rows(), FileFormat::json);
  const std::string again = page_of(endpoint, rows);
  if (first_mistake(again) && first_mistake(again)->what.find("deep") != Text::npos) return 0;
  const Decoded read = decode(endpoint, again, every);
  require(read.page.has_value(), "a page made of its own rows is taken", again);
  check_equal(*all.page, *read.page, every, "rows written as JSON are read as they were", again);

  const Table spread = table_of(endpoint, every, Nested::flatten);
  const std::string lines = spelled(spread, all.page->rows(), FileFormat::jsonl);
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    require(end != std::string::npos && !first_mistake(Text{lines}.substr(at, end - at)),
            "a line of spread columns is JSON", lines);
    at = end + 1;
  }
  spelled(spread, all.page->rows(), FileFormat::csv);
  spelled(spread, all.page->rows(), FileFormat::xml);
  return 0;
}
