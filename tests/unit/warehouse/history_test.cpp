#include "warehouse_fixture.hpp"

#include <history.hpp>
#include <process_alive.hpp>
#include <unistd.h>

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Leases : public Warehouses {
 protected:
  /// Somebody who has the toys.
  void hold(std::int64_t pid, const std::string& host, int silent_seconds,
            const std::string& accounts = "") {
    const std::string ago = std::to_string(silent_seconds);
    const std::string when = lite()
                                 ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-" + ago + " seconds')"
                                 : "clock_timestamp() - interval '" + ago + " seconds'";
    const SqlValue values[] = {accounts, pid, host};
    ASSERT_TRUE(
        db->change("INSERT INTO _lease (endpoint, account, run_id, pid, host, since, beat) "
                   "VALUES ('toys', $1, 77, $2, $3, " +
                       when + ", " + when + ")",
                   values));
  }
  static std::int64_t nobody() {
    std::int64_t pid = 4'000'000;  // beyond what Linux gives out
    while (process_is_alive(pid)) ++pid;
    return pid;
  }
};
INSTANTIATE_TEST_SUITE_P(Both, Leases, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Leases, KeepOthersOut) {
  hold(::getppid(), host_name(), 5);
  auto s = session();
  const auto begun = s->begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, Code::held);
  EXPECT_THAT(begun.error().what,
              HasSubstr("toys is already running (pid " + std::to_string(::getppid()) + " on "));
  EXPECT_THAT(rows_of("SELECT * FROM runs"), IsEmpty());
  EXPECT_TRUE(s->begin({&labels, &shops}));
}

TEST_P(Leases, AreNamedAsFarAsTheyAreInTheWay) {
  hold(::getppid(), host_name(), 5);
  ASSERT_TRUE(
      db->run("INSERT INTO _lease SELECT 'labels', account, run_id, pid, host, since, beat "
              "FROM _lease UNION ALL SELECT 'others', account, run_id, pid, host, since, "
              "beat FROM _lease"));
  const auto why = [&](std::vector<const Endpoint*> wanted) {
    const auto begun = session()->begin(std::move(wanted));
    return begun ? "" : begun.error().what;
  };
  EXPECT_THAT(why({&shops, &toys}), HasSubstr(": toys is already running (pid "));
  EXPECT_THAT(why({&toys, &labels}), HasSubstr(": labels, toys are already running (pid "));
  EXPECT_EQ(why({&shops}), "");
}

TEST_P(Leases, AreOfAccounts) {
  hold(::getppid(), host_name(), 5, "ACC1,ACC2");
  auto s = session();
  EXPECT_FALSE(s->begin({&toys}, {"ACC3", "ACC2"}));
  EXPECT_FALSE(s->begin({&toys}, {}));
  EXPECT_TRUE(s->begin({&toys}, {"ACC3"}));
}

TEST_P(Leases, EndWithTheirProcess) {
  hold(nobody(), host_name(), 5);
  EXPECT_TRUE(session()->begin());
}

TEST_P(Leases, EndAfterAMinuteWithoutASign) {
  hold(::getppid(), "another.example.com", 50);
  EXPECT_FALSE(session()->begin());
  ASSERT_TRUE(db->run("DELETE FROM _lease"));
  hold(::getppid(), "another.example.com", 70);
  EXPECT_TRUE(session()->begin());
}

TEST_P(Leases, GoWithTheRun) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  EXPECT_THAT(rows_of("SELECT endpoint, run_id FROM _lease ORDER BY endpoint"),
              ElementsAre("labels|1", "shops|1", "toys|1"));
  ASSERT_TRUE(s->end());
  EXPECT_THAT(rows_of("SELECT * FROM _lease"), IsEmpty());
}

TEST_P(Leases, OnceLostKeepTheirFormerHolderFromWriting) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read_toys(ToyRows{toys, {toy("T1")}});
  ASSERT_TRUE(db->run("DELETE FROM _lease"));
  hold(::getppid(), "another.example.com", 0);
  const auto saved = s->save();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, Code::held);
  EXPECT_THAT(rows_of("SELECT * FROM toys"), IsEmpty());
}

