#include <callrail/drift.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

TEST(Drift, CountsAndKeepsTheFirstExample) {
  Drift a, b;
  Drift::note(a.unknown_fields, "zip", "1");
  Drift::note(b.unknown_fields, "zip", "2");
  Drift::note(b.unknown_fields, "zap", "3");
  a.add(b);
  EXPECT_EQ(a.unknown_fields.at("zip").count, 2u);
  EXPECT_EQ(a.unknown_fields.at("zip").example, "1");
  EXPECT_EQ(a.unknown_fields.at("zap").example, "3");
}

TEST(Drift, CutsLongExamplesBetweenCharacters) {
  Drift drift;
  std::string text(79, 'x');
  text += "é and more";
  Drift::note(drift.unknown_fields, "a", text);
  EXPECT_EQ(drift.unknown_fields.at("a").example, std::string(79, 'x'));
}

TEST(Drift, StaysSmallWhateverTheAnswersHold) {
  Drift drift;
  for (int i = 0; i < 5000; ++i) Drift::note(drift.unknown_fields, "f" + std::to_string(i), "1");
  EXPECT_LE(drift.unknown_fields.size(), 101u);
  EXPECT_EQ(drift.unknown_fields.at("(others)").count, 4900u);
  Drift::note(drift.unknown_values, std::string(1 << 20, 'x'), "1");
  EXPECT_EQ(drift.unknown_values.begin()->first.size(), 80u);
}

TEST(Drift, IsNotAboutMistypedData) {
  Drift drift;
  Drift::note(drift.broken_formats, "email", "\"x\"");
  EXPECT_TRUE(drift.empty());
  Drift::note(drift.missing_fields, "email", {});
  EXPECT_FALSE(drift.empty());
}

}  // namespace
}  // namespace callrail
