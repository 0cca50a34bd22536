// Writes the same nasty rows in every format, and what a reader should find as expected.json: rows
// of values, each [kind, text]. With them go an empty file of every format and a CSV without NUL,
// which the sqlite3 shell takes for the end of a text.

#include "nasty_text.hpp"

#include <callrail/file_sink.hpp>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>

namespace {

using namespace callrail;
using namespace callrail::test;
using Json = nlohmann::json;

OwnedRows nasty_rows(bool with_nul) {
  OwnedRows rows{4};
  NastyText nasty{with_nul ? 1u : 2u, with_nul};
  for (int i = 0; i < 4 * 2000; ++i)
    rows.add(nasty_cell(nasty, rows, [](const std::string& t) { return Json(t).dump(); }));
  return rows;
}

Json expected(const OwnedRows& rows) {
  static const char* const kinds[] = {"absent", "null", "boolean", "number", "text", "json"};
  Json out = Json::array();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    Json& row = out.emplace_back(Json::array());
    for (std::size_t c = 0; c < rows.width(); ++c)
      row.push_back({kinds[static_cast<int>(rows.at(r, c).kind)], rows.at(r, c).text()});
  }
  return out;
}

void write(const std::string& folder, FileFormat format, Text name, const OwnedRows& rows) {
  const Table table = table_with({"a", "b", "c", "d"}, name);
  FolderSink sink{folder, {.format = format}};
  auto writer = sink.open(table);
  Status done;
  if (!writer) done = std::unexpected(writer.error());
  if (done) done = (*writer)->write(rows);
  if (done)
    if (auto finished = (*writer)->finish(); !finished) done = std::unexpected(finished.error());
  if (done) done = (*writer)->publish({});
  if (done) return;
  std::fprintf(stderr, "%s\n", done.error().what.c_str());
  std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::string folder = arguments[1];
  const OwnedRows things = nasty_rows(true), plain = nasty_rows(false);
  for (const auto format :
       {FileFormat::csv, FileFormat::jsonl, FileFormat::json, FileFormat::xml}) {
    write(folder, format, "things", things);
    write(folder, format, "empty", OwnedRows{4});
  }
  write(folder, FileFormat::csv, "without_nul", plain);
  std::ofstream{folder + "/expected.things.txt"} << expected(things).dump();
  std::ofstream{folder + "/expected.without_nul.txt"} << expected(plain).dump();
  return 0;
}
