#include "edit/apply_patch.hpp"
#include "edit/line_diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace callrail::codegen {
namespace {

using testing::HasSubstr;

TEST(Diffing, WritesWhatDiffMinusUWrites) {
  EXPECT_EQ(
      unified_diff("a/b.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\nten\n"),
      "--- a/a/b.txt\n+++ b/a/b.txt\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n "
      "9\n+ten\n");
}

TEST(Diffing, KeepsDistantChangesApart) {
  std::string before, after;
  for (int i = 0; i < 30; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 3 || i == 20 ? "x" : "") + std::to_string(i) + "\n";
  }
  EXPECT_EQ(unified_hunks(before, after),
            "@@ -1,7 +1,7 @@\n 0\n 1\n 2\n-3\n+x3\n 4\n 5\n 6\n"
            "@@ -18,7 +18,7 @@\n 17\n 18\n 19\n-20\n+x20\n 21\n 22\n 23\n");
}

TEST(Diffing, TellsThatTheLastLineHasNoEnd) {
  EXPECT_EQ(unified_hunks("a\nb", "a\nb\n"),
            "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
}

TEST(Diffing, SaysNothingOfEqualTexts) {
  EXPECT_EQ(unified_diff("f", "a\n", "a\n"), "");
  EXPECT_EQ(unified_diff("f", "", ""), "");
}

TEST(Diffing, MakesOneChangeOfWhatHasTooMany) {
  std::string before, after;
  for (int i = 0; i < 3000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  const std::string patch = unified_diff("f", before, after);
  EXPECT_THAT(patch, HasSubstr("@@ -1,3000 +1,3000 @@"));
  EXPECT_EQ(apply_patch(before, patch, "f").text, after);
}

TEST(Diffing, IsUndoneByNothingButItsPatch) {
  std::mt19937 dice{5};
  const auto text = [&] {
    std::string out;
    for (auto lines = dice() % 30; lines > 0; --lines)
      out += std::string(1, "abcd"[dice() % 4]) + "\n";
    if (!out.empty() && dice() % 4 == 0) out.pop_back();
    return out;
  };
  for (int i = 0; i < 3000; ++i) {
    const std::string before = text(), after = text();
    const std::string patch = unified_diff("f", before, after);
    if (before == after) continue;
    const Applied applied = apply_patch(before, patch, "f");
    ASSERT_EQ(applied.trouble, "") << patch;
    ASSERT_EQ(applied.text, after) << patch;
  }
}

TEST(Patching, FindsLinesThatHaveMoved) {
  const std::string patch = unified_diff("f", "a\nb\nc\n", "a\nB\nc\n");
  EXPECT_EQ(apply_patch("new\nlines\na\nb\nc\n", patch, "f").text, "new\nlines\na\nB\nc\n");
}

TEST(Patching, NamesTheHunkThatDoesNotFit) {
  const std::string patch = unified_diff("schema/f", "a\nb\nc\n", "a\nB\nc\n");
  const Applied applied = apply_patch("a\nX\nc\n", patch, "f");
  EXPECT_EQ(applied.text, "");
  EXPECT_THAT(applied.trouble, HasSubstr("hunk 1 of 1, @@ -1,3 +1,3 @@, does not fit"));
}

TEST(Patching, ChangesNoOtherLinesThatLookAlike) {
  const std::string text = "a\nb\nc\n1\n2\n3\n4\na\nb\nc\n";
  const std::string patch = unified_diff("schema/f", text, "a\nB\nc\n1\n2\n3\n4\na\nb\nc\n");
  const std::string once = apply_patch(text, patch, "f").text;
  EXPECT_EQ(once, "a\nB\nc\n1\n2\n3\n4\na\nb\nc\n");
  EXPECT_THAT(apply_patch(once, patch, "f").trouble, HasSubstr("applied already"));
  const std::string alike = "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n";
  EXPECT_THAT(apply_patch("0\n" + text, alike, "f").trouble, HasSubstr("fits in lines 2 and 9"));
}

TEST(Patching, RefusesWhatIsNoPatchOfTheFile) {
  EXPECT_THAT(apply_patch("a\n", "hello\n", "f").trouble, HasSubstr("no hunk"));
  EXPECT_THAT(apply_patch("a\n", "@@ -1 +1 @@\n-a\n+b\n", "f").trouble,
              HasSubstr("before the name"));
  EXPECT_THAT(apply_patch("a\n", "--- a/g\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n", "f").trouble,
              HasSubstr("changes b/g, not f"));
  EXPECT_THAT(
      apply_patch("a\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n--- a/g\n+++ b/g\n", "f").trouble,
      HasSubstr("a second file"));
  EXPECT_THAT(apply_patch("a\n", "--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n-a\n+b\n", "f").trouble,
              HasSubstr("cut short"));
  EXPECT_THAT(apply_patch("a\n", "--- a/f\n+++ b/f\n@@ something @@\n", "f").trouble,
              HasSubstr("not a hunk"));
}

TEST(Patching, ReadsWhatGitWritesAroundAPatch) {
  const std::string patch =
      "diff --git a/schema/f b/schema/f\nindex 1..2 100644\n--- a/schema/f\n+++ b/schema/f\n"
      "@@ -1 +1 @@ words git finds useful\n-a\n+b\n";
  EXPECT_EQ(apply_patch("a\n", patch, "schema/f").text, "b\n");
}

}  // namespace
}  // namespace callrail::codegen
