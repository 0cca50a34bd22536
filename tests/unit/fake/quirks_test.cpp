#include "fake_test.hpp"

namespace callrail::fake {
namespace {

using QuirksOfTheApi = Fake;
using testing::HasSubstr;

constexpr auto visits = "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=250";
constexpr auto with_labels =
    "/v3/a/{shop}/visits.json?start_date=2024-03-01&per_page=250&fields=labels,spam,note";

TEST_F(QuirksOfTheApi, TotalsMayBeMissingOrZero) {
  start_with({"totals-missing"});
  EXPECT_FALSE(json(visits).contains("total_records"));
  EXPECT_FALSE(json(visits).contains("total_pages"));
  start_with({"totals-zero"});
  EXPECT_EQ(json(visits)["total_records"], 0);
  EXPECT_EQ(json(visits)["total_pages"], 0);
  EXPECT_EQ(json(visits)["calls_made"].size(), 250U);
}

TEST_F(QuirksOfTheApi, TheLastRelativePageMayLackItsNext) {
  const std::string last = std::string{visits} + "&relative_pagination=true&offset=1";
  EXPECT_TRUE(json(last).contains("next_page"));
  start_with({"next-absent"});
  EXPECT_FALSE(json(last).contains("next_page"));
  EXPECT_EQ(json(last)["has_next_page"], false);
}

TEST_F(QuirksOfTheApi, PageSizesMayBeCutDown) {
  start_with({"clamp-page-size"});
  EXPECT_EQ(json("/v3/a/{shop}/visits.json?per_page=1000")["per_page"], 250);
}

TEST_F(QuirksOfTheApi, ListsMayHoldTextOrObjects) {
  for (const auto& [quirk, text] :
       {std::pair{"lists-of-text", true}, {"lists-of-objects", false}}) {
    start_with({quirk});
    for (const Json& row : rows(with_labels))
      for (const Json& label : row["labels"].is_array() ? row["labels"] : Json::array())
        EXPECT_EQ(label.is_string(), text);
  }
}

TEST_F(QuirksOfTheApi, NumbersAndIdsMayComeInQuotes) {
  start_with({"numbers-as-text", "ids-as-text"});
  for (const Json& row : rows(visits)) EXPECT_FALSE(row["seconds"].is_number());
  for (const Json& row : rows("/v3/a/{shop}/labels.json")) {
    EXPECT_TRUE(row["id"].is_string());
    EXPECT_FALSE(row["weight"].is_string()) << "the schema does not allow it";
  }
}

TEST_F(QuirksOfTheApi, HiddenRowsMayBeShown) {
  const auto before = json(with_labels)["total_records"].get<int>();
  start_with({"hidden-shown"});
  EXPECT_GT(json(with_labels)["total_records"], before);
}

TEST_F(QuirksOfTheApi, UnseenFieldsMayBeSentAfterAll) {
  start_with({"unseen-sent"});
  EXPECT_FALSE(json(visits)["calls_made"][0].contains("hidden_notes"));
  EXPECT_TRUE(
      json(std::string{visits} + "&fields=hidden_notes")["calls_made"][0].contains("hidden_notes"));
  EXPECT_TRUE(json("/v3/a/{shop}/labels.json")["labels"][0].contains("dim"));
}

TEST_F(QuirksOfTheApi, ReferencesMayLeadNowhere) {
  start_with({"orphans"});
  std::set<std::string> stores;
  for (const Json& row : dumped("stores")) stores.insert(row["id"]);
  int lost = 0;
  for (const Json& row : dumped("visits")) lost += !stores.contains(row["store_id"]);
  EXPECT_GT(lost, 20);
  EXPECT_LT(lost, 200);
}

TEST_F(QuirksOfTheApi, AnotherArrayMayStandBesideTheRows) {
  start_with({"sibling=agencies"});
  EXPECT_TRUE(json("/v3/a.json")["agencies"].is_array());
  EXPECT_EQ(json("/v3/a.json")["shops"].size(), 2U);
}

TEST_F(QuirksOfTheApi, FieldsOfAPlanMayBeNullOrRefused) {
  start_with({"null-field=note"});
  for (const Json& row : rows(with_labels)) EXPECT_TRUE(row["note"].is_null());
  start_with({"refuse-field=note", "refuse-field=spam"});
  EXPECT_THAT(error(with_labels), HasSubstr("field values not allowed: spam, note; must be"));
}

TEST_F(QuirksOfTheApi, TheZoneMayMoveTheOutput) {
  const std::string target = std::string{visits} + "&time_zone=Asia/Tokyo";
  EXPECT_THAT(json(target)["calls_made"][0]["began_at"].get<std::string>(), HasSubstr("-0"));
  start_with({"zone-moves-output"});
  for (const Json& row : rows(target))
    EXPECT_TRUE(row["began_at"].get<std::string>().ends_with("+09:00"));
}

TEST_F(QuirksOfTheApi, DatesMayBeReadInOtherWays) {
  start_with({"default-days=0"});
  EXPECT_EQ(json("/v3/a/{shop}/visits.json")["total_records"],
            json("/v3/a/{shop}/visits.json?start_date=2024-02-10")["total_records"]);
  start_with({"both-dates"});
  EXPECT_EQ(error(visits), "start_date and end_date must be given together");
  start_with({"short-last-second"});
  EXPECT_EQ(ask(visits).status, 200);
}

TEST_F(QuirksOfTheApi, ALinkMayNameTheNextPage) {
  start_with({"link-header"});
  EXPECT_THAT(std::string{ask(visits).header("Link")},
              testing::MatchesRegex(
                  R"(<http://127.0.0.1:8080/v3/a/.*/visits.json\?.*page=2>; rel="next")"));
  EXPECT_EQ(ask(std::string{visits} + "&page=2").header("Link"), "");
}

TEST_F(QuirksOfTheApi, TheUsedBudgetMayStayUntold) {
  FakeOptions options = plain_options();
  options.limits.reset();
  start(options);
  const Reply told = ask("/v3/a.json");
  EXPECT_EQ(told.header("x-rate-limit-hourly-allowed"), "100");
  EXPECT_EQ(told.header("x-rate-limit-hourly-used"), "1");
  options.quirks.add(Quirk::no_rate_headers);
  start(std::move(options));
  EXPECT_EQ(ask("/v3/a.json").header("x-rate-limit-hourly-allowed"), "");
}

TEST_F(QuirksOfTheApi, ErrorsMayHaveAnyShape) {
  const std::pair<const char*, const char*> shapes[] = {
      {"error-body=text", R"({"error":"not found"})"},
      {"error-body=object", R"({"error":{"message":"not found","code":404}})"},
      {"error-body=list", R"({"errors":["not found"]})"},
      {"error-body=fields", R"({"errors":{"base":["not found"]}})"},
      {"error-body=nothing", R"({"errors":{}})"},
      {"error-body=html", "<html><body><h1>404 not found</h1></body></html>\n"},
      {"error-body=empty", ""}};
  for (const auto& [quirk, body] : shapes) {
    start_with({quirk});
    EXPECT_EQ(ask("/v3/nothing.json").body, body);
    EXPECT_EQ(ask("/v3/nothing.json").status, 404);
  }
}

TEST(QuirkOptions, SayWhatIsWrong) {
  Quirks quirks;
  EXPECT_EQ(quirks.add("totals-mising").error().what,
            "unknown quirk totals-mising; did you mean totals-missing? (--list-quirks shows all)");
  EXPECT_THAT(quirks.add("sibling").error().what, HasSubstr("sibling=NAME"));
  EXPECT_THAT(quirks.add("orphans=3").error().what, HasSubstr("takes no value"));
  EXPECT_THAT(quirks.add("error-body=xml").error().what, HasSubstr("none of text, object"));
  EXPECT_THAT(quirks.add("default-days=x").error().what, HasSubstr("no number of days"));
}

TEST(QuirkOptions, AreAllListedWithAnExplanation) {
  EXPECT_EQ(all_quirks().size(), static_cast<std::size_t>(Quirk::count_));
  for (const QuirkName& quirk : all_quirks()) EXPECT_GT(quirk.what.size(), 10U) << quirk.name;
}

}  // namespace
}  // namespace callrail::fake
