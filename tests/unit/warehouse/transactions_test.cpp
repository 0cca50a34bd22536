#include "warehouse_fixture.hpp"

#include <transaction.hpp>

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Rows, how far they were read, and what a later process goes on with: all of it, or nothing.
class Commits : public Warehouses {
 protected:
  static ToyRows three() {
    ToyRows rows{toys, {toy("T1"), toy("T2")}};
    auto row = toy("T3");
    row["marks"] = json(R"(["red","green"])");
    row["colour"] = text("pink");
    rows.add(row);
    rows.add({{"name", text("No key")}});
    return rows;
  }
  /// What a transaction of these rows leaves, in one line each.
  std::vector<std::string> left() {
    std::vector<std::string> all;
    for (const char* const question :
         {"SELECT 'toy', id FROM toys ORDER BY id",
          "SELECT 'mark', word FROM toy_marks ORDER BY _n", "SELECT 'reject', reason FROM rejects",
          "SELECT 'issue', value FROM quality_issues", "SELECT 'cursor', run_id FROM _cursor",
          "SELECT 'checkpoint', rows FROM _run_endpoint",
          "SELECT 'created', created FROM runs WHERE created <> 0"})
      for (auto& row : rows_of(question)) all.push_back(std::move(row));
    return all;
  }
  const std::vector<std::string> everything{
      "toy|T1",     "toy|T2",   "toy|T3",       "mark|red", "mark|green", "reject|id is missing",
      "issue|pink", "cursor|1", "checkpoint|4", "created|3"};
};
INSTANTIATE_TEST_SUITE_P(Both, Commits, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Commits, HaveAllOfIt) {
  EXPECT_THAT(left(), IsEmpty());
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  ASSERT_TRUE(s->save());
  EXPECT_EQ(left(), everything);
}

TEST_P(Commits, NeverHaveRowsWithoutACheckpointOrTheReverse) {
  // The process dies before each call in turn: whatever was begun is gone with its connection.
  std::size_t last = 0;
  for (std::size_t at = 1;; ++at) {
    auto s = session();
    ASSERT_TRUE(s->begin());
    s->read_toys(three());
    std::size_t calls = 0;
    bool dead = false;
    s->db->before = [&](std::string_view) -> std::optional<Trouble> {
      dead = dead || ++calls == at;
      return dead ? std::optional{Trouble::destination} : std::nullopt;
    };
    const bool saved = s->save().has_value();
    s.reset();
    EXPECT_EQ(saved, !dead);
    if (saved) break;
    EXPECT_THAT(left(), IsEmpty()) << "before call " << at;
    last = at;
  }
  EXPECT_EQ(left(), everything);
  EXPECT_GT(last, 10);
}

TEST_P(Commits, AreDoneAgainWhenSomebodyIsInTheWay) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  int busy = 0;
  s->db->before = [&](std::string_view what) -> std::optional<Trouble> {
    return what == "commit" && ++busy < 4 ? std::optional{Trouble::again} : std::nullopt;
  };
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->waits, 3);
  EXPECT_EQ(s->counts(), "3 created, 1 rejected, 1 warnings");
  EXPECT_EQ(left(), everything);
}

TEST_P(Commits, GiveUpWhenSomebodyStaysInTheWay) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  s->db->before = [&](std::string_view) { return std::optional{Trouble::again}; };
  const auto saved = s->save();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, Code::sink_failed);
  EXPECT_GT(s->waits, 5);
  EXPECT_LT(s->waits, 20);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_P(Commits, GoOnOverANewConnection) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  int lost = 0;
  s->db->before = [&](std::string_view what) -> std::optional<Trouble> {
    if (what == "reconnect") return std::nullopt;
    return what == "commit" && ++lost < 3 ? std::optional{Trouble::connection} : std::nullopt;
  };
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->db->reconnects, 2);
  EXPECT_EQ(s->counts(), "3 created, 1 rejected, 1 warnings");
  EXPECT_EQ(left(), everything);
}

TEST_P(Commits, AreNotDoneTwiceWhenTheirAnswerIsLost) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  int lost = 0;
  s->db->after_commit = [&]() -> std::optional<Trouble> {
    return ++lost == 1 ? std::optional{Trouble::connection} : std::nullopt;
  };
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->db->reconnects, 1);
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(s->counts(), "3 created, 1 rejected, 1 warnings");
  EXPECT_EQ(left(), everything);
  // And the next one is one of its own.
  s->read_toys(ToyRows{toys, {toy("T4")}}, days("2026-03-11", "2026-03-12"));
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->counts(), "4 created, 1 rejected, 1 warnings");
}