TEST_P(Leases, AreShownToBeAliveEveryTenSeconds) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  ASSERT_TRUE(db->run("UPDATE _lease SET beat = since"));
  s->warehouse->beat();
  ASSERT_TRUE(db->run("UPDATE _lease SET beat = '2026-01-01T00:00:00.000Z'"));
  const auto old = rows_of("SELECT count(*) FROM _lease WHERE beat < '2026-01-02T00:00:00.000Z'");
  EXPECT_THAT(old, ElementsAre("3"));
  clock.advance(std::chrono::seconds{9});
  s->warehouse->beat();
  EXPECT_EQ(rows_of("SELECT count(*) FROM _lease WHERE beat < '2026-01-02T00:00:00.000Z'"), old);
  clock.advance(std::chrono::seconds{2});
  s->warehouse->beat();
  EXPECT_THAT(rows_of("SELECT count(*) FROM _lease WHERE beat < '2026-01-02T00:00:00.000Z'"),
              ElementsAre("0"));
}

class Histories : public Leases {};
INSTANTIATE_TEST_SUITE_P(Both, Histories, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Histories, HaveARowForEachRunAndEndpoint) {
  WarehouseOptions options;
  options.source = "https://api.example.com";
  options.options = "--all";
  auto s = session(options);
  ASSERT_TRUE(s->begin({&toys, &labels}, {"ACC2", "ACC1"}));
  EXPECT_THAT(rows_of("SELECT status, ended_at FROM runs"),
              ElementsAre("running|null", "running|null"));
  s->read_toys(ToyRows{toys, {toy("T1"), toy("T2"), {{"name", text("?")}}}});
  ASSERT_TRUE(s->save());
  s->read(labels, ToyRows{labels, {{{"id", text("L1")}}}}, whole(), {{"account_id", "ACC1"}});
  ASSERT_TRUE(s->save(labels));
  clock.advance(std::chrono::seconds{2});
  ASSERT_TRUE(s->end());
  EXPECT_THAT(rows_of("SELECT run_id, source, endpoint, account, mode, status, fetched, created, "
                      "updated, unchanged, rejected, removed, warnings, options, look_back_days, "
                      "_print FROM runs ORDER BY endpoint"),
              ElementsAre("1|https://api.example.com|labels|ACC1,ACC2|delta|success|1|1|0|0|0|0|0|"
                          "--all|null|print",
                          "1|https://api.example.com|toys|ACC1,ACC2|delta|partial|3|2|0|0|1|0|0|"
                          "--all|7|print"));
}

TEST(RunsOfEndpoints, AreCalledWhatTheExitCodeSays) {
  EndpointSummary of;
  of.lists = 2;
  of.proof = Proof::proven;
  TableCounts none, bad;
  bad.rejected = 1;
  const auto status = [&](const TableCounts& counts, bool strict = false) {
    return status_of(of, counts, false, strict);
  };
  EXPECT_EQ(status(none), "success");
  EXPECT_EQ(status(bad), "partial");
  of.proof.reset();
  EXPECT_EQ(status(none, true), "success");
  of.proof = Proof::unproven;
  of.windows = {{.scope = "ACC1", .proof = Proof::proven},
                {.scope = "ACC2", .from = "a", .to = "b", .proof = Proof::unproven, .why = "404"}};
  EXPECT_EQ(status(none), "success");
  EXPECT_EQ(words_about(of), "unproven, ACC2, a..b: 404");
  EXPECT_EQ(status(none, true), "partial");
  of.unknown_lists = 1;
  EXPECT_EQ(status(none), "success");
  of.unknown_lists = 2;
  EXPECT_EQ(status(none), "unavailable");
  of.rows = 1;
  EXPECT_EQ(status(none), "success");
  of.proof = Proof::proven;
  of.drift.unknown_fields["x"].count = 1;
  EXPECT_EQ(status(none), "success");
  EXPECT_EQ(status(none, true), "partial");
  of.outcome = Outcome::skipped;
  of.reason = "403";
  EXPECT_EQ(status(none), "partial");
  EXPECT_EQ(words_about(of), "403");
  of.outcome = Outcome::failed;
  EXPECT_EQ(status(bad), "failed");
  EXPECT_EQ(status_of(of, bad, true, false), "cancelled");
}

