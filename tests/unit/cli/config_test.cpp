#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace callrail::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

std::vector<std::string> names_of(const Config& config) {
  std::vector<std::string> names;
  for (const Wanted& wanted : config.extract.endpoints) names.emplace_back(wanted.endpoint->name);
  return names;
}

TEST(CommandLine, ReadsWhatItIsTold) {
  const CommandLine line{
      "-e sales -l 7 -b 100 -o out -f jsonl --nested flatten -j 8 --limits 5/s --max-retries 0 "
      "--timeout 2.5 --strict --dry-run --paging relative --summary-json s.json"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  const Config& config = line.config;
  EXPECT_THAT(names_of(config), ElementsAre("sales"));
  EXPECT_EQ(config.extract.limit, 7U);
  EXPECT_EQ(config.extract.page_size, 100);
  EXPECT_EQ(config.output.folder, "out");
  EXPECT_EQ(config.text.format, FileFormat::jsonl);
  EXPECT_EQ(config.extract.nested, Nested::flatten);
  EXPECT_EQ(config.jobs, 8);
  ASSERT_EQ(config.limits.size(), 1U);
  EXPECT_EQ(config.limits[0].requests, 5);
  EXPECT_EQ(config.max_retries, 0);
  EXPECT_EQ(config.timeout, std::chrono::milliseconds{2500});
  EXPECT_TRUE(config.strict);
  EXPECT_TRUE(config.dry_run);
  EXPECT_EQ(config.extract.paging, Paging::relative);
  EXPECT_EQ(config.summary_json, "s.json");
}

TEST(CommandLine, KeepsWhatATypedColumnCannotHold) {
  const CommandLine line{"-e sales -f parquet"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_EQ(line.config.text.format, FileFormat::parquet);
  EXPECT_TRUE(line.config.extract.keep_unknown);
  EXPECT_FALSE(CommandLine{"-e sales -f jsonl"}.config.extract.keep_unknown);
}

TEST(CommandLine, HasDefaultsForEverythingButTheEndpoints) {
  const CommandLine line{"--endpoints shops"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  const Config& config = line.config;
  EXPECT_EQ(config.extract.limit, std::nullopt);
  EXPECT_EQ(config.extract.page_size, 250);
  EXPECT_EQ(config.extract.paging, std::nullopt);
  EXPECT_EQ(config.extract.base_url, "https://shop.example.com");
  EXPECT_EQ(config.extract.range.zone, "user");
  EXPECT_EQ(config.output.folder, "data");
  EXPECT_EQ(config.text.format, FileFormat::csv);
  EXPECT_EQ(config.jobs, 4);
  EXPECT_EQ(config.max_retries, 3);
  EXPECT_EQ(config.timeout, std::chrono::seconds{30});
  EXPECT_EQ(config.limits.size(), 2U);
  EXPECT_EQ(config.log_level, LogLevel::info);
  EXPECT_EQ(config.bad_pages, "logs/bad-pages");
  EXPECT_EQ(config.log_file, "logs/callrail-batch.log");
  EXPECT_FALSE(config.log_file_named);
}

TEST(CommandLine, FreezesTheEndpointsItIsTold) {
  const auto frozen = [](const std::string& line) {
    std::string names;
    for (const Wanted& wanted : CommandLine{line}.config.extract.endpoints)
      if (wanted.frozen) names += std::string{wanted.endpoint->name} + ' ';
    return names;
  };
  EXPECT_EQ(frozen("-e sales,shelves"), "");
  EXPECT_EQ(frozen("-e sales,shelves --contract freeze"), "sales shelves ");
  EXPECT_EQ(frozen("-e sales,shelves --contract shelves:freeze"), "shelves ");
  EXPECT_EQ(frozen("-e sales,shelves --contract freeze,shelves:evolve"), "sales ");
}

TEST(CommandLine, FreezesWhatTheSchemaSaysUnlessToldOtherwise) {
  Api api = shop_api();
  std::vector<const Endpoint*> endpoints{api.endpoints.begin(), api.endpoints.end()};
  Endpoint sales = *api.find("sales");
  sales.frozen = true;
  std::ranges::replace(endpoints, api.find("sales"), &sales);
  api.endpoints = endpoints;
  const auto frozen = [&](const std::string& line) {
    std::string names;
    for (const Wanted& wanted : CommandLine{line, {}, {}, Verb::run, api}.config.extract.endpoints)
      if (wanted.frozen) names += std::string{wanted.endpoint->name} + ' ';
    return names;
  };
  EXPECT_EQ(frozen("-e sales,shelves"), "sales ");
  EXPECT_EQ(frozen("-e sales,shelves --contract shelves:freeze"), "sales shelves ");
  EXPECT_EQ(frozen("-e sales,shelves --contract sales:evolve"), "");
  EXPECT_EQ(frozen("-e sales,shelves --contract evolve"), "");
}

TEST(CommandLine, PutsItsLogAwayWhereItIsTold) {
  EXPECT_EQ((CommandLine{"-e sales"}.config.log_size), 10'000'000U);
  EXPECT_EQ((CommandLine{"-e sales"}.config.log_files), 5U);
  const CommandLine other{"-e sales --log-size 0 --log-files 0"};
  EXPECT_EQ(other.config.log_size, 0U);
  EXPECT_EQ(other.config.log_files, 0U);
}

TEST(CommandLine, KeepsBadPagesWhereItIsTold) {
  EXPECT_EQ((CommandLine{"-e sales --bad-pages x/y"}.config.bad_pages), "x/y");
  EXPECT_EQ((CommandLine{"-e sales --bad-pages none"}.config.bad_pages), "");
}

TEST(CommandLine, TakesARunThatKeepsUnknownMembersForAnotherOne) {
  const Config kept = CommandLine{"-e sales --keep-unknown"}.config;
  EXPECT_TRUE(kept.extract.keep_unknown);
  EXPECT_FALSE((CommandLine{"-e sales"}.config.extract.keep_unknown));
  EXPECT_NE(kept.run_options, (CommandLine{"-e sales"}.config.run_options));
}

TEST(CommandLine, TakesEndpointsInTheOrderNamedAndOnce) {
  EXPECT_THAT(names_of(CommandLine{"-e stock,shops,stock -e sales"}.config),
              ElementsAre("stock", "shops", "sales"));
  EXPECT_THAT(names_of(CommandLine{"--all"}.config),
              ElementsAre("shops", "shelves", "sales", "stock"));
}

TEST(CommandLine, SuggestsTheEndpointThatWasMeant) {
  EXPECT_THAT(CommandLine{"-e salse"}.mistake(),
              AllOf(HasSubstr("--endpoints salse"), HasSubstr("did you mean \"sales\"?")));
  EXPECT_THAT(CommandLine{"-e everything"}.mistake(), HasSubstr("closest known one"));
}

TEST(CommandLine, SuggestsTheOptionThatWasMeant) {
  EXPECT_THAT(CommandLine{"--endpints sales"}.mistake(),
              HasSubstr("did you mean \"--endpoints\"?"));
}

TEST(CommandLine, NeverTakesTheKeyAndDoesNotRepeatIt) {
  EXPECT_THAT(CommandLine{"--api-key=kQ7zPwLm"}.mistake(),
              AllOf(HasSubstr("CALLRAIL_API_KEY"), ::testing::Not(HasSubstr("kQ7z"))));
}

TEST(CommandLine, WantsEndpoints) {
  EXPECT_THAT(CommandLine{""}.mistake(), AllOf(HasSubstr("--endpoints"), HasSubstr("--all")));
  EXPECT_THAT(CommandLine{"-e ,"}.mistake(), HasSubstr("nothing to read"));
  EXPECT_THAT(CommandLine{"--all -e sales"}.mistake(), HasSubstr("--all cannot stand beside"));
}

TEST(CommandLine, MeansAllEndpointsForCheckIfNoneIsNamed) {
  EXPECT_EQ(CommandLine("", {}, "", Verb::check).config.extract.endpoints.size(), 4U);
}

TEST(CommandLine, TellsAllMistakesAtOnce) {
  EXPECT_EQ(CommandLine{"-e nothing -l 0 -b 0 -j 0 -f doc"}.mistakes.size(), 5U);
}

struct Wrong {
  const char *typed, *named, *why;
};
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.typed; }

class AWrongValue : public ::testing::TestWithParam<Wrong> {};

TEST_P(AWrongValue, IsNamedWithItsReason) {
  const CommandLine line{std::string{"-e sales "} + GetParam().typed};
  EXPECT_THAT(line.mistake(), AllOf(HasSubstr(GetParam().named), HasSubstr(GetParam().why)));
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryOption, AWrongValue,
    ::testing::Values(Wrong{"--limit 0", "--limit 0", "at least 1"},
                      Wrong{"--limit -1", "--limit -1", "at least 1"},
                      Wrong{"--limit abc", "--limit abc", "not a whole number"},
                      Wrong{"--limit 7.5", "--limit 7.5", "not a whole number"},
                      Wrong{"--limit 99999999999999999999", "--limit 9", "not a whole number"},
                      Wrong{"--limit", "--limit", "needs a value"},
                      Wrong{"--batch-size 0", "--batch-size 0", "1 to 250"},
                      Wrong{"--batch-size 251", "--batch-size 251", "1 to 250"},
                      Wrong{"-b abc", "--batch-size abc", "1 to 250"},
                      Wrong{"-j 0", "--jobs 0", "1 to 64"}, Wrong{"-j 65", "--jobs 65", "1 to 64"},
                      Wrong{"--max-retries -1", "--max-retries -1", "0 to 1000"},
                      Wrong{"--timeout 0", "--timeout 0", "more than 0"},
                      Wrong{"--timeout -3", "--timeout -3", "more than 0"},
                      Wrong{"--timeout nan", "--timeout nan", "more than 0"},
                      Wrong{"--limits 10/x", "--limits 10/x", "10/s"},
                      Wrong{"--format xls", "--format xls", "csv, jsonl, json, xml"},
                      Wrong{"--format jsno", "--format jsno", "did you mean \"json\"?"},
                      Wrong{"--format parquet -o -", "--format parquet", "is for folders"},
                      Wrong{"--nested no", "--nested no", "json, flatten"},
                      Wrong{"--csv-dialect x", "--csv-dialect x", "rfc4180, excel"},
                      Wrong{"--csv-formulas x", "--csv-formulas x", "keep, escape"},
                      Wrong{"--paging x", "--paging x", "offset, relative"},
                      Wrong{"--progress x", "--progress x", "auto, always, never"},
                      Wrong{"--log-level loud", "--log-level loud", "DEBUG, INFO"},
                      Wrong{"--bad-pages=", "--bad-pages", "needs a value"},
                      Wrong{"--log-format x", "--log-format x", "text, json"},
                      Wrong{"--log-file=", "--log-file", "needs a value"},
                      Wrong{"--log-size 5", "--log-size", "at least 1kB"},
                      Wrong{"--log-files -1", "--log-files", "0 to 1000"},
                      Wrong{"--contract ice", "--contract", "write evolve or freeze"},
                      Wrong{"--contract sails:freeze", "--contract", "no such endpoint"},
                      Wrong{"--limit --all", "--limit", "--all is an option"},
                      Wrong{"--output -q", "--output", "-q is an option"},
                      Wrong{"--output mysql:a.db", "--output mysql:a.db", "only folders, sqlite:"},
                      Wrong{"--output=", "--output", "needs a value"},
                      Wrong{"--summary-json -", "--summary-json -", "name a file"},
                      Wrong{"--base-url http://shop.example.com", "--base-url", "https"},
                      Wrong{"--base-url nowhere", "--base-url nowhere", "https"},
                      Wrong{"--shop-id a/b", "--shop-id", "letters and digits"},
                      Wrong{"--start-date 2024-13-01", "--start-date 2024-13-01", "YYYY-MM-DD"},
                      Wrong{"--start-date 2023-02-29", "--start-date 2023-02-29", "calendar"},
                      Wrong{"--end-date yesterday", "--end-date yesterday", "YYYY-MM-DD"},
                      Wrong{"--end-date 2024-01-01T25:00", "--end-date", "YYYY-MM-DDTHH:MM"},
                      Wrong{"--start-date 2026-02-02 --end-date 2026-02-01",
                            "--end-date 2026-02-01", "before --start-date"},
                      Wrong{"--days 0", "--days 0", "at least 1"},
                      Wrong{"--days x", "--days x", "at least 1"},
                      Wrong{"--days 3 --start-date 2026-01-01", "--days", "beside --start-date"},
                      Wrong{"--days 3 --end-date 2026-01-01", "--days", "beside --end-date"},
                      Wrong{"--time-zone Mars/One", "--time-zone Mars/One", "IANA"},
                      Wrong{"--time-zone ../../etc/passwd", "--time-zone", "IANA"},
                      Wrong{"--dry-run=no", "--dry-run", "takes no value"}));

TEST(TheOutput, IsOneEndpointIfItIsStandardOutput) {
  EXPECT_TRUE(CommandLine{"-e sales -o -"}.config.output.standard_output);
  EXPECT_THAT(CommandLine{"-e sales,shops -o -"}.mistake(),
              AllOf(HasSubstr("--output -"), HasSubstr("one endpoint, not 2")));
}

TEST(TheDates, AreSentAsTheUserWroteThem) {
  const CommandLine line{"-e sales --start-date 2026-01-01 --end-date 2026-01-31T14:00"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_EQ(line.config.extract.range.from, "2026-01-01");
  EXPECT_EQ(line.config.extract.range.to, "2026-01-31T14:00");
}

TEST(TheDates, MayBeTheSameDay) {
  EXPECT_THAT(CommandLine{"-e sales --start-date 2026-01-01 --end-date 2026-01-01"}.mistakes,
              IsEmpty());
  // The day lasts until its last second.
  EXPECT_THAT(CommandLine{"-e sales --start-date 2026-01-01T10:00 --end-date 2026-01-01"}.mistakes,
              IsEmpty());
}

TEST(TheDates, CountBackFromToday) {
  // It is 02:09 UTC on the 21st, so still the 20th in the west.
  const CommandLine line{"-e sales --days 7"};
  EXPECT_EQ(line.config.extract.range.from, "2026-11-13");
  EXPECT_EQ(line.config.extract.range.to, "");
  for (const auto& [zone, from] : {std::pair{"America/New_York", "2026-11-13"},
                                   {"UTC", "2026-11-14"},
                                   {"Asia/Tokyo", "2026-11-14"}})
    EXPECT_EQ(
        CommandLine{std::string{"-e sales --days 7 --time-zone "} + zone}.config.extract.range.from,
        from)
        << zone;
}

TEST(TheDates, DoNotBeginInTheFuture) {
  EXPECT_THAT(CommandLine{"-e sales --start-date 2026-11-22"}.mistake(),
              AllOf(HasSubstr("--start-date 2026-11-22"), HasSubstr("future")));
  EXPECT_THAT(CommandLine{"-e sales --start-date 2027-01-01T10:00"}.mistakes, SizeIs(1));
  EXPECT_THAT(CommandLine{"-e sales --start-date 2026-11-21T23:00"}.mistakes, IsEmpty());
  EXPECT_THAT(CommandLine{"-e sales --start-date 2026-11-22 --end-date 2026-11-30"}.mistakes,
              IsEmpty());
}

TEST(TheDates, TakeAZoneByItsName) {
  EXPECT_EQ(CommandLine{"-e sales --time-zone America/New_York"}.config.extract.range.zone,
            "America/New_York");
}

TEST(TheParameters, HaveAnOptionEachBecauseTheTableNamesThem) {
  const CommandLine line{"-e stock --shop-id S1 --shop-id S2,S3 --shelf-id 9"};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(line.config.extract.fixed,
              ElementsAre(Pair("shelf_id", ElementsAre("9")),
                          Pair("shop_id", ElementsAre("S1", "S2", "S3"))));
}

TEST(TheSources, OptionWinsOverEnvironmentOverEnvFileOverDefault) {
  const std::string env = "BATCH_SIZE=11\nCALLRAIL_LIMIT=12\nMAX_RETRIES=1\n";
  const Variables variables{{"BATCH_SIZE", "21"}, {"CALLRAIL_LIMIT", "22"}};
  const CommandLine line{"-e sales --batch-size 31", variables, env};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_EQ(line.config.extract.page_size, 31);
  EXPECT_EQ(line.config.extract.limit, 22U);
  EXPECT_EQ(line.config.max_retries, 1);
  EXPECT_EQ(origin_text((*line.settings)["batch-size"]), "option");
  EXPECT_EQ(origin_text((*line.settings)["limit"]), "environment CALLRAIL_LIMIT");
  EXPECT_EQ(origin_text((*line.settings)["max-retries"]), ".env:3 MAX_RETRIES");
  EXPECT_EQ(origin_text((*line.settings)["jobs"]), "default");
}

TEST(TheSources, NameWhereAWrongValueStands) {
  EXPECT_THAT(CommandLine("-e sales", {{"BATCH_SIZE", "0"}}).mistake(),
              HasSubstr("--batch-size (BATCH_SIZE in the environment) 0"));
  EXPECT_THAT(CommandLine("-e sales", {}, "\nCALLRAIL_LIMIT=x").mistake(),
              HasSubstr("--limit (CALLRAIL_LIMIT, .env:2) x"));
}

TEST(TheSources, TakeAnEmptyVariableForNoValue) {
  const CommandLine line{
      "-e sales", {{"LOG_LEVEL", ""}, {"CALLRAIL_LIMIT", ""}}, "CALLRAIL_LIMIT=5"};
  EXPECT_THAT(line.mistakes, IsEmpty());
  EXPECT_EQ(line.config.log_level, LogLevel::info);
  EXPECT_EQ(line.config.extract.limit, std::nullopt);
}

TEST(TheSources, CoverTheVariablesOfTheContract) {
  const CommandLine line{"",
                         {{"CALLRAIL_ENDPOINTS", "sales, shops"},
                          {"DATA_DIR", "/tmp/x"},
                          {"CALLRAIL_LIMITS", "none"},
                          {"CALLRAIL_BASE_URL", "http://127.0.0.1:8080"},
                          {"LOG_LEVEL", "warn"},
                          {"CALLRAIL_SHOP_ID", "S1"}}};
  ASSERT_THAT(line.mistakes, IsEmpty());
  EXPECT_THAT(names_of(line.config), ElementsAre("sales", "shops"));
  EXPECT_EQ(line.config.output.folder, "/tmp/x");
  EXPECT_THAT(line.config.limits, IsEmpty());
  EXPECT_EQ(line.config.extract.base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(line.config.log_level, LogLevel::warning);
  EXPECT_THAT(line.config.extract.fixed, ElementsAre(Pair("shop_id", ElementsAre("S1"))));
}

TEST(TheSources, LetAllOnTheCommandLineWinOverEndpointsOfTheEnvironment) {
  EXPECT_EQ(CommandLine("--all", {{"CALLRAIL_ENDPOINTS", "sales"}}).config.extract.endpoints.size(),
            4U);
}

}  // namespace
}  // namespace callrail::cli
