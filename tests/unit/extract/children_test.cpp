#include "children.hpp"

#include "kept.hpp"

#include <callrail/manifest.hpp>

namespace callrail {
namespace {

TEST(ListsBelowRows, AreReadOnceForEachRowWithItsKeyAndTheirPlace) {
  Scene scene;
  scene.rows["/v3/1/gadgets.json"] = {11, 12};
  scene.rows["/v3/2/gadgets.json"] = {21};
  scene.before = two_visits;
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["visits"],
              ElementsAre("11|1|/a", "11|2|/a", "12|1|/a", "12|2|/a", "21|1|/a", "21|2|/a"));
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
  EXPECT_EQ(summary.endpoints[0].rows, 6u);
  EXPECT_EQ(summary.endpoints[0].lists, 3u);
  EXPECT_EQ(summary.endpoints[0].requests, 3u);
  EXPECT_EQ(scene.asked.back(), "/v3/2/gadgets/21/visits.json") << "neither page nor size";
}

TEST(ListsBelowRows, CountTheirPlacesFromTheFirstPage) {
  Endpoint paged = visits;
  paged.paging = {};
  paged.most_rows = 10;
  for (const bool place_wanted : {true, false}) {
    Scene scene;
    scene.options.fixed = {{"shop_id", {"1"}}, {"gadget_id", {"11"}}};
    scene.before = [](const std::string& url) -> std::optional<Scripted> {
      const int page = std::stoi(parameter(url, "page")),
                size = std::stoi(parameter(url, "per_page"));
      EXPECT_LE(size, 10);
      std::string rows;
      for (int i = (page - 1) * size; i < std::min(page * size, 24); ++i)
        rows += std::string{rows.empty() ? "" : ","} + R"({"page":"/same"})";
      return answer(200,
                    fmt::format(R"({{"page":{},"total_records":24,"visits":[{}]}})", page, rows));
    };
    place_wanted ? scene.want(paged) : scene.want_only(paged, {"page"});
    const Summary summary = scene.run();
    ASSERT_EQ(scene.sink.tables["visits"].size(), 24u);
    EXPECT_EQ(scene.sink.tables["visits"].back(), place_wanted ? "11|24|/same" : "/same");
    EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
  }
}

TEST(ListsBelowRows, ShareTheReadingOfTheRowsWithWhoeverWantsThem) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {11, 12};
  scene.before = two_visits;
  scene.want(visits);
  scene.want_only(gadgets(), {"id"});
  scene.run();
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("11", "12"));
  EXPECT_EQ(scene.sink.tables["visits"].size(), 4u);
  EXPECT_EQ(scene.asked.size(), 3u);
}

TEST(ListsBelowRows, AreEmptyWithoutAWordWhereTheApiSaysSoWith404) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {11, 12};
  scene.before = [](const std::string& url) {
    return url.find("/11/") != url.npos ? std::nullopt : two_visits(url);
  };
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["visits"], ElementsAre("12|1|/a", "12|2|/a"));
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete);
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
  EXPECT_TRUE(summary.endpoints[0].warnings.empty());
}

TEST(ListsBelowRows, AreNotTakenForEmptyBecauseSomebodyElseSaysSoWith404) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {11};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (!is_child(url)) return std::nullopt;
    return answer(404, "<html>Not Found</html>");
  };
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].proof, Proof::unproven);
  EXPECT_EQ(summary.endpoints[0].warnings.size(), 1u);
}

TEST(ListsBelowRows, AreNotProvenIfSomeOfTheRowsAboveAreMissing) {
  Scene scene;
  scene.rows["/v3/1/gadgets.json"] = {11};
  scene.before = [](const std::string& url) {
    return url.starts_with("/v3/2/") ? answer(403, "{}") : two_visits(url);
  };
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["visits"].size(), 2u);
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
  EXPECT_EQ(summary.endpoints[0].proof, Proof::unproven);
}

TEST(ListsBelowRows, LeaveTheRowsAboveWithoutAClaimWhereALimitCutThem) {
  Scene scene;
  scene.options.limit = 1;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {11, 12};
  scene.before = two_visits;
  scene.want(visits);
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("11"));
  EXPECT_EQ(summary.endpoints[1].proof, std::nullopt);
}

TEST(ListsBelowRows, AreSkippedWhenTheKeyMayNotReadThem) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = upto(2000);
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (!is_child(url)) return std::nullopt;
    return answer(403, R"({"error":"Access denied."})");
  };
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_EQ(std::ranges::count_if(scene.asked, is_child), 3);
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
  EXPECT_EQ(scene.sink.tables.count("visits"), 0u);
  EXPECT_TRUE(summary.endpoints[0].warnings.empty());
}

