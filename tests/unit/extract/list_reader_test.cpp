#include "list_reader.hpp"

#include "gadget.hpp"

#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

const PagingFacts& facts = Reflect<test::Gadget>::paging;
constexpr const char* address = "https://api.example.com/v3/things.json?a=1";

Page page_of(const std::string& json) {
  const Endpoint& endpoint = Processor<test::Gadget>::endpoint();
  Drift drift;
  PageDecoder decoder;
  auto page =
      decoder.decode(endpoint, facts, Body{json}, Selection::everything(endpoint), {}, drift);
  EXPECT_TRUE(page) << json;
  return *std::move(page);
}

std::string rows(int n) {
  std::string text = "[";
  for (int i = 0; i < n; ++i)
    text += (i == 0 ? "" : ",") + std::string{"{\"id\":"} + std::to_string(i) + '}';
  return text + ']';
}

/// Asks for all that can be asked for now; the pages.
std::vector<int> ask_all(ListReader& reader) {
  std::vector<int> pages;
  while (const auto ask = reader.next()) {
    reader.asked(*ask);
    pages.push_back(ask->page);
  }
  return pages;
}

TEST(OffsetPaging, AsksForTheFirstPageAloneAndThenForAllOthers) {
  ListReader reader{facts, Paging::offset, address, 2};
  EXPECT_EQ(reader.next()->url, "https://api.example.com/v3/things.json?a=1&page=1&per_page=2");
  EXPECT_EQ(ask_all(reader), std::vector{1});
  ASSERT_TRUE(reader.arrived(
      1, page_of(R"({"total_pages":3,"total_records":5,"things":)" + rows(2) + "}"), 7));
  EXPECT_EQ(ask_all(reader), (std::vector{2, 3}));
  EXPECT_EQ(reader.take()->ticket, 7u);
  EXPECT_EQ(reader.total(), 5);
}

TEST(OffsetPaging, DeliversPagesInOrderWhateverTheOrderTheyCameIn) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(1, page_of(R"({"total_pages":3,"things":)" + rows(2) + "}"), 1));
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(3, page_of(R"({"total_pages":3,"things":)" + rows(1) + "}"), 3));
  EXPECT_EQ(reader.take()->page, 1);
  EXPECT_FALSE(reader.take());
  EXPECT_EQ(reader.waiting(), 1u);
  EXPECT_FALSE(reader.done());
  ASSERT_TRUE(reader.arrived(2, page_of(R"({"total_pages":3,"things":)" + rows(2) + "}"), 2));
  EXPECT_EQ(reader.take()->page, 2);
  EXPECT_EQ(reader.take()->page, 3);
  EXPECT_TRUE(reader.done());
}

TEST(OffsetPaging, GoesOnUntilAnEmptyPageWhenNobodySaysHowManyThereAre) {
  for (const char* totals : {"", R"("total_pages":0,)"}) {
    ListReader reader{facts, Paging::offset, address, 2};
    for (int page = 1; page <= 3; ++page) {
      EXPECT_EQ(ask_all(reader), std::vector{page});
      ASSERT_TRUE(reader.arrived(
          page, page_of("{" + std::string{totals} + "\"things\":" + rows(page < 3 ? 2 : 0) + "}"),
          0));
      ASSERT_TRUE(reader.take());
    }
    EXPECT_TRUE(reader.done());
    EXPECT_FALSE(reader.next());
  }
}

TEST(OffsetPaging, LooksBehindALastPageThatIsFull) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(
      1, page_of(R"({"total_pages":1,"total_records":2,"things":)" + rows(2) + "}"), 0));
  ASSERT_TRUE(reader.take());
  EXPECT_FALSE(reader.done());  // a total that is too low looks just like this
  EXPECT_EQ(ask_all(reader), std::vector{2});
  ASSERT_TRUE(reader.arrived(2, page_of(R"({"total_pages":1,"total_records":2,"things":[]})"), 0));
  ASSERT_TRUE(reader.take());
  EXPECT_TRUE(reader.done());
}

