#include "list_in_test.hpp"

#include <gmock/gmock.h>

namespace callrail {
namespace {

using test::first_ids;
using test::ids_of;
using test::ListInTest;
using test::read_all;
using test::reading;
using testing::HasSubstr;
using State = WindowReader::State;

TEST(Spans, HaveARowInCommonAndReachAsFarAsTheyCan) {
  EXPECT_EQ(span_after(250, 250), (Span{2, 249}));
  EXPECT_EQ(span_after(498, 250), (Span{3, 248}));
  for (const int most : {20, 100, 250})
    for (std::uint64_t covered = static_cast<std::uint64_t>(most); covered < 5000;) {
      const Span next = span_after(covered, most);
      ASSERT_LT(next.begin(), covered) << most;
      ASSERT_GT(next.end(), covered) << most;
      covered = next.end();
    }
}

TEST(Spans, OfOneOrTwoRowsFollowEachOtherPlainly) {
  EXPECT_EQ(span_after(2, 2), (Span{2, 2}));
  EXPECT_EQ(span_after(1, 1), (Span{2, 1}));
}

TEST(Spans, CostAtMostOneMorePageInAWindow) {
  for (const int size : {20, 100, 250}) {
    const int pages = pages_of_window(size);
    for (int rows = 1; rows <= pages * size; ++rows) {
      int asked = 1;
      for (std::uint64_t covered = static_cast<std::uint64_t>(size);
           covered < static_cast<std::uint64_t>(rows); ++asked)
        covered = span_after(covered, size).end();
      ASSERT_LE(asked, (rows + size - 1) / size + 1) << rows << " rows, pages of " << size;
    }
  }
}

TEST(WindowReading, ProvesASinglePageWithOneRequest) {
  for (const int rows : {0, 1, 9}) {
    ListInTest list{.ids = first_ids(rows)};
    WindowReader reader{reading(10)};
    ASSERT_TRUE(read_all(reader, list));
    EXPECT_EQ(list.asked.size(), 1u);
    EXPECT_EQ(list.asked[0], "page=1&per_page=10");
    EXPECT_EQ(reader.proof(), Proof::proven) << reader.why();
    EXPECT_EQ(ids_of(reader), list.ids);
  }
}

TEST(WindowReading, ReadsAQuietListOnceAndInOrderWithAtMostOneRequestMore) {
  for (int rows = 0; rows <= 160; ++rows)
    for (const unsigned seed : {0u, 7u}) {
      ListInTest list{.ids = first_ids(rows)};
      WindowReader reader{reading(20)};
      ASSERT_TRUE(read_all(reader, list, seed));
      EXPECT_EQ(reader.proof(), Proof::proven) << rows << reader.why();
      EXPECT_LE(list.asked.size(),
                static_cast<std::size_t>(std::max(1, (rows + 19) / 20) + 1 + rows / 40))
          << rows;
      ASSERT_EQ(ids_of(reader), list.ids) << rows;
    }
}

TEST(WindowReading, AsksForTheLastPageWhenAllOthersAreHere) {
  ListInTest list{.ids = first_ids(50)};
  WindowReader reader{reading(20)};
  reader.asked(reader.next()->read);
  ASSERT_TRUE(reader.arrived(0, test::decoded(list.answer("page=1&per_page=20")), false));
  const auto second = reader.next();
  ASSERT_TRUE(second);
  reader.asked(second->read);
  EXPECT_FALSE(reader.next());  // the third has to count after the reading
  ASSERT_TRUE(reader.arrived(second->read, test::decoded(list.answer(second->query)), false));
  EXPECT_TRUE(reader.next());
}

TEST(WindowReading, PutsLinesAsideThatCameBeforeTheirTurnAndBodiesOnceTheyWereLookedAt) {
  for (const bool lines : {true, false}) {
    const auto read = lines ? &test::spelled : &test::decoded;
    ListInTest list{.ids = first_ids(70)};
    WindowReader reader{reading(20)};
    reader.asked(reader.next()->read);
    ASSERT_TRUE(reader.arrived(0, read(list.answer("page=1&per_page=20")), false));
    const auto second = *reader.next();
    reader.asked(second.read);
    const auto third = *reader.next();
    reader.asked(third.read);
    Page page = read(list.answer(third.query));
    const std::size_t of_third = page.memory();
    ASSERT_TRUE(reader.arrived(third.read, std::move(page), false));
    EXPECT_GT(reader.memory(), of_third);
    reader.put_aside(0);
    EXPECT_EQ(reader.memory(), lines ? 0 : of_third);
    ASSERT_TRUE(reader.arrived(second.read, read(list.answer(second.query)), false));
    reader.put_aside(0);
    EXPECT_EQ(reader.memory(), 0u);
    while (const auto ask = reader.next()) {
      reader.asked(ask->read);
      ASSERT_TRUE(reader.arrived(ask->read, read(list.answer(ask->query)), false));
    }
    EXPECT_EQ(reader.proof(), Proof::proven);
    EXPECT_EQ(ids_of(reader), list.ids);
  }
}

TEST(WindowReading, FindsTheNeighbourThatSlippedOverThePageBoundary) {
  // Row 3 leaves after page 1 was read, so row 21 slips to page 1: the next page does not have it.
  ListInTest list{.ids = first_ids(50)};
  list.before = [&](int nth) {
    if (nth == 2) list.hide(3);
  };
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.proof(), Proof::proven_with_churn) << reader.why();
  EXPECT_EQ(ids_of(reader), list.ids);
}

TEST(WindowReading, ReadsARowThatArrivesBetweenTwoPages) {
  for (const std::size_t place : {0u, 10u, 25u, 50u}) {
    ListInTest list{.ids = first_ids(50)};
    list.before = [&](int nth) {
      if (nth == 2) list.insert(place, 1000);
    };
    WindowReader reader{reading(20)};
    ASSERT_TRUE(read_all(reader, list));
    EXPECT_EQ(reader.proof(), Proof::proven_with_churn) << place;
    EXPECT_EQ(ids_of(reader), list.ids) << place;
  }
}

TEST(WindowReading, KeepsTheNewestReadingOfARow) {
  ListInTest list{first_ids(30)};
  // The row that the first two pages have in common is edited between them.
  list.before = [&](int nth) { list.moved[10] = nth - 1; };
  WindowReader reader{reading(10)};
  ASSERT_TRUE(read_all(reader, list));
  std::uint64_t repeated = 0;
  std::string count;
  while (const auto page = reader.take(repeated))
    for (std::size_t i = 0; i < page->rows().count; ++i)
      if (page->rows().at(i, 0).text() == "10")
        count = page->rows().at(i, test::field("count")).text();
  EXPECT_EQ(count, "1") << "as the second page has it, and no other one";
}

TEST(WindowReading, IsNotFooledByOneRowThatLeavesAndOneThatComes) {
  // The totals stay the same all the time, and yet row 21 was never on a page.
  ListInTest list{.ids = first_ids(50)};
  list.before = [&](int nth) {
    if (nth != 2) return;
    list.hide(3);
    list.insert(100, 1000);
  };
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  const auto ids = ids_of(reader);
  EXPECT_NE(std::ranges::find(ids, 21), ids.end());
  EXPECT_EQ(std::set<int>(ids.begin(), ids.end()).size(), ids.size());
}

TEST(WindowReading, NeverClaimsToBeCompleteWithoutARowThatStayed) {
  int complete = 0, disturbed = 0;
  for (unsigned seed = 1; seed <= 3000; ++seed) {
    std::mt19937 random{seed};
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    ListInTest list{.ids = first_ids(below(120))};
    std::set<int> stayed(list.ids.begin(), list.ids.end()), ever = stayed;
    int next_id = 1000;
    const int trouble = below(6);
    list.before = [&](int) {
      for (int i = below(4) < trouble ? below(3) : 0; i > 0; --i) {
        ++disturbed;
        if (below(2) == 0 && !list.ids.empty()) {
          const int gone = list.ids[random() % list.ids.size()];
          stayed.erase(gone);
          list.hide(gone);
        } else {
          ever.insert(next_id);
          list.insert(below(2) == 0 ? list.ids.size() : random() % (list.ids.size() + 1),
                      next_id++);
        }
      }
    };
    Reading facts = reading(4 + below(30));
    if (below(3) == 0) facts.style = Paging::relative;
    WindowReader reader{facts};
    ASSERT_TRUE(read_all(reader, list, seed)) << seed;
    ASSERT_EQ(reader.state(), State::settled) << seed;
    const bool claims = reader.proof() && is_complete(*reader.proof());
    const auto ids = ids_of(reader);
    const std::set<int> got(ids.begin(), ids.end());
    EXPECT_EQ(got.size(), ids.size()) << "doubles, seed " << seed;
    EXPECT_TRUE(std::ranges::includes(ever, got)) << seed;
    if (claims) {
      ++complete;
      EXPECT_TRUE(std::ranges::includes(got, stayed)) << "a row is lost, seed " << seed;
    }
  }
  EXPECT_GT(complete, 2000);
  EXPECT_GT(disturbed, 3000);
}

TEST(WindowReading, LosesNoRowThatMovesToTheFrontOfAListWithTheNewestFirst) {
  for (unsigned seed = 1; seed <= 500; ++seed) {
    std::mt19937 random{seed};
    ListInTest list{.ids = first_ids(20 + static_cast<int>(random() % 80))};
    std::set<int> stayed(list.ids.begin(), list.ids.end());
    list.before = [&](int) {
      if (random() % 3 != 0) return;
      const int moved = list.ids[random() % list.ids.size()];
      list.hide(moved);
      list.insert(0, moved);
      ++list.moved[moved];
      if (random() % 4 != 0 || list.ids.size() < 2) return;
      const int gone = list.ids[random() % list.ids.size()];
      stayed.erase(gone);
      list.hide(gone);
    };
    Reading facts = reading(10);
    facts.newest_first = true;
    facts.cursor = test::field("count");
    WindowReader reader{facts};
    ASSERT_TRUE(read_all(reader, list, seed));
    const bool claims = reader.proof() && is_complete(*reader.proof());
    const auto ids = ids_of(reader);
    EXPECT_EQ(std::set<int>(ids.begin(), ids.end()).size(), ids.size());
    if (claims) {
      EXPECT_TRUE(std::ranges::includes(std::set<int>(ids.begin(), ids.end()), stayed)) << seed;
    }
  }
}

TEST(WindowReading, ReportsTotalsThatDoNotAddUpAfterASecondReading) {
  for (const int lie : {-3, 2}) {
    ListInTest list{.ids = first_ids(50), .lie = lie};
    WindowReader reader{reading(20)};
    ASSERT_TRUE(read_all(reader, list));
    EXPECT_EQ(reader.proof(), Proof::contradicted);
    EXPECT_THAT(reader.why(), HasSubstr(std::to_string(50 + lie) + " rows and sends 50"));
    EXPECT_EQ(ids_of(reader), list.ids);
  }
}

TEST(WindowReading, LeavesAListWithoutTotalsUnproven) {
  for (const int most : {1000, 7}) {
    ListInTest list{.ids = first_ids(50), .totals = false, .most = most};
    WindowReader reader{reading(20)};
    ASSERT_TRUE(read_all(reader, list));
    EXPECT_EQ(reader.proof(), Proof::unproven);
    EXPECT_THAT(reader.why(), HasSubstr("no number of rows"));
    EXPECT_EQ(ids_of(reader), list.ids);
  }
}

TEST(WindowReading, GoesOnWithThePagesAServerGives) {
  ListInTest list{.ids = first_ids(50), .most = 8};
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.proof(), Proof::proven) << reader.why();
  EXPECT_EQ(ids_of(reader), list.ids);
}

