#include "fake_test.hpp"

#include <atomic>
#include <thread>

namespace callrail::fake {
namespace {

using Changes = Fake;
using testing::HasSubstr;

constexpr auto all_visits =
    "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=250&fields=note,spam";

TEST_F(Changes, ANewRowStandsWhereItsInstantBelongs) {
  const auto total = json(all_visits)["total_records"].get<int>();
  const auto newest = api().world().insert("visits", 0, noon);
  const auto middle = api().world().insert("visits", 0, at("2025-06-01T00:00:00Z"));
  ASSERT_TRUE(newest && middle);
  const Json after = json(all_visits);
  EXPECT_EQ(after["total_records"], total + 2);
  EXPECT_EQ(after["calls_made"][0]["id"], *newest);
  const auto june =
      keys(json("/v3/a/{shop}/visits.json?start_date=2025-05-31T20:00&end_date=2025-05-31T20:00")
               ["calls_made"]);
  EXPECT_THAT(june, testing::Contains(*middle));
  EXPECT_EQ(json("/v3/a/{shop}/visits/" + *middle + ".json")["id"], *middle);
}

TEST_F(Changes, ManyNewRowsKeepEveryPageWhole) {
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(api().world().insert("visits", 0,
                                     at("2025-01-01T00:00:00Z") + std::chrono::hours{i * 150}));
  std::vector<std::string> all;
  std::string last = "0";
  for (int page = 1; page <= 60; ++page)
    for (const Json& row :
         rows("/v3/a/{shop}/"
              "visits.json?start_date=2024-03-01&per_page=11&sort=began_at&order=asc&page=" +
              std::to_string(page))) {
      all.push_back(row["id"]);
      const std::string day = row["began_at"].get<std::string>().substr(0, 7);
      EXPECT_GE(day, last);
      last = day;
    }
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(all.size(), json(all_visits)["total_records"]);
}

TEST_F(Changes, AHiddenRowLeavesItsLists) {
  const Json before = json(all_visits);
  const std::string key = before["calls_made"][3]["id"];
  ASSERT_TRUE(api().world().hide("visits", 0, key));
  const Json after = json(all_visits);
  EXPECT_EQ(after["total_records"], before["total_records"].get<int>() - 1);
  EXPECT_EQ(after["calls_made"][3], before["calls_made"][4]);
  EXPECT_EQ(json("/v3/a/{shop}/visits/" + key + ".json?fields=spam")["spam"], true);
}

TEST_F(Changes, WhatIsMisspeltStaysWhereItWas) {
  const Json before = json(all_visits);
  const std::string key = before["calls_made"][3]["id"];
  ASSERT_FALSE(api().world().edit("visits", 0, key, "began_at", R"("soon")"));
  ASSERT_TRUE(api().world().edit("visits", 0, key, "began_at", R"("soon")", World::Editing::kept));
  const Json after = json(all_visits);
  EXPECT_EQ(after["total_records"], before["total_records"]);
  EXPECT_EQ(after["calls_made"][3]["id"], key);
  EXPECT_EQ(after["calls_made"][3]["began_at"], "soon");
  EXPECT_EQ(after["calls_made"][4], before["calls_made"][4]);
}

TEST_F(Changes, AnEditShowsEverywhere) {
  const std::string key = json(all_visits)["calls_made"][0]["id"];
  ASSERT_TRUE(api().world().edit("visits", 0, key, "note", "\"edited\""));
  EXPECT_EQ(json(all_visits)["calls_made"][0]["note"], "edited");
  ASSERT_TRUE(api().world().edit("stores", 0, store(0), "name", "\"Other\""));
  for (const Json& row :
       rows("/v3/a/{shop}/visits.json?start_date=2024-03-01&fields=store_id,store_name"))
    EXPECT_EQ(row["store_name"] == "Other", row["store_id"] == store(0));
}

TEST_F(Changes, AnEditMovesARowBetweenFilters) {
  const std::string target = "/v3/a/{shop}/visits.json?start_date=2024-03-01&answered=true";
  const Json before = json(target);
  const std::string key = before["calls_made"][0]["id"];
  ASSERT_TRUE(api().world().edit("visits", 0, key, "answered", "false"));
  EXPECT_EQ(json(target)["total_records"], before["total_records"].get<int>() - 1);
}

TEST_F(Changes, ADeletedRowIsGoneOrOnlyClosed) {
  const std::string key = keys(json("/v3/a/{shop}/labels.json")["labels"])[0];
  ASSERT_TRUE(api().world().remove("labels", 0, key, noon));
  EXPECT_EQ(json("/v3/a/{shop}/labels.json")["total_records"], 19);
  EXPECT_EQ(ask("/v3/a/{shop}/labels/" + key + ".json").status, 404);
  ASSERT_TRUE(api().world().remove("stores", 0, store(0), noon));
  const Json stores = json("/v3/a/{shop}/stores.json")["stores"];
  EXPECT_EQ(stores.size(), 3U);
  EXPECT_EQ(stores[0]["status"], "closed");
  EXPECT_EQ(stores[0]["closed_at"], "2026-03-10T12:00:00.000Z");
}

TEST_F(Changes, ThatMakeNoSenseAreRefusedInWords) {
  World& world = api().world();
  const std::string key = json(all_visits)["calls_made"][0]["id"];
  EXPECT_THAT(world.edit("visits", 0, key, "began_at", "null").error().what,
              HasSubstr("insert another row"));
  EXPECT_THAT(world.edit("visits", 0, key, "bogus", "1").error().what, HasSubstr("no field bogus"));
  EXPECT_THAT(world.edit("visits", 0, key, "note", "oops").error().what, HasSubstr("not JSON"));
  EXPECT_THAT(world.hide("visits", 0, "VIS0").error().what, HasSubstr("no row VIS0"));
  EXPECT_THAT(world.insert("shops", 0, noon).error().what, HasSubstr("--rows"));
  EXPECT_THAT(world.insert("visits", 9, noon).error().what, HasSubstr("no account 9"));
}

TEST_F(Changes, CanBeForgotten) {
  const std::string before = ask(all_visits).body;
  const std::string key = json(all_visits)["calls_made"][0]["id"];
  ASSERT_TRUE(api().world().hide("visits", 0, key));
  ASSERT_TRUE(api().world().insert("visits", 0, noon));
  EXPECT_NE(ask(all_visits).body, before);
  api().reset();
  EXPECT_EQ(ask(all_visits).body, before);
}

TEST_F(Changes, HappenAtTheRequestTheyAreSetFor) {
  FakeOptions options = plain_options();
  options.mutations.push_back(*read_mutation("visits:2=insert", test::small_api));
  options.mutations.push_back(*read_mutation("visits:3=hide:newest:2", test::small_api));
  options.mutations.push_back(*read_mutation("visits:4=edit:newest:note=\"new\"", test::small_api));
  start(options);
  const auto first = json(all_visits);
  const auto second = json(all_visits);
  EXPECT_EQ(second["total_records"], first["total_records"].get<int>() + 1);
  EXPECT_EQ(second["calls_made"][1], first["calls_made"][0]);
  const auto third = json(all_visits);
  EXPECT_EQ(third["calls_made"][0], first["calls_made"][1]);
  EXPECT_EQ(json(all_visits)["calls_made"][0]["note"], "new");
  // The same seed does the same again.
  start(std::move(options));
  json(all_visits);
  EXPECT_EQ(json(all_visits), second);
}

TEST_F(Changes, BetweenPagesMakeDoublesAndGaps) {
  FakeOptions options = plain_options();
  options.mutations.push_back(*read_mutation("visits:2=insert:newest:1", test::small_api));
  start(std::move(options));
  const auto target = "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=10";
  const auto one = keys(json(target)["calls_made"]);
  const auto two = keys(json(std::string{target} + "&page=2")["calls_made"]);
  EXPECT_EQ(two.front(), one.back()) << "one row moved on to the next page";
}

TEST_F(Changes, MayHappenWhileOthersRead) {
  api();
  const std::string target = filled(all_visits);
  std::vector<std::jthread> readers;
  std::atomic<int> whole = 0;
  for (int r = 0; r < 4; ++r)
    readers.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto all = keys(rows(target));
        whole += all.size() == 250 && std::set(all.begin(), all.end()).size() == 250;
      }
    });
  for (int i = 0; i < 40; ++i) {
    const auto key = api().world().insert("visits", 0, noon);
    ASSERT_TRUE(key);
    ASSERT_TRUE(i % 2 == 0 || api().world().hide("visits", 0, *key));
  }
  readers.clear();
  EXPECT_EQ(whole, 80);
  EXPECT_EQ(api().counts().requests, 80U);
}

TEST(MutationOptions, SayWhatIsWrong) {
  const auto wrong = [](const char* text) {
    return read_mutation(text, test::small_api).error().what;
  };
  EXPECT_THAT(wrong("visits:1=explode"), HasSubstr("none of insert, hide, edit, delete"));
  EXPECT_THAT(wrong("visits:1=hide:middle"), HasSubstr("none of newest, oldest, any"));
  EXPECT_THAT(wrong("visits:1=edit:any:note"), HasSubstr("FIELD=JSON"));
  EXPECT_THAT(wrong("visits:1=edit:any:note=x"), HasSubstr("not JSON"));
  EXPECT_THAT(wrong("visits:1=insert:any:none"), HasSubstr("no number of rows"));
}

}  // namespace
}  // namespace callrail::fake
