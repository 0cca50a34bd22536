#include "scene.hpp"

namespace callrail {
namespace {

TEST(ExtractInTrouble, AsksAgainWithoutTheFieldA400Names) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1", "2"};
  scene.options.page_size = 20;
  scene.rows["/v3/1/gadgets.json"] = scene.rows["/v3/2/gadgets.json"] = upto(7);
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (parameter(url, "fields").find("note") == std::string::npos) return std::nullopt;
    return answer(400, R"({"error":"field values not allowed: note; must be: 'name'"})");
  };
  scene.want(gadgets());
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << summary.endpoints[0].reason;
  EXPECT_EQ(scene.sink.tables["gadgets"].size(), 14u);
  ASSERT_EQ(summary.endpoints[0].warnings.size(), 1u);
  EXPECT_THAT(summary.endpoints[0].warnings[0], HasSubstr("note"));
  EXPECT_TRUE(summary.endpoints[0].drift.missing_fields.empty());
}

TEST(ExtractInTrouble, FailsOnA400AboutAnythingElse) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.before = [](const std::string&) {
    return answer(400, R"({"error":"date range must be within the last 25 months"})");
  };
  scene.want(gadgets());
  scene.want(shops);
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("25 months"));
  EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
}

/// Keeps what it is told of bad pages, as a program would.
struct Keeper final : Events {
  std::vector<std::string> pages;
  void bad_page(const std::string& what, std::string_view page, Error& error) override {
    pages.push_back(what + ": " + std::string{page});
    error.what += "; kept";
  }
};

TEST(ExtractInTrouble, HandsOverEveryPageItCannotUse) {
  for (const char* page : {"<html>no</html>", R"({"errors":[]})", R"({"page":7,"things":[]})"}) {
    Scene scene;
    scene.options.fixed["shop_id"] = {"1"};
    scene.client_options.max_retries = 2;
    scene.before = [&](const std::string&) { return answer(200, page); };
    scene.want(gadgets());
    Keeper keeper;
    const Summary summary = scene.run(&keeper);
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
    EXPECT_THAT(keeper.pages,
                testing::ElementsAreArray(Lines(3, std::string{"gadgets page 1: "} + page)));
    EXPECT_THAT(summary.endpoints[0].reason, testing::EndsWith("; kept"));
  }
}

TEST(ExtractInTrouble, HandsOverThePageThatBreaksAContract) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  const std::string page =
      R"({"total_pages":1,"total_records":1,"things":[{"id":1,"name":"n","zip":"30309"}]})";
  scene.before = [&](const std::string&) { return answer(200, page); };
  scene.want(gadgets());
  scene.options.endpoints.front().frozen = true;
  Keeper keeper;
  EXPECT_EQ(scene.run(&keeper).endpoints[0].outcome, Outcome::failed);
  EXPECT_THAT(keeper.pages, testing::ElementsAre("gadgets page 1: " + page));
}

TEST(ExtractInTrouble, HandsOverNoPageThatIsFine) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = upto(7);
  bool first = true;
  scene.before = [&](const std::string&) -> std::optional<Scripted> {
    if (!std::exchange(first, false)) return std::nullopt;
    return answer(500, R"({"error":"sorry"})");
  };
  scene.want(gadgets());
  Keeper keeper;
  EXPECT_EQ(scene.run(&keeper).endpoints[0].outcome, Outcome::complete);
  EXPECT_TRUE(keeper.pages.empty());
}

TEST(ExtractInTrouble, WritesARowOnceThatCameTwice) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  scene.rows["/v3/1/gadgets.json"] = {1, 2, 2, 3};
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(3));
  EXPECT_EQ(summary.endpoints[0].repeated, 1u);
  ASSERT_EQ(summary.endpoints[0].warnings.size(), 1u);  // the total counted it twice
}

TEST(ExtractInTrouble, TellsRowsApartEvenIfTheirKeyIsNoColumn) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  scene.rows["/v3/1/gadgets.json"] = {1, 2, 2, 3};
  scene.want_only(gadgets(), {"name"});
  scene.run();
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("n", "n", "n"));
}

