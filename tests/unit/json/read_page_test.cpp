#include "gadget.hpp"

#include <callrail/read_page.hpp>

#include <gtest/gtest.h>

namespace callrail {
namespace {

using test::Gadget;

TEST(ReadPage, GivesTheRowsOfAPageAsRecords) {
  const auto page = read_page<Gadget>(R"({"page":1,"things":[{"id":1,"name":"Ann"},{"id":"G2"}]})");
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows().size(), 2u);
  EXPECT_EQ(page->rows()[0].name.value_or("?"), "Ann");
  EXPECT_EQ(page->rows()[1].name.value_or("?"), "?");
  EXPECT_EQ(page->rows()[1].id.text(), "G2");
  EXPECT_EQ(page->envelope().page, 1);
}

TEST(ReadPage, GivesFieldsThatCameOnRequest) {
  const auto page = read_page<Gadget>(R"({"things":[{"id":1,"note":"n"}]})");
  ASSERT_TRUE(page);
  EXPECT_EQ(*page->rows()[0].note, "n");
}

TEST(ReadPage, CountsWhatDiffersFromTheSchema) {
  Drift drift;
  ASSERT_TRUE(read_page<Gadget>(R"({"things":[{"id":1,"newcomer":2}]})", drift));
  EXPECT_EQ(drift.unknown_fields.count("newcomer"), 1u);
}

TEST(ReadPage, DoesNotTakeAnErrorForAnEmptyPage) {
  const auto page = read_page<Gadget>(R"({"error":"invalid api key"})");
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Code::bad_answer);
}

}  // namespace
}  // namespace callrail
