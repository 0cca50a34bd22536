#include "rows_in_tests.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace callrail {
namespace {

using namespace test;

constexpr TextOptions jsonl{.format = FileFormat::jsonl};
constexpr TextOptions array{.format = FileFormat::json};

/// The JSON of a single value.
std::string value(const Cell& cell) {
  const std::string file = spell(table_with({"a"}), OwnedRows{{cell}}, jsonl);
  const std::string head = "{\"a\":", tail = "}\n";
  EXPECT_TRUE(file.starts_with(head) && file.ends_with(tail)) << file;
  return file.substr(head.size(), file.size() - head.size() - tail.size());
}

TEST(Jsonl, IsOneObjectALine) {
  EXPECT_EQ(spell(table_with({"id", "name"}),
                  OwnedRows{{number("1"), text("x")}, {number("2"), text("y")}}, jsonl),
            "{\"id\":1,\"name\":\"x\"}\n{\"id\":2,\"name\":\"y\"}\n");
}

TEST(Jsonl, OfNoRowsIsEmpty) { EXPECT_EQ(spell(table_with({"id"}), {}, jsonl), ""); }

TEST(Jsonl, LeavesOutWhatIsAbsentAndKeepsNull) {
  EXPECT_EQ(spell(table_with({"a", "b", "c"}), OwnedRows{{absent(), null(), text("")}}, jsonl),
            "{\"b\":null,\"c\":\"\"}\n");
  EXPECT_EQ(spell(table_with({"a"}), OwnedRows{{absent()}}, jsonl), "{}\n");
}

TEST(Jsonl, WritesNumbersBooleansAndNestedValuesAsTheyWereSent) {
  EXPECT_EQ(value(number("9007199254740993")), "9007199254740993");
  EXPECT_EQ(value(number("1250.00")), "1250.00");
  EXPECT_EQ(value(boolean("true")), "true");
  EXPECT_EQ(value(json(R"({"a":[1,null,"\u0026"]})")), R"({"a":[1,null,"\u0026"]})");
  EXPECT_EQ(value(json(R"("\ud800")")), R"("\ud800")");
}

TEST(Jsonl, EscapesNoMoreThanJsonAsksFor) {
  EXPECT_EQ(value(text("say \"hi\" \\ / <b> 'x'")), R"("say \"hi\" \\ / <b> 'x'")");
  EXPECT_EQ(value(text("\b\f\n\r\t")), R"("\b\f\n\r\t")");
  EXPECT_EQ(value(text(Text{"\0\x01\x1f\x7f", 4})), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(value(text("Åkerlund 日本 🎉 \u2028\u2029")), "\"Åkerlund 日本 🎉 \u2028\u2029\"");
}

TEST(Jsonl, EscapesTheNamesOfColumnsToo) {
  EXPECT_EQ(spell(table_with({"a\"b"}), OwnedRows{{number("1")}}, jsonl), "{\"a\\\"b\":1}\n");
}

TEST(JsonArray, HasOneObjectALine) {
  const std::string file =
      spell(table_with({"id"}), OwnedRows{{number("1")}, {number("2")}}, array);
  EXPECT_EQ(file, "[\n{\"id\":1},\n{\"id\":2}\n]\n");
  EXPECT_EQ(nlohmann::json::parse(file).size(), 2u);
}

TEST(JsonArray, OfNoRowsIsEmptyButValid) {
  EXPECT_EQ(spell(table_with({"id"}), {}, array), "[]\n");
}

TEST(JsonArray, GoesOnWhereTheLastRowsEnded) {
  const Table table = table_with({"id"});
  const OwnedRows one{{number("1")}}, two{{number("2")}};
  std::string out;
  const auto format = make_text_format(array);
  format->begin(table, out);
  format->rows(table, one, out);
  format->rows(table, {}, out);
  format->rows(table, two, out);
  format->end(table, out);
  EXPECT_EQ(out, "[\n{\"id\":1},\n{\"id\":2}\n]\n");
}

TEST(FileExtensions, TellTheFormat) {
  EXPECT_EQ(file_extension(FileFormat::csv), ".csv");
  EXPECT_EQ(file_extension(FileFormat::jsonl), ".jsonl");
  EXPECT_EQ(file_extension(FileFormat::json), ".json");
  EXPECT_EQ(file_extension(FileFormat::xml), ".xml");
}

}  // namespace
}  // namespace callrail
