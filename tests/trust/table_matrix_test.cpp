/// After every fault, and after the same command again where that one ended early, the tables are
/// those of a run nobody disturbed; and whoever reads the exit code or the history knows meanwhile.
#include "table_matrix.hpp"

#include "figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace callrail::trust {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::Not;

/// The history's word for the last run.
std::string status(const TableRun& run) {
  return run
      .ask(
          "SELECT status FROM runs WHERE status <> 'skipped_overlap' ORDER BY run_id DESC "
          "LIMIT 1")
      .at(0);
}

/// What a run says of itself, and what the tables say, agree.
void look_at(const TableRun& run, const sim::Report& report) {
  EXPECT_THAT(run.contradictions(), IsEmpty());
  if (run.died || !run.began) return;
  if (run.not_ended) {
    EXPECT_NE(run.code, 0);
    return;
  }
  if (report.cancelled()) {
    // What was read to its end before is that.
    EXPECT_THAT(status(run), AnyOf("cancelled", "success"));
    return;
  }
  if (report.complete()) {
    EXPECT_EQ(status(run), "success");
    return;
  }
  // A list without proof is the exit code's affair only with --strict, and said in any case.
  EXPECT_THAT(status(run), AnyOf("partial", "failed", "unavailable", "success"));
  if (status(run) == "success" || status(run) == "unavailable") {
    EXPECT_THAT(run.ask("SELECT coalesce(error, '') FROM runs WHERE status <> 'skipped_overlap' "
                        "ORDER BY run_id DESC LIMIT 1"),
                ElementsAre(Not(IsEmpty())));
  }
}

/// No row is neither as it was nor as it will be.
void look_at_what_is_left(const TableRun& run, const Setting& setting) {
  const auto& before = earlier_tables(*setting.database);
  const auto& after = quiet_tables(setting);
  std::set<std::string> known{before.begin(), before.end()};
  known.insert(after.begin(), after.end());
  std::vector<std::string> rows;
  for (const std::string& line : run.tables())
    if (!line.starts_with("cursor|")) rows.push_back(line);
  EXPECT_THAT(rows, IsSubsetOf(known));
}

/// How far the list is read, as the earlier run said.
std::string cursor_of(const std::vector<std::string>& tables) {
  for (const std::string& line : tables)
    if (line.starts_with("cursor|")) return line.substr(line.rfind('|') + 1);
  return {};
}

/// The cursor moves over windows that are proven, and over no other.
void look_at_the_cursor(const TableRun& run, const Setting& setting) {
  const std::string before = cursor_of(earlier_tables(*setting.database));
  const std::string now = cursor_of(run.tables());
  EXPECT_GE(now, before);
  EXPECT_LE(now, cursor_of(quiet_tables(setting)));
  const auto doubtful = std::ranges::find_if(run.windows, [](const WindowProof& window) {
    return !window.proof || !is_complete(*window.proof);
  });
  if (doubtful != run.windows.end() && !doubtful->from.empty() && now != before) {
    EXPECT_LT(now, doubtful->from);
  }
}

/// Whatever was: the same command leads to the same tables, and leaves nothing behind.
void look_at_the_end(TableRun& run, const sim::Report& first,
                     const std::vector<std::string>* expected = nullptr) {
  disk().mend();
  run.poison.clear();
  const bool done = expected != nullptr && !run.died && first.complete() && run.code == 0;
  if (!done) {
    sim::Report next = run.go_on_to_the_end();
    // Rows that were read wrong, or while they moved, are read again by the run behind that.
    if (expected == nullptr) next = run.go();
    EXPECT_TRUE(next.complete()) << words_of(next);
    EXPECT_EQ(run.code, 0);
  }
  if (expected != nullptr) {
    EXPECT_EQ(run.tables(), *expected);
  }
  EXPECT_EQ(run.rows_shown(), run.rows_listed());
  EXPECT_THAT(run.contradictions(), IsEmpty());
  EXPECT_THAT(run.ask("SELECT count(*) FROM runs WHERE status = 'running'"), ElementsAre("0"));
  EXPECT_THAT(run.ask("SELECT count(*) FROM _lease"), ElementsAre("0"));
  EXPECT_THAT(run.ask("SELECT count(*) FROM _run_endpoint"), ElementsAre("0"));
}

