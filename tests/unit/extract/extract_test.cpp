#include "gadget.hpp"
#include "memory_sink.hpp"
#include "virtual_time.hpp"

#include <callrail/extract.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace callrail {
namespace {

using test::Gadget;
using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

constexpr Endpoint shops{.name = "shops",
                         .path = "/v3/shops.json",
                         .rows = "shops",
                         .key = "id",
                         .fields = Reflect<Gadget>::fields,
                         .key_seed = Reflect<Gadget>::key_seed,
                         .key_table = KeyIndex<Gadget>::table};

constexpr std::array shop_parent{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true}};
constexpr std::array<Field, 2> sale_fields{
    Field{.name = "id", .type = Type::id, .accepts = accept_number}, Field{.name = "shop_id",
                                                                           .type = Type::id,
                                                                           .accepts = accept_text,
                                                                           .sent = Sent::of_request,
                                                                           .parameter = "shop_id"}};
constexpr auto sale_keys = [] {
  std::array<std::uint8_t, 16> table{};
  table.fill(255);
  table[key_hash("id", 0) % 16] = 0;
  table[key_hash("shop_id", 0) % 16] = 1;
  return table;
}();
constexpr Endpoint sales{
    .name = "sales",
    .path = "/v3/{shop_id}/sales.json",
    .rows = "sales",
    .key = "id",
    .fields = sale_fields,
    .parents = shop_parent,
    .dates = {.from = "start_date", .to = "end_date", .zone = "time_zone", .cursor = "id"},
    .key_seed = 0,
    .key_table = sale_keys};

/// Asked once per gadget of each shop.
constexpr std::array gadget_parents{
    Parent{.parameter = "shop_id", .endpoint = "shops", .in_path = true},
    Parent{.parameter = "gadget_id", .endpoint = "gadgets"}};
constexpr std::array<Field, 2> stock_fields{Field{.name = "note", .type = Type::text},
                                            Field{.name = "name", .type = Type::text}};
constexpr auto stock_keys = [] {
  std::array<std::uint8_t, 16> table{};
  table.fill(255);
  table[key_hash("note", 0) % 16] = 0;
  table[key_hash("name", 0) % 16] = 1;
  return table;
}();
constexpr Endpoint stock{.name = "stock",
                         .path = "/v3/{shop_id}/stock.json",
                         .rows = "stock",
                         .fields = stock_fields,
                         .parents = gadget_parents,
                         .key_seed = 0,
                         .key_table = stock_keys};

constexpr std::array shelf_filter{Filter{.name = "shelf_id"}};
constexpr Endpoint members{.name = "members",
                           .path = "/v3/{shop_id}/members.json",
                           .rows = "members",
                           .key = "id",
                           .fields = std::span{sale_fields}.first(1),
                           .parents = shop_parent,
                           .filters = shelf_filter,
                           .key_seed = 0,
                           .key_table = sale_keys};

const Api& api() {
  static const std::array<const Endpoint*, 5> endpoints{&shops, &Processor<Gadget>::endpoint(),
                                                        &sales, &stock, &members};
  static const Api facts{
      .keeps_months = 25, .paging = Reflect<Gadget>::paging, .endpoints = endpoints};
  return facts;
}

std::string parameter(const std::string& url, const std::string& name) {
  auto at = url.find("?" + name + "=");
  if (at == std::string::npos) at = url.find("&" + name + "=");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 2;
  return url.substr(from, url.find('&', from) - from);
}

/// One extraction against a scripted server in virtual time.
struct Scene {
  VirtualClock clock;
  test::MemorySink sink;
  ExtractOptions options;
  ClientOptions client_options{.jobs = 4, .max_retries = 3, .retry_statuses = {429, 500, 503}};
  std::vector<std::string> asked;
  std::function<bool()> stop = [] { return false; };

  /// Rows per list; "shops" and the gadgets and sales of each shop.
  std::map<std::string, std::vector<int>> rows{{"/v3/shops.json", {1, 2}}};
  std::function<std::optional<Scripted>(const std::string& url)> before = [](const std::string&) {
    return std::nullopt;
  };

  Scene() { options.base_url = "https://api.example.com"; }

  void want(const Endpoint& endpoint) {
    options.endpoints.push_back({&endpoint, Selection::everything(endpoint), false});
  }
  void want_only(const Endpoint& endpoint, std::initializer_list<Text> fields) {
    Wanted wanted{&endpoint, {}, true};
    for (const Text field : fields)
      if (const auto i = endpoint.find(field); i < endpoint.fields.size()) wanted.fields.add(i);
    options.endpoints.push_back(std::move(wanted));
  }

  Scripted reply(const Request& request) {
    asked.push_back(request.url.substr(options.base_url.size()));
    if (auto special = before(asked.back())) return *std::move(special);
    const std::string path = asked.back().substr(0, asked.back().find('?'));
    const auto list = rows.find(path);
    if (list == rows.end()) return answer(404, R"({"error":"not found"})");
    const int page = std::stoi(parameter(asked.back(), "page"));
    const int size = std::stoi(parameter(asked.back(), "per_page"));
    return answer(200, page_of(path, list->second, page, size));
  }