TEST(WindowReading, CountsRelativePagesAfterwards) {
  for (const int rows : {0, 5, 50}) {
    ListInTest list{.ids = first_ids(rows)};
    Reading facts = reading(20);
    facts.style = Paging::relative;
    WindowReader reader{facts};
    ASSERT_TRUE(read_all(reader, list));
    EXPECT_EQ(reader.proof(), Proof::proven) << reader.why();
    EXPECT_EQ(ids_of(reader), list.ids);
    EXPECT_EQ(list.asked.front(), "relative_pagination=true&per_page=20");
    EXPECT_EQ(list.asked.back(), "page=1&per_page=1");
  }
}

TEST(WindowReading, RefusesCountedPagesWhereItAskedForRelativeOnes) {
  ListInTest list{.ids = first_ids(50)};
  list.instead = [](const std::string&) {
    return R"({"page":1,"total_pages":3,"total_records":50,"things":[{"id":1}]})";
  };
  Reading facts = reading(20);
  facts.style = Paging::relative;
  WindowReader reader{facts};
  const auto status = read_all(reader, list);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, HasSubstr("use offset paging"));
}

TEST(WindowReading, RefusesAPageItDidNotAskFor) {
  ListInTest list{.ids = first_ids(50)};
  list.instead = [](const std::string& url) {
    return url.find("page=2&") == url.npos ? "" : R"({"page":7,"things":[{"id":1}]})";
  };
  WindowReader reader{reading(20)};
  const auto status = read_all(reader, list);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().what, HasSubstr("asked for page 2, got page 7"));
}

