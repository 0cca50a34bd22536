// Which databases, how they are kept current, and what cannot stand together.
#include "command_line.hpp"
#include "output_config.hpp"
#include "texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Config config_of(const std::string& typed) {
  const CommandLine line{typed};
  EXPECT_THAT(line.mistakes, IsEmpty()) << typed;
  return line.config;
}

TEST(TheDestinations, MayBeAFolderAndDatabasesAtOnce) {
  const Config config =
      config_of("-e sales -o sqlite:a.db -o out -o postgresql://db.example.com/crm");
  EXPECT_EQ(config.output.folder, "out");
  EXPECT_THAT(config.output.databases,
              ElementsAre("sqlite:a.db", "postgresql://db.example.com/crm"));
  EXPECT_EQ(config.output.count(), 3U);
  const Config alone = config_of("-e sales -o sqlite:a.db");
  EXPECT_FALSE(alone.output.has_folder());
  EXPECT_FALSE(alone.output.standard_output);
}

TEST(TheDestinations, OfADatabaseKeepWhatTheSchemaDoesNotKnow) {
  EXPECT_TRUE(config_of("-e sales -o sqlite:a.db").extract.keep_unknown);
  EXPECT_FALSE(config_of("-e sales -o out").extract.keep_unknown);
}

TEST(TheMode, IsDeltaForDatabasesAloneAndFullElse) {
  const auto mode = [](const std::string& typed) {
    return config_of("-e sales " + typed).sync.mode;
  };
  EXPECT_EQ(mode("-o out"), SyncMode::full);
  EXPECT_EQ(mode("-o sqlite:a.db"), SyncMode::delta);
  EXPECT_EQ(mode("-o sqlite:a.db -o postgresql:///b"), SyncMode::delta);
  EXPECT_EQ(mode("-o sqlite:a.db -o out"), SyncMode::full);
  EXPECT_EQ(mode("-o sqlite:a.db -o out --mode delta"), SyncMode::delta);
  EXPECT_EQ(mode("-o sqlite:a.db --full"), SyncMode::full);
  EXPECT_EQ(mode("-o sqlite:a.db --full-sync"), SyncMode::full);
  EXPECT_EQ(mode("-o sqlite:a.db --mode full"), SyncMode::full);
  EXPECT_EQ(mode("-o sqlite:a.db --days 3"), SyncMode::range);
  EXPECT_EQ(mode("-o sqlite:a.db --start-date 2026-01-01 --end-date 2026-01-01"), SyncMode::range);
}

TEST(TheMode, WithoutDaysAsksADatabaseInUtc) {
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db").extract.range.zone, "UTC");
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db --full").extract.range.zone, "UTC");
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db --days 3").extract.range.zone, "user");
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db --days 3 --time-zone Asia/Tokyo").extract.range.zone,
            "Asia/Tokyo");
  EXPECT_EQ(config_of("-e sales -o out").extract.range.zone, "user");
}

TEST(TheLookBack, IsDaysOrAWordForAllOrForOne) {
  const LookBacks some =
      config_of("-e sales -o sqlite:a.db --lookback 14d,sales:0 --lookback sales:tiers")
          .sync.look_back;
  EXPECT_EQ(some.all, (LookBack{LookBack::How::days, 14}));
  EXPECT_EQ(some.of("sales"), (LookBack{LookBack::How::tiers, 0}));
  EXPECT_EQ(some.of("stock"), some.all);
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db --lookback auto").sync.look_back.all.how,
            LookBack::How::learnt);
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db --lookback 0").sync.look_back.all,
            (LookBack{LookBack::How::days, 0}));
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db").sync.look_back.all, LookBack{});
}

TEST(TheWait, IsATimeWithItsUnit) {
  using namespace std::chrono_literals;
  const auto wait = [](const std::string& time) {
    return config_of("-e sales -o sqlite:a.db --wait " + time).sync.wait;
  };
  EXPECT_EQ(wait("60s"), 60s);
  EXPECT_EQ(wait("5m"), 5min);
  EXPECT_EQ(wait("2h"), 2h);
  EXPECT_EQ(wait("90"), 90s);
  EXPECT_EQ(config_of("-e sales -o sqlite:a.db").sync.wait, 0s);
}

struct Refused {
  std::string typed, named, why;
};
class ARefusedCombination : public ::testing::TestWithParam<Refused> {};

TEST_P(ARefusedCombination, IsToldWithItsReason) {
  const auto& [typed, named, why] = GetParam();
  const CommandLine line{"-e sales " + typed};
  ASSERT_EQ(line.mistakes.size(), 1U) << typed;
  EXPECT_THAT(line.mistake(), AllOf(HasSubstr(named), HasSubstr(why)));
}

