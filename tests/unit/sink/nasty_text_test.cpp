#include "nasty_text.hpp"

#include "csv_reader.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <pugixml.hpp>

namespace callrail {
namespace {

using namespace test;
using Json = nlohmann::json;

constexpr std::size_t width = 4;
const Table table = table_with({"a", "b", "c", "d"});

/// Runs the check on many files of nasty rows.
template <class Check>
void for_nasty_rows(Check check) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    NastyText nasty{seed};
    OwnedRows rows{width};
    for (std::size_t i = 0; i < width * 20; ++i)
      rows.add(nasty_cell(nasty, rows, [](const std::string& t) { return Json(t).dump(); }));
    check(rows);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(NastyText, ComesBackFromCsv) {
  for_nasty_rows([](const OwnedRows& rows) {
    const auto read = read_csv(spell(table, rows, {}));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), rows.size() + 1);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      ASSERT_EQ((*read)[r + 1].size(), width);
      for (std::size_t c = 0; c < width; ++c) {
        const CsvField& field = (*read)[r + 1][c];
        const Cell& cell = rows.at(r, c);
        ASSERT_EQ(field.text, cell.text());
        ASSERT_EQ(field.text.empty() && !field.quoted, !cell.has_value());
      }
    }
  });
}

TEST(NastyText, ComesBackFromCsvWithoutTheApostropheOfFormulas) {
  for_nasty_rows([](const OwnedRows& rows) {
    const auto read = read_csv(spell(table, rows, {.escape_formulas = true}));
    ASSERT_TRUE(read);
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t c = 0; c < width; ++c) {
        const std::string& got = (*read)[r + 1][c].text;
        const Text sent = rows.at(r, c).text();
        if (got != sent) {
          ASSERT_EQ(got, "'" + std::string{sent});
          ASSERT_NE(std::string_view{"=+-@\t\r"}.find(sent.front()), std::string_view::npos);
        }
      }
  });
}

void expect_same(const Json& row, const OwnedRows& rows, std::size_t r) {
  for (std::size_t c = 0; c < width; ++c) {
    const Cell& cell = rows.at(r, c);
    const std::string& name = table.columns[c].name;
    ASSERT_EQ(row.contains(name), !cell.is_absent());
    if (cell.is_absent()) continue;
    const Json& value = row[name];
    switch (cell.kind) {
      case Kind::absent: break;
      case Kind::null: ASSERT_TRUE(value.is_null()); break;
      case Kind::text: ASSERT_EQ(value, Json(cell.text())); break;
      case Kind::boolean:
      case Kind::number:
      case Kind::json: ASSERT_EQ(value, Json::parse(cell.text())); break;
    }
  }
}

TEST(NastyText, ComesBackFromJsonl) {
  for_nasty_rows([](const OwnedRows& rows) {
    const std::string file = spell(table, rows, {.format = FileFormat::jsonl});
    std::size_t at = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto end = file.find('\n', at);
      ASSERT_NE(end, std::string::npos);
      expect_same(Json::parse(file.substr(at, end - at)), rows, r);
      at = end + 1;
    }
    ASSERT_EQ(at, file.size());
  });
}

TEST(NastyText, ComesBackFromJson) {
  for_nasty_rows([](const OwnedRows& rows) {
    const Json file = Json::parse(spell(table, rows, {.format = FileFormat::json}));
    ASSERT_EQ(file.size(), rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) expect_same(file[r], rows, r);
  });
}

TEST(NastyText, ComesBackFromXml) {
  for_nasty_rows([](const OwnedRows& rows) {
    const std::string file = spell(table, rows, {.format = FileFormat::xml});
    pugi::xml_document document;
    const auto parsed = document.load_buffer(file.data(), file.size());
    ASSERT_TRUE(parsed) << parsed.description();
    std::size_t r = 0;
    for (const auto& row : document.document_element()) {
      for (std::size_t c = 0; c < width; ++c) {
        const Cell& cell = rows.at(r, c);
        const auto element = row.child(table.columns[c].name.c_str());
        ASSERT_EQ(!element, cell.is_absent());
        ASSERT_EQ(element.attribute("nil").as_bool(), cell.is_null());
        const std::string type = element.attribute("type").value();
        const std::string content = element.child_value();
        ASSERT_EQ(type == "json", cell.kind == Kind::json);
        if (type == "json")
          ASSERT_EQ(Json::parse(content), Json::parse(cell.text()));
        else if (type == "json-string")
          ASSERT_EQ(Json::parse(content), Json(cell.text()));
        else
          ASSERT_EQ(content, cell.text());
      }
      ++r;
    }
    ASSERT_EQ(r, rows.size());
  });
}

TEST(NastyText, MayBeMegabytesLong) {
  const std::string long_text(3u << 20, '"');
  const OwnedRows rows{{text(long_text), json("[]"), absent(), null()}};
  EXPECT_EQ((*read_csv(spell(table, rows, {})))[1][0].text, long_text);
  EXPECT_EQ(Json::parse(spell(table, rows, {.format = FileFormat::jsonl}))["a"], long_text);
}

}  // namespace
}  // namespace callrail