TEST(WindowReading, FailsWhenTheApiDoesNotTurnPages) {
  for (const bool totals : {true, false}) {
    ListInTest list{.ids = first_ids(20)};
    list.instead = [&](const std::string&) {
      std::string text =
          totals ? R"({"total_pages":3,"total_records":60,"things":[)" : R"({"things":[)";
      for (int i = 1; i <= 20; ++i)
        text += (i == 1 ? "{\"id\":" : ",{\"id\":") + std::to_string(i) + '}';
      return text + "]}";
    };
    WindowReader reader{reading(20)};
    ASSERT_TRUE(read_all(reader, list));
    EXPECT_EQ(reader.state(), State::failed);
    EXPECT_THAT(reader.failure().what, HasSubstr("does not turn pages"));
    EXPECT_LE(list.asked.size(), 6u);
  }
}

TEST(WindowReading, AsksAgainForAPageThatIsEmptyTooEarly) {
  ListInTest list{.ids = first_ids(50)};
  int empty = 1;
  list.instead = [&](const std::string& url) -> std::string {
    if (url.find("page=2&") == url.npos || empty-- <= 0) return "";
    return R"({"page":2,"total_pages":3,"total_records":50,"things":[]})";
  };
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.proof(), Proof::proven) << reader.why();
  EXPECT_EQ(ids_of(reader), list.ids);
}

