#include "field_refusal.hpp"

#include <gtest/gtest.h>

namespace callrail {
namespace {

using Names = std::vector<std::string>;
const Names requested{"source", "source_name", "utm_term", "note"};

TEST(FieldRefusal, FindsTheNamesTheApiComplainsAbout) {
  EXPECT_EQ(
      refused_fields("field values not allowed: utm_term; must be: 'note, source, source_name'",
                     requested),
      Names{"utm_term"});
  EXPECT_EQ(refused_fields("Field values not allowed: utm_term, note", requested),
            (Names{"utm_term", "note"}));
}

TEST(FieldRefusal, BelievesARefusalOfAllNames) {
  EXPECT_EQ(refused_fields("field values not allowed: note, source; must be: 'source_name'",
                           {"note", "source"}),
            (Names{"note", "source"}));
}

TEST(FieldRefusal, DoesNotTakePartsOfNamesForNames) {
  EXPECT_EQ(refused_fields("field values not allowed: source_name", requested),
            Names{"source_name"});
}

TEST(FieldRefusal, LeavesOtherComplaintsAlone) {
  EXPECT_EQ(refused_fields("date range must be within the last 25 months", requested), Names{});
  EXPECT_EQ(refused_fields("company_id parameter is required", requested), Names{});
  EXPECT_EQ(refused_fields("note too long", requested), Names{});
}

}  // namespace
}  // namespace callrail
