#include "emit/text_block.hpp"

#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

const std::string long_text =
    "Words enough to fill a line of one hundred columns and then some more of them, so that it has "
    "to be broken.";

TEST(TextBlock, IndentsWhatIsNotEmpty) {
  TextBlock out;
  out.line("a {").indent().line("b").line().dedent().line("}");
  EXPECT_EQ(out.take(), "a {\n  b\n\n}\n");
}

TEST(TextBlock, WrapsCommentsBetweenWords) {
  TextBlock out;
  out.comment("///", long_text);
  EXPECT_EQ(out.take(),
            "/// Words enough to fill a line of one hundred columns and then some more of them, so "
            "that it has to\n/// be broken.\n");
}

TEST(TextBlock, NeverEndsACommentWithABackslash) {
  TextBlock out;
  out.comment("//", "a \\");
  EXPECT_EQ(out.take(), "// a \\.\n");
}

TEST(TextBlock, AlignsTheCommentsOfNeighbours) {
  TextBlock out;
  out.members({{"int a;", "One."}, {"long long b;", "Two."}, {"int c;", ""}, {"int d;", "Four."}});
  EXPECT_EQ(out.take(),
            "int a;        ///< One.\n"
            "long long b;  ///< Two.\n"
            "int c;\n"
            "int d;  ///< Four.\n");
}

TEST(TextBlock, PutsACommentThatDoesNotFitAboveItsMember) {
  TextBlock out;
  out.indent().members({{"int a;", "One."}, {"int b;", long_text}, {"int c;", "Three."}});
  EXPECT_EQ(
      out.take(),
      "  int a;  ///< One.\n"
      "  /// Words enough to fill a line of one hundred columns and then some more of them, so "
      "that it has\n"
      "  /// to be broken.\n"
      "  int b;\n"
      "  int c;  ///< Three.\n");
}

TEST(TextBlock, LetsALongNeighbourPushACommentOut) {
  const std::string fits_alone(80, 'x');
  TextBlock out;
  out.members({{"int a;", fits_alone}, {"std::vector<int> b;", "Two."}});
  EXPECT_EQ(out.take(), "/// " + fits_alone + "\nint a;\nstd::vector<int> b;  ///< Two.\n");
}

TEST(TextBlock, KeepsAShortInitializerInOneLine) {
  TextBlock out;
  out.initializer("F{", {Part::quoted("name", "a"), Part::of("type", "Type::id")}, "},");
  EXPECT_EQ(out.take(), "F{.name = \"a\", .type = Type::id},\n");
}

TEST(TextBlock, BreaksALongInitializerAtItsPartsAndItsTexts) {
  TextBlock out;
  out.indent(4).initializer("{", {Part::quoted("doc", long_text), Part::of("n", "1")}, "},");
  EXPECT_EQ(
      out.take(),
      "    {.doc = \"Words enough to fill a line of one hundred columns and then some more of "
      "them, so \"\n"
      "            \"that it has to be broken.\",\n"
      "     .n = 1},\n");
}

TEST(TextBlock, BreaksAListOneItemALine) {
  TextBlock out;
  out.list("int a[] = {", {"1", "2"});
  out.list("int b[] = {", std::vector<std::string>(40, "100"));
  const std::string text = out.take();
  EXPECT_TRUE(text.starts_with("int a[] = {1, 2};\nint b[] = {\n    100,\n    100,\n")) << text;
  EXPECT_TRUE(text.ends_with("    100,\n};\n"));
}

TEST(TextBlock, PutsABrokenTextAmongOthersInParentheses) {
  TextBlock out;
  out.list_of_texts("Text a[] = {", {"one", long_text});
  EXPECT_EQ(out.take(),
            "Text a[] = {\n"
            "    \"one\",\n"
            "    (\"Words enough to fill a line of one hundred columns and then some more of them, "
            "so that it \"\n"
            "     \"has to be broken.\"),\n"
            "};\n");
}

TEST(TextBlock, LaysOutEnumerations) {
  TextBlock out;
  out.enumeration("enum class E", {"a", "b"});
  EXPECT_EQ(out.take(), "enum class E { a, b };\n");
}

TEST(TextBlock, CountsLettersNotBytes) { EXPECT_EQ(width_of("Zoë 🦷"), 5u); }

}  // namespace
}  // namespace callrail::codegen
