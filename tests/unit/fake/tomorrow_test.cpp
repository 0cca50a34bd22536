#include "fake_test.hpp"

#include <map>

namespace callrail::fake {
namespace {

class TomorrowsApi : public Fake {
 protected:
  TomorrowsApi() {
    for (const char* endpoint : {"visits", "labels"}) before_[endpoint] = dumped(endpoint);
    FakeOptions options = plain_options();
    options.world.tomorrow = {"visits", "labels"};
    start(std::move(options));
    chosen_ = json("/__fake/tomorrow");
  }
  std::string field(const char* endpoint, const char* what) {
    return chosen_[endpoint][what].get<std::string>();
  }

  std::map<std::string, std::vector<Json>, std::less<>> before_;
  Json chosen_;
};

TEST_F(TomorrowsApi, ChoosesTheFirstFieldsThatWillDo) {
  EXPECT_EQ(field("visits", "gone"), "phone");
  EXPECT_EQ(field("visits", "other_word"), "mood");
  EXPECT_EQ(field("visits", "other_type"), "answered");
  EXPECT_EQ(field("visits", "other_id"), "store_id");
  EXPECT_EQ(field("labels", "other_id"), "id");
  EXPECT_FALSE(chosen_.contains("stores"));
}

TEST_F(TomorrowsApi, HasEveryRowOfTodayWithTheSixChanges) {
  for (const auto& [endpoint, before] : before_) {
    const auto after = dumped(endpoint);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      Json expected = before[i];
      for (const char* what : {"gone", "other_word", "other_id", "other_type"})
        if (chosen_[endpoint][what].is_string()) expected.erase(field(endpoint.c_str(), what));
      Json kept = after[i];
      EXPECT_EQ(kept.erase(chosen_[endpoint]["new"][0].get<std::string>()), 1U);
      EXPECT_EQ(kept.erase(chosen_[endpoint]["new"][1].get<std::string>()), 1U);
      for (const char* what : {"other_word", "other_id", "other_type"})
        if (chosen_[endpoint][what].is_string()) kept.erase(field(endpoint.c_str(), what));
      EXPECT_EQ(kept, expected);
    }
  }
}

TEST_F(TomorrowsApi, SendsANumberWhereAnIdWasTextAndTheOtherWayRound) {
  std::map<std::string, Json> numbers;
  const auto after = dumped("visits");
  for (std::size_t i = 0; i < after.size(); ++i) {
    const Json& now = after[i]["store_id"];
    ASSERT_TRUE(now.is_number_integer());
    EXPECT_EQ(numbers.emplace(before_["visits"][i]["store_id"], now).first->second, now);
  }
  EXPECT_GT(numbers.size(), 1U);
  EXPECT_EQ(dumped("labels")[0]["id"].get<std::string>(), before_["labels"][0]["id"].dump());
}

TEST_F(TomorrowsApi, SendsTheNewWordInSomeRowsAndTextInAll) {
  std::size_t words = 0, texts = 0;
  for (const Json& row : dumped("visits")) {
    words += row["mood"] == field("visits", "word");
    EXPECT_FALSE(row["answered"].is_boolean());
    texts += row["answered"] == "true" || row["answered"] == "false";
  }
  EXPECT_GT(words, 50U);
  EXPECT_GT(texts, 500U);
}

TEST_F(TomorrowsApi, SendsPagesAsItDumpsRows) {
  const auto all = dumped("labels");
  const auto page = rows("/v3/a/{shop}/labels.json?per_page=1");
  EXPECT_NE(std::ranges::find(all, page.at(0)), all.end());
}

}  // namespace
}  // namespace callrail::fake
