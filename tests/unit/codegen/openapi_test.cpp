#include "emit/emit.hpp"
#include "model/schema.hpp"
#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace callrail::codegen {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Json openapi(const std::string& source) {
  const auto loaded = load_schema(source, "s.yaml");
  EXPECT_THAT(loaded.mistakes.lines("s.yaml"), IsEmpty());
  const File file = emit_openapi(loaded.schema);
  EXPECT_EQ(file.path, "openapi.json");
  return Json::parse(file.text);
}

/// The description of a member of Toy.
Json member(const std::string& type) {
  const Json document =
      openapi(with_fields("id: { type: id, evidence: real }\n"
                          "it: { evidence: real, type: " +
                          type + " }"));
  return document["components"]["schemas"]["Toy"]["properties"]["it"];
}

/// What a person sees of a GET: `?name`, `/name` in the path, `!` behind a name that is required.
std::vector<std::string> parameters(const Json& document, const std::string& path) {
  std::vector<std::string> out;
  for (Json parameter : document["paths"][path]["get"]["parameters"]) {
    if (parameter.contains("$ref")) {
      const std::string ref = parameter["$ref"];
      parameter = document.at(Json::json_pointer{ref.substr(1)});
    }
    out.push_back((parameter["in"] == "path" ? "/" : "?") + std::string{parameter["name"]} +
                  (parameter.value("required", false) ? "!" : ""));
  }
  return out;
}

const std::string shops = R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: 'Token token="{api_key}"' }
  keeps: 2 years
  limits: [{ requests: 120, per: minute }]
  paging:
    offset: { page: page, size: size, pages: pages, total: total, first: 0, most: 50, default: 10 }
    relative: { ask: chained, next: next, more: more, offset: hop }
  dates: { from: begin, to: until, zone: zone, preset: span, preset_default: recent, preset_days: 7 }
  order: { by: sort, direction: order, ascending: up }
  parameters: { shop_id: shops, room_id: shops }
enums:
  Size: { values: [big, small], doc: How big. }
  Step: { values: [day] }
endpoints:
  shops:
    record: Shop
    path: /shops.json
    rows: shops
    key: id
    paging: [offset]
    fields: { id: { type: text, evidence: real, example: "S1" } }
  sales:
    record: Sale
    path: /{shop_id}/sales.json
    per: room_id
    rows: items
    key: id
    select: { parameter: fields, refuses: [price] }
    paging: [offset, relative]
    filters: { size: enum Size, word: { type: text, doc: In the note. }, step: enum Step }
    cursor: sold_at
    sort: sold_at
    fields:
      id: { type: id, evidence: real }
      sold_at: { type: timestamp, evidence: real, since: 2024-05-16 }
      size: { type: enum Size or null, evidence: real, optional: true }
      note: { type: text, evidence: real, on_request: true }
      tax: { type: number, evidence: real, on_request: true }
      room_id: { type: text, evidence: real, of_request: room_id }
)";
const std::string sales = "/{shop_id}/sales.json";

/// The same API with one endpoint more.
Json with_endpoint(const std::string& name, const std::string& words) {
  return openapi(shops + "  " + name + ":\n    record: It\n    path: /it.json\n" + words + R"(
    fields:
      id: { type: id, evidence: real }
      place: { type: integer, evidence: real, ordinal: true }
      old: { type: text, evidence: real, until: 2026-02-01, doc: Gone. }
)");
}