TEST(ListsBelowRows, GoOnBehindARowThatIsForbidden) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = upto(600);
  scene.before = [](const std::string& url) {
    return url.find("/500/") != url.npos ? answer(403, "{}") : two_visits(url);
  };
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::skipped);
  EXPECT_EQ(scene.sink.tables["visits"].size(), 599u * 2);
  EXPECT_EQ(summary.endpoints[0].sum->windows[2], 1u);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("1 500"));
}

TEST(AnAnswerThatHoldsAllRows, IsContradictedIfItSaysThatItDoesNot) {
  const std::pair<const char*, const char*> envelopes[] = {
      {R"("total_records":3)", "announces 3 rows and sends 2 rows"},
      {R"("total_pages":2)", "counts 2 pages"},
      {R"("has_next_page":true)", "says that there are more"},
      {R"("total_records":2,"total_pages":1,"has_next_page":false)", nullptr}};
  for (const auto& [envelope, why] : envelopes) {
    Scene scene;
    scene.options.fixed = {{"shop_id", {"1"}}, {"gadget_id", {"11"}}};
    scene.before = [&](const std::string&) {
      return answer(200,
                    fmt::format(R"({{{},"visits":[{{"page":"/a"}},{{"page":"/b"}}]}})", envelope));
    };
    scene.want(visits);
    const Summary summary = scene.run();
    EXPECT_EQ(scene.sink.tables["visits"].size(), 2u);
    EXPECT_EQ(summary.endpoints[0].proof, why == nullptr ? Proof::proven : Proof::contradicted);
    ASSERT_EQ(summary.endpoints[0].warnings.size(), why == nullptr ? 0u : 1u) << envelope;
    if (why != nullptr) {
      EXPECT_THAT(summary.endpoints[0].warnings[0], HasSubstr(why));
    }
  }
}

TEST(AnAnswerThatHoldsAllRows, IsCutToTheLimit) {
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.limit = 3;
  scene.options.fixed = {{"shop_id", {"1"}}, {"gadget_id", {"11", "12", "13"}}};
  scene.before = two_visits;
  scene.want(visits);
  scene.run();
  EXPECT_THAT(scene.sink.tables["visits"], ElementsAre("11|1|/a", "11|2|/a", "12|1|/a"));
  EXPECT_EQ(scene.asked.size(), 2u);
  EXPECT_EQ(scene.asked[0], "/v3/1/gadgets/11/visits.json");
}

TEST(AnAnswerThatIsARow, IsTheRow) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {11, 12};
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (!is_child(url)) return std::nullopt;
    return answer(200, url.find("/11.json") != url.npos ? R"({"name":"a","id":11})"
                                                        : R"({ "id": 12, "name": "b" })");
  };
  scene.want(single);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["single"], ElementsAre("11|a", "12|b"));
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
}

TEST(AnAnswerThatIsARow, IsALineWhereLinesAreWanted) {
  Scene scene;
  scene.options.fixed = {{"shop_id", {"1"}}, {"gadget_id", {"11", "12"}}};
  scene.before = [](const std::string& url) {
    return answer(
        200, url.find("/11.json") != url.npos ? R"({"name":"a,\u00e9","id":11})" : R"({"id":12})");
  };
  scene.want(single);
  Kept kept;
  const Summary summary = kept.run(scene);
  EXPECT_EQ(kept.files.files("data").at("single.csv"), "id,name\r\n11,\"a,é\"\r\n12,\r\n");
  EXPECT_EQ(summary.endpoints[0].drift.missing_fields.at("name").count, 1u);
}

TEST(AnAnswerThatIsARow, IsShownToWhoeverWantsToKnowMore) {
  struct Listener final : Events {
    Lines pages;
    void sample(const Endpoint& endpoint, std::string_view page, const Drift& drift) override {
      EXPECT_EQ(endpoint.name, "single");
      EXPECT_EQ(page.data()[page.size()], '\0');
      EXPECT_EQ(drift.unknown_fields.at("zip").count, 1u);
      pages.emplace_back(page);
    }
  };
  for (const bool as_lines : {true, false}) {
    Scene scene;
    scene.client_options.jobs = 1;
    scene.options.fixed = {{"shop_id", {"1"}}, {"gadget_id", {"11", "12"}}};
    scene.before = [](const std::string& url) {
      return answer(200, fmt::format(R"({{"id":{},"name":"a","zip":1}})", gadget_of(url)));
    };
    scene.want(single);
    Listener listener;
    Kept kept;
    (void)(as_lines ? kept.run(scene, &listener) : scene.run(&listener));
    EXPECT_THAT(listener.pages,
                ElementsAre(R"({"id":11,"name":"a","zip":1})", R"({"id":12,"name":"a","zip":1})"));
  }
}

