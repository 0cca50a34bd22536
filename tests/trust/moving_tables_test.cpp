/// Tables over many runs, while the list and the clock move.
#include "table_run.hpp"

#include <callrail/fake/random.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace callrail::trust {
namespace {

using testing::IsEmpty;

using Adapt = std::function<void(fake::FakeOptions&)>;

class MovingTables : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!test::is_there(GetParam())) GTEST_SKIP() << test::why_not(GetParam());
  }
  void TearDown() override { Bed::drop_all(); }

  /// Somebody calls.
  void call(TableRun& run, std::chrono::seconds ago = {}) {
    auto key = run.api->world().insert(SmallRun::list, 0, run.clock.today() - ago);
    ASSERT_TRUE(key);
    calls.push_back(*std::move(key));
  }
  /// Those that are not in the table.
  std::vector<std::string> missing(const TableRun& run) const {
    const auto there = run.ask("SELECT id FROM calls WHERE _removed_at IS NULL");
    const std::set<std::string> known{there.begin(), there.end()};
    std::vector<std::string> out;
    for (const std::string& key : calls)
      if (!known.contains(key)) out.push_back(key);
    return out;
  }
  static Adapt rows(std::uint64_t count) {
    return [count](fake::FakeOptions& options) {
      options.world.rows[std::string{SmallRun::list}] = count;
      options.delay = std::chrono::milliseconds{200};
    };
  }

  std::vector<std::string> calls;
};
INSTANTIATE_TEST_SUITE_P(Both, MovingTables, testing::ValuesIn(test::both_dialects),
                         test::name_of_dialect);

TEST_P(MovingTables, HaveEveryCallThatCameWhileTheyWereReadAfterThisRunOrTheNext) {
  int came_late = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    calls.clear();
    fake::Dice dice{seed};
    // Without a look-back only the cursor sees to it; with one, calls may be told of hours late.
    TableRun run{{.database = GetParam()}, {}, {}, rows(40)};
    run.look_back = dice.one_in(2) ? 0 : 1;
    const std::uint64_t latest = run.look_back == 0 ? 1 : 20 * 3600;
    run.job.jobs = dice.one_in(2) ? 1 : 4;
    run.mode = dice.one_in(2) ? SyncMode::full : SyncMode::delta;
    for (int turn = 0; turn < 2; ++turn) {
      run.on_the_way = [&](std::uint64_t) {
        if (dice.one_in(2)) call(run, std::chrono::seconds{dice.below(latest)});
      };
      const auto moving = run.go();
      run.on_the_way = [](std::uint64_t) {};
      EXPECT_THAT(run.contradictions(), IsEmpty());
      came_late += !missing(run).empty();
      run.mode = SyncMode::delta;
      const auto next = run.go_on_to_the_end();
      EXPECT_TRUE(next.complete()) << words_of(next);
      EXPECT_THAT(missing(run), IsEmpty()) << "seed " << seed << ": " << words_of(moving);
      run.clock.advance(std::chrono::minutes{dice.below(90)});
    }
  }
  EXPECT_GT(came_late, 10) << "and some do come with the next run only";
}

/// What the program takes for the time of day.
class SetClock final : public Clock {
 public:
  explicit SetClock(const VirtualClock& real) : real_{real} {}
  Steady now() const override { return real_.now(); }
  Wall today() const override { return real_.today() + off; }
  std::chrono::milliseconds off{0};

 private:
  const VirtualClock& real_;
};

TEST_P(MovingTables, LoseNothingWhenTheClockIsADayOff) {
  using std::chrono::hours;
  for (const int look_back : {0, 7})
    for (const hours first : {hours{-24}, hours{24}}) {
      calls.clear();
      TableRun run{{.database = GetParam()}, {}, {}, rows(40)};
      run.look_back = look_back;
      SetClock clock{run.clock};
      run.skewed = &clock;
      EXPECT_TRUE(run.go().complete());
      for (const hours off : {first, -first, hours{0}, first, hours{0}}) {
        clock.off = off;
        for (int i = 0; i < 3; ++i) {
          run.clock.advance(hours{2});
          call(run, std::chrono::minutes{i});
        }
        const auto report = run.go_on_to_the_end();
        EXPECT_TRUE(report.complete()) << words_of(report);
        EXPECT_THAT(run.contradictions(), IsEmpty());
        // The cursor is the youngest row's, whatever the time is.
        EXPECT_EQ(run.ask("SELECT max(value) FROM _cursor"),
                  run.ask("SELECT max(start_time) FROM calls"));
        if (off >= hours{0}) {
          EXPECT_THAT(missing(run), IsEmpty()) << off.count() << " hours off";
        }
      }
      EXPECT_THAT(missing(run), IsEmpty());
    }
}

}  // namespace
}  // namespace callrail::trust