TEST(ExtractInTrouble, FailsWhenTheApiDoesNotTurnPages) {
  // The page parameter got lost on the way: with totals, and without, where it would never end.
  for (const char* totals : {R"("total_pages":3,"total_records":12,)", ""}) {
    Scene scene;
    scene.options.fixed["shop_id"] = {"1"};
    scene.options.page_size = 4;
    scene.before = [&](const std::string&) {
      return answer(200, "{" + std::string{totals} +
                             R"("things":[{"id":1,"name":"n"},{"id":2,"name":"n"},)"
                             R"({"id":3,"name":"n"},{"id":4,"name":"n"}]})");
    };
    scene.want_only(gadgets(), {"id"});
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
    EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("does not turn pages"));
    EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
    EXPECT_LE(scene.asked.size(), 10u);
  }
}

TEST(ExtractInTrouble, TakesNoListForEmptyOfWhichAPageInTheMiddleIsNotFoundOrForbidden) {
  for (const int status : {404, 403}) {
    Scene scene;
    scene.options.page_size = 10;
    scene.rows["/v3/1/gadgets.json"] = scene.rows["/v3/2/gadgets.json"] = upto(35);
    scene.before = [&](const std::string& url) -> std::optional<Scripted> {
      if (url.find("/2/gadgets") == std::string::npos || parameter(url, "page") != "3")
        return std::nullopt;
      return answer(status, R"({"error":"gone"})");
    };
    scene.want_only(gadgets(), {"id"});
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped) << status;
    EXPECT_THAT(summary.endpoints[0].reason, testing::StartsWith("2: " + std::to_string(status)));
    EXPECT_EQ(scene.sink.tables["gadgets"], numbers(35)) << "those of the other list";

    scene.options.fixed["shop_id"] = {"2"};
    scene.sink.tables.clear();
    const Summary alone = scene.run();
    EXPECT_EQ(alone.endpoints[0].outcome, Outcome::failed) << status;
    EXPECT_THAT(alone.endpoints[0].reason, HasSubstr("gadgets page 3"));
    EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
    EXPECT_EQ(alone.endpoints[0].rows, 0u);
  }
}

TEST(ExtractInTrouble, WritesARowOnceThatStandsInTheListsOfTwoFilterValues) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.fixed["shelf_id"] = {"A", "B"};
  scene.rows["/v3/1/members.json"] = {7, 8};
  scene.want(members);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["members"], ElementsAre("7", "8"));
  EXPECT_EQ(summary.endpoints[0].repeated, 2u);
}

TEST(ExtractInTrouble, EndsAtAnEmptyPageAfterAskingForItAgain) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  scene.before = [](const std::string& url) {
    std::string rows = Scene::page_of("gadgets", upto(20), std::stoi(parameter(url, "page")),
                                      std::stoi(parameter(url, "per_page")));
    const std::string total = "\"total_records\":";
    return answer(200, rows.replace(rows.find(total) + total.size(), 2, "80001"));
  };
  scene.client_options.jobs = 1;
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << summary.endpoints[0].reason;
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(20));
  EXPECT_EQ(summary.endpoints[0].proof, Proof::contradicted);
  EXPECT_LE(scene.asked.size(), 20u);
}

TEST(ExtractInTrouble, FailsTheChildrenOfParentsThatAreMissing) {
  const struct {
    const char* answer_of_shops;
    int status;
    const char* reason;
  } cases[] = {{R"({"error":"not found"})", 404, "shops could not be listed"},
               {R"({"shops":[]})", 200, "the key sees no shops"},
               {R"({"total_pages":1,"total_records":1,"shops":[{"id":null,"name":"n"}]})", 200,
                "a row came without its id"}};
  for (const auto& c : cases) {
    Scene scene;
    scene.before = [&](const std::string& url) -> std::optional<Scripted> {
      if (url.find("shops") == std::string::npos) return std::nullopt;
      return answer(c.status, c.answer_of_shops);
    };
    scene.want(gadgets());
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed) << c.reason;
    EXPECT_THAT(summary.endpoints[0].reason, HasSubstr(c.reason));
    EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
  }
}

TEST(ExtractInTrouble, TellsWhatHappenedToRowsItReadForOthersOnly) {
  Scene scene;
  scene.rows["/v3/1/gadgets.json"] = {1};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.find("shops") == std::string::npos) return std::nullopt;
    const std::string rows = parameter(url, "page") == "1" ? R"({"id":1,"name":"n"})" : "";
    return answer(200, R"({"total_pages":1,"total_records":3,"shops":[)" + rows + "]}");
  };
  scene.want(gadgets());
  const Summary summary = scene.run();
  ASSERT_EQ(summary.warnings.size(), 1u);
  EXPECT_THAT(summary.warnings[0],
              HasSubstr("shops: contradicted: the API announces 3 rows and sends 1"));
}

