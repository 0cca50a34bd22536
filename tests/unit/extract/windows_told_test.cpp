// What a destination hears of windows, and where lists begin that were read before.
#include "memory_checkpoint.hpp"
#include "scene.hpp"

namespace callrail {
namespace {

Scene following() {
  Scene scene;
  scene.sink.follow = true;
  return scene;
}

/// With a checkpoint, so that there are commits.
Summary run_kept(Scene& scene) {
  test::MemoryFiles files;
  test::MemoryCheckpoint checkpoint{files};
  ScriptedTransport transport{scene.clock, [&](const Request& r) { return scene.reply(r); }};
  Limiter limiter{{}};
  Client client{transport, limiter, scene.clock, scene.client_options, 1};
  Events silent;
  return extract(api(), scene.options, client, scene.sink, scene.clock, silent, scene.stop,
                 &checkpoint);
}

TEST(WindowsTold, EachIsToldBehindItsRowsAndBeforeItsCommit) {
  Scene scene = following();
  scene.rows["/v3/1/sales.json"] = {5, 6};
  scene.rows["/v3/2/sales.json"] = {7};
  scene.want(sales);
  run_kept(scene);
  EXPECT_THAT(scene.sink.told,
              ElementsAre("sales 1 2024-02-12..2026-03-11: 2 rows, proven", "commit",
                          "sales 2 2024-02-12..2026-03-11: 1 rows, proven"));
}

TEST(WindowsTold, SoAreThoseOfAListThatWasCut) {
  Scene scene = following();
  scene.options.page_size = 2;
  scene.options.fixed["shop_id"] = {"1"};
  // Answers by day, so that cutting helps: one row a day of March.
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    const int page = std::stoi(parameter(url, "page")),
              size = std::stoi(parameter(url, "per_page"));
    const std::string from = parameter(url, "start_date").substr(0, 10),
                      to = parameter(url, "end_date").substr(0, 10);
    std::vector<int> ids;
    for (int day = 1; day <= 31; ++day) {
      const std::string date =
          std::string{"2025-03-"} + (day < 10 ? "0" : "") + std::to_string(day);
      if (from <= date && date <= to) ids.push_back(day);
    }
    return answer(200, Scene::page_of("sales", ids, page, size));
  };
  scene.options.range = {"2025-03-01", "2025-03-31", "UTC"};
  scene.want(sales);
  const Summary summary = scene.run();
  const auto& told = scene.sink.told;
  ASSERT_GT(told.size(), 2u);
  EXPECT_EQ(told.size(), summary.endpoints[0].windows.size());
  EXPECT_THAT(told.front(), HasSubstr("sales 1 2025-03-01..2025-03-"));
  EXPECT_THAT(told.back(), HasSubstr("..2025-03-31: "));
  EXPECT_EQ(scene.sink.tables["sales"].size(), 31u);
}

TEST(WindowsTold, AlsoWithoutRowsAndRefusedOrUnknown) {
  Scene scene = following();
  scene.rows["/v3/shops.json"] = {1, 2, 3};
  scene.rows["/v3/1/members.json"] = {};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.starts_with("/v3/2/")) return answer(403, R"({"error":"not allowed"})");
    return std::nullopt;  // the third is not known
  };
  scene.want(members);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.told,
              ElementsAre("members 1: 0 rows, proven, whole", "members 2: 0 rows, unproven, whole",
                          "members 3: 0 rows, unproven, whole"));
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
}

TEST(WindowsTold, OneThatTheLimitCutHasNoProofWhoeverReadItWhole) {
  Scene scene = following();
  scene.options.limit = 2;
  scene.rows["/v3/shops.json"] = {1, 2, 3};
  scene.rows["/v3/1/members.json"] = scene.rows["/v3/2/members.json"] =
      scene.rows["/v3/3/members.json"] = {};
  scene.want_only(shops, {"id"});
  scene.want(members);
  scene.run();
  EXPECT_THAT(scene.sink.told[0], "shops: 2 rows, no proof, whole");

  Scene dated = following();
  dated.options.limit = 2;
  dated.options.fixed["shop_id"] = {"1"};
  dated.rows["/v3/1/sales.json"] = {1, 2, 3};
  dated.want(sales);
  dated.run();
  EXPECT_THAT(dated.sink.told, ElementsAre("sales 1 2024-02-12..2026-03-11: 2 rows, no proof"));
}

TEST(WindowsTold, OfADestinationThatDoesNotAskNothingIsOpenedForThem) {
  Scene scene;
  scene.rows["/v3/shops.json"] = {1};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (url.starts_with("/v3/1/")) return answer(403, R"({"error":"not allowed"})");
    return std::nullopt;
  };
  scene.want(members);
  scene.run();
  EXPECT_EQ(scene.sink.opened, 0);
  EXPECT_TRUE(scene.sink.told.empty());
}

TEST(ReadFrom, EachListBeginsWhereItIsTold) {
  Scene scene;
  scene.rows["/v3/shops.json"] = {1, 2, 3};
  scene.options.range.zone = "UTC";
  scene.options.read_from = [](const Endpoint& endpoint, const Scope& scope) {
    EXPECT_EQ(endpoint.name, "sales");
    return scope.front().second == "1"   ? std::optional<std::string>{"2026-03-01T10:30"}
           : scope.front().second == "2" ? std::optional<std::string>{"1999-01-01T00:00"}
                                         : std::nullopt;
  };
  for (const char* shop : {"1", "2", "3"})
    scene.rows["/v3/" + std::string{shop} + "/sales.json"] = {1};
  scene.client_options.jobs = 1;
  scene.want(sales);
  scene.want(members);  // without dates: nobody asks for its begin
  for (const char* shop : {"1", "2", "3"})
    scene.rows["/v3/" + std::string{shop} + "/members.json"] = {};
  const Summary summary = scene.run();
  Lines from;
  for (const auto& url : scene.asked)
    if (url.find("sales") != url.npos) from.push_back(parameter(url, "start_date"));
  EXPECT_THAT(from, ElementsAre("2026-03-01T10%3A30", "2024-02-11", "2024-02-11"));
  EXPECT_EQ(summary.endpoints[0].window, "2024-02-11..2026-03-10 UTC");
}

TEST(ReadFrom, TheSummaryTellsTheEarliestBegin) {
  Scene scene;
  scene.options.range.zone = "UTC";
  scene.options.read_from = [](const Endpoint&, const Scope& scope) {
    return std::optional<std::string>{"2026-03-0" + scope.front().second + "T10:30"};
  };
  scene.rows["/v3/1/sales.json"] = scene.rows["/v3/2/sales.json"] = {};
  scene.want(sales);
  EXPECT_EQ(scene.run().endpoints[0].window, "2026-03-01T10:30..2026-03-10 UTC");
}

TEST(ReadFrom, AClockThatWasSetBackAsksForTheLastDayThereIs) {
  Scene scene;
  scene.options.range.zone = "UTC";
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.read_from = [](const Endpoint&, const Scope&) {
    return std::optional<std::string>{"2026-03-12T09:00"};
  };
  scene.rows["/v3/1/sales.json"] = {4};
  scene.want(sales);
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].window, "2026-03-10..2026-03-10 UTC");
  EXPECT_EQ(summary.endpoints[0].rows, 1u);
}

}  // namespace
}  // namespace callrail
