#include "model/schema.hpp"
#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> mistakes(const std::string& source) {
  return load_schema(source, "s.yaml").mistakes.lines("s.yaml");
}

const Endpoint& only_endpoint(const Loaded& loaded) {
  EXPECT_THAT(loaded.mistakes.lines("s.yaml"), IsEmpty());
  return loaded.schema.endpoints.at(0);
}

const std::string id = "id: { type: id, evidence: real }\n";

TEST(Loader, ReadsAFieldWithAllItsWords) {
  const auto loaded = load_schema(with_fields(id + R"(note: { type: text or null, doc: "Two  words
          of it.", unseen: true, optional: true, format: email, unit: letters, pii: free_text, secret: true,
          evidence: inferred+real, since: 2024-05-16, until: 2026-02-01, refers_to: toys.id, examples: ["a", null] })"),
                                  "s.yaml");
  const Field& note = only_endpoint(loaded).fields.at(1);
  EXPECT_EQ(note.doc, "Two words of it.");
  EXPECT_EQ(note.sent, "unseen");
  EXPECT_TRUE(note.optional);
  EXPECT_TRUE(note.secret);
  EXPECT_EQ(note.format, "email");
  EXPECT_EQ(note.unit, "letters");
  EXPECT_EQ(note.pii, "free_text");
  EXPECT_THAT(note.evidence, ElementsAre("real", "inferred"));
  EXPECT_EQ(note.since, "2024-05-16");
  EXPECT_EQ(note.until, "2026-02-01");
  EXPECT_EQ(note.refers_to.text, "toys.id");
  ASSERT_EQ(note.examples.size(), 2u);
  EXPECT_EQ(note.examples[0].json, "\"a\"");
  EXPECT_EQ(note.examples[1].json, "null");
}

TEST(Loader, ReadsBoundsAndTheTableOfAList) {
  const auto loaded = load_schema(
      with_fields(id + R"(size: { type: integer or text, evidence: real, min: -1.5, max: 20 }
parts: { type: list<text>, evidence: real, table: toy_parts })"),
      "s.yaml");
  const Endpoint& toys = only_endpoint(loaded);
  ASSERT_TRUE(toys.fields.at(1).min && toys.fields.at(1).max);
  EXPECT_EQ(toys.fields.at(1).min->value, -1.5);
  EXPECT_EQ(toys.fields.at(1).min->text, "-1.5");
  EXPECT_EQ(toys.fields.at(1).max->value, 20);
  EXPECT_FALSE(toys.fields.at(2).min);
  EXPECT_EQ(toys.fields.at(2).table.text, "toy_parts");
}

TEST(Loader, ReadsTheFactsOfAnEndpoint) {
  const auto loaded = load_schema(R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: "key {api_key}" }
  keeps: 2 years
  limits: [{ requests: 120, per: minute }]
  retry: { on: [429], attempts: 5, wait: 2s, at_most: 5min }
  paging:
    offset: { page: p, size: n, pages: ps, total: t, first: 0, most: 50, default: 10 }
    relative: { ask: a, next: b, more: c, offset: d }
  dates: { from: f, to: t }
  order: { by: s, direction: o, ascending: up }
  parameters: { shop_id: shops, room_id: rooms }
endpoints:
  shops: { record: Shop, path: /shops, rows: shops, key: id, paging: [offset],
           fields: { id: { type: id, evidence: real } } }
  rooms: { record: Room, path: /rooms, rows: rooms, key: id, paging: [offset],
           fields: { id: { type: id, evidence: real } } }
  sales:
    record: Sale
    path: /{shop_id}/sales
    per: room_id
    rows: sales
    key: id
    select: { parameter: fields, refuses: [secret_sauce] }
    paging: [relative, offset]
    filters: { room_id: id }
    cursor: at
    look_back: 30d
    sort: at
    newest_first: at
    hidden_by: gone
    disabled_by: state=off
    fields:
      id: { type: id, evidence: real }
      at: { type: timestamp, evidence: real }
      gone: { type: boolean, evidence: real, on_request: true }
      state: { type: text, evidence: real }
      room_id: { type: id, evidence: inferred, of_request: room_id }
)",
                                  "s.yaml");
  EXPECT_THAT(loaded.mistakes.lines("s.yaml"), IsEmpty());
  const Api& api = loaded.schema.api;
  EXPECT_EQ(api.keeps_months, 24);
  EXPECT_EQ(api.limits.at(0).seconds, 60);
  EXPECT_EQ(api.retry.at_most_seconds, 300);
  EXPECT_EQ(api.offset.first_page, 0);
  const Endpoint& sales = loaded.schema.endpoints.at(2);
  EXPECT_THAT(sales.parameters(), ElementsAre("shop_id", "room_id"));
  EXPECT_EQ(sales.look_back_days, 30);
  EXPECT_EQ(sales.paging.at(0).text, "relative");
  EXPECT_EQ(sales.fields.at(4).sent, "of_request");
}

