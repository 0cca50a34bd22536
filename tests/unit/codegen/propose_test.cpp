#include "edit/apply_patch.hpp"
#include "edit/proposal.hpp"
#include "model/schema.hpp"
#include "schema_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace callrail::codegen {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = Proposal::Kind;

constexpr std::string_view file = "schema/endpoints.yaml";

const std::string small = R"(format: 1
api:
  name: Example
  url: https://api.example.com
  docs: https://docs.example.com
  auth: { header: Authorization, value: "{api_key}" }
  paging:
    offset: { page: page, size: per_page, pages: total_pages, total: total_records, first: 1, most: 250, default: 100 }

enums:

  Colour: { values: [red, green],   # warm ones first
            doc: What it is painted with. }

shapes:

  Wheel:
    doc: What it rolls on.
    fields:
      id:    { type: id,     evidence: real, example: 12 }
      width: { type: integer, evidence: real }   # in millimetres

endpoints:

  carts:
    record: Cart
    doc: Things with wheels.
    docs: "#carts"
    path: /v3/carts.json
    rows: carts
    key: id
    paging: [offset]
    fields:
      # Sent with every row.
      id:      { type: id,                         evidence: documented,      example: "CRT01", doc: CRT and digits. }
      colour:  { type: enum Colour or null,        evidence: documented+real, example: "red" }
      front:   { type: object Wheel or null,       evidence: real }
      others:  { type: list<object Wheel> or null, evidence: real }
      load:    { type: integer,                    evidence: real, unit: kilograms,
                 example: 12, doc: Without the cart. }
      made_at: { type: timestamp or null,          evidence: real }
      notes:   { type: list<text>,                 evidence: real }
      free:    { type: map or null,                evidence: real }
)";

Proposal proposal(Kind kind, std::string path) {
  Proposal out;
  out.kind = kind;
  out.endpoint = "carts";
  out.path = std::move(path);
  out.date = "2026-11-26";
  out.rows = out.of_rows = 40;
  return out;
}
Proposal field(std::string path, std::string type) {
  Proposal out = proposal(Kind::new_field, std::move(path));
  out.type = std::move(type);
  return out;
}
Proposal another_type(std::string path, std::string type) {
  Proposal out = proposal(Kind::type, std::move(path));
  out.type = std::move(type);
  return out;
}
Proposal word(Kind kind, std::string path, std::string word) {
  Proposal out = proposal(kind, std::move(path));
  out.word = std::move(word);
  return out;
}

/// The schema after the patch, which has to fit and to leave a good schema.
std::string changed(const std::vector<Proposal>& proposals, const std::string& schema = small) {
  const SchemaPatch patch = propose_patch(schema, file, proposals);
  EXPECT_THAT(patch.left_out, IsEmpty());
  const Applied applied = apply_patch(schema, patch.diff, file);
  EXPECT_EQ(applied.trouble, "");
  EXPECT_THAT(load_schema(applied.text, file).mistakes.lines("schema"), IsEmpty());
  EXPECT_EQ(propose_patch(applied.text, file, proposals).diff, "") << "it is not covered now";
  return applied.text;
}
std::string changed(const Proposal& one) { return changed(std::vector{one}); }

std::vector<std::string> left_out(const Proposal& one) {
  const SchemaPatch patch = propose_patch(small, file, {one});
  EXPECT_EQ(patch.diff, "");
  return patch.left_out;
}

TEST(Proposing, HasNothingToSayAboutNothing) { EXPECT_EQ(propose_patch(small, file, {}).diff, ""); }

