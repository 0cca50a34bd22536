#include "scene.hpp"

#include <callrail/plan.hpp>

namespace callrail {
namespace {

using testing::AllOf;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

struct Planning : Scene {
  Planning() {
    rows = {{"/v3/shops.json", {1, 2}},
            {"/v3/1/gadgets.json", upto(600)},
            {"/v3/2/gadgets.json", upto(3)},
            {"/v3/1/sales.json", upto(2500)},
            {"/v3/2/sales.json", {}}};
  }
  Plan make() {
    ScriptedTransport transport{clock, [this](const Request& r) { return reply(r); }};
    Limiter limiter{{}};
    Client client{transport, limiter, clock, client_options, 1};
    return plan(api(), options, client, clock, stop);
  }
  static std::string line(const PlannedEndpoint& e) {
    return e.name + " " + std::to_string(e.lists) + " lists, " +
           (e.rows ? std::to_string(*e.rows) : "?") + " rows, " + std::to_string(e.requests) +
           (e.at_least ? " or more" : "") + (e.wanted ? "" : ", keys") +
           (e.refused ? ", " + e.refused->what : "");
  }
  static Lines lines(const Plan& plan) {
    Lines out;
    for (const PlannedEndpoint& endpoint : plan.endpoints) out.push_back(line(endpoint));
    return out;
  }
};

TEST(RequestsFor, AreThePagesAndOneMoreForEveryEight) {
  EXPECT_EQ(requests_for(0, 250), 1u);
  EXPECT_EQ(requests_for(250, 250), 1u);
  EXPECT_EQ(requests_for(251, 250), 3u);
  EXPECT_EQ(requests_for(2000, 250), 9u);
  EXPECT_EQ(requests_for(2001, 250), 11u);
  EXPECT_EQ(requests_for(100, 10), 12u);
}

TEST(MakingAPlan, CountsEachListWithOneRequestOfOneRow) {
  Planning scene;
  scene.want(sales);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("shops 1 lists, 2 rows, 1, keys", "sales 2 lists, 2500 rows, 13"));
  const std::string dates = "start_date=2024-02-12&end_date=2026-03-11&time_zone=user";
  EXPECT_THAT(scene.asked, ElementsAre("/v3/shops.json?page=1&per_page=250",
                                       "/v3/1/sales.json?" + dates + "&page=1&per_page=1",
                                       "/v3/2/sales.json?" + dates + "&page=1&per_page=1"));
}

TEST(MakingAPlan, MultipliesWhereAListIsReadForEachRowOfAnother) {
  Planning scene;
  scene.want(stock);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("shops 1 lists, 2 rows, 1, keys", "gadgets 2 lists, 603 rows, 5, keys",
                          "stock 603 lists, ? rows, 603 or more"));
  EXPECT_THAT(scene.asked, SizeIs(3)) << "gadgets are counted, once a shop, and not listed";
}

constexpr std::array whole_style{Paging::whole};
constexpr std::array<Text, 2> words{"a", "b"};
constexpr std::array<Text, 1> days{"day"};
constexpr std::array receipt_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "sale_id", .endpoint = "sales", .in_path = true},
    Parent{.parameter = "word", .values = words}};
constexpr Endpoint receipts{.name = "receipts",
                            .path = "/v3/{shop_id}/sales/{sale_id}/receipts.json",
                            .rows = "receipts",
                            .parents = receipt_parents,
                            .paging = whole_style,
                            .opt_in = "two requests for each sale"};
constexpr std::array turnover_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "word", .values = words}, Parent{.parameter = "step", .values = days}};
constexpr Endpoint turnover{
    .name = "turnover",
    .path = "/v3/{shop_id}/turnover.json",
    .rows = "days",
    .parents = turnover_parents,
    .paging = whole_style,
    .dates = {.from = "from", .to = "to", .whole = true, .most_points = 200, .step = "step"}};