TEST_P(Histories, EndTheRunsOfThoseWhoDied) {
  {
    auto s = session();
    ASSERT_TRUE(s->begin());
  }
  ASSERT_TRUE(db->run("UPDATE _lease SET pid = " + std::to_string(nobody())));
  WarehouseOptions other;
  other.identity = {"other", "--endpoints toys"};
  auto s = session(other);
  ASSERT_TRUE(s->begin({&toys}));
  EXPECT_THAT(
      rows_of("SELECT run_id, endpoint, status FROM runs ORDER BY 1, 2"),
      ElementsAre("1|labels|running", "1|shops|running", "1|toys|failed", "2|toys|running"));
}

TEST_P(Histories, NoteThatSomebodyElseWasFaster) {
  hold(::getppid(), host_name(), 5);
  auto s = session();
  const auto begun = s->begin();
  ASSERT_FALSE(begun);
  ASSERT_TRUE(s->warehouse->note_overlap({&toys}, {}, begun.error().what));
  EXPECT_THAT(rows_of("SELECT endpoint, status FROM runs"), ElementsAre("toys|skipped_overlap"));
  EXPECT_THAT(rows_of("SELECT error FROM runs"), ElementsAre(HasSubstr("already running")));
}

TEST_P(Histories, AreAllThatADryRunLeaves) {
  run(ToyRows{toys, {toy("T1"), toy("T2")}});
  const auto all = [&] {
    std::vector<std::string> rows;
    for (const char* const table : {"toys", "toy_marks", "rejects", "quality_issues", "_cursor",
                                    "_lease", "_edit_ages", "_run_run", "_run_endpoint"})
      for (auto& row : rows_of(std::string{"SELECT * FROM "} + table)) rows.push_back(row);
    return rows;
  };
  const auto before = all();
  WarehouseOptions dry;
  dry.mode = SyncMode::dry_run;
  auto odd = toy("T3");
  odd["colour"] = text("pink");
  EXPECT_EQ(run(ToyRows{toys, {toy("T1"), toy("T2", "Ball"), odd, {{"name", text("?")}}}},
                days("2026-03-01", "2026-03-10"), dry),
            "1 created, 1 updated, 1 unchanged, 1 rejected, 1 warnings");
  EXPECT_EQ(all(), before);
  EXPECT_THAT(rows_of("SELECT run_id, mode, status, fetched, created FROM runs WHERE endpoint = "
                      "'toys' ORDER BY run_id"),
              ElementsAre("1|delta|success|2|2", "2|dry_run|partial|4|1"));
}

TEST_P(Histories, OfADryRunCountWhatWouldBeRemoved) {
  const auto read = [&](SyncMode mode, std::initializer_list<ToyRows::Named> rows) {
    WarehouseOptions options;
    options.mode = mode;
    auto s = session(options);
    EXPECT_TRUE(s->begin({&labels}));
    s->read(labels, ToyRows{labels, rows}, whole(), {{"account_id", "ACC1"}});
    EXPECT_TRUE(s->save(labels));
    EXPECT_TRUE(s->end());
    return s->counts(labels);
  };
  const ToyRows::Named one{{"id", text("L1")}}, other{{"id", text("L2")}};
  read(SyncMode::full, {one, other});
  EXPECT_EQ(read(SyncMode::dry_run, {one}), "1 unchanged, 1 removed");
  EXPECT_THAT(rows_of("SELECT id FROM labels WHERE _removed_at IS NOT NULL"), IsEmpty());
  EXPECT_EQ(read(SyncMode::full, {one}), "1 unchanged, 1 removed");
  EXPECT_EQ(read(SyncMode::dry_run, {one, other}), "1 updated, 1 unchanged, 1 returned");
}

TEST_P(Histories, AddUpToWhatIsInTheTables) {
  run(ToyRows{toys, {toy("T1"), toy("T2")}});
  run(ToyRows{toys, {toy("T1"), toy("T2", "Ball"), toy("T3")}});
  run(ToyRows{toys, {toy("T3")}}, days("2026-03-09", "2026-03-09"));
  EXPECT_THAT(rows_of("SELECT sum(created), sum(fetched) - sum(updated) - sum(unchanged) - "
                      "sum(rejected), sum(removed) FROM runs"),
              ElementsAre("3|3|0"));  // the toys lie in no list by their shelf
  EXPECT_THAT(rows_of("SELECT count(*) FROM toys"), ElementsAre("3"));
}

}  // namespace
}  // namespace callrail::test