std::vector<std::string> rejected(const TableRun& run) {
  return run.ask("SELECT reason FROM rejects");
}

class TableMatrix : public testing::TestWithParam<Cell> {};

TEST_P(TableMatrix, Cell) {
  const Cell& cell = GetParam();
  const bool moves = cell.trouble.nature == Nature::moves;
  const std::string trigger = fmt::format(
      "{}:{}{}={}", cell.point == Point::first_request ? Text{"accounts"} : SmallRun::list,
      cell.nth, cell.for_good ? "-" : "", cell.trouble.word);
  std::vector<std::string> faults, changes;
  (moves ? changes : faults).push_back(trigger);
  const auto& quiet = quiet_tables(cell.setting);
  TableRun run{cell.setting, faults, changes};
  const sim::Report report = run.go();
  const std::string words = words_of(report);
  ++table_cells_run[*cell.setting.database];
  SCOPED_TRACE(trigger + ": " + words);
  look_at(run, report);
  if (!moves && cell.trouble.nature != Nature::values) look_at_the_cursor(run, cell.setting);

  switch (expected(cell)) {
    case Expected::same:
      EXPECT_TRUE(report.complete());
      EXPECT_EQ(run.tables(), quiet);
      break;
    case Expected::same_rows: {
      if (cell.trouble.word == "null-key") {
        // Read again, because a key is missing; or kept aside.
        if (run.code == 0) {
          EXPECT_EQ(run.tables(), quiet);
        } else {
          EXPECT_THAT(rejected(run), Not(IsEmpty()));
        }
        look_at_what_is_left(run, cell.setting);  // and no row is taken for gone because of it
      } else {
        EXPECT_EQ(run.code == 0, rejected(run).empty()) << words;
        EXPECT_EQ(run.rows_shown().size(), run.rows_listed().size());
      }
      break;
    }
    case Expected::failed:
    case Expected::said:
      EXPECT_TRUE(report.admits());
      EXPECT_NE(run.code, 0);
      EXPECT_THAT(words, Not(IsEmpty()));
      look_at_what_is_left(run, cell.setting);
      break;
    case Expected::empty_said:
      EXPECT_THAT(words, Not(IsEmpty()));
      EXPECT_EQ(run.tables(), earlier_tables(*cell.setting.database)) << "no row is gone for that";
      break;
    case Expected::honest:
      if (!report.admits()) {
        EXPECT_EQ(run.tables(), quiet);
      }
      look_at_what_is_left(run, cell.setting);
      break;
    case Expected::not_a_row_lost: break;
  }
  if (!moves) run.mend_api();
  look_at_the_end(run, report, moves || cell.trouble.nature == Nature::values ? nullptr : &quiet);
}

INSTANTIATE_TEST_SUITE_P(Network, TableMatrix, testing::ValuesIn(table_network_cells()),
                         [](const auto& cell) { return cell.param.name(); });

class TableStorage : public testing::TestWithParam<TableCell> {};