TEST(OffsetPaging, RefusesAPageItDidNotAskFor) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(
      reader.arrived(1, page_of(R"({"page":1,"total_pages":2,"things":)" + rows(2) + "}"), 0));
  ask_all(reader);
  const auto status =
      reader.arrived(2, page_of(R"({"page":1,"total_pages":2,"things":)" + rows(2) + "}"), 0);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().what, "asked for page 2, got page 1");
}

TEST(OffsetPaging, EndsAtAnEmptyPageWhateverTheNumberOfPages) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(1, page_of(R"({"total_pages":4001,"things":)" + rows(2) + "}"), 0));
  ASSERT_TRUE(reader.take());
  const auto ask = reader.next();
  reader.asked(*ask);
  ASSERT_TRUE(reader.arrived(2, page_of(R"({"total_pages":4001,"things":[]})"), 0));
  const auto empty = reader.take();
  EXPECT_TRUE(reader.ends_early(*empty));
  EXPECT_TRUE(reader.done());
  EXPECT_FALSE(reader.next());
}

TEST(OffsetPaging, DoesNotTakeATotalOfNothingBesideRowsForATotal) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(
      1, page_of(R"({"total_pages":0,"total_records":0,"things":)" + rows(1) + "}"), 0));
  EXPECT_FALSE(reader.total());
}

TEST(OffsetPaging, FollowsANumberOfPagesThatGrows) {
  ListReader growing{facts, Paging::offset, address, 2};
  ask_all(growing);
  ASSERT_TRUE(growing.arrived(1, page_of(R"({"total_pages":2,"things":)" + rows(2) + "}"), 0));
  ask_all(growing);
  ASSERT_TRUE(growing.take());
  ASSERT_TRUE(growing.arrived(2, page_of(R"({"total_pages":3,"things":)" + rows(2) + "}"), 0));
  ASSERT_TRUE(growing.take());
  EXPECT_EQ(ask_all(growing), std::vector{3});
}

TEST(OffsetPaging, DoesNotBelieveTooFewPagesWhenTheTotalSaysMore) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(
      1, page_of(R"({"total_pages":1,"total_records":3,"things":)" + rows(2) + "}"), 0));
  ASSERT_TRUE(reader.take());
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(ask_all(reader), std::vector{2});
  ASSERT_TRUE(reader.arrived(
      2, page_of(R"({"total_pages":1,"total_records":3,"things":)" + rows(1) + "}"), 0));
  ASSERT_TRUE(reader.take());
  EXPECT_TRUE(reader.done());
}

TEST(OffsetPaging, IsNotLedOnForeverByATotalThatLies) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(
      1, page_of(R"({"total_pages":1,"total_records":1000000,"things":)" + rows(2) + "}"), 0));
  ASSERT_TRUE(reader.take());
  EXPECT_EQ(ask_all(reader), std::vector{2});
  ASSERT_TRUE(
      reader.arrived(2, page_of(R"({"total_pages":1,"total_records":1000000,"things":[]})"), 0));
  ASSERT_TRUE(reader.take());
  EXPECT_TRUE(reader.done());
}

TEST(OffsetPaging, AsksAPageAgainThatWasGivenBack) {
  ListReader reader{facts, Paging::offset, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(1, page_of(R"({"total_pages":1,"things":)" + rows(2) + "}"), 0));
  const int page = reader.take()->page;
  EXPECT_TRUE(reader.give_back(page));
  EXPECT_FALSE(reader.done());
  ASSERT_TRUE(reader.arrived(1, page_of(R"({"total_pages":1,"things":)" + rows(1) + "}"), 0));
  EXPECT_EQ(reader.take()->content.size(), 1u);
  EXPECT_TRUE(reader.done());
}

