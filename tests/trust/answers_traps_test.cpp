/// Traps in what is answered: rows that move, lists that are refused, bodies that are no pages.
#include "traps.hpp"

#include <set>

namespace callrail::trust {
namespace {

TEST(Trap08, ListsUnderAnotherNameAreReadAndAMissingListIsAnError) {
  SmallRun run = with(rows("text_messages", 12));
  want(run, {"text_messages"});  // its rows stand in "conversations"
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(rows_of(run, "text_messages"), SizeIs(12));

  SmallRun other = with_faults({"calls:1-=wrong-envelope"});
  const auto report = other.go();
  EXPECT_TRUE(report.told.front().failed);
  EXPECT_EQ(other.output(), old_file);
}

TEST(Trap09, EveryAccountAndEveryCompanyIsRead) {
  SmallRun run = with([](fake::FakeOptions& options) {
    options.world.rows["accounts"] = 2;
    options.world.rows["companies"] = 3;
    options.world.rows["integrations"] = 12;
  });
  want(run, {"companies", "integrations"});
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(rows_of(run, "companies"), SizeIs(6));
  std::set<std::string> companies;
  for (const json& row : rows_of(run, "integrations"))
    companies.insert(row.at("company_id").get<std::string>());
  EXPECT_THAT(companies, SizeIs(6));
  EXPECT_THAT(rows_of(run, "integrations"), SizeIs(held(run, "integrations").size()));
}

TEST(Trap10, ARowHiddenBetweenTwoPagesTakesNoNeighbourAlong) {
  SmallRun run{jsonl, {}, {"calls:3=hide:oldest"}};
  const auto before = keys_of(held(run));
  const auto report = run.go();
  const auto after = keys_of(held(run));
  ASSERT_THAT(after, SizeIs(before.size() - 1));
  const auto read = keys_of(rows_of(run));
  const bool all = std::ranges::all_of(
      after, [&](const std::string& key) { return std::ranges::count(read, key) == 1; });
  EXPECT_EQ(all || report.admits(), sim::claims_are_proven)
      << "lost without a word; or no more, and claims_are_proven in scene.hpp can be turned on";
}

TEST(Trap11, ARowThatArrivesBetweenTwoPagesMakesNoDouble) {
  SmallRun run{jsonl, {}, {"calls:2=insert:oldest", "calls:4=insert:oldest"}};
  const auto before = keys_of(held(run));
  (void)run.go();
  const auto read = keys_of(rows_of(run));
  EXPECT_THAT(std::set<std::string>(read.begin(), read.end()), SizeIs(read.size()));
  for (const std::string& key : before) EXPECT_EQ(std::ranges::count(read, key), 1) << key;
}

TEST(Trap12, DisabledRowsAreReadLikeOthers) {
  SmallRun run = with([](fake::FakeOptions& options) {
    options.world.rows["companies"] = 40;
    options.world.rows["trackers"] = 40;
  });
  want(run, {"companies", "trackers"});
  EXPECT_TRUE(run.go().complete());
  for (const Text list : {"companies", "trackers"}) {
    const auto rows = rows_of(run, list);
    EXPECT_THAT(rows, SizeIs(40));
    EXPECT_TRUE(
        std::ranges::any_of(rows, [](const json& row) { return row.at("status") == "disabled"; }));
  }
}

TEST(Trap14, AColumnThatTurnsNullAndAnIdThatChangesItsFormLoseNoRow) {
  SmallRun null = with(quirk("null-field=source"));
  EXPECT_TRUE(null.go().complete());
  EXPECT_THAT(rows_of(null),
              Each(testing::ResultOf([](const json& row) { return row.at("source"); }, json{})));
  EXPECT_THAT(keys_of(rows_of(null)), UnorderedElementsAreArray(keys_of(held(null))));

  const auto tags = [](fake::FakeOptions& options) {
    options.world.rows["tags"] = 30;
    ASSERT_TRUE(options.quirks.add(Text{"ids-as-text"}));
  };
  SmallRun ids = with(tags);
  want(ids, {"tags"});
  EXPECT_TRUE(ids.go().complete());
  EXPECT_THAT(
      rows_of(ids, "tags"),
      AllOf(SizeIs(30), Each(testing::ResultOf(
                            [](const json& row) { return row.at("id").is_string(); }, true))));
}

TEST(Trap17, AnEmptyAccountHasEveryColumnOfTheSchema) {
  SmallRun run{{FileFormat::csv, false, Paging::offset}, {}, {}, rows("calls", 0)};
  want(run, {"calls"});
  EXPECT_TRUE(run.go().complete());
  const std::string header = run.output();
  EXPECT_THAT(*run.records(), IsEmpty());
  const Endpoint& calls = *api::description().find("calls");
  const auto columns = Selection::everything(calls).order();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(header, ',')), columns.size() - 1);
  for (const std::size_t field : columns)
    EXPECT_THAT(header, HasSubstr(std::string{calls.fields[field].name}));
}