TEST_P(TableStorage, Cell) {
  using Fault = TableRun::Fault;
  using Faulty = test::FaultyConnection;
  const TableCell& cell = GetParam();
  const auto& quiet = quiet_tables(cell.setting);
  TableRun run{cell.setting};
  const bool lite = *cell.setting.database == Dialect::sqlite;
  const Text how = lite ? cell.fault->sqlite : cell.fault->postgresql;
  const std::size_t times = cell.for_good ? Faulty::for_good : 1;
  if (cell.is_death()) {
    run.fault = Fault{.nth = cell.nth, .after = how.ends_with("after"), .dies = true};
  } else if (lite) {
    static const std::map<Text, int> results{
        {"FULL", SQLITE_FULL},         {"IOERR_WRITE", SQLITE_IOERR_WRITE},
        {"BUSY", SQLITE_BUSY},         {"IOERR_FSYNC", SQLITE_IOERR_FSYNC},
        {"CANTOPEN", SQLITE_CANTOPEN}, {"READONLY", SQLITE_READONLY},
        {"CORRUPT", SQLITE_CORRUPT},   {"NOMEM", SQLITE_NOMEM}};
    const auto blank = how.find(' ');
    disk().forget();
    for (const auto call : {test::FaultyDatabase::Call::open, test::FaultyDatabase::Call::lock,
                            test::FaultyDatabase::Call::write, test::FaultyDatabase::Call::sync})
      if (how.substr(0, blank) == test::FaultyDatabase::name_of(call))
        disk().fail(call, cell.nth, cell.for_good, results.at(how.substr(blank + 1)));
  } else if (how.starts_with("lost") || how == "gone") {
    run.fault =
        Fault{.nth = cell.nth, .times = times, .after = how == "lost after", .gone = how == "gone"};
  } else {
    run.fault = Fault{.nth = cell.nth, .times = times, .state = how};
  }
  const sim::Report report = run.go();
  disk().mend();
  const std::string words = words_of(report);
  ++table_cells_run[*cell.setting.database];
  SCOPED_TRACE(words);
  if (cell.is_death()) {
    EXPECT_TRUE(run.died);
    ++table_kills[*cell.setting.database];
  } else if (report.admits()) {
    EXPECT_NE(run.code, 0);
    EXPECT_THAT(words, HasSubstr(run.bed().look().where()));
    EXPECT_THAT(words, HasSubstr("; ")) << "and what to do about it";
  } else {
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(run.tables(), quiet);
  }
  // What passes is waited for, by whoever has begun.
  static const std::set<Text> passing{"busy",
                                      "serialization_failure",
                                      "deadlock",
                                      "statement_timeout",
                                      "server_shutdown",
                                      "connection_lost",
                                      "connection_lost_after"};
  if (!cell.for_good && passing.contains(cell.fault->word)) {
    EXPECT_TRUE(report.complete());
  }
  look_at(run, report);
  look_at_what_is_left(run, cell.setting);
  look_at_the_cursor(run, cell.setting);
  look_at_the_end(run, report, &quiet);
}

INSTANTIATE_TEST_SUITE_P(Storage, TableStorage, testing::ValuesIn(table_cells()),
                         [](const auto& cell) { return cell.param.name(); });

class TablePauses : public testing::TestWithParam<PauseCell> {};

TEST_P(TablePauses, AProcessThatStoodStillGoesOnAsIfNothingHadBeen) {
  const PauseCell& cell = GetParam();
  const std::string trigger =
      cell.nth == 0 ? "accounts:1=reset" : fmt::format("{}:{}=reset", SmallRun::list, cell.nth);
  TableRun run{cell.setting,
               cell.connection_lost ? std::vector{trigger} : std::vector<std::string>{}};
  bool stopped = false;
  run.on_the_way = [&](std::uint64_t nth) {
    if (nth != cell.nth || std::exchange(stopped, true)) return;
    run.clock.advance(cell.length);
    // The server takes the process for gone, if it has one.
    if (cell.connection_lost && run.dialect() == Dialect::postgresql)
      (void)run.ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
          "pg_backend_pid() AND datname = current_database()");
  };
  const sim::Report report = run.go();
  ++table_cells_run[*cell.setting.database];
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(report.complete()) << words_of(report);
  EXPECT_EQ(run.tables(), quiet_tables(cell.setting));
  look_at(run, report);
  run.on_the_way = [](std::uint64_t) {};
  look_at_the_end(run, report, &quiet_tables(cell.setting));
}

INSTANTIATE_TEST_SUITE_P(Process, TablePauses, testing::ValuesIn(table_pause_cells()),
                         [](const auto& cell) { return cell.param.name(); });

class TableGuests : public testing::TestWithParam<GuestCell> {};

TEST_P(TableGuests, OfTwoRunsIntoOneTableTheSecondIsTurnedAwayAndTheFirstNotDisturbed) {
  using What = GuestCell::What;
  const GuestCell& cell = GetParam();
  TableRun run{cell.setting};
  int came = 0;
  run.on_the_way = [&](std::uint64_t nth) {
    if (nth != cell.nth) return;
    ++came;
    const auto guest = run.guest(cell.what == What::anew ? Resume::never : Resume::if_it_fits,
                                 cell.what == What::other ? "other" : run.print);
    ASSERT_FALSE(guest);
    EXPECT_EQ(guest.error().code, Code::held);
    EXPECT_THAT(guest.error().what, HasSubstr("already running"));
  };
  const sim::Report report = run.go();
  ++table_cells_run[*cell.setting.database];
  EXPECT_EQ(came, 1);
  EXPECT_TRUE(report.complete()) << words_of(report);
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.tables(), quiet_tables(cell.setting));
  EXPECT_THAT(run.ask("SELECT count(*) FROM runs WHERE status = 'skipped_overlap'"),
              ElementsAre("1"));
  run.on_the_way = [](std::uint64_t) {};
  look_at_the_end(run, report, &quiet_tables(cell.setting));
}