TEST(OpenApi, SaysWhereTheApiIsAndWhatItAllows) {
  const Json document = openapi(shops);
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_EQ(document["servers"], Json::parse(R"([{"url": "https://api.example.com"}])"));
  EXPECT_EQ(document["info"]["x-limits"], Json::parse(R"([{"requests": 120, "seconds": 60}])"));
  EXPECT_EQ(document["info"]["x-keeps-months"], 24);
}

TEST(OpenApi, PutsTheKeyIntoTheHeaderAsTheApiWantsIt) {
  const Json document = openapi(shops);
  EXPECT_EQ(document["security"], Json::parse(R"([{"api_key": []}])"));
  EXPECT_EQ(document["components"]["securitySchemes"]["api_key"], Json::parse(R"({
    "type": "apiKey", "in": "header", "name": "Authorization",
    "description": "The value is `Token token=\"{api_key}\"`."})"));
}

TEST(OpenApi, BeginsAsOnlyAFileOfTheGeneratorDoes) {
  EXPECT_THAT(emit_openapi(load_schema(shops, "s.yaml").schema).text.substr(0, 256),
              HasSubstr(banner_mark));
}

TEST(OpenApi, NamesEveryParameterOfAList) {
  const Json document = openapi(shops);
  EXPECT_THAT(parameters(document, "/shops.json"), ElementsAre("?page", "?size"));
  EXPECT_THAT(
      parameters(document, sales),
      ElementsAre("/shop_id!", "?room_id!", "?size", "?word", "?step", "?begin", "?until", "?zone",
                  "?span", "?sort", "?order", "?fields", "?page", "?size", "?chained", "?hop"));
}

TEST(OpenApi, TakesTheTypeOfAParameterFromTheRowsItComesFrom) {
  EXPECT_EQ(openapi(shops)["components"]["parameters"]["shop_id"], Json::parse(R"({
    "name": "shop_id", "in": "path", "required": true, "description": "`id` of a row of `shops`.",
    "schema": {"type": "string"}, "example": "S1"})"));
}

TEST(OpenApi, KnowsTheBoundsOfAPage) {
  const Json document = openapi(shops);
  EXPECT_EQ(document["components"]["parameters"]["page"]["schema"],
            Json::parse(R"({"type": "integer", "minimum": 0, "default": 0})"));
  EXPECT_EQ(document["components"]["parameters"]["size"]["schema"],
            Json::parse(R"({"type": "integer", "minimum": 1, "default": 10, "maximum": 50})"));
}

TEST(OpenApi, KnowsPagesThatAreSmallerThanOthers) {
  const Json document =
      with_endpoint("its", "    rows: its\n    key: id\n    paging: [offset]\n    page_size: 8");
  const Json size = document["paths"]["/it.json"]["get"]["parameters"][1];
  EXPECT_EQ(size["schema"],
            Json::parse(R"({"type": "integer", "minimum": 1, "default": 8, "maximum": 8})"));
}

TEST(OpenApi, ListsTheFieldsThatHaveToBeNamed) {
  const Json all = openapi(shops)["paths"][sales]["get"]["parameters"];
  const auto fields = std::find_if(all.begin(), all.end(),
                                   [](const Json& p) { return p.value("name", "") == "fields"; });
  ASSERT_NE(fields, all.end());
  EXPECT_EQ(*fields, Json::parse(R"({"name": "fields", "in": "query",
    "description":
      "Fields that come only when they are named here. Refused with 400: `price`.",
    "schema": {"type": "array", "items": {"type": "string", "enum": ["note", "tax"]}},
    "style": "form", "explode": false})"));
}

TEST(OpenApi, PutsTheRowsIntoTheEnvelopeOfEachPaging) {
  const Json document = openapi(shops);
  const Json& answer = document["paths"][sales]["get"]["responses"]["200"];
  EXPECT_EQ(answer["content"]["application/json"]["schema"], Json::parse(R"({"allOf": [
    {"anyOf": [{"$ref": "#/components/schemas/offset_page"},
               {"$ref": "#/components/schemas/relative_page"}]},
    {"type": "object", "required": ["items"], "properties":
      {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Sale"}}}}]})"));
  const Json& envelope = document["components"]["schemas"]["offset_page"];
  EXPECT_EQ(envelope["required"], Json::parse(R"(["page", "size", "pages", "total"])"));
}

TEST(OpenApi, SharesTheAnswersThatAreNoRows) {
  const Json document = openapi(shops);
  for (const auto& [path, item] : document["paths"].items())
    for (const char* status : {"400", "401", "403", "404", "429"}) {
      const std::string ref = item["get"]["responses"][status]["$ref"];
      EXPECT_TRUE(document.contains(Json::json_pointer{ref.substr(1)})) << path << ' ' << ref;
    }
  EXPECT_TRUE(document["components"]["responses"]["try_later"]["headers"].contains("Retry-After"));
}

TEST(OpenApi, LeavesOutWhatTheRequestGivesARow) {
  const Json sale = openapi(shops)["components"]["schemas"]["Sale"];
  EXPECT_FALSE(sale["properties"].contains("room_id"));
  EXPECT_EQ(sale["required"], Json::parse(R"(["id", "sold_at"])"));
  EXPECT_EQ(sale["properties"]["sold_at"]["description"], "Since 2024-05-16.");
}

TEST(OpenApi, HasNoPagesWhereAnAnswerHoldsAllRows) {
  const Json document = with_endpoint("its", "    rows: its\n    key: id\n    paging: [whole]");
  EXPECT_FALSE(document["paths"]["/it.json"]["get"].contains("parameters"));
  const Json answer = document["paths"]["/it.json"]["get"]["responses"]["200"];
  EXPECT_EQ(answer["content"]["application/json"]["schema"], Json::parse(R"({"type": "object",
    "properties": {"its": {"type": "array", "items": {"$ref": "#/components/schemas/It"}}},
    "required": ["its"]})"));
  const Json it = document["components"]["schemas"]["It"];
  EXPECT_FALSE(it["properties"].contains("place"));  // counted, not sent
}

TEST(OpenApi, KnowsAnswersThatAreARow) {
  const Json get =
      with_endpoint("it",
                    "    rows: .\n    key: id\n    paging: [whole]\n"
                    "    not_found: empty\n    opt_in: it costs")["paths"]["/it.json"]["get"];
  EXPECT_EQ(get["responses"]["200"]["content"]["application/json"]["schema"],
            Json::parse(R"({"$ref": "#/components/schemas/It"})"));
  EXPECT_EQ(get["responses"]["404"], Json::parse(R"({"description": "There are no rows."})"));
  EXPECT_EQ(get["description"], "Read only when named: it costs.");
}

TEST(OpenApi, SaysWhatDatesOfASumAreAndHowManyPointsASeriesHas) {
  const Json document = with_endpoint("its", R"(    rows: its
    key: id
    paging: [whole]
    dates: whole
    filters: { step: { type: enum Step, doc: How long. } }
    each: { step: [day] }
    points: { at_most: 200, per: step }
)"
                                             "    select: { parameter: fields, limits: true }");
  EXPECT_THAT(parameters(document, "/it.json"),
              ElementsAre("?step!", "?begin", "?until", "?zone", "?span", "?fields"));
  const Json get = document["paths"]["/it.json"]["get"];
  EXPECT_EQ(get["description"],
            "Dates say which days the answer is about. At most 200 rows an answer, each as long as "
            "`step` says.");
  EXPECT_EQ(get["parameters"][0]["description"], "How long. Asked for one at a time: `day`.");
  // What is not named does not come.
  EXPECT_EQ(get["parameters"][5]["schema"]["items"]["enum"], Json::parse(R"(["id"])"));
  EXPECT_FALSE(document["components"]["schemas"]["It"].contains("required"));
}

TEST(OpenApi, KeepsTwoEndpointsOfOnePathApart) {
  const Json document = openapi(shops + R"(  names:
    { record: Name, path: /shops.json, rows: shops, key: id, paging: [offset],
      fields: { id: { type: id, evidence: real } } })");
  EXPECT_EQ(document["paths"]["/shops.json"]["get"]["operationId"], "shops");
  EXPECT_EQ(document["paths"]["/shops.json#names"]["get"]["operationId"], "names");
}

TEST(OpenApi, MarksWhatIsNotSentAnyMore) {
  const Json document = with_endpoint("its", "    rows: its\n    key: id\n    paging: [whole]");
  const Json it = document["components"]["schemas"]["It"];
  EXPECT_EQ(it["required"], Json::parse(R"(["id"])"));
  EXPECT_EQ(it["properties"]["old"], Json::parse(R"({"type": "string", "deprecated": true,
    "description": "Gone. Not sent since 2026-02-01.", "x-until": "2026-02-01"})"));
}

TEST(OpenApi, KeepsEnumsOpen) {
  const Json document = openapi(shops);
  EXPECT_EQ(document["components"]["schemas"]["Size"], Json::parse(R"({"description": "How big.",
    "anyOf": [{"enum": ["big", "small"]}, {"type": "string"}]})"));
  EXPECT_EQ(document["components"]["schemas"]["Sale"]["properties"]["size"], Json::parse(R"(
    {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "null"}]})"));
}

TEST(OpenApi, SpellsTypesAsJsonSchemaDoes) {
  EXPECT_EQ(member("id or null"), Json::parse(R"({"type": ["integer", "string", "null"]})"));
  EXPECT_EQ(member("integer or text"), Json::parse(R"({"type": ["integer", "string"]})"));
  EXPECT_EQ(member("list<integer or text> or null"), Json::parse(R"({"type": ["array", "null"],
    "items": {"type": ["integer", "string"]}})"));
  EXPECT_EQ(member("map"), Json::parse(R"({"type": "object"})"));
  EXPECT_EQ(member("any"), Json::object());
}

}  // namespace
}  // namespace callrail::codegen