  static std::string page_of(const std::string& path, const std::vector<int>& ids, int page,
                             int size) {
    const int total = static_cast<int>(ids.size());
    const std::string envelope = path.find("gadgets") != std::string::npos   ? "things"
                                 : path.find("sales") != std::string::npos   ? "sales"
                                 : path.find("members") != std::string::npos ? "members"
                                 : path.find("stock") != std::string::npos   ? "stock"
                                                                             : "shops";
    std::string text = "{\"page\":" + std::to_string(page) +
                       ",\"total_pages\":" + std::to_string((total + size - 1) / size) +
                       ",\"total_records\":" + std::to_string(total) + ",\"" + envelope + "\":[";
    for (int i = (page - 1) * size; i < std::min(page * size, total); ++i)
      text += std::string{i % size == 0 ? "" : ","} +
              "{\"id\":" + std::to_string(ids[static_cast<std::size_t>(i)]) +
              ",\"name\":\"n\",\"note\":\"x\"}";
    return text + "]}";
  }

  Summary run(Events* listener = nullptr) {
    ScriptedTransport transport{clock, [this](const Request& r) { return reply(r); }};
    Limiter limiter{{}};
    Client client{transport, limiter, clock, client_options, 1};
    Events silent;
    return extract(api(), options, client, sink, clock, listener != nullptr ? *listener : silent,
                   stop);
  }
};

std::vector<int> upto(int n) {
  std::vector<int> ids;
  for (int i = 1; i <= n; ++i) ids.push_back(i);
  return ids;
}

Lines numbers(int n) {
  Lines lines;
  for (int i = 1; i <= n; ++i) lines.push_back(std::to_string(i));
  return lines;
}

const Endpoint& gadgets() { return Processor<Gadget>::endpoint(); }

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
    EXPECT_EQ(summary.endpoints[0].requests, 5u);
    EXPECT_EQ(summary.traffic.requests, 6u);  // and the shops
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
  EXPECT_EQ(across.asked.size(), 4u);
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

TEST(Extract, AsksAgainWithoutTheFieldA400Names) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1", "2"};
  scene.options.page_size = 2;
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

TEST(Extract, FailsOnA400AboutAnythingElse) {
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

TEST(Extract, WritesARowOnceThatCameTwice) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 2;
  scene.rows["/v3/1/gadgets.json"] = {1, 2, 2, 3};
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(3));
  EXPECT_EQ(summary.endpoints[0].repeated, 1u);
  ASSERT_EQ(summary.endpoints[0].warnings.size(), 1u);  // the total counted it twice
}

TEST(Extract, TellsRowsApartEvenIfTheirKeyIsNoColumn) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 2;
  scene.rows["/v3/1/gadgets.json"] = {1, 2, 2, 3};
  scene.want_only(gadgets(), {"name"});
  scene.run();
  EXPECT_THAT(scene.sink.tables["gadgets"], ElementsAre("n", "n", "n"));
}

TEST(Extract, AsksAPageAgainThatOnlyRepeatsTheOneBefore) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 2;
  scene.rows["/v3/1/gadgets.json"] = upto(5);
  bool repeated = false;
  scene.before = [&](const std::string& url) -> std::optional<Scripted> {
    if (parameter(url, "page") != "2" || repeated) return std::nullopt;
    repeated = true;
    return answer(200, R"({"things":[{"id":1,"name":"n"},{"id":2,"name":"n"}]})");
  };
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(5));
  EXPECT_EQ(summary.endpoints[0].requests, 4u);
  EXPECT_EQ(summary.endpoints[0].retries, 1u);
}

TEST(Extract, FailsWhenTheApiDoesNotTurnPages) {
  // The page parameter got lost on the way: with totals, and without, where it would never end.
  for (const char* totals : {R"("total_pages":3,"total_records":6,)", ""}) {
    Scene scene;
    scene.options.fixed["shop_id"] = {"1"};
    scene.options.page_size = 2;
    scene.before = [&](const std::string&) {
      return answer(200, "{" + std::string{totals} +
                             R"("things":[{"id":1,"name":"n"},{"id":2,"name":"n"}]})");
    };
    scene.want_only(gadgets(), {"id"});
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
    EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("does not turn pages"));
    EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
    EXPECT_LE(scene.asked.size(), 6u);
  }
}

TEST(Extract, FailsWhenAPageInTheMiddleIsNotFoundOrForbidden) {
  for (const int status : {404, 403}) {
    Scene scene;
    scene.options.page_size = 2;
    scene.rows["/v3/1/gadgets.json"] = scene.rows["/v3/2/gadgets.json"] = upto(7);
    scene.before = [&](const std::string& url) -> std::optional<Scripted> {
      if (url.find("/2/gadgets") == std::string::npos || parameter(url, "page") != "3")
        return std::nullopt;
      return answer(status, R"({"error":"gone"})");
    };
    scene.want_only(gadgets(), {"id"});
    const Summary summary = scene.run();
    EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed) << status;
    EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("gadgets page 3 of 2"));
    EXPECT_EQ(scene.sink.tables.count("gadgets"), 0u);
    EXPECT_EQ(summary.endpoints[0].rows, 0u);
  }
}