INSTANTIATE_TEST_SUITE_P(TwoAtOnce, TableGuests, testing::ValuesIn(table_guest_cells()),
                         [](const auto& cell) { return cell.param.name(); });

class TableStops : public testing::TestWithParam<int> {};

TEST_P(TableStops, StoppedRunsSaySoAndTheNextOneMakesTheSameTables) {
  for (const Setting& setting : table_settings()) {
    TableRun run{setting};
    int looks = 0;
    run.stop = [&] { return ++looks >= GetParam(); };
    const sim::Report report = run.go();
    ++table_cells_run[*setting.database];
    if (looks < GetParam()) continue;  // it was done before
    EXPECT_TRUE(report.cancelled()) << words_of(report);
    EXPECT_EQ(run.code, 130);
    look_at(run, report);
    look_at_what_is_left(run, setting);
    run.stop = [] { return false; };
    look_at_the_end(run, report, &quiet_tables(setting));
  }
}

INSTANTIATE_TEST_SUITE_P(AtLook, TableStops, testing::Range(1, 12));

/// A row the database would not have: the others are stored, and this one is kept aside.
TEST(TablePoison, TakesNoOtherRowAlong) {
  for (const Setting& setting : table_settings())
    for (const bool says_which : {true, false}) {
      TableRun run{setting};
      run.poison = "Called again.";
      run.says_which = says_which;
      const sim::Report report = run.go();
      ++table_cells_run[*setting.database];
      EXPECT_EQ(run.code, 1) << words_of(report);
      EXPECT_EQ(status(run), "partial");
      EXPECT_THAT(run.ask("SELECT count(*) FROM rejects"), ElementsAre("1"));
      EXPECT_EQ(run.rows_shown().size(), run.rows_listed().size());
      EXPECT_THAT(run.contradictions(), IsEmpty());
      look_at_what_is_left(run, setting);
      look_at_the_end(run, report, &quiet_tables(setting));
    }
}

TEST(StorageFaults, HaveACellOfEverySinkOrAReason) {
  std::set<Text> words;
  for (const StorageFault& fault : storage_faults()) {
    EXPECT_TRUE(words.insert(fault.word).second) << fault.word;
    const bool everywhere =
        !fault.files.empty() && !fault.sqlite.empty() && !fault.postgresql.empty();
    EXPECT_EQ(everywhere, fault.elsewhere.empty()) << fault.word;
  }
  std::map<Dialect, std::set<Text>> met;
  for (const TableCell& cell : table_cells()) met[*cell.setting.database].insert(cell.fault->word);
  for (const auto& [dialect, faults] : met)
    for (const StorageFault& fault : storage_faults())
      EXPECT_EQ(faults.contains(fault.word),
                !(dialect == Dialect::sqlite ? fault.sqlite : fault.postgresql).empty())
          << fault.word;
}

/// Reports how large the matrix was, once all of it ran.
class TableCount : public testing::Environment {
 public:
  /// Each run begins with the tables of its database: those of a cell must not meet another's.
  void SetUp() override {
    for (const Setting& setting : table_settings()) {
      (void)earlier_tables(*setting.database);
      (void)quiet_tables(setting);
    }
  }
  void TearDown() override {
    const bool all = testing::GTEST_FLAG(filter) == "*";
    for (const auto& [dialect, cells] : table_cells_run) {
      const char* const name = dialect == Dialect::sqlite ? "SQLite" : "PostgreSQL";
      const char* const form = all_cells() ? "" : " in ctest";
      std::printf("fault matrix: %llu cells on %s\n", static_cast<unsigned long long>(cells), name);
      if (!all) continue;
      test::note_figure(fmt::format("fault matrix cells {}{}", name, form), cells);
      test::note_figure(fmt::format("kills at a statement {}{}", name, form), table_kills[dialect]);
    }
    Bed::drop_all();
  }
};
const auto* const count [[maybe_unused]] = testing::AddGlobalTestEnvironment(new TableCount);

}  // namespace
}  // namespace callrail::trust