TEST(WindowReading, ReadsAPageAgainThatOnlyRepeatsTheOneBefore) {
  ListInTest list{.ids = first_ids(70)};
  bool repeated = false;
  list.instead = [&](const std::string& url) -> std::string {
    if (url.find("page=2&") == url.npos || std::exchange(repeated, true)) return "";
    std::string text = R"({"things":[)";
    for (int i = 1; i <= 19; ++i)
      text += (i == 1 ? "{\"id\":" : ",{\"id\":") + std::to_string(i) + '}';
    return text + "]}";
  };
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_TRUE(is_complete(*reader.proof())) << reader.why();
  EXPECT_EQ(ids_of(reader), list.ids);
}

TEST(WindowReading, AsksForAWindowToBeCutThatIsTooLarge) {
  ListInTest list{.ids = first_ids(1000)};
  Reading facts = reading(20);
  facts.most = 80;
  WindowReader reader{facts};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.state(), State::too_large);
  EXPECT_EQ(reader.parts(), 16u);  // of some 65 rows each: none is likely to be cut again
  EXPECT_EQ(reader.total(), 1000u);
  EXPECT_EQ(list.asked.size(), 1u);
}

TEST(WindowReading, CutsAWindowThatWillNotHoldStill) {
  ListInTest list{.ids = first_ids(50)};
  int next = 1000;
  list.before = [&](int) { list.insert(0, next++); };
  Reading facts = reading(20);
  facts.most = 80;
  WindowReader reader{facts};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.state(), State::too_large);
  EXPECT_EQ(reader.parts(), 2u);
}