TEST(Trap18, A403OnOneListStopsNoOther) {
  SmallRun run = with_faults({"users:1-=403"});
  want(run, {"users", "tags", "calls"});
  const auto report = run.go();
  EXPECT_TRUE(report.admits());
  EXPECT_FALSE(report.ended);
  EXPECT_THAT(words_of(report), HasSubstr("403"));
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_THAT(rows_of(run, "tags"), SizeIs(1));
}

TEST(Trap19, WhatIsNoPageIsNotTakenForAnEmptyOne) {
  for (const char* answer : {"html", "empty", "no-content", "top-array", "cut-json"}) {
    SmallRun once = with_faults({fmt::format("calls:2={}", answer)});
    EXPECT_TRUE(once.go().complete()) << answer;
    EXPECT_THAT(keys_of(rows_of(once)), UnorderedElementsAreArray(keys_of(held(once)))) << answer;
    SmallRun for_good = with_faults({fmt::format("calls:2-={}", answer)});
    EXPECT_TRUE(for_good.go().told.front().failed) << answer;
    EXPECT_EQ(for_good.output(), old_file) << answer;
  }
}

TEST(Trap21, A404OnTheFirstPageIsAnEmptyListWithAWord) {
  SmallRun run = with_faults({"calls:1-=404"});
  const auto report = run.go();
  EXPECT_THAT(rows_of(run), IsEmpty());
  EXPECT_THAT(words_of(report), HasSubstr("404"));
}

TEST(Trap21, A404OnOneCompanyLeavesTheOthersAndA404InTheMiddleIsAFailure) {
  const Adapt world = [](fake::FakeOptions& options) {
    options.world.rows["companies"] = 3;
    options.world.rows["integrations"] = 12;
  };
  SmallRun child{jsonl, {"integrations:2=404"}, {}, world};
  want(child, {"integrations"});
  const auto report = child.go();
  EXPECT_THAT(words_of(report), HasSubstr("404"));
  EXPECT_THAT(rows_of(child, "integrations"), SizeIs(8));

  SmallRun middle = with_faults({"calls:3-=404"});
  EXPECT_TRUE(middle.go().told.front().failed);
  EXPECT_EQ(middle.output(), old_file);
}

TEST(Trap22, NoNumberOfPagesIsTooMany) {
  SmallRun run = with(rows("calls", 3000));
  run.job.page_size = 7;
  EXPECT_TRUE(run.go().complete());
  EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run))));
  EXPECT_GT(run.asked.size(), 500U);
}

TEST(Trap25, TheSamePageAgainAndAgainIsNoticed) {
  SmallRun run = with_faults({"calls:2-=repeated-page"});
  const auto report = run.go();
  EXPECT_TRUE(report.admits());
  EXPECT_LT(run.asked.size(), 60U) << "it must not go on for ever";
  if (!report.told.front().failed) {
    const auto read = keys_of(rows_of(run));
    EXPECT_THAT(std::set<std::string>(read.begin(), read.end()), SizeIs(read.size()));
  }
}

TEST(Trap28, ABodyThatIsCutOrLiesAboutItsLengthIsAskedForAgain) {
  for (const char* answer : {"short-body", "wrong-length", "bad-chunk", "bad-gzip"}) {
    SmallRun run = with_faults({fmt::format("calls:3={}", answer)});
    EXPECT_TRUE(run.go().complete()) << answer;
    EXPECT_THAT(keys_of(rows_of(run)), UnorderedElementsAreArray(keys_of(held(run)))) << answer;
  }
}

TEST(Trap28, ABombFailsTheListAndSaysWhy) {
  SmallRun run = with_faults({"calls:3=bomb"});
  const auto report = run.go();
  EXPECT_TRUE(report.told.front().failed);
  EXPECT_THAT(words_of(report), HasSubstr("larger than"));
  EXPECT_EQ(run.output(), old_file);
}

}  // namespace
}  // namespace callrail::trust