TEST(MakingAPlan, TellsThePriceOfAListForEachRowOfTheDaysAskedFor) {
  Planning scene;
  scene.want(receipts);
  const Plan plan = scene.make();
  EXPECT_THAT(scene.lines(plan),
              ElementsAre("shops 1 lists, 2 rows, 1, keys", "sales 2 lists, 2500 rows, 13, keys",
                          "receipts 5000 lists, ? rows, 5000"));
  EXPECT_THAT(scene.asked, SizeIs(3)) << "one request counts the rows of a list";
  const PlannedEndpoint& of = plan.endpoints.back();
  EXPECT_EQ(of.price, "two requests for each sale");
  EXPECT_TRUE(of.each_list);
  EXPECT_TRUE(of.lists_by_days);
  EXPECT_EQ(of.from, "2024-02-12");
}

TEST(MakingAPlan, CountsNothingWhereEachListIsARequest) {
  Planning scene;
  scene.want(turnover);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("shops 1 lists, 2 rows, 1, keys", "turnover 4 lists, ? rows, 16"));
  EXPECT_THAT(scene.asked, SizeIs(1));
}

TEST(MakingAPlan, AsksOnceForWhatIsWantedAndNeeded) {
  Planning scene;
  scene.want(stock);
  scene.want(gadgets());
  scene.want(shops);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("shops 1 lists, 2 rows, 1", "gadgets 2 lists, 603 rows, 5",
                          "stock 603 lists, ? rows, 603 or more"));
  EXPECT_THAT(scene.asked, SizeIs(3));
}

TEST(MakingAPlan, TakesWhatTheUserFixed) {
  Planning scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.fixed["gadget_id"] = {"7", "8"};
  scene.want(sales);
  scene.want(stock);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("sales 1 lists, 2500 rows, 12", "stock 2 lists, ? rows, 2 or more"));
  EXPECT_THAT(scene.asked, SizeIs(1));
}

TEST(MakingAPlan, KnowsTheLimitAndThePageSize) {
  Planning scene;
  scene.options.limit = 100;
  scene.options.page_size = 10;
  scene.want(sales);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("shops 1 lists, 2 rows, 1, keys", "sales 2 lists, 100 rows, 12"));
}

TEST(MakingAPlan, SaysWhatIsRefusedAndCountsTheRest) {
  Planning scene;
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.find("sales") == url.npos) return std::nullopt;
    return answer(403, R"({"error":"not in this plan"})");
  };
  scene.want(sales);
  scene.want(gadgets());
  const Plan plan = scene.make();
  ASSERT_THAT(plan.endpoints, SizeIs(3));
  EXPECT_THAT(plan.endpoints[1].refused->what, HasSubstr("not in this plan"));
  EXPECT_EQ(scene.line(plan.endpoints[2]), "gadgets 2 lists, 603 rows, 5");
  EXPECT_FALSE(plan.ended);
}

TEST(MakingAPlan, EndsAtARefusedKeyAndWhenAskedToStop) {
  Planning refused;
  refused.before = [](const std::string&) { return answer(401, "{}"); };
  refused.want(sales);
  const Plan plan = refused.make();
  ASSERT_TRUE(plan.ended);
  EXPECT_EQ(plan.ended->code, Code::bad_key);
  EXPECT_THAT(refused.asked, SizeIs(1));
  Planning stopped;
  stopped.stop = [] { return true; };
  stopped.want(sales);
  EXPECT_EQ(stopped.make().ended->code, Code::cancelled);
}

TEST(MakingAPlan, NeedsNothingForDaysTheApiDoesNotKeep) {
  Planning scene;
  scene.options.range = {"2010-01-01", "2010-12-31", "user"};
  scene.want(sales);
  EXPECT_EQ(scene.line(scene.make().endpoints.back()), "sales 0 lists, 0 rows, 0");
  EXPECT_THAT(scene.asked, SizeIs(1));
}

TEST(MakingAPlan, ListsAllPagesOfTheKeysItNeeds) {
  Planning scene;
  scene.rows["/v3/shops.json"] = upto(251);
  scene.want(members);
  EXPECT_THAT(scene.lines(scene.make()),
              ElementsAre("shops 1 lists, 251 rows, 3, keys", "members 251 lists, 0 rows, 251"));
}

}  // namespace
}  // namespace callrail
