#include "compare/compare.hpp"

#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::codegen {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Schema schema_of(const std::string& text) {
  auto loaded = load_schema(text, "s.yaml");
  EXPECT_THAT(loaded.mistakes.lines("s.yaml"), IsEmpty()) << text;
  return std::move(loaded.schema);
}

/// `breaks toys.size: what`, without the asides.
std::vector<std::string> lines(const std::string& old, const std::string& now) {
  std::vector<std::string> out;
  for (const auto& change : compare(schema_of(old), schema_of(now)))
    if (!change.aside())
      out.push_back(std::string{to_text(change.verdict())} + " " + change.where + ": " +
                    change.what);
  return out;
}

const std::string id = "id: { type: id, evidence: real }\n";

std::vector<std::string> of_fields(const std::string& old, const std::string& now) {
  return lines(with_fields(id + old), with_fields(id + now));
}

TEST(Compare, KnowsAFieldUnderAnotherNameIfAPersonSaysSo) {
  EXPECT_THAT(of_fields("size: { type: integer, evidence: real }",
                        "width: { type: integer, evidence: real, was: size }"),
              ElementsAre("migrate toys.width: was called size"));
}

TEST(Compare, TakesFewerNumbersForAMigrationAndMoreForNone) {
  const auto size = [](const std::string& words) {
    return "size: { type: integer, evidence: real" + words + " }";
  };
  EXPECT_THAT(
      of_fields(size(""), size(", min: 0")),
      ElementsAre("migrate toys.size: the range of its numbers was not there, is \"at least "
                  "0\"; a database rejects rows it took"));
  EXPECT_THAT(of_fields(size(", min: 0, max: 5"), size(", min: 0, max: 4")),
              ElementsAre(HasSubstr("migrate toys.size")));
  EXPECT_THAT(
      of_fields(size(", min: 0, max: 5"), size(", min: -1")),
      ElementsAre("ok toys.size: the range of its numbers was \"at least 0, at most 5\", is "
                  "\"at least -1\""));
}

TEST(Compare, TakesANewTableOfAListForNoHarmAndALostOneForSome) {
  const auto parts = [](const std::string& words) {
    return "parts: { type: list<text>, evidence: real" + words + " }";
  };
  EXPECT_THAT(of_fields(parts(""), parts(", table: toy_parts")),
              ElementsAre("ok toys.parts: the table of its elements was not there, is "
                          "\"toy_parts\""));
  EXPECT_THAT(of_fields(parts(", table: toy_parts"), parts("")),
              ElementsAre(HasSubstr("breaks toys.parts")));
  EXPECT_THAT(of_fields(parts(", table: toy_parts"), parts(", table: parts, changed: 2026-11-26")),
              ElementsAre(HasSubstr("migrate toys.parts")));
}

TEST(Compare, AsksWhetherAFieldWasRenamed) {
  EXPECT_THAT(of_fields("size: { type: integer, evidence: real }",
                        "width: { type: integer, evidence: real }"),
              ElementsAre("breaks toys.size: gone, and width stands in its place: renamed, that "
                          "wants \"was: size\"; else keep this one with \"until\"",
                          "ok toys.width: a new field, the last column"));
  // Of another type it is no likely one.
  EXPECT_THAT(
      of_fields("size: { type: integer, evidence: real }", "width: { type: text, evidence: real }"),
      ElementsAre(HasSubstr("keep it with \"until\""), HasSubstr("a new field")));
}

TEST(Compare, TakesAWordOnlyForWhatHasChangedSinceIt) {
  const auto field = [](const std::string& type, const std::string& word) {
    return "size: { type: " + type + ", evidence: real" + word + " }";
  };
  const std::string word = ", changed: 2026-11-26";
  EXPECT_THAT(of_fields(field("integer", ""), field("text", word)),
              ElementsAre(HasSubstr("migrate toys.size: the type was \"integer\", is \"text\"")));
  EXPECT_THAT(of_fields(field("integer", word), field("text", word)),
              ElementsAre(HasSubstr("breaks toys.size: the type was \"integer\", is \"text\"")));
}

TEST(Compare, LeavesTheColumnOfAFieldThatIsGone) {
  EXPECT_THAT(of_fields("size: { type: integer, evidence: real }",
                        "size: { type: integer, evidence: real, until: 2026-11-26 }"),
              ElementsAre("ok toys.size: the API stopped sending it on 2026-11-26; its column "
                          "stays"));
}

