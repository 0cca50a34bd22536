#include "fault_matrix.hpp"

#include "figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace callrail::trust {

using testing::Not;

const std::string& quiet_output(const Setting& setting) {
  static std::map<std::tuple<FileFormat, bool, Paging>, std::string> known;
  auto& out = known[{setting.format, setting.stream, setting.paging}];
  if (out.empty()) {
    SmallRun run{setting};
    const auto report = run.go();
    EXPECT_TRUE(report.complete());
    EXPECT_EQ(run.records()->size(), static_cast<std::size_t>(SmallRun::rows) - 1)
        << "of the rows one is hidden from the start";
    out = run.output();
  }
  return out;
}

std::uint64_t cells_run = 0;

namespace {

std::vector<std::string> made_unique(std::vector<std::string> records) {
  std::ranges::sort(records);
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return records;
}

class FaultMatrix : public testing::TestWithParam<Cell> {
 protected:
  std::string trigger() const {
    const Cell& cell = GetParam();
    const bool parents = cell.point == Point::first_request;
    return fmt::format("{}:{}{}={}", parents ? Text{"accounts"} : SmallRun::list, cell.nth,
                       cell.for_good ? "-" : "", cell.trouble.word);
  }

  /// What a run that failed leaves: the file from before, or what went down the pipe already.
  static void look_at_what_is_left(const SmallRun& run, const Setting& setting) {
    if (setting.stream) {
      EXPECT_TRUE(quiet_output(setting).starts_with(run.output())) << run.output();
    } else {
      EXPECT_EQ(run.output(), old_file);
    }
  }