TEST_P(Commits, WaitForNobodyWhoRefusesForGood) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  s->db->before = [&](std::string_view what) -> std::optional<Trouble> {
    // As after a password was changed.
    return what == "reconnect" ? Trouble::destination : Trouble::connection;
  };
  const auto saved = s->save();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().what, "stopped at reconnect");
  EXPECT_EQ(s->waits, 0);
  EXPECT_EQ(s->db->reconnects, 1);
}

TEST_P(Commits, LookAtTheTablesAgainOverANewConnection) {
  // Whatever is asked for first: the run begins all the same.
  for (std::size_t at = 1; at <= 8; ++at) {
    auto s = session();
    std::size_t calls = 0;
    s->db->before = [&](std::string_view) -> std::optional<Trouble> {
      return ++calls == at ? std::optional{Trouble::connection} : std::nullopt;
    };
    const auto begun = s->begin();
    EXPECT_TRUE(begun) << begun.error().what;
    EXPECT_EQ(s->db->reconnects, 1) << "at call " << at;
    s->db->before = {};
    const auto looked = s->warehouse->look({&toys, &labels}, {});
    EXPECT_TRUE(looked) << looked.error().what;
    EXPECT_TRUE(s->end());
  }
}

TEST_P(Commits, EndTheRunWhenTheDiskIsFull) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(three());
  s->db->before = [](std::string_view what) -> std::optional<Trouble> {
    return what == "commit" ? std::optional{Trouble::destination} : std::nullopt;
  };
  const auto saved = s->save();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, Code::sink_failed);
  EXPECT_EQ(s->waits, 0);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_P(Commits, LetAnotherProcessGoOn) {
  Position position;
  {
    auto s = session();
    EXPECT_FALSE(s->warehouse->began());
    ASSERT_TRUE(s->begin());
    s->read_toys(three());
    ASSERT_TRUE(s->save());
    position = *s->writer(toys).commit();
    s->read_toys(ToyRows{toys, {toy("T9")}});  // never committed
  }
  clock.advance(std::chrono::hours{1});
  auto s = session();
  ASSERT_TRUE(s->warehouse->began());
  EXPECT_EQ(*s->warehouse->began(), clock.today() - std::chrono::hours{1});
  ASSERT_TRUE(s->begin());
  const auto saved = s->warehouse->load("toys");
  ASSERT_TRUE(saved && *saved);
  EXPECT_EQ((*saved)->position.bytes, position.bytes);
  s->position = (*saved)->position;
  EXPECT_EQ(s->writer(toys).bytes(), position.bytes);
  s->read_toys(ToyRows{toys, {toy("T4")}}, days("2026-03-11", "2026-03-12"));
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->counts(), "4 created, 1 rejected, 1 warnings");
  ASSERT_TRUE(s->end());
  EXPECT_THAT(rows_of("SELECT run_id, status, fetched, created FROM runs WHERE endpoint = 'toys'"),
              ElementsAre("1|partial|5|4"));
  EXPECT_FALSE(session()->warehouse->began());
}

TEST_P(Commits, LeaveARunAloneThatIsTooOldOrNotWanted) {
  const auto began = [&](Resume resume) {
    WarehouseOptions options;
    options.resume = resume;
    return session(options)->warehouse->began().has_value();
  };
  {
    auto s = session();
    ASSERT_TRUE(s->begin());
  }
  EXPECT_FALSE(began(Resume::never));
  EXPECT_TRUE(began(Resume::if_it_fits));
  clock.advance(std::chrono::hours{49});
  EXPECT_FALSE(began(Resume::if_it_fits));
  EXPECT_TRUE(began(Resume::always));
  WarehouseOptions other;
  other.identity = {"other", "--endpoints toys"};
  other.resume = Resume::always;
  const auto opened = Warehouse::open(scratch->open(), toy_api, clock, other);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
}

TEST_P(Commits, SayThatTablesAreMissing) {
  ASSERT_TRUE(db->run("ALTER TABLE toys RENAME COLUMN \"order\" TO rank"));
  auto s = session();
  const auto begun = s->begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, Code::bad_request);
  EXPECT_THAT(begun.error().what, testing::HasSubstr("callrail-batch migrate"));
  EXPECT_TRUE(s->begin({&labels}));
  ASSERT_TRUE(db->run("DROP TABLE runs"));
  const auto opened = Warehouse::open(scratch->open(), toy_api, clock, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
}

}  // namespace
}  // namespace callrail::test