TEST(AnAnswerThatIsARow, IsNoneWithoutItsKey) {
  for (const char* body :
       {R"({"error":"Try again."})", R"({"name":"a"})", R"({"id":null})", "{}"}) {
    Scene scene;
    scene.options.fixed = {{"shop_id", {"1"}}, {"gadget_id", {"11"}}};
    scene.before = [&](const std::string&) { return answer(200, body); };
    scene.want(single);
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed) << body;
    EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("no member \"id\" in the answer"));
    EXPECT_EQ(scene.sink.tables.count("single"), 0u);
  }
}

struct Turnover : Scene {
  Turnover() {
    client_options.jobs = 1;
    options.fixed["shop_id"] = {"1"};
    options.range = {"2026-01-01", "2026-03-01", "user"};
    before = [](const std::string& url) {
      return answer(200, R"({"days":[{"day":")" + parameter(url, "from") + R"("}]})");
    };
    want(turnover);
  }
};

TEST(Words, MakeAListEach) {
  Turnover scene;
  scene.run();
  EXPECT_THAT(
      scene.asked,
      ElementsAre("/v3/1/turnover.json?group_by=maker&step=day&from=2026-01-01&to=2026-03-01",
                  "/v3/1/turnover.json?group_by=colour&step=day&from=2026-01-01&to=2026-03-01"));
  EXPECT_THAT(scene.sink.tables["turnover"], ElementsAre("maker|2026-01-01", "colour|2026-01-01"));
}

TEST(Words, AreThoseTheUserWantsInstead) {
  Turnover scene;
  scene.options.fixed["group_by"] = {"size"};
  scene.run();
  EXPECT_THAT(scene.sink.tables["turnover"], ElementsAre("size|2026-01-01"));
}

TEST(SumsOverDays, AreAskedForInPiecesOfWholeDaysWhereAnAnswerHoldsNoMore) {
  Turnover scene;
  scene.options.fixed["group_by"] = {"maker"};
  scene.options.range.from = "2025-01-01";
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["turnover"],
              ElementsAre("maker|2025-01-01", "maker|2025-07-20", "maker|2026-02-05"));
  EXPECT_THAT(scene.asked.front(), HasSubstr("from=2025-01-01&to=2025-07-19"));
  EXPECT_THAT(scene.asked.back(), HasSubstr("from=2026-02-05&to=2026-03-01"));
  EXPECT_EQ(summary.endpoints[0].windows.size(), 3u);
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
}

TEST(SumsOverDays, AreNotCutByTheNumberOfTheirRows) {
  Turnover scene;
  scene.options.fixed["group_by"] = {"maker"};
  scene.options.page_size = 10;
  scene.before = [](const std::string&) {
    std::string rows;
    for (int i = 0; i < 500; ++i) rows += fmt::format(R"({}{{"day":"{}"}})", i == 0 ? "" : ",", i);
    return answer(200, R"({"total_records":500,"days":[)" + rows + "]}");
  };
  const Summary summary = scene.run();
  EXPECT_EQ(scene.asked.size(), 1u);
  EXPECT_EQ(scene.sink.tables["turnover"].size(), 500u);
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
}

TEST(SumsOverDays, OfSomeDaysMayBeMissingWithoutThoseBesideThem) {
  Turnover scene;
  scene.options.fixed["group_by"] = {"maker"};
  scene.options.range.from = "2025-01-01";
  const auto all = scene.before;
  scene.before = [=](const std::string& url) {
    return parameter(url, "from") == "2025-07-20" ? answer(404, "{}") : all(url);
  };
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["turnover"], ElementsAre("maker|2025-01-01", "maker|2026-02-05"));
  EXPECT_EQ(summary.endpoints[0].proof, Proof::unproven);
}

