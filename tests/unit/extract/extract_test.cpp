#include "scene.hpp"

namespace callrail {
namespace {

TEST(Extract, ReadsEveryPageOfEveryParentOnceAndInOrder) {
  for (const int jobs : {1, 2, 8}) {
    Scene scene;
    scene.client_options.jobs = jobs;
    scene.options.page_size = 10;
    scene.rows["/v3/1/gadgets.json"] = upto(35);
    scene.rows["/v3/2/gadgets.json"] = {901, 902};
    scene.want_only(gadgets(), {"id"});
    const Summary summary = scene.run();
    auto expected = numbers(35);
    expected.insert(expected.end(), {"901", "902"});
    EXPECT_EQ(scene.sink.tables["gadgets"], expected) << jobs;
    ASSERT_EQ(summary.endpoints.size(), 1u);
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete);
    EXPECT_EQ(summary.endpoints[0].rows, 37u);
    EXPECT_EQ(summary.endpoints[0].announced, 37u);
    EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
    EXPECT_EQ(summary.endpoints[0].requests, 6u);  // pages overlap, so 35 rows take five
    EXPECT_EQ(summary.traffic.requests, 7u);       // and the shops
    EXPECT_TRUE(summary.endpoints[0].warnings.empty());
  }
}

TEST(Extract, DoesNotListParentsTwiceNorWhenTheyAreFixed) {
  Scene scene;
  scene.rows["/v3/1/gadgets.json"] = scene.rows["/v3/2/gadgets.json"] = upto(3);
  scene.want(shops);
  scene.want(gadgets());
  scene.run();
  EXPECT_EQ(std::ranges::count_if(scene.asked,
                                  [](const auto& url) { return url.starts_with("/v3/shops"); }),
            1);

  Scene fixed;
  fixed.rows["/v3/7/gadgets.json"] = upto(3);
  fixed.options.fixed["shop_id"] = {"7"};
  fixed.want_only(gadgets(), {"id"});
  fixed.run();
  EXPECT_EQ(fixed.asked.size(), 1u);
  EXPECT_EQ(fixed.sink.tables["gadgets"], numbers(3));
}

TEST(Extract, FillsInWhatTheRequestWasMadeWith) {
  Scene scene;
  scene.rows["/v3/1/sales.json"] = {5};
  scene.rows["/v3/2/sales.json"] = {6};
  scene.want(sales);
  scene.run();
  EXPECT_THAT(scene.sink.tables["sales"], ElementsAre("5|1", "6|2"));
}

TEST(Extract, AlwaysSendsBothDatesAndTheZone) {
  Scene scene;
  scene.rows["/v3/1/sales.json"] = scene.rows["/v3/2/sales.json"] = {};
  scene.want(sales);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.asked.back(),
              HasSubstr("start_date=2024-02-12&end_date=2026-03-11&time_zone=user"));
  EXPECT_EQ(summary.endpoints[0].window, "2024-02-12..2026-03-11 user");
}

TEST(Extract, AsksNothingForDaysTheApiNoLongerKeeps) {
  Scene scene;
  scene.options.range = {"2019-01-01", "2019-12-31", "user"};
  scene.want(sales);
  const Summary summary = scene.run();
  EXPECT_EQ(
      std::ranges::count_if(scene.asked,
                            [](const auto& url) { return url.find("sales") != std::string::npos; }),
      0);
  EXPECT_EQ(scene.sink.tables.count("sales"), 1u);
  EXPECT_THAT(summary.endpoints[0].warnings.at(0), HasSubstr("nothing to read"));
}

TEST(Extract, StopsAtTheLimitWithoutAskingForMore) {
  Scene scene;
  scene.options.limit = 7;
  scene.rows["/v3/1/gadgets.json"] = scene.rows["/v3/2/gadgets.json"] = upto(1000);
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(7));
  EXPECT_EQ(scene.asked.size(), 2u);
  EXPECT_EQ(summary.endpoints[0].announced, 1000u);
  EXPECT_FALSE(summary.endpoints[0].counted);  // nobody counted the second list

  Scene across;
  across.options.limit = 7;
  across.options.page_size = 4;
  across.rows["/v3/1/gadgets.json"] = upto(5);
  across.rows["/v3/2/gadgets.json"] = {91, 92, 93, 94, 95, 96, 97, 98};
  across.want_only(gadgets(), {"id"});
  across.run();
  EXPECT_THAT(across.sink.tables["gadgets"], ElementsAre("1", "2", "3", "4", "5", "91", "92"));
  EXPECT_EQ(across.asked.size(), 4u);  // shops, two pages of the first, one of the second
}