TEST(Extract, WritesARowOnceThatStandsInTheListsOfTwoFilterValues) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.fixed["shelf_id"] = {"A", "B"};
  scene.rows["/v3/1/members.json"] = {7, 8};
  scene.want(members);
  const Summary summary = scene.run();
  EXPECT_THAT(scene.sink.tables["members"], ElementsAre("7", "8"));
  EXPECT_EQ(summary.endpoints[0].repeated, 2u);
}

TEST(Extract, EndsAtAnEmptyPageAfterAskingForItAgain) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.page_size = 2;
  scene.before = [](const std::string& url) {
    const std::string rows =
        parameter(url, "page") == "1" ? R"({"id":1,"name":"n"},{"id":2,"name":"n"})" : "";
    return answer(200, R"({"total_pages":4001,"total_records":8001,"things":[)" + rows + "]}");
  };
  scene.client_options.jobs = 1;
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete) << summary.endpoints[0].reason;
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(2));
  EXPECT_TRUE(summary.endpoints[0].count_differs);
  EXPECT_LE(scene.asked.size(), 7u);
}

TEST(Extract, FailsTheChildrenOfParentsThatAreMissing) {
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

TEST(Extract, TellsWhatHappenedToRowsItReadForOthersOnly) {
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
  EXPECT_THAT(summary.warnings[0], HasSubstr("shops: the API announced 3 rows and sent 1"));
}

TEST(Extract, LeavesOutTheSameListsWhateverTheNumberOfJobs) {
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

TEST(Extract, AsksAgainForCutJsonAndFailsTheEndpointWhenItStaysCut) {
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

TEST(Extract, StopsAtOnceWhenTheKeyIsRefused) {
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

TEST(Extract, SkipsAnEndpointItMayNotRead) {
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

TEST(Extract, KeepsTheRowsOfTheParentsItMayRead) {
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

TEST(Extract, TakesA404ForAnEmptyList) {
  Scene scene;
  scene.want(gadgets());
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::complete);
  EXPECT_EQ(summary.endpoints[0].rows, 0u);
  EXPECT_EQ(scene.sink.tables.at("gadgets"), Lines{});
  EXPECT_EQ(summary.endpoints[0].warnings.size(), 2u);
}

TEST(Extract, FailsChildrenWhoseParentsCouldNotBeListed) {
  Scene scene;
  scene.before = [](const std::string&) { return broken("connection refused"); };
  scene.want(gadgets());
  const Summary summary = scene.run();
  EXPECT_EQ(summary.endpoints[0].outcome, Outcome::failed);
  EXPECT_EQ(summary.endpoints[0].code, Code::try_later);
  EXPECT_THAT(summary.endpoints[0].reason, HasSubstr("shops could not be listed"));
}

TEST(Extract, ReadsTheChildrenOfTheParentsItCouldListAndSaysWhatIsMissing) {
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

TEST(Extract, EndsWhenTheDestinationFails) {
  Scene scene;
  scene.sink.fail_on = "gadgets";
  scene.rows["/v3/1/gadgets.json"] = upto(3);
  scene.want(gadgets());
  const Summary summary = scene.run();
  ASSERT_TRUE(summary.ended);
  EXPECT_EQ(summary.ended->code, Code::sink_failed);
}

TEST(Extract, StopsOnRequestAndLeavesNoHalfFile) {
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

TEST(Extract, WaitsOutA429AndGoesOn) {
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

TEST(Extract, FollowsRelativePagesWhenAskedTo) {
  Scene scene;
  scene.options.fixed["shop_id"] = {"1"};
  scene.options.paging = Paging::relative;
  scene.options.page_size = 2;
  scene.before = [](const std::string& url) -> std::optional<Scripted> {
    const std::string offset = parameter(url, "offset");
    if (offset.empty()) {
      EXPECT_EQ(parameter(url, "relative_pagination"), "true");
      return answer(
          200,
          R"({"next_page":"https://api.example.com/v3/1/gadgets?offset=1","has_next_page":true,"things":[{"id":1,"name":"n"}]})");
    }
    return answer(200,
                  R"({"next_page":null,"has_next_page":false,"things":[{"id":2,"name":"n"}]})");
  };
  scene.want_only(gadgets(), {"id"});
  const Summary summary = scene.run();
  EXPECT_EQ(scene.sink.tables["gadgets"], numbers(2));
  EXPECT_FALSE(summary.endpoints[0].counted);
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
  scene.options.page_size = 2;
  scene.rows["/v3/1/gadgets.json"] = upto(3);
  scene.want_only(gadgets(), {"id"});
  scene.run(&listener);
  EXPECT_THAT(listener.lines, ElementsAre("started gadgets 1/1", "gadgets 2 of 3", "gadgets 3 of 3",
                                          "finished gadgets 1/1"));
}

}  // namespace
}  // namespace callrail