INSTANTIATE_TEST_SUITE_P(
    OfDatabases, ARefusedCombination,
    ::testing::Values(
        Refused{"-o sqlite:a.db --full --start-date 2026-01-01", "--full", "--start-date"},
        Refused{"-o sqlite:a.db --full-sync --end-date 2026-01-01", "--full-sync", "--end-date"},
        Refused{"--full --days 3", "--full", "--days"},
        Refused{"-o sqlite:a.db --mode delta --days 3", "--mode delta", "--days"},
        Refused{"-o sqlite:a.db --mode delta --full", "--full", "--mode delta"},
        Refused{"--mode delta", "--mode delta", "database"},
        Refused{"-o sqlite:a.db --format jsonl", "--format", "only a database"},
        Refused{"-o sqlite:a.db --csv-dialect excel", "--csv-dialect", "only a database"},
        Refused{"-o sqlite:a.db --nested flatten", "--nested flatten", "columns"},
        Refused{"-o sqlite:a.db -o -", "--output -", "takes nothing back"},
        Refused{"-o a -o b", "--output b", "one folder"},
        Refused{"-o a -o -", "--output", "standard output"},
        Refused{"-o sqlite:a.db -o sqlite:a.db", "sqlite:a.db", "twice"},
        Refused{"-o sqlite:a.db --lookback soon", "--lookback soon", "14d"},
        Refused{"-o sqlite:a.db --lookback 7", "--lookback 7", "14d"},
        Refused{"-o sqlite:a.db --lookback -1d", "--lookback -1d", "14d"},
        Refused{"-o sqlite:a.db --lookback salez:7d", "salez", "sales"},
        Refused{"-o sqlite:a.db --lookback shops:7d", "shops", "read whole"},
        Refused{"-o sqlite:a.db --full --lookback 7d", "--lookback", "reads everything"},
        Refused{"-o sqlite:a.db -o out --lookback 7d", "--lookback", "filled whole"},
        Refused{"-o sqlite:a.db --wait soon", "--wait soon", "60s"},
        Refused{"--wait 60s", "--wait", "database"}, Refused{"--migrate", "--migrate", "database"},
        Refused{"--skip-validation", "--skip-validation", "database"},
        Refused{"-o sqlite:a.db --time-zone Asia/Tokyo", "--time-zone", "UTC"},
        Refused{"-o sqlite:a.db --record r", "--record", "--mode delta"},
        Refused{"-o sqlite:a.db --destructive", "--destructive", "--migrate"},
        Refused{"-o sqlite:a.db --stale", "--stale", "history"},
        Refused{"-o sqlite:a.db --fix", "--fix", "reconcile"},
        Refused{"-o - --json", "--json", "standard output"},
        Refused{"-o mysql://db.example.com/crm", "mysql://", "postgresql://"}));

TEST(APassword, IsInNoMessage) {
  EXPECT_EQ(public_address("postgresql://me:s3cret@db.example.com/crm"),
            "postgresql://me:****@db.example.com/crm");
  EXPECT_EQ(public_address("postgresql://me:s3@cr:et@db.example.com/crm?sslmode=require"),
            "postgresql://me:****@db.example.com/crm?sslmode=require");
  EXPECT_EQ(public_address("postgresql:///crm?password=s3cret&user=me"),
            "postgresql:///crm?password=****&user=me");
  EXPECT_EQ(public_address("postgresql://db.example.com:5433/crm"),
            "postgresql://db.example.com:5433/crm");
  EXPECT_EQ(public_address("sqlite:a.db"), "sqlite:a.db");
  const std::string typed =
      "-e sales -o postgresql://me:s3cret@db.example.com/crm -o "
      "postgresql://me:s3cret@db.example.com/crm";
  EXPECT_THAT(CommandLine{typed}.mistake(), Not(HasSubstr("s3cret")));
  const CommandLine line{typed};
  EXPECT_THAT(config_text(line.groups, *line.settings, ApiKey{}), Not(HasSubstr("s3cret")));
}

TEST(Reconcile, NeedsDaysAndOneDatabase) {
  const auto mistakes = [](const std::string& typed) {
    return CommandLine{typed, {}, {}, Verb::reconcile}.mistakes;
  };
  EXPECT_THAT(mistakes("--days 3 -o sqlite:a.db"), IsEmpty());
  EXPECT_THAT(mistakes("-o sqlite:a.db"), ElementsAre(HasSubstr("--days")));
  EXPECT_THAT(mistakes("--days 3"), ElementsAre(HasSubstr("database")));
  EXPECT_THAT(mistakes("--days 3 -o sqlite:a.db -o out"), ElementsAre(HasSubstr("one database")));
}

}  // namespace
}  // namespace callrail::cli
