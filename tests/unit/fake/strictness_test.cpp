#include "fake_test.hpp"

namespace callrail::fake {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Strictness = Fake;

std::vector<std::string> names(const Json& row) {
  std::vector<std::string> out;
  for (const auto& [name, value] : row.items()) out.push_back(name);
  return out;
}

TEST_F(Strictness, TakesTheKeyWithAndWithoutQuotes) {
  for (const char* header : {"Token token=\"fake-key\"", "Token token=fake-key"}) {
    Ask request = get("/v3/a.json", noon);
    request.headers.emplace_back("authorization", header);
    EXPECT_EQ(api().handle(request).status, 200) << header;
  }
}

TEST_F(Strictness, RefusesAnyOtherKey) {
  for (const char* header : {"Token token=\"other\"", "Bearer fake-key", "fake-key", ""}) {
    Ask request = get("/v3/a.json", noon);
    request.headers.emplace_back("Authorization", header);
    const Reply reply = api().handle(request);
    EXPECT_EQ(reply.status, 401) << header;
    EXPECT_EQ(reply.body, R"({"error":"invalid api key"})");
  }
  EXPECT_EQ(api().handle(get("/v3/a.json", noon)).status, 401);
}

TEST_F(Strictness, KnowsNoOtherPaths) {
  for (const char* path :
       {"/", "/v3/a", "/v3/a/{shop}/visits", "/v3/a/{shop}/visit.json", "/v3/a/{shop}/Visits.json",
        "/v3/a/SHO00/visits.json", "/v3/a/{shop}/stores/x/labels.json", "/v2/a.json",
        "/v3/a/{shop}/visits.json/", "/v3/a//visits.json"})
    EXPECT_EQ(ask(path).status, 404) << path;
}

TEST_F(Strictness, OnlyReads) {
  Ask request = get("/v3/a.json", noon);
  request.method = "POST";
  request.headers.emplace_back("Authorization", "Token token=fake-key");
  EXPECT_EQ(api().handle(request).status, 405);
}

TEST_F(Strictness, TakesTheOlderNumberOfAnAccountToo) {
  EXPECT_EQ(ask("/v3/a/555010001/visits.json").body, ask("/v3/a/{shop}/visits.json").body);
  EXPECT_EQ(ask("/v3/a/555010009/visits.json").status, 404);
}

TEST_F(Strictness, SendsOnlyWhatComesByItself) {
  const Json page = json("/v3/a/{shop}/visits.json");
  EXPECT_THAT(names(page),
              ElementsAre("page", "per_page", "total_pages", "total_records", "calls_made"));
  ASSERT_FALSE(page["calls_made"].empty());
  EXPECT_THAT(names(page["calls_made"][0]),
              ElementsAre("answered", "id", "began_at", "phone", "seconds", "mood"));
}

TEST_F(Strictness, AddsTheFieldsAskedForInTheOrderOfTheSchema) {
  const Json page = json("/v3/a/{shop}/visits.json?fields=spam,note,id");
  EXPECT_THAT(names(page["calls_made"][0]), ElementsAre("answered", "id", "began_at", "phone",
                                                        "seconds", "mood", "note", "spam"));
}

TEST_F(Strictness, RefusesTheWholeRequestForOneWrongField) {
  EXPECT_EQ(error("/v3/a/{shop}/visits.json?fields=note,bogus"),
            "field values not allowed: bogus; must be: 'answered, id, began_at, phone, seconds, "
            "mood, store_id, store_name, created_at, note, spam, labels, custom, link, "
            "formatted_phone, hidden_notes'");
}

TEST_F(Strictness, RefusesFieldsOfSingleRowsInLists) {
  EXPECT_THAT(error("/v3/a/{shop}/visits.json?fields=transcript"),
              HasSubstr("not allowed: transcript;"));
}

TEST_F(Strictness, NeverSendsWhatNobodyHasSeen) {
  EXPECT_FALSE(json("/v3/a/{shop}/visits.json?fields=hidden_notes")["calls_made"][0].contains(
      "hidden_notes"));
  EXPECT_FALSE(json("/v3/a/{shop}/labels.json")["labels"][0].contains("dim"));
}

TEST_F(Strictness, NeitherSendsNorKnowsWhatIsGone) {
  const Json visit = json("/v3/a/{shop}/visits.json?fields=labels")["calls_made"][0];
  EXPECT_FALSE(visit.contains("fax"));
  const std::string labels = ask("/v3/a/{shop}/visits.json?per_page=250&fields=labels").body;
  EXPECT_THAT(labels, HasSubstr("\"weight\":"));
  EXPECT_THAT(labels, Not(HasSubstr("\"shade\":")));
  EXPECT_THAT(error("/v3/a/{shop}/visits.json?fields=fax_pages"),
              HasSubstr("not allowed: fax_pages;"));
}

TEST_F(Strictness, IgnoresFieldsWhereTheEndpointHasNoSuchParameter) {
  EXPECT_EQ(ask("/v3/a/{shop}/labels.json?fields=bogus").body,
            ask("/v3/a/{shop}/labels.json").body);
}

TEST_F(Strictness, IgnoresUnknownParameters) {
  EXPECT_EQ(ask("/v3/a/{shop}/visits.json?anwsered=true&unheard_of=1").body,
            ask("/v3/a/{shop}/visits.json").body);
}

TEST_F(Strictness, WantsTheStoreWhereItIsRequired) {
  EXPECT_EQ(error("/v3/a/{shop}/codes.json"), "store_id parameter is required");
  EXPECT_EQ(error("/v3/a/{shop}/codes.json?store_id="), "store_id parameter is required");
  EXPECT_EQ(ask("/v3/a/{shop}/codes.json?store_id=STO0").status, 404);
  // One of the other shop
  EXPECT_EQ(ask("/v3/a/{shop}/codes.json?store_id=" + store(0, 1)).status, 404);
}

TEST_F(Strictness, AnswersWithTheRowsOfThatStoreAlone) {
  std::set<std::string> seen;
  for (std::uint64_t s = 0; s < 3; ++s) {
    const Json page = json("/v3/a/{shop}/codes.json?store_id=" + store(s));
    EXPECT_GE(page["codes"].size(), 6U);
    for (const Json& row : page["codes"]) {
      EXPECT_EQ(row["store"]["id"], store(s));
      EXPECT_FALSE(row.contains("store_id"));
      EXPECT_TRUE(seen.insert(row["id"]).second);
    }
  }
  EXPECT_EQ(seen.size(), 20U);
}

TEST_F(Strictness, FiltersByFieldsOfTheSameName) {
  const std::string all =
      "/v3/a/{shop}/visits.json?per_page=250&start_date=2025-01-01&fields=store_id,labels";
  const auto total = json(all)["total_records"].get<int>();
  int sum = 0;
  for (const char* value : {"true", "false"}) {
    const Json page = json(all + "&answered=" + value);
    for (const Json& row : page["calls_made"]) EXPECT_EQ(row["answered"].dump(), value);
    sum += page["total_records"].get<int>();
  }
  EXPECT_LT(sum, total) << "some are null";
  EXPECT_GT(sum, total / 2);
  for (const Json& row : rows(all + "&store_id=" + store(1))) EXPECT_EQ(row["store_id"], store(1));
  for (const Json& row : rows(all + "&mood=none")) EXPECT_TRUE(row["mood"].is_null());
  for (const Json& row : rows(all + "&mood=good")) EXPECT_EQ(row["mood"], "good");
}

TEST_F(Strictness, FiltersListsByWhatTheyHold) {
  const Json tagged =
      json("/v3/a/{shop}/visits.json?start_date=2025-01-01&fields=labels&per_page=250");
  std::string name;
  for (const Json& row : tagged["calls_made"])
    for (const Json& label : row["labels"].is_array() ? row["labels"] : Json::array())
      if (name.empty() && label.is_object() && label["name"].get<std::string>().size() > 4)
        name = label["name"];
  ASSERT_FALSE(name.empty());
  const Json page = json("/v3/a/{shop}/visits.json?start_date=2025-01-01&fields=labels&labels[]=" +
                         percent_encode(name));
  ASSERT_FALSE(page["calls_made"].empty());
  for (const Json& row : page["calls_made"])
    EXPECT_THAT(row["labels"].dump(), HasSubstr(Json(name).dump()));
}

TEST_F(Strictness, AnswersOneRowByItsKey) {
  const Json list = json("/v3/a/{shop}/visits.json?fields=note");
  const std::string key = list["calls_made"][0]["id"];
  const Json one = json("/v3/a/{shop}/visits/" + key + ".json?fields=note");
  EXPECT_THAT(names(one), ElementsAre("answered", "id", "began_at", "phone", "seconds", "mood",
                                      "note", "transcript"));
  EXPECT_EQ(one["note"], list["calls_made"][0]["note"]);
  EXPECT_EQ(json("/v3/a/" + shop() + ".json")["id"], shop());
  EXPECT_EQ(ask("/v3/a/{shop}/visits/VIS00.json").status, 404);
  EXPECT_EQ(ask("/v3/a/" + shop(1) + "/visits/" + key + ".json").status, 404);
}

TEST_F(Strictness, KeepsHiddenRowsOutOfListsButNotFromTheirOwnAddress) {
  const World& world = api().world();
  std::uint64_t number = 0;
  while (world.is_listed(world.row(plan("visits"), 0, number))) ++number;
  const std::string key = world.key(world.row(plan("visits"), 0, number));
  EXPECT_EQ(json("/v3/a/{shop}/visits/" + key + ".json?fields=spam")["spam"], true);
  for (const Json& row : dumped("visits")) {
    EXPECT_EQ(row["spam"], false);
    EXPECT_NE(row["id"], key);
  }
}

TEST_F(Strictness, SortsByTimeNewestFirstUnlessTold) {
  const std::string window = "/v3/a/{shop}/visits.json?start_date=2026-01-01&per_page=250";
  auto newest = keys(json(window)["calls_made"]);
  const auto oldest = keys(json(window + "&sort=began_at&order=asc")["calls_made"]);
  EXPECT_EQ(keys(json(window + "&sort=began_at&order=desc")["calls_made"]), newest);
  EXPECT_NE(newest, oldest);
  std::ranges::reverse(newest);
  EXPECT_EQ(newest, oldest);
}

TEST_F(Strictness, SortsByOtherFieldsToo) {
  double last = -1;
  for (const Json& row : rows("/v3/a/{shop}/labels.json?sort=weight&order=asc")) {
    const double weight = row["weight"].is_null() ? 0 : row["weight"].get<double>();
    EXPECT_GE(weight, last);
    last = weight;
  }
  EXPECT_EQ(error("/v3/a/{shop}/labels.json?sort=bogus"), "sort is not valid");
  EXPECT_EQ(error("/v3/a/{shop}/labels.json?order=up"), "order is not valid");
}

TEST_F(Strictness, KeepsDeletedRowsWhereTheApiDoes) {
  FakeOptions options = plain_options();
  options.world.rows["stores"] = 60;
  start(std::move(options));
  int closed = 0;
  for (const Json& row : rows("/v3/a/{shop}/stores.json")) {
    EXPECT_EQ(row["status"] == "closed", !row["closed_at"].is_null());
    closed += row["status"] == "closed";
  }
  EXPECT_GT(closed, 0);
  EXPECT_LT(closed, 30);
}

}  // namespace
}  // namespace callrail::fake