TEST(FieldsThatLimitAnAnswer, AreAllNamedOnceOneIs) {
  Endpoint limited = gadgets();
  limited.select_limits = true;
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.before = [](const std::string&) {
    return answer(200,
                  R"({"page":1,"total_records":1,"total_pages":1,"things":[{"id":1,"note":"x"}]})");
  };
  scene.want_only(limited, {"note"});
  scene.options.endpoints.back().named = false;
  const Summary summary = scene.run();
  EXPECT_EQ(parameter(scene.asked[0], "fields"), "note%2Cid") << "rows are told apart by the key";
  EXPECT_TRUE(summary.endpoints[0].drift.missing_fields.empty()) << "the others were not asked for";

  Scene whole;
  whole.options.fixed["shop_id"] = {"1"};
  whole.before = scene.before;
  whole.want(limited);
  const Summary of_all = whole.run();
  EXPECT_THAT(parameter(whole.asked[0], "fields"), HasSubstr("id%2Cname%2Ccolour"));
  EXPECT_THAT(parameter(whole.asked[0], "fields"), testing::Not(HasSubstr("token")));
  EXPECT_TRUE(of_all.endpoints[0].drift.missing_fields.contains("name"));

  Scene none;
  none.options.fixed["shop_id"] = {"1"};
  none.before = scene.before;
  none.want_only(limited, {"name"});
  none.options.endpoints.back().named = false;
  none.run();
  EXPECT_EQ(parameter(none.asked[0], "fields"), "") << "nothing has to be named";
}

TEST(VeryManyLists, AreSummedUpAndTheirTroublesToldOnce) {
  Endpoint strict = visits;
  strict.not_found_is_empty = false;
  for (const int jobs : {1, 4, 32}) {
    VisitsToMany scene;
    scene.client_options.jobs = jobs;
    scene.want(strict);
    const Summary summary = scene.run();
    const EndpointSummary& e = summary.endpoints[0];
    EXPECT_EQ(e.outcome, Outcome::complete);
    EXPECT_EQ(e.lists, 702u);
    EXPECT_EQ(scene.sink.tables["visits"].size(), 702u - 14);
    EXPECT_EQ(scene.sink.tables["visits"].back(), "9002|1|/9002");
    ASSERT_TRUE(e.sum);
    EXPECT_EQ(e.sum->lists, 702u);
    EXPECT_EQ(e.sum->rows, 688u);
    EXPECT_THAT(e.sum->windows, ElementsAre(702 - 14 - 3, 0, 14, 3));
    EXPECT_EQ(e.sum->unknown, 14u);
    EXPECT_EQ(e.proof, Proof::contradicted);
    ASSERT_EQ(e.windows.size(), 13u)
        << "three that differ, and the first ten the API does not know";
    EXPECT_EQ(e.windows[0].scope, "1 199");
    EXPECT_EQ(e.windows[3].scope, "1 50");
    EXPECT_THAT(e.warnings,
                ElementsAre("14 of 702 lists are not known to the API; taken as empty lists",
                            "3 of 702 lists are not proven complete, such as 1 199: contradicted: "
                            "the API announces 7 rows and sends 1 row where all are to come at "
                            "once; run again"));
    EXPECT_EQ(scene.sink.proofs["visits"].sum, e.sum);
  }
}

TEST(VeryManyLists, AreReadOnceWhereverTheRunStops) {
  expect_the_same_wherever_it_stops(
      [](Scene& scene) {
        const VisitsToMany many{600};
        scene.rows = many.rows;
        scene.before = many.before;
        scene.client_options.jobs = 1;
        scene.want(visits);
      },
      29);
}

TEST(VeryManyLists, AreTheSameFileInTwoPartsWithManyJobs) {
  const auto set_up = [](Scene& scene) {
    const VisitsToMany many{600};
    scene.rows = many.rows;
    scene.before = many.before;
    scene.client_options.jobs = 16;
    scene.want(visits);
  };
  Scene quiet;
  set_up(quiet);
  Kept undisturbed;
  const Summary expected = undisturbed.run(quiet);
  for (std::size_t requests = 3; requests < quiet.asked.size(); requests += 83) {
    Scene scene;
    set_up(scene);
    Kept kept;
    scene.stop = [&] { return scene.asked.size() >= requests; };
    (void)kept.run(scene);
    scene.stop = [] { return false; };
    const Summary summary = kept.run(scene);
    EXPECT_EQ(kept.files.files("data"), undisturbed.files.files("data")) << requests;
    EXPECT_EQ(told(summary.endpoints[0]), told(expected.endpoints[0])) << requests;
  }
}

