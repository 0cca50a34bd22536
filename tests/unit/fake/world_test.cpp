#include "fake_test.hpp"

#include <callrail/fake/random.hpp>
#include <callrail/fake/timeline.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

using Rows = Fake;
using testing::MatchesRegex;

TEST(Mixing, CanBeUndone) {
  for (std::uint64_t x : {0ULL, 1ULL, 42ULL, ~0ULL, 0x123456789abcdefULL})
    EXPECT_EQ(unmix(mix(x)), x);
}

TEST(TimelineOfRows, NeverGoesBackAndFindsWhatItHolds) {
  const Zones zones;
  for (const std::uint64_t rows : {1U, 7U, 500U, 30'000U}) {
    const Timeline line{at("2024-02-12T12:00:00Z"), noon, rows, 5, *zones.find("America/New_York")};
    Instant last = at("2024-02-12T12:00:00Z");
    std::uint64_t same_second = 0;
    for (std::uint64_t i = 0; i < rows; ++i) {
      const Instant here = line.at(i);
      ASSERT_GE(here, last) << i << " of " << rows;
      ASSERT_LE(here, noon);
      same_second += here - last < std::chrono::seconds{1};
      last = here;
      const std::uint64_t found = line.first_from(here);
      ASSERT_LE(found, i);
      ASSERT_GT(line.first_after(here), i);
    }
    EXPECT_GE(same_second, rows / 50);
    EXPECT_EQ(line.first_from(noon + std::chrono::hours{1}), rows);
  }
}

TEST_F(Rows, AreTheSameForTheSameSeed) {
  const std::string target =
      "/v3/a/{shop}/visits.json?start_date=2024-03-01&fields=note,labels,custom,link&page=2";
  const std::string first = ask(target).body;
  start(plain_options());
  EXPECT_EQ(ask(target).body, first);
  FakeOptions other = plain_options();
  other.world.seed = 2;
  start(std::move(other));
  EXPECT_NE(ask(target).body, first);
}

TEST_F(Rows, DoNotDependOnWhatElseIsAskedFor) {
  const Json some = json("/v3/a/{shop}/visits.json?fields=note");
  const Json more = json("/v3/a/{shop}/visits.json?fields=note,labels,custom,store_id");
  for (std::size_t i = 0; i < some["calls_made"].size(); ++i)
    for (const auto& [name, value] : some["calls_made"][i].items())
      EXPECT_EQ(more["calls_made"][i][name], value);
}

TEST_F(Rows, HaveKeysLikeTheExamplesAllDifferent) {
  const std::pair<const char*, const char*> forms[] = {{"shops", "SHO[0-9a-f]+"},
                                                       {"stores", "STO[0-9a-f]+"},
                                                       {"visits", "VIS[0-9a-f]+"},
                                                       {"labels", "[0-9]+"},
                                                       {"codes", "[0-9a-z]{5}"}};
  for (const auto& [endpoint, form] : forms) {
    const auto all = keys(Json(dumped(endpoint)));
    for (const auto& key : all) EXPECT_THAT(key, MatchesRegex(form));
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size()) << endpoint;
  }
}

TEST_F(Rows, AreFoundByTheirKeys) {
  const World& world = api().world();
  for (const char* endpoint : {"visits", "labels", "codes", "stores"})
    for (std::uint32_t shop : {0U, 1U})
      for (std::uint64_t number : {0U, 1U, 2U}) {
        const Row row = world.row(plan(endpoint), shop, number);
        const auto found = world.find(plan(endpoint), shop, world.key(row));
        ASSERT_TRUE(found) << endpoint;
        EXPECT_EQ(found->number, number);
        EXPECT_FALSE(world.find(plan(endpoint), 1 - shop, world.key(row)));
      }
  EXPECT_FALSE(world.find(plan("visits"), 0, "VIS0123456789abcdef0123456789abcdef"));
  EXPECT_FALSE(world.find(plan("labels"), 0, "7021"));
}

TEST_F(Rows, HoldNumbersThatNoDoubleCanHold) {
  const auto all = keys(Json(dumped("labels")));
  EXPECT_EQ(std::ranges::count(all, "9007199254740993"), 1);
}

TEST_F(Rows, ReferToRowsThatExist) {
  std::set<std::string> stores;
  std::map<std::string, std::string> store_names;
  for (const Json& row : dumped("stores")) {
    stores.insert(row["id"]);
    store_names[row["id"]] = row["name"];
  }
  std::set<std::string> used;
  for (const Json& row : dumped("visits")) {
    EXPECT_TRUE(stores.contains(row["store_id"]));
    EXPECT_EQ(row["store_name"], store_names[row["store_id"]]);
    used.insert(row["store_id"]);
  }
  EXPECT_EQ(used, stores);
  int without = 0;
  for (const Json& row : dumped("labels")) {
    EXPECT_EQ(row["level"], row["store_id"].is_null() ? "shop" : "store");
    without += row["store_id"].is_null();
  }
  EXPECT_GT(without, 0);
}

