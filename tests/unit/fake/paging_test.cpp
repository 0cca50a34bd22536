#include "fake_test.hpp"

namespace callrail::fake {
namespace {

using Paging = Fake;
using testing::HasSubstr;

TEST_F(Paging, GivesTotalsAndHundredRowsAPage) {
  const Json page = json("/v3/a/{shop}/visits.json?start_date=2024-03-01");
  EXPECT_EQ(page["page"], 1);
  EXPECT_EQ(page["per_page"], 100);
  EXPECT_EQ(page["calls_made"].size(), 100U);
  const auto total = page["total_records"].get<std::size_t>();
  EXPECT_GT(total, 400U);
  EXPECT_EQ(page["total_pages"], (total + 99) / 100);
}

TEST_F(Paging, PagesHoldEveryRowOnce) {
  std::vector<std::string> all;
  for (int page = 1; page < 30; ++page) {
    const Json answer = json("/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=19&page=" +
                             std::to_string(page));
    for (auto& key : keys(answer["calls_made"])) all.push_back(key);
  }
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(all.size(), json("/v3/a/{shop}/visits.json?start_date=2024-03-01")["total_records"]);
}

TEST_F(Paging, IsEmptyPastTheEndButKeepsItsTotals) {
  const Json page = json("/v3/a/{shop}/labels.json?page=99");
  EXPECT_TRUE(page["labels"].empty());
  EXPECT_EQ(page["page"], 99);
  EXPECT_EQ(page["total_records"], 20);
  EXPECT_EQ(page["total_pages"], 1);
}

TEST_F(Paging, TellsOfEmptyListsWithZeroTotals) {
  FakeOptions options = plain_options();
  options.world.rows["visits"] = 0;
  start(std::move(options));
  const Json page = json("/v3/a/{shop}/visits.json");
  EXPECT_EQ(page["total_records"], 0);
  EXPECT_EQ(page["total_pages"], 0);
  EXPECT_TRUE(page["calls_made"].empty());
}

TEST_F(Paging, RefusesSizesAboveTheMostAndNonsense) {
  EXPECT_EQ(json("/v3/a/{shop}/visits.json?per_page=250")["per_page"], 250);
  for (const char* size : {"251", "0", "-1", "abc", "1e2"})
    EXPECT_EQ(error(std::string{"/v3/a/{shop}/visits.json?per_page="} + size),
              "per_page must be between 1 and 250");
  for (const char* page : {"0", "-1", "x", "99999999999999999999"})
    EXPECT_EQ(error(std::string{"/v3/a/{shop}/visits.json?page="} + page), "page is not valid");
}

TEST_F(Paging, RelativePagesHaveNoNumbers) {
  const Json page =
      json("/v3/a/{shop}/visits.json?relative_pagination=true&start_date=2024-03-01&per_page=250");
  std::vector<std::string> names;
  for (const auto& [name, value] : page.items()) names.push_back(name);
  EXPECT_THAT(names, testing::ElementsAre("next_page", "has_next_page", "calls_made"));
}

TEST_F(Paging, TheNextAddressIsTheServersOwnSpelling) {
  const Json page = json(
      "/v3/a/{shop}/"
      "visits.json?relative_pagination=true&start_date=2024-03-01&fields=note,store_id&per_page=2");
  EXPECT_EQ(page["next_page"],
            "http://127.0.0.1:8080/v3/a/555010001/visits?action=index&agency_id=555010001"
            "&api_sort%5B%5D=began_at&api_sort%5B%5D%5Bbegan_at%5D=desc"
            "&controller=api%2Fv3%2Fvisits&fields=note%2Cstore_id&format=json"
            "&no_one_to_many_associations=true&offset=1&page=1&per_page=2"
            "&relative_pagination=true&start_date=2024-03-01");
}

TEST_F(Paging, FollowingTheAddressesReadsEverythingOnce) {
  std::string target =
      "/v3/a/{shop}/"
      "visits.json?relative_pagination=true&per_page=60&start_date=2024-03-01&fields=note&sort="
      "began_at&order=asc";
  std::vector<std::string> all;
  int pages = 0;
  for (; pages < 20; ++pages) {
    const Json page = json(target);
    for (const Json& row : page["calls_made"]) EXPECT_TRUE(row.contains("note"));
    for (auto& key : keys(page["calls_made"])) all.push_back(key);
    if (!page["has_next_page"]) {
      EXPECT_TRUE(page["next_page"].is_null());
      break;
    }
    target =
        page["next_page"].get<std::string>().substr(std::string{"http://127.0.0.1:8080"}.size());
  }
  EXPECT_EQ(pages, 7) << "the eighth is the last";
  const std::string by_offset =
      "/v3/a/{shop}/visits.json?per_page=250&start_date=2024-03-01&sort=began_at&order=asc";
  std::vector<std::string> same = keys(json(by_offset)["calls_made"]);
  for (auto& key : keys(json(by_offset + "&page=2")["calls_made"])) same.push_back(key);
  EXPECT_EQ(all, same);
}

TEST_F(Paging, OffsetCountsRelativePagesFromZero) {
  const std::string base = "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=10";
  EXPECT_EQ(json(base + "&relative_pagination=true&offset=3")["calls_made"],
            json(base + "&page=4")["calls_made"]);
  EXPECT_EQ(json(base + "&offset=3")["page"], 1) << "without relative pages it means nothing";
}

TEST_F(Paging, ThePathWithoutEndingIsOnlyForRelativePages) {
  EXPECT_EQ(ask("/v3/a/555010001/visits?relative_pagination=true").status, 200);
  EXPECT_EQ(ask("/v3/a/555010001/visits").status, 404);
  EXPECT_EQ(ask("/v3/a/555010001/labels?relative_pagination=true").status, 404);
}

TEST_F(Paging, EndpointsWithoutRelativePagesIgnoreTheParameter) {
  EXPECT_EQ(json("/v3/a/{shop}/labels.json?relative_pagination=true")["page"], 1);
}

}  // namespace
}  // namespace callrail::fake
