#include "progress.hpp"

#include "virtual_terminal.hpp"
#include "watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace callrail::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ManualClock final : public Clock {
 public:
  Steady now() const override { return steady; }
  Wall today() const override { return Wall{}; }
  Steady steady{std::chrono::hours{1}};
};

EndpointSummary sales(std::uint64_t rows = 0) {
  EndpointSummary summary;
  summary.name = "sales";
  summary.rows = rows;
  return summary;
}

class ProgressOnATerminal : public ::testing::Test {
 protected:
  VirtualTerminal seen{80};
  Screen screen{seen.terminal()};
  Console console{screen, {}, false};
  ManualClock clock;
  Progress progress{console, clock, true};
};

TEST_F(ProgressOnATerminal, IsTwoLines) {
  progress.started(sales(), 2, 11);
  clock.steady += seconds{2};
  progress.progress(sales(500), 1250);
  EXPECT_THAT(seen.lines(),
              ElementsAre("endpoint 2/11 sales", "records 500/1250, 250/s, 3 s left"));
}

TEST_F(ProgressOnATerminal, ShowsRecordsEvenIfNobodyKnowsHowMany) {
  progress.started(sales(), 1, 1);
  clock.steady += seconds{1};
  progress.progress(sales(500), std::nullopt);
  EXPECT_THAT(seen.lines(), ElementsAre("endpoint 1/1 sales", "records 500, 500/s"));
}

TEST_F(ProgressOnATerminal, KeepsWarningsAboveIt) {
  progress.started(sales(), 1, 1);
  console.warning("careful");
  EXPECT_THAT(seen.lines(), ElementsAre("warning: careful", "endpoint 1/1 sales", "records 0"));
}

TEST_F(ProgressOnATerminal, IsGoneAtTheEnd) {
  progress.started(sales(), 1, 1);
  progress.finished(sales(5), 1, 1);
  progress.end();
  EXPECT_THAT(seen.lines(), IsEmpty());
}

TEST_F(ProgressOnATerminal, ShowsTheFirstOfSeveralEndpointsAtWork) {
  EndpointSummary stock = sales();
  stock.name = "stock";
  progress.started(sales(), 1, 2);
  progress.started(stock, 2, 2);
  clock.steady += seconds{1};
  progress.progress(sales(10), 20);
  EXPECT_EQ(seen.lines().at(0), "endpoint 1/2 sales");
  clock.steady += seconds{1};
  progress.finished(sales(20), 1, 2);
  EXPECT_EQ(seen.lines().at(0), "endpoint 2/2 stock");
}

TEST_F(ProgressOnATerminal, DoesNotRedrawForEveryPage) {
  progress.started(sales(), 1, 1);
  clock.steady += milliseconds{10};
  progress.progress(sales(250), 1000);
  EXPECT_THAT(seen.text(), HasSubstr("records 0"));
  clock.steady += milliseconds{100};
  progress.tick();
  EXPECT_THAT(seen.text(), HasSubstr("records 250/1000"));
}

class ProgressInAFile : public ::testing::Test {
 protected:
  std::string out;
  Screen screen{{.write = [this](std::string_view text) { out += text; },
                 .width = [] { return std::size_t{80}; }}};
  Console console{screen, {}, false};
  ManualClock clock;
  Progress progress{console, clock, true};
};

TEST_F(ProgressInAFile, IsALineEveryFewSecondsAndOneAtTheEnd) {
  progress.started(sales(), 1, 2);
  for (int page = 1; page <= 60; ++page) {
    clock.steady += milliseconds{200};
    progress.progress(sales(static_cast<std::uint64_t>(page) * 250), 15000);
  }
  EndpointSummary done = sales(15000);
  done.took = seconds{12};
  done.file = "data/sales.csv";
  progress.finished(done, 1, 2);
  EXPECT_EQ(out,
            "endpoint 1/2 sales: records 6250/15000, 1250/s, 7 s left\n"
            "endpoint 1/2 sales: records 12500/15000, 1250/s, 2 s left\n"
            "endpoint 1/2 sales: 15000 records in 12 s, data/sales.csv\n");
}

TEST_F(ProgressInAFile, IsFollowedByWhatWasSkippedOrFailed) {
  auto log = Log::open({});
  Watch watch{console, progress, *log};
  EndpointSummary skipped = sales();
  skipped.outcome = Outcome::skipped;
  skipped.reason = "403 Forbidden";
  watch.finished(skipped, 1, 2);
  EndpointSummary failed = sales();
  failed.outcome = Outcome::failed;
  failed.reason = "500 after 4 tries";
  failed.code = Code::try_later;
  watch.finished(failed, 2, 2);
  EXPECT_EQ(out,
            "warning: endpoint 1/2 sales: skipped, 403 Forbidden\n"
            "error: endpoint 2/2 sales: failed, 500 after 4 tries\n");
}

TEST_F(ProgressInAFile, DoesNotRepeatForEachEndpointWhatEndedTheRun) {
  auto log = Log::open({});
  Watch watch{console, progress, *log};
  EndpointSummary failed = sales();
  failed.outcome = Outcome::failed;
  failed.code = Code::bad_key;
  watch.finished(failed, 1, 1);
  EXPECT_EQ(out, "");
}

TEST_F(ProgressInAFile, IsSilentIfNotWanted) {
  Progress silent{console, clock, false};
  silent.started(sales(), 1, 1);
  clock.steady += seconds{60};
  silent.tick();
  silent.finished(sales(), 1, 1);
  EXPECT_EQ(out, "");
}

TEST_F(ProgressInAFile, SaysInTheErrorWhereABadPageIsKept) {
  auto log = Log::open({});
  Watch watch{console, progress, *log};
  Error error{Code::bad_answer, "row 2 is malformed (byte 27 of 33)"};
  watch.bad_page("sales page 3", "{", error);
  EXPECT_EQ(error.what, "row 2 is malformed (byte 27 of 33)");  // nobody keeps it

  std::string folder = testing::TempDir() + "callrail-bad-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  BadPages pages{folder, {}, clock};
  watch.keep_bad_pages(pages);
  watch.bad_page("sales page 3", "{", error);
  EXPECT_TRUE(error.what.starts_with("row 2 is malformed (byte 27 of 33); the page is kept in " +
                                     folder + "/"))
      << error.what;
  std::filesystem::remove_all(folder);
}

TEST_F(ProgressInAFile, ShowsWaitingAtOnce) {
  auto log = Log::open({});
  Watch watch{console, progress, *log};
  watch.waiting({"sales page 3", "429", milliseconds{2100}, 1, 4});
  watch.waiting({"sales page 4", "limit 1000/h", milliseconds{163'000}, 0, 0});
  EXPECT_EQ(out,
            "waiting 2.1 s: 429, sales page 3, try 2 of 4\n"
            "waiting 3 min: limit 1000/h, sales page 4\n");
}

}  // namespace
}  // namespace callrail::cli