TEST(Loader, TellsAllMistakesAtOnceInTheOrderOfTheFile) {
  EXPECT_THAT(mistakes(with_fields(R"(id: { type: idd, evidence: real }
Name: { type: text, evidence: real }
size: { type: integer, nulable: true })")),
              ElementsAre(HasSubstr("s.yaml:16:19: toys.id: unknown type \"idd\""),
                          HasSubstr("s.yaml:17:7: toys.Name: \"Name\" cannot name a field"),
                          HasSubstr("s.yaml:18:13: toys.size: \"evidence\" is missing"),
                          HasSubstr("s.yaml:18:30: toys.size: unknown word \"nulable\"")));
}

TEST(Loader, FindsDuplicateKeys) {
  EXPECT_THAT(
      mistakes(with_fields(id + id + "n: { type: text, evidence: real, type: id }")),
      ElementsAre("s.yaml:17:7: toys.fields: \"id\" stands here a second time; first in line 16",
                  "s.yaml:18:40: toys.n: \"type\" stands here a second time; first in line 18"));
}

TEST(Loader, GuessesAnUnquotedCommaBehindAWordWithoutValue) {
  EXPECT_THAT(mistakes(with_fields(id + "n: { type: text, evidence: real, doc: One, two }")),
              ElementsAre(testing::EndsWith("(a text with a comma needs quotes)")));
}

TEST(Loader, HoldsExamplesAgainstTheirType) {
  EXPECT_THAT(
      mistakes(with_fields(id + R"(n: { type: integer, evidence: real, example: "3" }
l: { type: list<text>, evidence: real, example: [a, 1] }
t: { type: text, evidence: real, example: null })")),
      ElementsAre(
          "s.yaml:17:52: toys.n: the example is a text, the type is integer",
          "s.yaml:18:59: toys.l: the example is a number, the type is a list of other things",
          "s.yaml:19:40: toys.t: \"example\" has no value"));
}

TEST(Loader, SeesThatTwoFieldsWouldMeetInCpp) {
  EXPECT_THAT(mistakes(with_fields(id + "default: { type: text, evidence: real }\n"
                                        "default_: { type: text, evidence: real }")),
              ElementsAre("s.yaml:17:7: toys.default: differs from \"default_\" by the _ alone, "
                          "which C++ keywords get"));
}

TEST(Loader, RefusesMoreFieldsThanTheKeyTableHolds) {
  std::string fields = id;
  for (int i = 0; i < 254; ++i)
    fields += "f" + std::to_string(i) + ": { type: text, evidence: real }\n";
  EXPECT_THAT(mistakes(with_fields(fields)),
              ElementsAre("s.yaml:15:5: toys.fields: more than 254 fields"));
}

TEST(Loader, RefusesFieldsTheKeyTableCannotTellApart) {
  EXPECT_THAT(
      mistakes(with_fields(id + "abcdefgh_1_ijklmnop_12345678: { type: text, evidence: real }\n"
                                "abcdefgh_2_ijklmnop_12345678: { type: text, evidence: real }")),
      ElementsAre("s.yaml:15:5: toys.fields: abcdefgh_1_ijklmnop_12345678 and "
                  "abcdefgh_2_ijklmnop_12345678 are one to the runtime's key_hash; it reads "
                  "too little of them"));
}

TEST(Loader, PutsShapesAfterThoseTheyUse) {
  const auto loaded = load_schema(small_api + R"(shapes:
  Outer: { fields: { inner: { type: list<object Inner>, evidence: real } } }
  Inner: { fields: { name: { type: text, evidence: real } } }
endpoints:
  toys: { record: Toy, path: /toys, rows: toys, key: id, paging: [offset],
          fields: { id: { type: id, evidence: real }, o: { type: object Outer, evidence: real } } }
)",
                                  "s.yaml");
  EXPECT_THAT(loaded.mistakes.lines("s.yaml"), IsEmpty());
  EXPECT_THAT(names_of(loaded.schema.shapes), ElementsAre("Inner", "Outer"));
}

TEST(Loader, RefusesMoreFieldsThanTheRuntimeCountsInAnObject) {
  const auto with_shape_of = [](int fields) {
    std::string shape = "shapes:\n  Big:\n    fields:\n";
    for (int i = 0; i < fields; ++i)
      shape += "      f" + std::to_string(i) + ": { type: text, evidence: real }\n";
    return small_api + shape + R"(endpoints:
  toys: { record: Toy, path: /toys, rows: toys, key: id, paging: [offset],
          fields: { id: { type: id, evidence: real }, o: { type: object Big, evidence: real } } }
)";
  };
  EXPECT_THAT(mistakes(with_shape_of(64)), IsEmpty());
  EXPECT_THAT(mistakes(with_shape_of(65)), ElementsAre(HasSubstr("Big: more than 64 fields")));
}

TEST(Loader, NeedsAMapAtTheTop) {
  EXPECT_THAT(mistakes("just text\n"),
              testing::Contains("s.yaml:1:1: wants a map { word: value, … }, got \"just text\""));
}

}  // namespace
}  // namespace callrail::codegen
