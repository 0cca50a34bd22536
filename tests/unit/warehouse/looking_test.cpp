// What is asked of a warehouse beside filling it: past runs, orphans, rows of each day.
#include "warehouse_fixture.hpp"

#include <callrail/day_counts.hpp>
#include <callrail/orphans.hpp>
#include <callrail/past_runs.hpp>

#include <process_alive.hpp>
#include <unistd.h>

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class PastRuns : public Warehouses {
 protected:
  void add(std::int64_t run, const std::string& endpoint, const std::string& status,
           std::int64_t pid, const std::string& host = host_name()) {
    const SqlValue values[] = {run, endpoint, status, pid, host};
    const auto added = db->change(
        "INSERT INTO runs (run_id, endpoint, mode, status, started_at, fetched, created, updated, "
        "unchanged, rejected, removed, returned, warnings, requests, retries, pid, host) "
        "VALUES ($1, $2, 'delta', $3, '2026-02-10T14:05:06.789Z', 10, 4, 3, 2, 1, 5, 6, 7, 8, 9, "
        "$4, $5)",
        values);
    ASSERT_TRUE(added) << added.error().what;
  }
  void lease(std::int64_t run, const std::string& endpoint, int silent_seconds) {
    const std::string ago = std::to_string(silent_seconds);
    const std::string when = lite()
                                 ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-" + ago + " seconds')"
                                 : "clock_timestamp() - interval '" + ago + " seconds'";
    const SqlValue values[] = {endpoint, run};
    ASSERT_TRUE(
        db->change("INSERT INTO _lease (endpoint, account, run_id, pid, host, since, beat) "
                   "VALUES ($1, '', $2, 1, 'x', " +
                       when + ", " + when + ")",
                   values));
  }
  static std::int64_t nobody() {
    std::int64_t pid = 4'000'000;  // beyond what Linux gives out
    while (process_is_alive(pid)) ++pid;
    return pid;
  }
};
INSTANTIATE_TEST_SUITE_P(Both, PastRuns, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(PastRuns, AreToldWithAllTheirNumbersTheLatestFirst) {
  add(1, "toys", "success", 7);
  add(2, "toys", "partial", 7);
  add(3, "labels", "success", 7);
  add(3, "toys", "success", 7);
  const auto last = past_runs(*db, 2);
  ASSERT_TRUE(last) << last.error().what;
  ASSERT_THAT(*last, SizeIs(3));
  EXPECT_EQ((*last)[0].run_id, 3);
  EXPECT_EQ((*last)[0].endpoint, "labels");
  const PastRun& run = (*last)[2];
  EXPECT_EQ(run.run_id, 2);
  EXPECT_EQ(run.status, "partial");
  EXPECT_EQ(run.started_at, "2026-02-10T14:05:06.789Z");
  EXPECT_EQ(run.ended_at, "");
  EXPECT_EQ(run.fetched, 10U);
  EXPECT_EQ(Session::spell(run.counts),
            "4 created, 3 updated, 2 unchanged, 1 rejected, 5 removed, "
            "6 returned, 7 warnings");
  EXPECT_EQ(run.requests, 8U);
  EXPECT_EQ(run.retries, 9U);
  EXPECT_EQ(run.rows_per_second, std::nullopt);
  EXPECT_EQ(run.pid, 7);
  EXPECT_THAT(*past_runs(*db, 100), SizeIs(4));
}

TEST_P(PastRuns, OfAProcessThatIsGoneAreMarked) {
  add(1, "toys", "running", nobody());
  lease(1, "toys", 5);
  add(2, "labels", "running", ::getppid());
  lease(2, "labels", 5);
  add(3, "shops", "success", nobody());
  const auto stale = end_stale_runs(*db);
  ASSERT_TRUE(stale) << stale.error().what;
  ASSERT_THAT(*stale, SizeIs(1));
  EXPECT_EQ(stale->front().run_id, 1);
  EXPECT_THAT(rows_of("SELECT run_id, status FROM runs ORDER BY 1"),
              ElementsAre("1|failed", "2|running", "3|success"));
  EXPECT_THAT(rows_of("SELECT run_id FROM _lease"), ElementsAre("2"));
  EXPECT_THAT(rows_of("SELECT 1 FROM runs WHERE run_id = 1 AND ended_at IS NOT NULL"), SizeIs(1));
  EXPECT_THAT(*end_stale_runs(*db), IsEmpty());
}

TEST_P(PastRuns, ThatAreDryTakeNoLeaseAndAreAliveAsTheirProcessIs) {
  add(1, "toys", "running", ::getppid());
  add(2, "toys", "running", nobody());
  add(3, "toys", "running", 1, "another.example.com");
  add(4, "toys", "running", 1, "another.example.com");
  ASSERT_TRUE(db->run("UPDATE runs SET mode = 'dry_run'"));
  ASSERT_TRUE(db->run(std::string{"UPDATE runs SET started_at = "} +
                      (lite() ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" : "clock_timestamp()") +
                      " WHERE run_id <> 4"));
  ASSERT_TRUE(end_stale_runs(*db));
  EXPECT_THAT(rows_of("SELECT run_id, status FROM runs ORDER BY 1"),
              ElementsAre("1|running", "2|failed", "3|running", "4|failed"));
}

TEST_P(PastRuns, OfAnotherMachineAreAliveForAMinuteAfterTheirLastSign) {
  add(1, "toys", "running", nobody(), "another.example.com");
  lease(1, "toys", 50);
  EXPECT_THAT(*end_stale_runs(*db), IsEmpty());
  ASSERT_TRUE(db->run("DELETE FROM _lease"));
  lease(1, "toys", 70);
  EXPECT_THAT(*end_stale_runs(*db), SizeIs(1));
}

constexpr StoredColumn shop_columns[] = {{.name = "id", .from = 0, .required = true}};
constexpr StoredTable shop_table{.name = "shops", .columns = shop_columns};
constexpr StoredColumn sale_columns[] = {
    {.name = "id", .from = 0, .required = true},
    {.name = "shop_id", .from = 1, .refers_to = "shops.id"},
    {.name = "sold_at", .as = Stored::instant, .from = 2, .required = true},
    {.name = "place", .as = Stored::json, .from = 3, .refers_to = "shops.id"},  // not comparable
    {.name = "maker_id", .from = 4, .refers_to = "makers.id"},                  // no such endpoint
};
constexpr StoredTable sale_table{.name = "sales", .columns = sale_columns};
constexpr Endpoint the_shops{.name = "shops", .table = &shop_table};
constexpr Endpoint the_sales{
    .name = "sales",
    .dates = {.from = "a", .to = "b", .cursor = "sold_at"},
    .table = &sale_table,
};
constexpr const Endpoint* both_endpoints[] = {&the_shops, &the_sales};
constexpr Api shop_api{.endpoints = both_endpoints};

class Looking : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!is_there(GetParam())) GTEST_SKIP() << why_not(GetParam());
    scratch.emplace(GetParam());
    db = scratch->open();
    const std::string instant = GetParam() == Dialect::sqlite ? "TEXT" : "timestamptz(3)";
    ASSERT_TRUE(db->run("CREATE TABLE shops (_account_id text, id text, _removed_at " + instant +
                        "); CREATE TABLE sales (_account_id text, id text, shop_id text, sold_at " +
                        instant + ", place text, maker_id text, _removed_at " + instant + ");"));
    ASSERT_TRUE(db->run(
        "INSERT INTO shops VALUES ('A1', 'S1', NULL), ('A2', 'S2', NULL), ('A1', 'S3', "
        "'2026-02-01T00:00:00.000Z');"
        "INSERT INTO sales VALUES"
        " ('A1', '1', 'S1', '2026-02-10T00:00:00.000Z', '{}', 'M1', NULL),"
        " ('A1', '2', 'S2', '2026-02-10T23:59:59.999Z', NULL, NULL, NULL),"  // another account's
        " ('A1', '3', 'S9', '2026-02-11T12:00:00.000Z', NULL, NULL, NULL),"
        " ('A1', '4', 'S9', '2026-02-12T00:00:00.000Z', NULL, NULL, NULL),"
        " ('A2', '5', 'S2', '2026-02-11T12:00:00.000Z', NULL, NULL, NULL),"
        " ('A1', '6', NULL, '2026-02-11T13:00:00.000Z', NULL, NULL, NULL),"
        " ('A1', '7', 'S3', '2026-02-09T23:59:59.999Z', NULL, NULL, NULL),"  // of a removed shop
        " ('A1', '8', 'S8', '2026-02-11T12:00:00.000Z', NULL, NULL, '2026-02-12T00:00:00.000Z');"));
  }
  std::optional<ScratchDatabase> scratch;
  std::unique_ptr<Database> db;
};
INSTANTIATE_TEST_SUITE_P(Both, Looking, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Looking, FindsRowsOfWhatIsNotThere) {  // B6
  const auto found = find_orphans(*db, shop_api);
  ASSERT_TRUE(found) << found.error().what;
  ASSERT_THAT(*found, SizeIs(1));
  const Orphans& orphans = found->front();
  EXPECT_EQ(orphans.table, "sales");
  EXPECT_EQ(orphans.column, "shop_id");
  EXPECT_EQ(orphans.refers_to, "shops.id");
  EXPECT_EQ(orphans.rows, 3U);
  EXPECT_EQ(orphans.missing, 2U);
  EXPECT_THAT(orphans.first, ElementsAre("S9", "S2"));
}

TEST_P(Looking, CountsTheRowsOfEachDayOfUtc) {  // B39
  const auto days = rows_by_day(*db, the_sales, "2026-02-10", "2026-02-11", {});
  ASSERT_TRUE(days) << days.error().what;
  EXPECT_THAT(*days, ElementsAre(Pair("2026-02-10", 2), Pair("2026-02-11", 3)));
  EXPECT_THAT(*rows_by_day(*db, the_sales, "2026-02-10", "2026-02-11", {"A2"}),
              ElementsAre(Pair("2026-02-11", 1)));
  EXPECT_THAT(*rows_by_day(*db, the_sales, "2026-02-11", "2026-02-11", {"A1", "A2"}),
              ElementsAre(Pair("2026-02-11", 3)));
}

TEST_P(Looking, CountsAllRowsThatAreNotRemoved) {
  EXPECT_EQ(*rows_in_all(*db, the_shops, {}), 2U);
  EXPECT_EQ(*rows_in_all(*db, the_shops, {"A1"}), 1U);
}

}  // namespace
}  // namespace callrail::test