TEST(ExtractInTrouble, LeavesOutTheSameListsWhateverTheNumberOfJobs) {
  for (const int jobs : {1, 8}) {
    for (const char* forbidden : {"/1/", "/2/"}) {
      Scene scene;
      scene.client_options.jobs = jobs;
      scene.rows["/v3/shops.json"] = {1, 2};
      scene.rows["/v3/1/gadgets.json"] = {10};
      scene.rows["/v3/2/gadgets.json"] = {20};
      scene.before = [&](const std::string& url) -> std::optional<Scripted> {
        if (url.find(std::string{forbidden} + "gadgets") == std::string::npos) return std::nullopt;
        return answer(403, R"({"error":"no"})").after(std::chrono::milliseconds{1});
      };
      scene.want_only(gadgets(), {"id"});
      scene.run();
      EXPECT_THAT(scene.sink.tables["gadgets"],
                  ElementsAre(std::string{forbidden} == "/1/" ? "20" : "10"))
          << jobs;
    }
  }
}

TEST(ExtractInTrouble, NamesTheFirstListItMayNotReadWhicheverAnswerCameFirst) {
  for (const int jobs : {1, 8}) {
    Scene scene;
    scene.client_options.jobs = jobs;
    scene.before = [](const std::string& url) -> std::optional<Scripted> {
      if (url.find("gadgets") == std::string::npos) return std::nullopt;
      const int wait = url.find("/1/") == std::string::npos ? 1 : 500;
      return answer(403, R"({"error":"no"})").after(std::chrono::milliseconds{wait});
    };
    scene.want(gadgets());
    EXPECT_THAT(scene.run().endpoints[0].reason, testing::StartsWith("1: 403")) << jobs;
  }
}

TEST(ExtractInTrouble, AsksAgainForCutJsonAndFailsTheEndpointWhenItStaysCut) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = upto(3);
  int cut = 2;
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (url.find("gadgets") == std::string::npos || cut-- <= 0) return std::nullopt;
    return answer(200, R"({"things":[{"id":1},{"id)");
  };
  scene.want_only(gadgets(), {"id"});
  EXPECT_EQ(scene.run().endpoints[0].rows, 3u);

  scene.sink.tables.clear();
  scene.options.endpoints.clear();
  scene.want_only(gadgets(), {"id"});
  scene.want(shops);
  cut = 1000;
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
  EXPECT_EQ(summary.endpoints[0].requests, 4u);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("gadgets page 1"));
  EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
  EXPECT_EQ(summary.endpoints[1].outcome, Outcome::complete);  // the others go on
}

TEST(ExtractInTrouble, StopsAtOnceWhenTheKeyIsRefused) {
  Scene scene;
  scene.before = [](const std::string&) { return answer(401, R"({"error":"invalid api key"})"); };
  scene.want(gadgets());
  scene.want(shops);
  const Summary summary = scene.run();
  EXPECT_EQ(scene.asked.size(), 1u);
  ASSERT_TRUE(summary.ended);
  EXPECT_EQ(summary.ended->code, Code::bad_key);
  EXPECT_EQ(summary.endpoints.size(), 2u);
  for (const auto& endpoint : summary.endpoints) EXPECT_EQ(endpoint.outcome, Outcome::failed);
}

TEST(ExtractInTrouble, SkipsAnEndpointItMayNotRead) {
  Scene scene;
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.find("gadgets") == std::string::npos) return std::nullopt;
    return answer(403, R"({"error":"You do not have permission to perform the requested action"})");
  };
  scene.want(gadgets());
  scene.want(shops);
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("permission"));
  EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
  EXPECT_EQ(summary.endpoints[1].outcome, Outcome::complete);
}

TEST(ExtractInTrouble, KeepsTheRowsOfTheParentsItMayRead) {
  Scene scene;
  scene.rows["/v3/2/gadgets.json"] = {8};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.find("/1/gadgets") == std::string::npos) return std::nullopt;
    return answer(403, R"({"error":"no"})");
  };
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("8"));
}

TEST(ExtractInTrouble, TakesA404ForAnEmptyList) {
  Scene scene;
  scene.want(gadgets());
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete);
  EXPECT_EQ(summary.endpoints[0].rows, 0u);
  EXPECT_EQ(scene.sink.tables.at("gadgets"), Lines{});
  EXPECT_EQ(summary.endpoints[0].warnings.size(), 2u);
}

