// Rows of any cells, written in every format and read back by readers that forgive nothing.
#include "csv_reader.hpp"
#include "fuzz.hpp"
#include "rows_in_tests.hpp"
#include "xml_reader.hpp"

#include <nlohmann/json.hpp>

using namespace callrail;
using fuzz::require;
using nlohmann::json;
using test::OwnedRows;

namespace {

Cell cell_of(fuzz::Input& in, OwnedRows& rows) {
  switch (in.byte() % 8) {
    case 0: return test::absent();
    case 1: return test::null();
    case 2: return test::boolean(in.byte() % 2 == 0 ? "true" : "false");
    case 3:
      return test::number(rows.keep((in.byte() % 2 == 0 ? "-" : "") + std::to_string(in.number(5)) +
                                    (in.byte() % 2 == 0 ? ".50" : "")));
    case 4: {
      const std::string key = fuzz::as_utf8(in.text(20)), value = fuzz::as_utf8(in.text(40));
      return test::json(rows.keep(json{{key, json::array({value, nullptr, 1.5})}}.dump()));
    }
    case 5:
      return test::json(rows.keep(
          json(fuzz::as_utf8(in.text(40))).dump()));  // text without UTF-8 comes like this
    default: return test::text(rows.keep(fuzz::as_utf8(in.text(200))));
  }
}

bool could_be_run(const std::string& text) {
  if (text.empty() || std::string_view{"=+-@\t\r"}.find(text[0]) == std::string_view::npos)
    return false;
  return text.find_first_not_of("+-0123456789.eE") != std::string::npos;
}

void check_csv(const Table& table, const OwnedRows& rows, CsvDialect dialect, bool escape) {
  TextOptions options{.format = FileFormat::csv, .dialect = dialect, .escape_formulas = escape};
  std::string file = test::spell(table, rows, options);
  if (dialect == CsvDialect::excel) {
    require(file.starts_with("\xef\xbb\xbf"), "Excel gets its mark");
    file.erase(0, 3);
  }
  const auto read = test::read_csv(file);
  require(read && read->size() == rows.size() + 1, "a CSV file has a line for each row", file);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    require((*read)[r + 1].size() == rows.width(), "a CSV row has its columns", file);
    for (std::size_t c = 0; c < rows.width(); ++c) {
      const test::CsvField& field = (*read)[r + 1][c];
      const Cell& cell = rows.at(r, c);
      const bool marked =
          escape && cell.kind == Kind::text && field.text == "'" + std::string{cell.text()};
      require(marked || field.text == cell.text(), "a CSV cell is what was written", file);
      if (escape && cell.kind == Kind::text)
        require(!could_be_run(field.text), "no cell is run by a spreadsheet", field.text);
      if (cell.kind == Kind::text && cell.size == 0)
        require(field.quoted, "empty text is a quoted cell", file);
    }
  }
}

void check_object(const json& object, const Table& table, const OwnedRows& rows, std::size_t row) {
  require(object.is_object(), "a row is an object");
  for (std::size_t c = 0; c < rows.width(); ++c) {
    const Cell& cell = rows.at(row, c);
    const auto at = object.find(table.columns[c].name);
    require((at == object.end()) == cell.is_absent(), "absent is absent");
    if (at == object.end()) continue;
    switch (cell.kind) {
      case Kind::absent: break;
      case Kind::null: require(at->is_null(), "null is null"); break;
      case Kind::boolean:
        require(at->is_boolean() && at->get<bool>() == (cell.text() == "true"),
                "a boolean is kept");
        break;
      case Kind::number:
        require(at->is_number() && *at == json::parse(cell.text()), "a number is kept",
                cell.text());
        break;
      case Kind::text:
        require(at->is_string() && at->get_ref<const std::string&>() == cell.text(), "text is kept",
                cell.text());
        break;
      case Kind::json:
        require(*at == json::parse(cell.text()), "nested values are kept", cell.text());
        break;
    }
  }
}

void check_json(const Table& table, const OwnedRows& rows) {
  const std::string file = test::spell(table, rows, {.format = FileFormat::json});
  const json array = json::parse(file, nullptr, false);
  require(array.is_array() && array.size() == rows.size(), "a JSON file is an array of the rows",
          file);
  for (std::size_t r = 0; r < rows.size(); ++r) check_object(array[r], table, rows, r);

  const std::string lines = test::spell(table, rows, {.format = FileFormat::jsonl});
  std::size_t at = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::size_t end = lines.find('\n', at);
    require(end != std::string::npos, "JSONL has a line for each row", lines);
    check_object(json::parse(lines.substr(at, end - at), nullptr, false), table, rows, r);
    at = end + 1;
  }
  require(at == lines.size(), "JSONL has no more lines than rows", lines);
}

void check_xml(const Table& table, const OwnedRows& rows) {
  const std::string file = test::spell(table, rows, {.format = FileFormat::xml});
  const auto read = fuzz::XmlReader{file}.read();
  require(read && read->size() == rows.size(), "an XML file has an element for each row", file);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::size_t element = 0;
    for (std::size_t c = 0; c < rows.width(); ++c) {
      const Cell& cell = rows.at(r, c);
      if (cell.is_absent()) continue;
      require(element < (*read)[r].size(), "an XML row has its values", file);
      const fuzz::XmlValue& value = (*read)[r][element++];
      require(value.name == table.columns[c].name && value.nil == cell.is_null(),
              "XML keeps names and null", file);
      if (value.type == "json-string")
        require(
            cell.kind == Kind::text && json::parse(value.text) == json(std::string{cell.text()}),
            "text XML cannot hold is kept", file);
      else if (cell.kind == Kind::json)
        require(value.type == "json" && json::parse(value.text) == json::parse(cell.text()),
                "XML keeps nested values", file);
      else
        require(value.type.empty() && value.text == cell.text(), "XML keeps text", file);
    }
    require(element == (*read)[r].size(), "an XML row has no more values", file);
  }
}

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (const std::string text :
       {"plain",    "a,b",          "say \"no\"",   "x\r\ny", "=1+1",     "+15550100123",
        "-5",       "@SUM(A1)",     "\t=x",         "]]>",    "<a>&amp;", "   ",
        "\x01\x1f", "\xef\xbf\xbe", "\xef\xbf\xbf", "é日🎉",   "\xff\xc0", "",
        "'",        "\"",           "\n",           "&#13;",  "\r"})
    for (const char kind : {'\6', '\4', '\5'}) {
      std::string rows{'\2', '\2'};
      for (int i = 0; i < 3; ++i)
        rows += kind + std::string{static_cast<char>(text.size())} + text + '\1' + '\3' + "12345" +
                '\0' + '\0' + '\2' + '\1';
      out.push_back(rows);
    }
  out.push_back(std::string{'\0', '\5', '\1', '\0', '\6', '\0'});
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const std::size_t width = 1 + in.byte() % 4, count = in.byte() % 6;
  Table table{.name = "things", .columns = {}, .key = Endpoint::npos};
  for (std::size_t c = 0; c < width; ++c)
    table.columns.push_back({"c" + std::to_string(c), c, {}, nullptr, false});
  OwnedRows rows{width};
  for (std::size_t i = 0; i < width * count; ++i) rows.add(cell_of(in, rows));

  for (const CsvDialect dialect : {CsvDialect::rfc4180, CsvDialect::excel})
    for (const bool escape : {false, true}) check_csv(table, rows, dialect, escape);
  check_json(table, rows);
  check_xml(table, rows);
  return 0;
}
