/// Traps in a run itself: limits, checkpoints, secrets, other runs, time.
#include "traps.hpp"

#include <callrail/folder_lock.hpp>
#include <callrail/sha256.hpp>

#include <chrono>

namespace callrail::trust {
namespace {

/// A wall clock that somebody keeps setting, beside a steady one nobody can.
class JumpingClock final : public Clock {
 public:
  explicit JumpingClock(const VirtualClock& steady) : steady_{steady} {}
  Steady now() const override { return steady_.now(); }
  Wall today() const override {
    return steady_.today() + (++looks_ % 2 == 0 ? 1 : -1) * std::chrono::hours{5};
  }

 private:
  const VirtualClock& steady_;
  mutable int looks_ = 0;
};

TEST(Trap15, A429WithoutRetryAfterIsWaitedOut) {
  SmallRun run = with_faults({"calls:2-3=429", "calls:5=429-nonsense"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
}

TEST(Trap15, LimitsPerSecondHourAndDayAreKeptInEveryRollingWindow) {
  const std::vector<RateLimit> limits{{3, 1}, {40, 3600}, {400, 86400}};
  SmallRun run = with([&](fake::FakeOptions& options) {
    options.limits = limits;
    options.world.rows["calls"] = 1100;
  });
  run.job.limits = limits;
  run.job.jobs = 4;
  run.job.page_size = 10;
  EXPECT_TRUE(run.go().complete());
  EXPECT_GT(run.asked.size(), 120U);
  EXPECT_EQ(run.api->counts().over_limit, 0U);
}

TEST(Trap23, TheCheckpointIsNeverAheadOfTheRows) {
  // The power goes right after every commit: what it says is on the disk is there.
  SmallRun quiet{{}};
  (void)quiet.go();
  const auto calls = quiet.files.calls;
  int commits = 0;
  for (std::size_t n = 1; n <= calls.size(); ++n) {
    if (calls[n - 1].name != "commit") continue;
    ++commits;
    for (const std::uint64_t dice : {1u, 2u, 3u}) {
      SmallRun run{{}};
      run.files.crash_at(n, true);
      (void)run.go();
      ASSERT_TRUE(run.died);
      run.files.cut_power(dice);
      const auto saved = run.checkpoint.load(SmallRun::list);
      if (!saved || !*saved || (*saved)->position.bytes == 0) continue;
      const auto finished = run.files.content(run.path());
      const auto part = run.files.content("data/." + std::string{SmallRun::list} + ".csv.part");
      const std::string bytes = part ? *part : finished.value_or("");
      ASSERT_GE(bytes.size(), (*saved)->position.bytes) << "commit " << n;
      Sha256 hash;
      hash.add(std::string_view{bytes}.substr(0, (*saved)->position.bytes));
      EXPECT_EQ(hash.hex(), (*saved)->position.sha256) << "commit " << n;
    }
  }
  EXPECT_GE(commits, 3);
}

TEST(Trap24, ASecretOfTheDataIsFetchedOnlyIfSomebodyNamesIt) {
  const Endpoint& list = *api::description().find("integrations");
  SmallRun run = with(rows("integrations", 20));
  want(run, {"integrations"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(requests_to(run, "signing_key"), IsEmpty());
  EXPECT_THAT(
      rows_of(run, "integrations"),
      Each(testing::ResultOf([](const json& row) { return row.contains("signing_key"); }, false)));

  SmallRun named = with(rows("integrations", 20));
  named.job.endpoints = {{&list, {}, true}};
  for (const Text field : {"id", "signing_key"})
    named.job.endpoints.front().fields.add(list.find(field));
  EXPECT_TRUE(named.go().complete());
  EXPECT_THAT(requests_to(named, "signing_key"), Not(IsEmpty()));
}

TEST(Trap24, TheKeyStandsInNoAddressAndNoFile) {
  SmallRun run{jsonl};
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(run.asked, Each(Not(HasSubstr(run.api->options().key))));
  for (const auto& [name, bytes] : run.files.files(sim::folder))
    EXPECT_THAT(bytes, Not(HasSubstr(run.api->options().key))) << name;
}

TEST(Trap27, AnEditDaysAfterTheCallIsInTheNextRun) {
  SmallRun run{jsonl};
  EXPECT_TRUE(run.go().complete());
  const json first = held(run).front();
  run.clock.advance(std::chrono::hours{72});
  ASSERT_TRUE(run.api->world().edit("calls", 0, first.at("id").get<std::string>(), "note",
                                    "\"three days later\""));
  EXPECT_TRUE(run.go().complete());
  const auto rows = rows_of(run);
  const auto again =
      std::ranges::find_if(rows, [&](const json& row) { return row["id"] == first["id"]; });
  ASSERT_NE(again, rows.end());
  EXPECT_EQ(again->at("note"), "three days later");
}

TEST(Trap29, OfTwoRunsIntoOneFolderTheSecondIsTurnedAway) {
  const VirtualClock clock;
  const std::string here = testing::TempDir();
  const auto first = FolderLock::take(here, clock);
  ASSERT_TRUE(first);
  const auto second = FolderLock::take(here, clock);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::held);
}

TEST(Trap30, AClockThatJumpsLosesNoRowAndKeepsNobodyWaiting) {
  SmallRun quiet{jsonl};
  quiet.job.range = {.from = "2025-01-01", .to = "2026-03-01"};
  EXPECT_TRUE(quiet.go().complete());

  SmallRun run = with_faults({"calls:2=429-date:30", "calls:4=503"});
  run.job.range = quiet.job.range;
  JumpingClock clock{run.clock};
  test::FakeTransport transport{run.clock, *run.api, {.key = run.api->options().key}};
  const auto report =
      sim::run(api::description(), run.job, clock, transport, run.files, [] { return false; });
  // A date seen with a clock that is hours off may look too far away to wait for: then it says so.
  EXPECT_EQ(run.output(), report.complete() ? quiet.output() : old_file) << words_of(report);
  EXPECT_LT(run.clock.passed(), std::chrono::hours{12});
}

}  // namespace
}  // namespace callrail::trust