TEST(Proposing, PutsANewFieldAtTheEndOfItsListAndSaysWhenItWasSeen) {
  Proposal mood = field("mood", "text");
  mood.rows = 12;
  mood.example = R"("grumpy")";
  const SchemaPatch patch =
      propose_patch(small, file, {mood, field("weight_now", "number or null")});
  EXPECT_EQ(patch.diff, R"(--- a/schema/endpoints.yaml
+++ b/schema/endpoints.yaml
@@ -41,3 +41,7 @@
       made_at: { type: timestamp or null,          evidence: real }
       notes:   { type: list<text>,                 evidence: real }
       free:    { type: map or null,                evidence: real }
+      # New in answers of 2026-11-26; `pii` is a guess, on the safe side.
+      mood:       { type: text or null,   evidence: real, optional: true, pii: free_text, example: "grumpy",
+                    doc: Seen 2026-11-26 in 12 of 40 rows. }
+      weight_now: { type: number or null, evidence: real, doc: Seen 2026-11-26 in 40 of 40 rows. }
)");
}

TEST(Proposing, MakesAShapeOfANewObjectAndOfThoseInside) {
  Proposal plan = field("follow_up_plan", "object or null");
  plan.members = {{.name = "due_at", .type = "timestamp"},
                  {.name = "steps",
                   .type = "list<object>",
                   .optional = true,
                   .members = {{.name = "title", .type = "text", .example = R"("Call back")"}}}};
  const std::string text = changed(plan);
  EXPECT_THAT(text,
              HasSubstr("follow_up_plan: { type: object FollowUpPlan or null, evidence: real"));
  EXPECT_THAT(text, HasSubstr(R"(
  Steps:
    doc: Seen 2026-11-26 in 40 of 40 rows.
    fields:
      title: { type: text or null, evidence: real, pii: free_text, example: "Call back" }

  FollowUpPlan:
    doc: Seen 2026-11-26 in 40 of 40 rows.
    fields:
      due_at: { type: timestamp or null,          evidence: real }
      steps:  { type: list<object Steps> or null, evidence: real, optional: true }

endpoints:
)"));
}

TEST(Proposing, NamesAShapeAfterItsOwnerWhereTheNameIsTaken) {
  Proposal wheel = field("wheel", "object");
  wheel.members = {{.name = "spokes", .type = "integer"}};
  EXPECT_THAT(changed(wheel), HasSubstr("type: object CartWheel or null"));
}

TEST(Proposing, MakesOneShapeOfObjectsThatAreAlike) {
  Proposal here = field("review", "object"), there = field("front.review", "list<object>");
  here.members = there.members = {{.name = "score", .type = "integer"}};
  const std::string text = changed({here, there});
  EXPECT_THAT(text, AllOf(HasSubstr("review: { type: object Review or null"),
                          HasSubstr("review: { type: list<object Review> or null")));
  EXPECT_EQ(text.find("  Review:\n"), text.rfind("  Review:\n"));
}

TEST(Proposing, TakesAnObjectOfUnknownMembersForAMap) {
  EXPECT_THAT(changed(field("extras", "object")), HasSubstr("extras: { type: map or null,"));
}

TEST(Proposing, ChangesAShapeOnceWhereverItIsFound) {
  const std::string text =
      changed({field("front.spokes", "integer"), field("others[].spokes", "integer")});
  EXPECT_EQ(text.find("spokes:"), text.rfind("spokes:"));
  EXPECT_LT(text.find("spokes:"), text.find("endpoints:"));
}

TEST(Proposing, WidensAFieldThatTwoPlacesShowDifferently) {
  EXPECT_THAT(changed({field("front.spokes", "integer"), field("others[].spokes", "text")}),
              HasSubstr("spokes: { type: integer or text or null"));
}

TEST(Proposing, AllowsNullWhereItWasRuledOut) {
  EXPECT_THAT(changed(another_type("load", "null")),
              HasSubstr("load:    { type: integer or null,            evidence: real, unit"));
}

TEST(Proposing, PutsAnotherTypeBehindTheOthers) {
  EXPECT_THAT(changed(another_type("load", "text or integer")),
              HasSubstr("{ type: integer or text,            evidence"));
  EXPECT_THAT(changed(another_type("made_at", "number")),
              HasSubstr("{ type: timestamp or number or null, evidence"));
  EXPECT_THAT(changed(another_type("load", "number")), HasSubstr("load:    { type: number,"));
  EXPECT_THAT(changed(another_type("front", "text")),
              HasSubstr("{ type: object Wheel or text or null,"));
  EXPECT_THAT(changed(another_type("others", "object")),
              HasSubstr("{ type: list<object Wheel> or object Wheel or null,"));
}

TEST(Proposing, WidensTheElementsOfAList) {
  EXPECT_THAT(changed(another_type("notes[]", "integer")),
              HasSubstr("{ type: list<text or integer>,"));
  EXPECT_THAT(changed(another_type("notes", "list<boolean>")),
              HasSubstr("{ type: list<text or boolean>,"));
}

TEST(Proposing, GivesAFieldThatIsAnObjectNowItsShape) {
  Proposal load = another_type("load", "object");
  load.members = {{.name = "kilograms", .type = "integer"}};
  EXPECT_THAT(changed(load),
              AllOf(HasSubstr("type: integer or object Load,"), HasSubstr("\n  Load:\n")));
}

TEST(Proposing, AddsAWordToAListThatSpansLines) {
  EXPECT_THAT(
      changed(word(Kind::enum_word, "colour", "blue")),
      HasSubstr("Colour: { values: [red, green, blue],   # warm ones first\n            doc:"));
}

TEST(Proposing, QuotesAWordThatYamlWouldReadOtherwise) {
  EXPECT_THAT(changed(word(Kind::enum_word, "colour", "off, or on")),
              HasSubstr(R"([red, green, "off, or on"])"));
  EXPECT_THAT(changed(word(Kind::enum_word, "colour", "Null")), HasSubstr(R"("Null")"));
  EXPECT_THAT(changed(word(Kind::enum_word, "colour", "null")),
              HasSubstr(R"([red, green, "null"])"));
}

TEST(Proposing, GivesAFieldThatIsGoneItsLastDay) {
  EXPECT_THAT(
      changed(proposal(Kind::gone, "load")),
      HasSubstr("evidence: real, unit: kilograms, until: 2026-11-26,\n                 example"));
  EXPECT_THAT(changed(proposal(Kind::gone, "free")),
              HasSubstr("evidence: real, until: 2026-11-26 }"));
  EXPECT_THAT(
      changed({proposal(Kind::gone, "front.width"), proposal(Kind::gone, "others[].width")}),
      HasSubstr("width: { type: integer, evidence: real, until: 2026-11-26 }   # in milli"));
}

TEST(Proposing, GivesTheColumnsPaddingBackWhereALineGrows) {
  const std::string schema =
      std::regex_replace(small, std::regex{"made_at: .*"},
                         "made_at: { type: timestamp or null, evidence: real,                      "
                         "  example: \"2026-02-10T09:22:21-05:00\" }");
  EXPECT_THAT(changed({proposal(Kind::gone, "made_at")}, schema),
              HasSubstr("evidence: real, until: 2026-11-26,     example: "));
}

TEST(Proposing, DoesNotLetTheKeyGo) {
  EXPECT_THAT(left_out(proposal(Kind::gone, "id")),
              ElementsAre(HasSubstr("\"key\" names id, which is not sent since 2026-11-26")));
}

TEST(Proposing, AsksAPersonWhenAFieldComesBack) {
  const std::string gone = changed(proposal(Kind::gone, "load"));
  EXPECT_THAT(propose_patch(gone, file, {field("load", "integer")}).left_out,
              ElementsAre(HasSubstr("is sent again, and has an `until`")));
}

TEST(Proposing, NotesTheNewFormOfAnId) {
  EXPECT_THAT(changed(word(Kind::id_form, "front.id", "text")),
              HasSubstr(R"(examples: [12, "12"], doc: A text since 2026-11-26. })"));
}

TEST(Proposing, BreaksALineThatWouldBecomeTooLong) {
  EXPECT_THAT(changed(word(Kind::id_form, "id", "number")),
              HasSubstr(R"(examples: ["CRT01", 555000001],
                 doc: CRT and digits. A number since 2026-11-26. })"));
}

TEST(Proposing, LeavesOutWhatAPersonMustDecide) {
  EXPECT_THAT(left_out(proposal(Kind::all_null, "made_at")),
              ElementsAre(HasSubstr("carts.made_at is null in all 40 rows seen; its type allows")));
  EXPECT_THAT(left_out(another_type("made_at", "text")), ElementsAre(HasSubstr("is no time")));
  EXPECT_THAT(left_out(field("Mood: {", "text")), ElementsAre(HasSubstr("no name a field can")));
  EXPECT_THAT(left_out(field("unknown.mood", "text")),
              ElementsAre(HasSubstr("belongs to unknown")));
  EXPECT_THAT(left_out(field("mood", "a secret")), ElementsAre(HasSubstr("is no type")));
  EXPECT_THAT(left_out(word(Kind::enum_word, "load", "x")), ElementsAre(HasSubstr("no enum")));
  EXPECT_THAT(left_out(word(Kind::enum_word, "colour", std::string(500, 'x'))),
              ElementsAre(HasSubstr("does not look like a word")));
  EXPECT_THAT(left_out(word(Kind::id_form, "load", "text")), ElementsAre(HasSubstr("is no id")));
}

TEST(Proposing, AllowsNullWhereAFieldIsNullThroughout) {
  EXPECT_THAT(changed(proposal(Kind::all_null, "load")), HasSubstr("{ type: integer or null,"));
}

TEST(Proposing, SaysNothingOfWhatTheSchemaCovers) {
  for (const Proposal& covered :
       {field("free.anything", "text"), another_type("load", "integer"),
        word(Kind::enum_word, "colour", "green"), word(Kind::id_form, "id", "text")}) {
    const SchemaPatch patch = propose_patch(small, file, {covered});
    EXPECT_EQ(patch.diff, "") << covered.path;
    EXPECT_THAT(patch.left_out, IsEmpty()) << covered.path;
  }
}

TEST(Proposing, DropsAnExampleThatIsCutOrOfAnotherTypeButNotItsField) {
  Proposal mood = field("mood", "integer");
  for (const char* bad : {R"("cut off)", R"("a text")", "1 }, evil: { type: id", "[1, 2"}) {
    mood.example = bad;
    EXPECT_THAT(changed(mood),
                AllOf(HasSubstr("mood: { type: integer or null"), testing::Not(HasSubstr("evil"))));
  }
}

TEST(Proposing, KeepsWhatSoundsLikeASecretOutOfSight) {
  Proposal token = field("access_token", "text");
  token.example = R"("0123456789")";
  EXPECT_THAT(changed(token), AllOf(HasSubstr("secret: true"), testing::Not(HasSubstr("01234"))));
}

TEST(Proposing, WritesIntoMapsWithoutBracesToo) {
  const std::string schema = small + R"(
  barrows:
    record: Barrow
    path: /v3/barrows.json
    rows: barrows
    key: id
    paging: [offset]
    fields:
      id:
        type: id
        evidence: real
        example: 3
      height:
        type: integer
        evidence: real)";
  std::vector<Proposal> all{field("mood", "text"), another_type("height", "text"),
                            word(Kind::id_form, "id", "text")};
  for (auto& one : all) one.endpoint = "barrows";
  const std::string text = changed(all, schema);
  EXPECT_THAT(text,
              HasSubstr("        examples: [3, \"3\"]\n        doc: A text since 2026-11-26.\n"));
  EXPECT_THAT(text,
              HasSubstr("        type: integer or text\n        evidence: real\n      # New"));
}

TEST(Proposing, RefusesToBuildOnASchemaWithMistakes) {
  const SchemaPatch patch = propose_patch(small + "\n  bad: 1\n", file, {field("mood", "text")});
  EXPECT_EQ(patch.diff, "");
  EXPECT_THAT(patch.left_out, ElementsAre(HasSubstr("has mistakes of its own")));
}

}  // namespace
}  // namespace callrail::codegen
