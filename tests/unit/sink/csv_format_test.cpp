#include "csv_reader.hpp"
#include "rows_in_tests.hpp"

#include <gtest/gtest.h>

namespace callrail {
namespace {

using namespace test;

std::string csv(const OwnedRows& rows, TextOptions options = {}) {
  Table table = table_with({"a", "b", "c", "d"});
  table.columns.resize(rows.width());
  return spell(table, rows, options);
}

/// The line of a single value, without its end.
std::string line(const Cell& cell, TextOptions options = {}) {
  const std::string file = csv({{cell, number("1")}}, options);
  const std::string head = "a,b\r\n", tail = ",1\r\n";
  EXPECT_TRUE(file.starts_with(head) && file.ends_with(tail)) << file;
  return file.substr(head.size(), file.size() - head.size() - tail.size());
}

TEST(Csv, BeginsWithTheNamesOfTheColumnsAndEndsLinesWithCrlf) {
  EXPECT_EQ(csv({{number("1"), text("x")}, {number("2"), text("y")}}), "a,b\r\n1,x\r\n2,y\r\n");
}

TEST(Csv, OfNoRowsIsAHeader) { EXPECT_EQ(spell(table_with({"a", "b"}), {}, {}), "a,b\r\n"); }

TEST(Csv, WritesNothingForNullAndAbsent) {
  EXPECT_EQ(csv({{null(), absent(), null()}}), "a,b,c\r\n,,\r\n");
}

TEST(Csv, TellsEmptyTextFromNull) { EXPECT_EQ(csv({{text(""), null()}}), "a,b\r\n\"\",\r\n"); }

TEST(Csv, WritesNumbersAndBooleansAsTheyWereSent) {
  EXPECT_EQ(
      csv({{number("9007199254740993"), number("1250.00"), boolean("true"), boolean("false")}}),
      "a,b,c,d\r\n9007199254740993,1250.00,true,false\r\n");
}

TEST(Csv, QuotesNestedValues) {
  EXPECT_EQ(line(json(R"({"a":[1,"x"]})")), R"("{""a"":[1,""x""]}")");
  EXPECT_EQ(line(json("[]")), R"("[]")");
}

TEST(Csv, QuotesTextWithACommaAQuoteOrALineBreak) {
  EXPECT_EQ(line(text("a,b")), "\"a,b\"");
  EXPECT_EQ(line(text("say \"hi\"")), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(line(text("\"")), "\"\"\"\"");
  EXPECT_EQ(line(text("a\nb")), "\"a\nb\"");
  EXPECT_EQ(line(text("a\rb")), "\"a\rb\"");
}

TEST(Csv, LeavesOtherTextAlone) {
  for (const Text t : {" blank ", "tab\there", "'single'", "a;b", "Åkerlund 🎉", "\x01", "\\"})
    EXPECT_EQ(line(text(t)), t);
  EXPECT_EQ(line(text(Text{"a\0b", 3})), (std::string{"a\0b", 3}));
}

TEST(Csv, QuotesColumnNamesThatNeedIt) {
  EXPECT_EQ(spell(table_with({"a,b", "c"}), {}, {}), "\"a,b\",c\r\n");
}

TEST(Csv, KeepsARowOfOneEmptyCellReadable) {
  const std::string file = csv({{null()}, {text("x")}, {absent()}, {text("")}});
  EXPECT_EQ(file, "a\r\n\"\"\r\nx\r\n\"\"\r\n\"\"\r\n");
  EXPECT_EQ(read_csv(file)->size(), 5u);
}

TEST(Csv, ForExcelBeginsWithAByteOrderMark) {
  EXPECT_EQ(csv({{text("å")}}, {.dialect = CsvDialect::excel}),
            "\xef\xbb\xbf"
            "a\r\nå\r\n");
}

TEST(Csv, KeepsFormulasUnlessAskedToEscapeThem) {
  EXPECT_EQ(line(text("=1+1")), "=1+1");
  EXPECT_EQ(line(text("@SUM(A1)")), "@SUM(A1)");
}

constexpr TextOptions escaping{.escape_formulas = true};

TEST(CsvFormulas, GetAnApostropheWhereASpreadsheetWouldRunThem) {
  EXPECT_EQ(line(text("=1+1"), escaping), "'=1+1");
  EXPECT_EQ(line(text("+cmd|' /C calc'!A0"), escaping), "'+cmd|' /C calc'!A0");
  EXPECT_EQ(line(text("-2+3"), escaping), "'-2+3");
  EXPECT_EQ(line(text("@SUM(A1)"), escaping), "'@SUM(A1)");
  EXPECT_EQ(line(text("\t=1"), escaping), "'\t=1");
  EXPECT_EQ(line(text("\r=1"), escaping), "\"'\r=1\"");
  EXPECT_EQ(line(text("=A1,\"x\""), escaping), "\"'=A1,\"\"x\"\"\"");
  EXPECT_EQ(line(text("-"), escaping), "'-");
  EXPECT_EQ(line(text("+1-2"), escaping), "'+1-2");
  EXPECT_EQ(line(text("+1."), escaping), "'+1.");
  EXPECT_EQ(line(text("-1e"), escaping), "'-1e");
}

TEST(CsvFormulas, AreNotSeenInPhoneNumbersAndNumbers) {
  for (const Text t : {"+15550100123", "+155501", "-5", "+3.2", "-1e9", "-1.5E-7"})
    EXPECT_EQ(line(text(t), escaping), t);
}

TEST(CsvFormulas, AreNotSeenInsideTextOrInOtherKinds) {
  EXPECT_EQ(line(text("a=1"), escaping), "a=1");
  EXPECT_EQ(line(text(" =1"), escaping), " =1");
  EXPECT_EQ(line(number("-5"), escaping), "-5");
  EXPECT_EQ(line(json("[\"=1\"]"), escaping), "\"[\"\"=1\"\"]\"");
  EXPECT_EQ(line(text(""), escaping), "\"\"");
}

}  // namespace
}  // namespace callrail