TEST(Extract, ReadsAllParentsForTheirChildrenEvenUnderALimit) {
  Scene scene;
  scene.options.limit = 1;
  scene.rows["/v3/shops.json"] = {1, 2, 3};
  scene.rows["/v3/3/gadgets.json"] = {33};
  scene.rows["/v3/1/gadgets.json"] = scene.rows["/v3/2/gadgets.json"] = {};
  scene.want_only(shops, {"id"});
  scene.want_only(gadgets(), {"id"});
  scene.run();
  EXPECT_THAT(scene.sink.tables["shops"], ElementsAre("1"));
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("33"));
}

TEST(Extract, NamesFieldsOnRequestAndThoseTheUserNamed) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {1};
  scene.want(gadgets());
  scene.run();
  EXPECT_EQ(parameter(scene.asked[0], "fields"), "note");
  Scene named;
  named.options.fixed["shop_id"] = {"1"};
  named.rows["/v3/1/gadgets.json"] = {1};
  named.want_only(gadgets(), {"name", "id"});
  named.run();
  EXPECT_EQ(parameter(named.asked[0], "fields"), "name%2Cid");
  EXPECT_THAT(named.sink.tables["gadgets"], ElementsAre("n|1"));
}

TEST(Extract, FetchesNoSecretThatNobodyNamed) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {1};
  scene.want(gadgets());
  scene.run();
  EXPECT_EQ(parameter(scene.asked[0], "fields"), "note");
  scene.options.endpoints.clear();
  scene.want_only(gadgets(), {"id", "token"});
  scene.run();
  EXPECT_EQ(parameter(scene.asked[1], "fields"), "id%2Ctoken");
}

TEST(Extract, AsksForWhatIsGoneOnlyWhenItIsNamed) {
  auto fields = Reflect<Gadget>::fields;
  Endpoint of_today = gadgets();
  fields[of_today.find("note")].gone = true;
  of_today.fields = fields;
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = {1};
  scene.want(of_today);
  scene.run();
  EXPECT_EQ(parameter(scene.asked[0], "fields"), "");
  scene.options.endpoints.clear();
  scene.want_only(of_today, {"id", "note"});
  scene.run();
  EXPECT_EQ(parameter(scene.asked[1], "fields"), "id%2Cnote");
}

TEST(Extract, ReadsRelativePagesWhenAskedToAndCountsThem) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.paging = Paging::relative;
  scene.rows["/v3/1/gadgets.json"] = upto(2);
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    if (parameter(url, "relative_pagination") != "true") return std::nullopt;
    return answer(
        200,
        R"({"next_page":null,"has_next_page":false,"things":[{"id":1,"name":"n"},{"id":2,"name":"n"}]})");
  };
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(2));
  EXPECT_EQ(summary.endpoints[0].proof, Proof::proven);
  EXPECT_EQ(summary.endpoints[0].announced, 2u);
}

TEST(Extract, EndsWhatIsFrozenAtTheFirstDifferenceAndAsksNotAgain) {
  for (const auto& [row, why] : std::map<std::string, std::string>{
           {R"({"id":1,"name":"n","zip":"30309"})", "unknown field zip, e.g. \"30309\""},
           {R"({"id":1,"name":7})", "another type of name, e.g. 7"}}) {
    Scene scene;
    scene.options.fixed["shop_id"] = {"1"};
    int asked = 0;
    scene.before = [&](const std::string&) {
      ++asked;
      return answer(200, R"({"total_pages":1,"total_records":1,"things":[)" + row + "]}");
    };
    scene.want(gadgets());
    scene.options.endpoints.front().frozen = true;
    const Summary summary = scene.run();
    EXPECT_EQ(asked, 1) << row;
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed) << row;
    EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("contract: freeze: " + why));
    EXPECT_EQ(summary.endpoints[0].rows, 0u);
    EXPECT_FALSE(summary.endpoints[0].drift.empty());
  }
}

TEST(Extract, ReportsDriftOnce) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.before = [](const std::string&) {
    return answer(
        200,
        R"({"total_pages":1,"total_records":2,"things":[{"id":1,"name":"n","zip":"30309"},{"id":2,"name":"n","zip":"1"}]})");
  };
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].drift.unknown_fields.at("zip").count, 2u);
  EXPECT_EQ(summary.endpoints[0].drift.unknown_fields.at("zip").example, "\"30309\"");
}