TEST(RelativePaging, FollowsTheNextAddressToTheLetter) {
  ListReader reader{facts, Paging::relative, address, 2};
  EXPECT_EQ(reader.next()->url,
            "https://api.example.com/v3/things.json?a=1&relative_pagination=true&per_page=2");
  EXPECT_EQ(ask_all(reader), std::vector{1});
  const char* next =
      R"({"has_next_page":true,"next_page":"https://api.example.com/v3/things?x%5B%5D=1&offset=1","things":)";
  ASSERT_TRUE(
      reader.arrived(1, page_of(next + rows(1) + "}"), 0));  // a short page is not the last one
  EXPECT_EQ(reader.next()->url, "https://api.example.com/v3/things?x%5B%5D=1&offset=1");
  EXPECT_EQ(ask_all(reader), std::vector{2});
  EXPECT_EQ(reader.url_of(2), "https://api.example.com/v3/things?x%5B%5D=1&offset=1");
  ASSERT_TRUE(reader.arrived(
      2, page_of(R"({"has_next_page":false,"next_page":null,"things":)" + rows(1) + "}"), 0));
  ASSERT_TRUE(reader.take() && reader.take());
  EXPECT_TRUE(reader.done());
}

TEST(RelativePaging, EndsWhereTheNextAddressIsNullOrAbsent) {
  for (const char* last :
       {R"({"next_page":null,"things":[]})", R"({"things":[]})",
        R"({"has_next_page":false,"things":[]})",
        R"({"has_next_page":false,"next_page":"https://api.example.com/x","things":[]})"}) {
    ListReader reader{facts, Paging::relative, address, 2};
    ask_all(reader);
    ASSERT_TRUE(reader.arrived(1, page_of(last), 0)) << last;
    ASSERT_TRUE(reader.take());
    EXPECT_TRUE(reader.done()) << last;
  }
}

TEST(RelativePaging, DoesNotCarryTheKeyToAnotherHost) {
  for (const char* other :
       {"https://evil.example.com/v3/things", "http://api.example.com/v3/things",
        "https://api.example.com:8443/v3/things", "//evil.example.com/", "things"}) {
    ListReader reader{facts, Paging::relative, address, 2};
    ask_all(reader);
    const auto status = reader.arrived(1,
                                       page_of(R"({"has_next_page":true,"next_page":")" +
                                               std::string{other} + R"(","things":[]})"),
                                       0);
    ASSERT_FALSE(status) << other;
    EXPECT_NE(status.error().what.find("another host"), std::string::npos);
  }
}

TEST(RelativePaging, NoticesWhenItGoesInACircle) {
  ListReader reader{facts, Paging::relative, address, 2};
  const std::string circle =
      R"({"has_next_page":true,"next_page":"https://api.example.com/again","things":)" + rows(1) +
      "}";
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(1, page_of(circle), 0));
  ask_all(reader);
  const auto status = reader.arrived(2, page_of(circle), 0);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().what.find("circle"), std::string::npos);
}

TEST(RelativePaging, NoticesAnAnswerInNumberedPages) {
  for (const char* totals : {R"("page":1,"total_pages":3,)", R"("total_records":600,)"}) {
    ListReader reader{facts, Paging::relative, address, 2};
    ask_all(reader);
    EXPECT_FALSE(
        reader.arrived(1, page_of("{" + std::string{totals} + "\"things\":" + rows(2) + "}"), 0));
  }
}

TEST(RelativePaging, CanAskAPageAgainUnlessALaterOneDependsOnIt) {
  const std::string second =
      R"({"has_next_page":true,"next_page":"https://api.example.com/2","things":)" + rows(1) + "}";
  const std::string third =
      R"({"has_next_page":true,"next_page":"https://api.example.com/3","things":)" + rows(1) + "}";
  ListReader reader{facts, Paging::relative, address, 2};
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(1, page_of(second), 0));
  ASSERT_TRUE(reader.take());
  ask_all(reader);
  ASSERT_TRUE(reader.arrived(2, page_of(third), 0));
  ASSERT_TRUE(reader.give_back(reader.take()->page));
  ASSERT_TRUE(reader.arrived(2, page_of(third), 0));  // the same next address is no circle
  EXPECT_EQ(reader.take()->page, 2);
  EXPECT_EQ(ask_all(reader), std::vector{3});
  EXPECT_FALSE(reader.give_back(2));
}

TEST(RelativePaging, RefusesMorePagesWithoutAnAddress) {
  ListReader reader{facts, Paging::relative, address, 2};
  ask_all(reader);
  EXPECT_FALSE(reader.arrived(
      1, page_of(R"({"has_next_page":true,"next_page":null,"things":)" + rows(1) + "}"), 0));
}

}  // namespace
}  // namespace callrail
