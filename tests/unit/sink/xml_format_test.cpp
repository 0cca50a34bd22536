#include "rows_in_tests.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <pugixml.hpp>

namespace callrail {
namespace {

using namespace test;

constexpr TextOptions xml{.format = FileFormat::xml};

/// What stands between <row> and </row> for a single value.
std::string element(const Cell& cell) {
  const std::string file = spell(table_with({"x"}), OwnedRows{{cell}}, xml);
  const auto begin = file.find("<row>") + 5;
  return file.substr(begin, file.rfind("</row>") - begin);
}

std::string read_text(const Cell& cell) {
  const std::string file = spell(table_with({"x"}), OwnedRows{{cell}}, xml);
  pugi::xml_document document;
  EXPECT_TRUE(document.load_buffer(file.data(), file.size()));
  return document.document_element().child("row").child("x").child_value();
}

TEST(Xml, HasAnElementForEveryRowAndValue) {
  EXPECT_EQ(spell(table_with({"id", "name"}, "visits"),
                  OwnedRows{{number("1"), text("x")}, {number("2"), text("y")}}, xml),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<visits>\n"
            "<row><id>1</id><name>x</name></row>\n"
            "<row><id>2</id><name>y</name></row>\n"
            "</visits>\n");
}

TEST(Xml, OfNoRowsIsAnEmptyRoot) {
  EXPECT_EQ(spell(table_with({"id"}, "visits"), {}, xml),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<visits>\n</visits>\n");
}

TEST(Xml, TellsAbsentNullAndEmptyApart) {
  EXPECT_EQ(element(absent()), "");
  EXPECT_EQ(element(null()), "<x nil=\"true\"/>");
  EXPECT_EQ(element(text("")), "<x></x>");
}

TEST(Xml, WritesNumbersAndBooleansAsTheyWereSent) {
  EXPECT_EQ(element(number("9007199254740993")), "<x>9007199254740993</x>");
  EXPECT_EQ(element(boolean("false")), "<x>false</x>");
}

TEST(Xml, MarksNestedValues) {
  EXPECT_EQ(element(json(R"({"a":"<&>"})")), R"(<x type="json">{"a":"&lt;&amp;&gt;"}</x>)");
}

TEST(Xml, EscapesMarkup) {
  EXPECT_EQ(element(text("a<b & c>d \"e\" ]]>")), "<x>a&lt;b &amp; c&gt;d \"e\" ]]&gt;</x>");
}

TEST(Xml, KeepsLineBreaksOfAllKinds) {
  EXPECT_EQ(element(text("a\r\nb\tc\nd")), "<x>a&#13;\nb\tc\nd</x>");
  for (const Text t : {"a\r\nb", "\r", "\n", "\t\n", " ", "  x  ", "\nx\n", "x\r"})
    EXPECT_EQ(read_text(text(t)), t);
}

TEST(Xml, KeepsTextOfEveryScript) {
  for (const Text t :
       {"Åkerlund 日本 🎉", "\u0085\u2028\u2029", "\x7f", "\ufeff", "\uff21", "\U0001fffe"})
    EXPECT_EQ(element(text(t)), "<x>" + std::string{t} + "</x>");
}

TEST(Xml, WritesTextThatXmlCannotHoldAsAJsonString) {
  EXPECT_EQ(element(text("a\x01<\"\n")), R"(<x type="json-string">"a\u0001&lt;\"\n"</x>)");
  EXPECT_EQ(element(text(Text{"\0", 1})), R"(<x type="json-string">"\u0000"</x>)");
  EXPECT_EQ(element(text("\uffff")), R"(<x type="json-string">"\uffff"</x>)");
  EXPECT_EQ(element(text("a\ufffe"
                         "b\uffff")),
            R"(<x type="json-string">"a\ufffeb\uffff"</x>)");
}

TEST(Xml, WritesCharactersOfJsonThatXmlCannotHoldAsTheirEscapes) {
  EXPECT_EQ(element(json("[\"a\ufffe\",\"é\"]")), R"(<x type="json">["a\ufffe","é"]</x>)");
}

TEST(Xml, MakesNamesThatXmlTakes) {
  const std::string file =
      spell(table_with({"1st", "a b", "a_b", "xmlns", "å", "", "a:b", "ok-1.2"}, "my table"),
            OwnedRows{{text("1"), text("2"), text("3"), text("4"), text("5"), text("6"), text("7"),
                       text("8")}},
            xml);
  pugi::xml_document document;
  ASSERT_TRUE(document.load_buffer(file.data(), file.size())) << file;
  EXPECT_STREQ(document.document_element().name(), "my_table");
  std::string names;
  for (const auto& child : document.document_element().child("row"))
    names += std::string{child.name()} + ' ';
  EXPECT_EQ(names, "_1st a_b a_b_2 _xmlns __ _ a_b_3 ok-1.2 ");
}

}  // namespace
}  // namespace callrail