/// What the sums of so many lists say that were counted once more while they changed.
TEST(VeryManyLists, CountTheRowsOfTheirWindowsAndNotThoseOfACountBesides) {
  for (const bool stopped : {false, true}) {
    Scene scene;
    scene.client_options.jobs = 1;
    scene.options.page_size = 20;
    scene.options.range = {"2026-01-10", "2026-01-11", "user"};
    for (const std::string& shop : numbers(300)) scene.options.fixed["shop_id"].push_back(shop);
    int asked_of_2 = 0;
    scene.before = [&](const std::string& url) -> std::optional<Scripted> {
      const bool is_large = url.starts_with("/v3/2/");
      auto ids = is_large ? in_window(url, 300) : upto(1);
      // Hidden once the whole was counted.
      if (is_large && ++asked_of_2 > 1) std::erase(ids, 150);
      return answer(200, Scene::page_of("sales", ids, std::stoi(parameter(url, "page")),
                                        std::stoi(parameter(url, "per_page"))));
    };
    scene.want(sales);
    Kept kept;
    if (stopped) {
      scene.stop = [&] { return scene.asked.size() >= 320; };
      (void)kept.run(scene);
      scene.stop = [] { return false; };
    }
    const Summary summary = kept.run(scene);
    const EndpointSummary& e = summary.endpoints[0];
    EXPECT_EQ(e.rows, 299u + 299u);
    ASSERT_TRUE(e.sum);
    EXPECT_EQ(e.proof, Proof::proven_with_churn);
    EXPECT_EQ(e.sum->lists, 300u);
    EXPECT_EQ(e.sum->rows, e.rows);
    const auto manifest = parse_manifest(kept.files.files("data").at(std::string{Manifest::name}));
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->files.at(0).proof.sum, e.sum);
  }
}

TEST(VeryManyLists, AreCountedAndNotTheirWindows) {
  Turnover scene;
  scene.options.range.from = "2025-01-01";
  scene.options.fixed["shop_id"] = numbers(150);
  const auto all = scene.before;
  scene.before = [=](const std::string& url) -> std::optional<Scripted> {
    if (url.starts_with("/v3/8/")) return answer(403, "{}");
    if (url.starts_with("/v3/7/") && parameter(url, "group_by") == "maker")
      return answer(200, R"({"total_records":2,"days":[{"day":"x"}]})");
    if (url.starts_with("/v3/9/") && parameter(url, "from") == "2025-07-20")
      return answer(400, "{}");
    return all(url);
  };
  const Summary summary = scene.run();
  const EndpointSummary& e = summary.endpoints[0];
  EXPECT_EQ(e.lists, 300u);
  EXPECT_EQ(e.rows, 3u * 300 - 6 - 2);
  ASSERT_TRUE(e.sum);
  EXPECT_EQ(e.sum->rows, e.rows);
  EXPECT_EQ(e.sum->left_out, 2u);
  EXPECT_EQ(e.sum->doubtful, 3u);
  EXPECT_THAT(e.warnings, ElementsAre(HasSubstr("3 of 300 lists are not proven complete, such as "
                                                "7 maker day: contradicted")));
  EXPECT_THAT(e.reason, testing::AllOf(testing::StartsWith("8 maker day: 403"),
                                       HasSubstr("; 2 of 300 lists were left out")));
}

TEST(VeryManyLists, EndAtTheLimitWithoutAClaim) {
  VisitsToMany scene;
  scene.options.limit = 300;
  scene.want(visits);
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["visits"].size(), 300u);
  EXPECT_FALSE(summary.endpoints[0].proof);
  EXPECT_LT(scene.asked.size(), 330u);
}

TEST(VeryManyLists, OfRowsThatAreOthersMeanwhileAreReadAnew) {
  VisitsToMany scene;
  scene.client_options.jobs = 1;
  scene.want(visits);
  Kept kept;
  scene.stop = [&] { return scene.asked.size() >= 300; };
  (void)kept.run(scene);
  scene.stop = [] { return false; };
  (void)kept.checkpoint.forget("gadgets");
  scene.rows["/v3/1/gadgets.json"].erase(scene.rows["/v3/1/gadgets.json"].begin());
  const Summary summary = kept.run(scene);
  EXPECT_EQ(summary.endpoints[0].rows, 687u);
  EXPECT_THAT(summary.endpoints[0].warnings.at(0), HasSubstr("reading them from the beginning"));
  const std::string file = kept.files.files("data").at("visits.csv");
  EXPECT_EQ(std::ranges::count(file, '\n'), 688);
}

}  // namespace
}  // namespace callrail