TEST(ExtractInTrouble, FailsChildrenWhoseParentsCouldNotBeListed) {
  Scene scene;
  scene.before = [](const std::string&) { return broken("connection refused"); };
  scene.want(gadgets());
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
  EXPECT_EQ(summary.endpoints[0].code, Code::try_later);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("shops could not be listed"));
}

TEST(ExtractInTrouble, ReadsTheChildrenOfTheParentsItCouldListAndSaysWhatIsMissing) {
  Scene scene;
  scene.want(stock);
  scene.rows["/v3/1/gadgets.json"] = {10, 11};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.find("/2/gadgets") == std::string::npos) return std::nullopt;
    return answer(403, R"({"error":"no"})");
  };
  scene.rows["/v3/1/stock.json"] = {7};
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("gadgets could not be listed"));
  EXPECT_EQ(scene.sink.tables.at("stock").size(), 2u);
}

TEST(ExtractInTrouble, EndsWhenTheDestinationFails) {
  Scene scene;
  scene.sink.fail_on = "gadgets";
  scene.rows["/v3/1/gadgets.json"] = upto(3);
  scene.want(gadgets());
  const Summary summary = scene.run();
  ASSERT_TRUE(summary.ended);
  EXPECT_EQ(summary.ended->code, Code::sink_failed);
}

TEST(ExtractInTrouble, StopsOnRequestAndLeavesNoHalfFile) {
  Scene scene;
  scene.options.page_size = 1;
  scene.rows["/v3/1/gadgets.json"] = upto(100);
  scene.stop = [&] { return scene.asked.size() > 20; };
  scene.want(gadgets());
  const Summary summary = scene.run();
  ASSERT_TRUE(summary.ended);
  EXPECT_EQ(summary.ended->code, Code::cancelled);
  EXPECT_EQ(scene.sink.tables.size(), 0u);
}

TEST(ExtractInTrouble, ReadsAListOnceWhoseDatesTheApiIgnores) {
  for (const int jobs : {1, 4}) {
    Scene scene;
    scene.client_options.jobs = jobs;
    scene.options.fixed["shop_id"] = {"1"};
    scene.options.page_size = 20;
    scene.rows["/v3/1/sales.json"] = upto(300);
    scene.want_only(sales, {"id"});
    const Summary summary = scene.run();
    EXPECT_EQ(scene.sink.tables["sales"], numbers(300)) << jobs;
    EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
    EXPECT_THAT(summary.endpoints[0].warnings.at(0), HasSubstr("whatever days it is asked for"));
    EXPECT_LE(scene.asked.size(), 30u);
  }
}

TEST(ExtractInTrouble, CutsAListWhoseRowsAllLieInOneDay) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 20;
  // A row a minute of one day: every larger window holds all of them.
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    const auto minute = [](std::string text, bool end) {
      text = text.substr(0, text.find('&'));
      if (const auto colon = text.find("%3A"); colon != text.npos) text.replace(colon, 3, ":");
      if (text < "2026-01-10") return 0;
      if (text.substr(0, 10) > "2026-01-10") return 1440;
      if (text.size() == 10) return end ? 1440 : 0;
      return std::stoi(text.substr(11, 2)) * 60 + std::stoi(text.substr(14, 2));
    };
    const int from = minute(parameter(url, "start_date"), false),
              to = minute(parameter(url, "end_date"), true);
    std::vector<int> ids;
    for (int id = 1; id <= 300; ++id)
      if (id >= from && id <= to) ids.push_back(id);
    return answer(200, Scene::page_of("sales", ids, std::stoi(parameter(url, "page")),
                                      std::stoi(parameter(url, "per_page"))));
  };
  scene.want_only(sales, {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["sales"], numbers(300));
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
  EXPECT_TRUE(summary.endpoints[0].warnings.empty());
  EXPECT_LE(scene.asked.size(), 90u);
}

TEST(ExtractInTrouble, WaitsOutA429AndGoesOn) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = upto(3);
  int refusals = 2;
  scene.before = [&](const std::string&) -> std::optional<Scripted> {
    if (refusals-- <= 0) return std::nullopt;
    return answer(429, R"({"error":"rate limit exceeded"})", "5");
  };
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].rows, 3u);
  EXPECT_GE(scene.clock.passed(), std::chrono::seconds{10});
}

}  // namespace
}  // namespace callrail