TEST_F(Rows, ShortFormsSayWhatTheWholeRowSays) {
  std::map<std::string, Json> labels;
  for (const Json& row : dumped("labels")) labels[row["id"].dump()] = row;
  int seen = 0;
  for (const Json& row : dumped("visits")) {
    if (!row["labels"].is_array()) continue;
    for (const Json& label : row["labels"]) {
      if (!label.is_object()) continue;
      ++seen;
      const Json& whole = labels[label["id"].dump()];
      EXPECT_EQ(label["name"], whole["name"]);
      EXPECT_EQ(label["weight"], whole["weight"]);
      // Of the same store, or of the whole shop
      EXPECT_TRUE(whole["store_id"].is_null() || whole["store_id"] == row["store_id"]);
    }
  }
  EXPECT_GT(seen, 200);
}

TEST_F(Rows, WriteInstantsAsTheExamplesDo) {
  for (const Json& row : dumped("visits")) {
    EXPECT_THAT(
        row["began_at"].get<std::string>(),
        MatchesRegex(
            R"([0-9]+-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9][0-9][0-9]-[0-9][0-9]:00)"));
    EXPECT_THAT(
        row["created_at"].get<std::string>(),
        MatchesRegex(
            R"([0-9]+-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]-[0-9][0-9]:00)"));
  }
  for (const Json& row : dumped("shops"))
    EXPECT_THAT(
        row["created_at"].get<std::string>(),
        MatchesRegex(
            R"([0-9]+-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] -[0-9][0-9]00)"));
}

TEST_F(Rows, ComeInAllTheirForms) {
  int text = 0, number = 0, null = 0, absent = 0, strings = 0, fine = 0;
  for (const Json& row : dumped("visits")) {
    text += row["seconds"].is_string();
    number += row["seconds"].is_number();
    null += row["seconds"].is_null();
    absent += !row.contains("custom");
    if (row["labels"].is_array())
      for (const Json& label : row["labels"]) strings += label.is_string();
    const std::string phone = row["phone"];
    EXPECT_THAT(phone, MatchesRegex(R"(\+1[0-9][0-9][0-9]55501[0-9][0-9])"));
    if (!row["formatted_phone"].is_null())
      fine += row["formatted_phone"] ==
              phone.substr(2, 3) + '-' + phone.substr(5, 3) + '-' + phone.substr(8);
    EXPECT_EQ(row["link"].get<std::string>().find("https://www.example.com/v/" +
                                                  row["id"].get<std::string>() + "?a=1&b=2"),
              0U);
  }
  EXPECT_GT(text, 30);
  EXPECT_GT(number, 600);
  EXPECT_GT(null, 50);
  EXPECT_GT(absent, 50);
  EXPECT_GT(strings, 50);
  EXPECT_GT(fine, 900);
}

TEST_F(Rows, HoldTextThatBreaksCarelessReadersUnlessAskedNotTo) {
  const auto odd = [&] {
    int count = 0;
    for (const Json& row : dumped("visits"))
      if (row["note"].is_string()) {
        const auto text = row["note"].get<std::string>();
        count += text.empty() || text.find('\x01') != std::string::npos || text.starts_with('=') ||
                 text == "null" || text.ends_with("   ");
      }
    return count;
  };
  EXPECT_GT(odd(), 2);
  FakeOptions options = plain_options();
  options.world.nasty = false;
  start(std::move(options));
  EXPECT_EQ(odd(), 0);
}

TEST_F(Rows, AreAMillionWithoutHoldingThem) {
  FakeOptions options = plain_options();
  options.world.rows["visits"] = 1'000'000;
  start(std::move(options));
  const auto began = std::chrono::steady_clock::now();
  const Json page = json("/v3/a/{shop}/visits.json?start_date=2024-02-11&per_page=250&page=3890");
  EXPECT_EQ(page["calls_made"].size(), 250U);
  EXPECT_NEAR(page["total_records"].get<double>(), 975'000, 2000);
  const Json next = json("/v3/a/{shop}/visits.json?start_date=2024-02-11&per_page=250&page=3889");
  EXPECT_GE(next["calls_made"].back()["began_at"].get<std::string>().substr(0, 7),
            page["calls_made"][0]["began_at"].get<std::string>().substr(0, 7));
  // Generous: an unoptimised build with sanitizers on a busy machine.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{60});
}

TEST_F(Rows, OfTheDumpAreWhatTheListsSend) {
  const auto all = dumped("visits");
  std::map<std::string, Json> by_key;
  for (const Json& row : all) by_key[row["id"]] = row;
  std::size_t listed = 0;
  for (std::uint32_t s : {0U, 1U})
    for (int page = 1; page <= 2; ++page)
      for (const Json& row :
           rows("/v3/a/" + shop(s) +
                "/visits.json?start_date=2024-03-01&per_page=250&page=" + std::to_string(page) +
                "&fields=store_id,store_name,created_at,note,spam,labels,custom,link,formatted_"
                "phone")) {
        ++listed;
        EXPECT_EQ(by_key.at(row["id"]), row);
      }
  EXPECT_GT(listed, 900U);
  for (const Json& row : dumped("codes")) EXPECT_EQ(row["store_id"], row["store"]["id"]);
}

}  // namespace
}  // namespace callrail::fake