/// A list of one page for each of 130 shops, one after the other; which of them were shown.
std::vector<int> pages_shown(const std::string& more) {
  struct Listener final : Events {
    std::vector<int> shops;
    std::uint64_t differing = 0;
    void sample(const Endpoint& endpoint, std::string_view page, const Drift& drift) override {
      EXPECT_EQ(endpoint.name, "gadgets");
      const std::size_t at = page.find("\"id\":") + 5;
      shops.push_back(std::stoi(std::string{page.substr(at)}));
      EXPECT_EQ(page.data()[page.size()], '\0');
      EXPECT_EQ(drift.rows, 1u);
      differing += drift.empty() ? 0 : 1;
    }
  } listener;
  Scene scene;
  scene.client_options.jobs = 1;
  for (int shop = 1; shop <= 130; ++shop)
    scene.options.fixed["shop_id"].push_back(std::to_string(shop));
  scene.before = [&](const std::string& url) {
    const std::string shop = url.substr(4, url.find('/', 4) - 4);
    return answer(200, R"({"total_pages":1,"total_records":1,"things":[{"id":)" + shop +
                           R"(,"name":"n","note":"x")" + more + "}]}");
  };
  scene.want(gadgets());
  const Summary summary = scene.run(&listener);
  EXPECT_EQ(summary.endpoints[0].rows, 130u);
  EXPECT_EQ(summary.endpoints[0].drift.rows, 130u);
  EXPECT_EQ(listener.differing, more.empty() ? 0 : listener.shops.size());
  return listener.shops;
}

TEST(Extract, ShowsSomeOfThePagesToWhoeverWantsToKnowMore) {
  EXPECT_THAT(pages_shown(""), ElementsAre(1, 2, 3, 4, 8, 16, 32, 50, 64, 100, 128));
}

TEST(Extract, ShowsTheFirstTwentyPagesThatDifferToo) {
  const auto shown = pages_shown(R"(,"zip":1)");
  std::vector<int> expected;
  for (int page = 1; page <= 20; ++page) expected.push_back(page);
  for (const int page : {32, 50, 64, 100, 128}) expected.push_back(page);
  EXPECT_EQ(shown, expected);
}

TEST(Extract, TellsWhatHappensWhileItHappens) {
  struct Listener final : Events {
    Lines lines;
    void started(const EndpointSummary& e, std::size_t n, std::size_t of) override {
      lines.push_back("started " + e.name + ' ' + std::to_string(n) + '/' + std::to_string(of));
    }
    void progress(const EndpointSummary& e, std::optional<std::uint64_t> expected) override {
      lines.push_back(e.name + ' ' + std::to_string(e.rows) + " of " +
                      (expected ? std::to_string(*expected) : "?"));
    }
    void finished(const EndpointSummary& e, std::size_t n, std::size_t of) override {
      lines.push_back("finished " + e.name + ' ' + std::to_string(n) + '/' + std::to_string(of));
    }
    void warning(const std::string& text) override { lines.push_back("warning " + text); }
  } listener;
  Scene scene;
  scene.client_options.jobs = 1;
  scene.options.fixed["shop_id"] = {"1"};
  scene.rows["/v3/1/gadgets.json"] = upto(3);
  scene.rows["/v3/2/gadgets.json"] = upto(2);
  scene.options.fixed["shop_id"] = {"1", "2"};
  scene.want_only(gadgets(), {"id"});
  scene.run(&listener);
  EXPECT_THAT(listener.lines, ElementsAre("started gadgets 1/1", "gadgets 3 of ?", "gadgets 5 of 5",
                                          "finished gadgets 1/1"));
}

TEST(Extract, AsksTheSameWhetherRowsAreWrittenOrNot) {
  const auto lines_asked = [](bool written) {
    Scene scene;
    scene.options.page_size = 2;
    scene.options.limit = 3;
    scene.rows = {{"/v3/shops.json", upto(5)}};
    for (const auto* shop : {"1", "2", "3", "4", "5"})
      scene.rows["/v3/" + std::string{shop} + "/gadgets.json"] = upto(4);
    scene.want_only(shops, {"id", "note"});
    scene.want(gadgets());
    scene.options.endpoints[0].written = written;
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints.size(), written ? 2u : 1u);
    EXPECT_EQ(scene.sink.tables.contains("shops"), written);
    EXPECT_EQ(scene.sink.tables["gadgets"].size(), 3u);
    return scene.asked;
  };
  EXPECT_EQ(lines_asked(true), lines_asked(false));
}

}  // namespace
}  // namespace callrail