TEST(WindowReading, GivesUpOnAListThatWillNotHoldStillAndCannotBeCut) {
  ListInTest list{.ids = first_ids(50)};
  int next = 1000;
  list.before = [&](int) { list.insert(0, next++); };
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.proof(), Proof::unproven);
  EXPECT_THAT(reader.why(), testing::AnyOf(HasSubstr("hold still"), HasSubstr("fit together")));
  EXPECT_LE(list.asked.size(), 30u);
}

TEST(WindowReading, EndsWithTheLimit) {
  ListInTest list{.ids = first_ids(100)};
  Reading facts = reading(20);
  facts.enough = 45;
  WindowReader reader{facts};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.state(), State::settled);
  EXPECT_FALSE(reader.proof());
  EXPECT_EQ(list.asked.size(), 3u);
  EXPECT_GE(ids_of(reader).size(), 45u);
}

TEST(WindowReading, OnlyCountsWhereThatIsAsked) {
  ListInTest list{.ids = first_ids(100)};
  Reading facts = reading(20);
  facts.only_count = true;
  WindowReader reader{facts};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.total(), 100u);
  EXPECT_EQ(list.asked.size(), 1u);
}

TEST(WindowReading, NoticesThatTheOrderIsBroken) {
  // The server answers in an order of its own: the count agrees, but was everything listed?
  ListInTest list{.ids = first_ids(30)};
  list.instead = [&](const std::string& url) -> std::string {
    const int page = ListInTest::number(url, "page", 1),
              size = ListInTest::number(url, "per_page", 1);
    std::string text = R"({"total_records":30,"things":[)";
    for (int i = (page - 1) * size; i < std::min(page * size, 30); ++i)
      text += (i == (page - 1) * size ? "" : ",") + std::string{R"({"id":)"} + std::to_string(i) +
              R"(,"made_at":"2026-01-)" + (i % 2 == 0 ? "10" : "11") + R"(T00:00:00Z"})";
    return text + "]}";
  };
  Reading facts = reading(20);
  facts.cursor = test::field("made_at");
  facts.sorted = true;
  WindowReader reader{facts};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.proof(), Proof::proven_with_churn);
  EXPECT_THAT(reader.why(), HasSubstr("another order"));
  EXPECT_EQ(list.asked.size(), 4u);  // each page twice
}

TEST(WindowReading, TellsRowsWithoutAKeyApartByWhatTheyHold) {
  ListInTest list;
  list.instead = [](const std::string& url) -> std::string {
    const int page = ListInTest::number(url, "page", 1),
              size = ListInTest::number(url, "per_page", 1);
    std::string text = R"({"total_records":30,"things":[)";
    for (int i = (page - 1) * size; i < std::min(page * size, 30); ++i)
      text += (i == (page - 1) * size ? "" : ",") + std::string{R"({"id":null,"name":"n)"} +
              std::to_string(i) + R"("})";
    return text + "]}";
  };
  WindowReader reader{reading(20)};
  ASSERT_TRUE(read_all(reader, list));
  EXPECT_EQ(reader.proof(), Proof::proven) << reader.why();
  EXPECT_EQ(reader.rows(), 30u);
}

}  // namespace
}  // namespace callrail