TEST(Compare, FollowsARenamedFieldIntoTheWordsThatNameIt) {
  const auto keyed = [](const std::string& key, const std::string& field) {
    std::string text = with_fields(field);
    return text.replace(text.find("key: id"), 7, "key: " + key);
  };
  EXPECT_THAT(
      lines(keyed("id", id), keyed("number", "number: { type: id, evidence: real, was: id }")),
      ElementsAre("migrate toys.number: was called id"));
}

TEST(Compare, TellsWhatIsFetchedOtherwiseForARow) {
  const auto sounding = [](const std::string& address, const std::string& field = "sound",
                           const std::string& was = "") {
    std::string text =
        with_fields(id + field + ": { type: text or null, evidence: real" + was + " }");
    if (address.empty()) return text;
    text.insert(text.find("endpoints:"), "  parameters: { toy_id: toys }\n");
    return text.insert(text.find("    paging: [offset]"),
                       "    media: { " + field + R"(: { path: "/toys/{toy_id}.json", address: )" +
                           address + ", type: audio/mpeg, extension: mp3 } }\n");
  };
  EXPECT_THAT(lines(sounding(""), sounding("url")),
              Contains(HasSubstr("ok toys.media: was none, is \"sound /toys/{toy_id}.json url")));
  EXPECT_THAT(lines(sounding("url"), sounding("link")),
              ElementsAre(HasSubstr("migrate toys.media: was")));
  EXPECT_THAT(lines(sounding("url"), sounding("url", "noise", ", was: sound")),
              ElementsAre("migrate toys.noise: was called sound"));
}

TEST(Compare, SaysWhenANewEndpointIsAskedFor) {
  const std::string one = with_fields(id);
  const auto with = [&](const std::string& words) {
    return one +
           "  boxes: { record: Box, path: /boxes.json, rows: boxes, key: id, paging: [offset]" +
           words + ",\n           fields: { id: { type: id, evidence: real } } }\n";
  };
  EXPECT_THAT(lines(one, with("")), ElementsAre(HasSubstr("requests under --all")));
  EXPECT_THAT(lines(one, with(", opt_in: one request for each toy")),
              ElementsAre(HasSubstr("requests when it is named")));
}

TEST(Compare, NamesWhereTheObjectsOfAShapeAre) {
  const auto schema = [](const std::string& member) {
    return small_api + "shapes:\n  Part: { fields: { name: { type: text, evidence: real }" +
           member + " } }\n" + R"(endpoints:
  toys:
    record: Toy
    path: /toys.json
    rows: toys
    key: id
    paging: [offset]
    fields:
      id: { type: id, evidence: real }
      parts: { type: list<object Part>, evidence: real }
)";
  };
  const auto changes = compare(schema_of(schema("")),
                               schema_of(schema(", weight: { type: number, evidence: real }")));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].where, "Part.weight");
  EXPECT_THAT(changes[0].in, ElementsAre("toys.parts[]"));
  EXPECT_FALSE(changes[0].source);
  EXPECT_EQ(changes[0].columns, Verdict::ok);
}

TEST(Compare, LeavesWordsForReadersAside) {
  const auto changes = compare(
      schema_of(with_fields(id + "size: { type: integer, evidence: real }")),
      schema_of(with_fields(
          id + "size: { type: integer, evidence: documented, doc: How big., example: 1 }")));
  ASSERT_EQ(changes.size(), 3U);
  for (const auto& change : changes) EXPECT_TRUE(change.aside()) << change.what;
  EXPECT_EQ(worst(changes), Verdict::ok);
}

TEST(Compare, RefusesAWasThatIsStillHere) {
  const auto loaded =
      load_schema(with_fields(id + "a: { type: text, evidence: real, was: id }\n"
                                   "b: { type: text, evidence: real, was: old }\n"
                                   "c: { type: text, evidence: real, was: old, changed: today }"),
                  "s.yaml");
  EXPECT_THAT(loaded.mistakes.lines("s.yaml"),
              ElementsAre("s.yaml:17:45: toys.a: \"was\" names id, which is still here",
                          "s.yaml:19:45: toys.c: \"was\" names old a second time",
                          "s.yaml:19:59: toys.c: \"changed\" wants a date like 2024-05-16, got "
                          "\"today\""));
}

}  // namespace
}  // namespace callrail::codegen
