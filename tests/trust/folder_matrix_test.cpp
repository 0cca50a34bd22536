/// The cells of the fault matrix that need a real folder: other processes, and the database of the
/// checkpoint.
#include "fault_matrix.hpp"
#include "real_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

namespace callrail::trust {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GuestMatrix : public testing::TestWithParam<GuestCell> {};

TEST_P(GuestMatrix, OfTwoRunsIntoOneFolderTheSecondIsTurnedAwayAndTheFirstNotDisturbed) {
  using What = GuestCell::What;
  const GuestCell& cell = GetParam();
  RealRun run{cell.setting};
  cli::Config guest = run.config;
  if (cell.what == What::other) guest.run_options = {{"endpoints", "tags"}};
  if (cell.what == What::anew) guest.resume = Resume::never;
  int came = 0;
  run.on_the_way = [&](std::uint64_t nth) {
    if (nth != cell.nth) return;
    ++came;
    const auto held = run.hold(guest, cell.what != What::replay);
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().code, Code::held);
    EXPECT_THAT(held.error().what, HasSubstr("choose another folder"));
  };
  const auto report = run.go();
  ++cells_run;
  EXPECT_EQ(came, 1);
  ASSERT_TRUE(report && report->complete());
  EXPECT_EQ(run.output(), quiet_output(cell.setting));
  EXPECT_THAT(run.leftovers(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(TwoAtOnce, GuestMatrix, testing::ValuesIn(guest_cells()),
                         [](const auto& cell) { return cell.param.name(); });

// The twin: a guest who asks nobody does disturb the first.
TEST(GuestMatrix, NoticesAGuestWhoTakesNoHeed) {
  const auto cells = guest_cells();
  const auto at = std::ranges::find(cells, Point::window_boundary, &GuestCell::point);
  ASSERT_NE(at, cells.end());
  RealRun run{at->setting};
  bool due = false, came = false;
  run.on_the_way = [&](std::uint64_t nth) { due = due || nth == at->nth; };
  run.stop = [&] {
    if (due && !std::exchange(came, true)) (void)run.write_into(nullptr, {});
    return false;
  };
  const auto report = run.go();
  ASSERT_TRUE(came && report);
  EXPECT_FALSE(report->complete());
}

class DatabaseMatrix : public testing::TestWithParam<DatabaseCell> {};

TEST_P(DatabaseMatrix, ACheckpointThatFailsIsSaidAndTheNextRunMakesTheSameBytes) {
  const DatabaseCell& cell = GetParam();
  const std::string& quiet = quiet_output({});
  test::FaultyDatabase database;
  RealRun run{{}};
  database.fail(cell.call, cell.nth, cell.for_good, cell.result);
  const auto report = run.go();
  const bool complete = report && report->complete();
  const std::string words = report ? words_of(*report) : report.error().what;
  ++cells_run;
  SCOPED_TRACE(words);
  if (cell.result == SQLITE_BUSY && !cell.for_good) {
    EXPECT_TRUE(complete) << "what is busy once is waited for";
  }
  if (!report) {
    EXPECT_EQ(report.error().code, Code::sink_failed);
    EXPECT_EQ(run.output(), old_file);
  } else if (!complete) {
    EXPECT_THAT(run.output(), testing::AnyOf(old_file, quiet));
  } else {
    EXPECT_EQ(run.output(), quiet);
  }
  if (!complete) {
    EXPECT_THAT(words, HasSubstr(std::string{SqliteCheckpoint::name}));
    EXPECT_THAT(words, HasSubstr("; ")) << "and what to do about it";
  }
  database.mend();
  const auto next = run.go();
  ASSERT_TRUE(next) << next.error().what;
  EXPECT_TRUE(next->complete()) << words_of(*next);
  EXPECT_EQ(run.output(), quiet);
  EXPECT_THAT(run.leftovers(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Checkpoint, DatabaseMatrix, testing::ValuesIn(database_cells()),
                         [](const auto& cell) { return cell.param.name(); });

TEST(DatabaseMatrix, HasCellsOfEverySort) {
  std::map<std::string, int> sorts;
  for (const DatabaseCell& cell : database_cells()) ++sorts[cell.result_name];
  EXPECT_THAT(sorts, testing::SizeIs(5));
}

}  // namespace
}  // namespace callrail::trust