  /// After the list moved: the rows that were there all the time are those a quiet run shows
  /// before and one shows after.
  static void look_for_lost_rows(SmallRun& run, const Setting& setting, const sim::Report& report) {
    const auto records = run.records();
    ASSERT_TRUE(records || report.admits());
    if (!records) return;
    const auto unique = made_unique(*records);
    EXPECT_EQ(unique.size(), records->size()) << "a row twice";
    if (report.admits() || !sim::claims_are_proven) return;
    SmallRun before{setting};
    (void)before.go();
    (void)run.go();
    const auto first = made_unique(before.records().value()),
               last = made_unique(run.records().value());
    std::vector<std::string> stayed, lost;
    std::ranges::set_intersection(first, last, std::back_inserter(stayed));
    std::ranges::set_difference(stayed, unique, std::back_inserter(lost));
    EXPECT_THAT(lost, testing::IsEmpty());
  }
};

TEST_P(FaultMatrix, Cell) {
  const Cell& cell = GetParam();
  const bool moves = cell.trouble.nature == Nature::moves;
  std::vector<std::string> faults, changes;
  (moves ? changes : faults).push_back(trigger());
  SmallRun run{cell.setting, faults, changes};
  const sim::Report report = run.go();
  const std::string& quiet = quiet_output(cell.setting);
  const std::string words = words_of(report);
  ++cells_run;
  SCOPED_TRACE(trigger() + ": " + words);

  switch (expected(cell)) {
    case Expected::same:
      EXPECT_TRUE(report.complete());
      EXPECT_EQ(run.output(), quiet);
      break;
    case Expected::same_rows:
      ASSERT_TRUE(run.records());
      // A row that two pages show, and one of them without its key, may stand there as two: then it
      // is said.
      if (!report.admits()) {
        EXPECT_EQ(run.records()->size(), static_cast<std::size_t>(SmallRun::rows) - 1);
      } else {
        EXPECT_GE(run.records()->size(), static_cast<std::size_t>(SmallRun::rows) - 1);
        EXPECT_THAT(words, Not(testing::IsEmpty()));
      }
      break;
    case Expected::failed:
      EXPECT_TRUE(report.admits());
      EXPECT_THAT(words, Not(testing::IsEmpty()));
      look_at_what_is_left(run, cell.setting);
      break;
    case Expected::said:
      EXPECT_TRUE(report.admits());
      EXPECT_THAT(words, Not(testing::IsEmpty()));
      break;
    case Expected::empty_said:
      ASSERT_TRUE(run.records());
      EXPECT_THAT(*run.records(), testing::IsEmpty());
      EXPECT_THAT(words, Not(testing::IsEmpty()));
      break;
    case Expected::honest: EXPECT_TRUE(report.admits() || run.output() == quiet); break;
    case Expected::not_a_row_lost: look_for_lost_rows(run, cell.setting, report); break;
  }
}

INSTANTIATE_TEST_SUITE_P(Network, FaultMatrix, testing::ValuesIn(network_cells()),
                         [](const auto& cell) { return cell.param.name(); });

class DiskMatrix : public testing::TestWithParam<DiskCell> {};

TEST_P(DiskMatrix, Cell) {
  using What = DiskCell::What;
  using Event = test::MemoryFiles::Event;
  const DiskCell& cell = GetParam();
  const std::string& quiet = quiet_output(cell.setting);
  SmallRun run{cell.setting};
  switch (cell.what) {
    case What::no_space: run.files.fail_at(cell.call, ENOSPC); break;
    case What::write_error: run.files.fail_at(cell.call, EIO); break;
    case What::quota: run.files.fail_at(cell.call, EDQUOT); break;
    case What::short_write: run.files.events[cell.call] = {Event::What::short_write, 0}; break;
    case What::interrupted: run.files.fail_at(cell.call, EINTR); break;
    case What::kill_before: run.files.crash_at(cell.call, false); break;
    case What::kill_after:
    case What::power_cut: run.files.crash_at(cell.call, true); break;
  }
  const sim::Report report = run.go();
  const std::string words = words_of(report);
  ++cells_run;
  SCOPED_TRACE(words);

  if (cell.what == What::short_write || cell.what == What::interrupted) {
    EXPECT_TRUE(report.complete());
    EXPECT_EQ(run.output(), quiet);
    return;
  }
  if (cell.is_death()) {
    EXPECT_TRUE(run.died);
    if (cell.what == What::power_cut)
      run.files.cut_power(cell.call);
    else
      run.files.restart();
  } else {
    EXPECT_TRUE(report.admits());
    EXPECT_THAT(words, Not(testing::IsEmpty()));
  }
  if (cell.setting.stream) {
    EXPECT_TRUE(quiet.starts_with(run.output()));
    return;
  }
  EXPECT_THAT(run.output(), testing::AnyOf(old_file, quiet)) << "neither the old file nor the new";
  run.files.restart();
  EXPECT_TRUE(run.go().complete());
  EXPECT_EQ(run.output(), quiet) << "the next run made other bytes";
}

INSTANTIATE_TEST_SUITE_P(Storage, DiskMatrix, testing::ValuesIn(disk_cells()),
                         [](const auto& cell) { return cell.param.name(); });

class PauseMatrix : public testing::TestWithParam<PauseCell> {};

TEST_P(PauseMatrix, AProcessThatStoodStillGoesOnAsIfNothingHadBeen) {
  const PauseCell& cell = GetParam();
  const std::string trigger =
      cell.nth == 0 ? "accounts:1=reset" : fmt::format("{}:{}=reset", SmallRun::list, cell.nth);
  const std::vector<RateLimit> limits{{3, 1}, {40, 3600}};
  SmallRun run{cell.setting,
               cell.connection_lost ? std::vector{trigger} : std::vector<std::string>{},
               {},
               [&](fake::FakeOptions& options) { options.limits = limits; }};
  run.job.limits = limits;
  bool stopped = false;
  run.on_the_way = [&](std::uint64_t nth) {
    if (nth == cell.nth && !std::exchange(stopped, true)) run.clock.advance(cell.length);
  };
  const sim::Report report = run.go();
  ++cells_run;
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(report.complete()) << words_of(report);
  EXPECT_EQ(run.output(), quiet_output(cell.setting));
  EXPECT_EQ(run.api->counts().over_limit, 0U);
}

INSTANTIATE_TEST_SUITE_P(Process, PauseMatrix, testing::ValuesIn(pause_cells()),
                         [](const auto& cell) { return cell.param.name(); });

/// A run that is asked to stop, at every moment it looks.
class StopMatrix : public testing::TestWithParam<int> {};

TEST_P(StopMatrix, StoppedRunsSaySoAndTheNextOneMakesTheSameBytes) {
  for (const FileFormat format :
       {FileFormat::csv, FileFormat::jsonl, FileFormat::json, FileFormat::xml}) {
    const Setting setting{format, false, Paging::offset};
    SmallRun run{setting};
    int looks = 0;
    run.stop = [&] { return ++looks >= GetParam(); };
    const sim::Report report = run.go();
    ++cells_run;
    if (looks < GetParam()) continue;  // it was done before
    EXPECT_TRUE(report.cancelled()) << words_of(report);
    EXPECT_THAT(run.output(), testing::AnyOf(old_file, quiet_output(setting)));
    run.stop = [] { return false; };
    EXPECT_TRUE(run.go().complete());
    EXPECT_EQ(run.output(), quiet_output(setting));
  }
}

INSTANTIATE_TEST_SUITE_P(AtLook, StopMatrix, testing::Range(1, 12));

/// Reports how large the matrix was, once all of it ran.
class CellCount : public testing::Environment {
 public:
  void TearDown() override {
    std::printf("fault matrix: %llu cells\n", static_cast<unsigned long long>(cells_run));
    if (testing::GTEST_FLAG(filter) == "*") test::note_figure("fault matrix cells", cells_run);
  }
};
const auto* const count [[maybe_unused]] = testing::AddGlobalTestEnvironment(new CellCount);

}  // namespace
}  // namespace callrail::trust
