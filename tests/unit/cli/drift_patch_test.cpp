#include "drift_patch.hpp"

#include "scratch_folder.hpp"
#include "toys.hpp"

#include <callrail/page.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace callrail::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Api& toy_api() {
  static const std::array<const Endpoint*, 1> endpoints{&toys()};
  static const Api api{.endpoints = endpoints};
  return api;
}

/// What rows with these members make of the schema; they have all members of `usual` besides.
struct Seen {
  explicit Seen(const std::vector<std::string>& rows, bool sampled = true) {
    const Body body = toys_page(rows);
    Page page;
    const Selection all = Selection::everything(toys());
    PageDecoder decoder;
    EXPECT_TRUE(decoder.read({toys(), {}, all, {}}, body.text(), page, endpoint.drift));
    endpoint.name = "toys";
    Shapes shapes;
    if (sampled) shapes.try_emplace("toys", toys()).first->second.add(body.text(), endpoint.drift);
    Summary summary;
    summary.endpoints = {endpoint};
    patch = drift_patch(toy_api(), summary, shapes, remarks_of(shapes), toys_schema, "2026-11-26");
  }
  EndpointSummary endpoint;
  DriftPatch patch;
};

/// A row as the schema has it, without the member `gone`, and with more of them.
std::string row_with(std::string_view more, std::string_view gone = {}) {
  const std::vector<std::pair<std::string_view, std::string_view>> members{
      {"id", R"("TOY019c2013236d7b1fb0c881bd94d82691")"},
      {"shop_id", "9900101"},
      {"any_id", "null"},
      {"made_at", R"("2026-03-10T12:00:00Z")"},
      {"state", R"("new")"},
      {"price", "1"},
      {"city", R"("Atlanta")"},
      {"maker", R"({"name":"Ada","town":null})"},
      {"free_id", "null"}};
  std::string out{more};
  for (const auto& [name, value] : members)
    if (name != gone && more.find(fmt::format("\"{}\":", name)) == more.npos)
      out += fmt::format("{}\"{}\":{}", out.empty() ? "" : ",", name, value);
  return "{" + out + "}";
}

TEST(TheDriftPatch, IsEmptyWhereNothingDiffers) {
  const Seen seen{times(3, row_with(""))};
  EXPECT_EQ(seen.patch.diff, "");
  EXPECT_THAT(seen.patch.left_out, IsEmpty());
}

TEST(TheDriftPatch, HasANewFieldWithItsTypeAndHowOftenItCame) {
  const Seen seen{{row_with(R"("score":12)"), row_with(R"("score":null)"), row_with("")}};
  EXPECT_THAT(
      seen.patch.diff,
      AllOf(HasSubstr("\n+      score: { type: integer or null, evidence: real, optional: true"),
            HasSubstr("2026-11-26 in 2 of 3 rows")));
  EXPECT_THAT(seen.patch.left_out, IsEmpty());
}

TEST(TheDriftPatch, MakesAShapeOfANewObject) {
  const Seen seen{{row_with(R"("visit":{"page":"/a","steps":[{"n":1},{"n":2.5}]})"),
                   row_with(R"("visit":{"page":"/b","steps":[],"person_id":7})")}};
  EXPECT_THAT(seen.patch.diff,
              AllOf(HasSubstr("\n+  Visit:"), HasSubstr("page:"), HasSubstr("object Visit"),
                    HasSubstr("list<object"), HasSubstr("type: number"), HasSubstr("type: id")));
}

TEST(TheDriftPatch, HoldsNoValueOfARow) {
  const Seen seen{times(
      9,
      row_with(R"("note":"call Ada at 404-555-0123","mail":"ada@example.com","price":"zwölf")"))};
  EXPECT_THAT(seen.patch.diff,
              AllOf(HasSubstr("note:"), HasSubstr("mail:"), HasSubstr("integer or text"),
                    Not(HasSubstr("555")), Not(HasSubstr("ada@")), Not(HasSubstr("zwölf"))));
}

TEST(TheDriftPatch, EndsAFieldThatNoRowHas) {
  const Seen seen{times(100, row_with("", "price"))};
  EXPECT_THAT(seen.patch.diff, HasSubstr("until: 2026-11-26"));
  EXPECT_THAT(seen.patch.left_out, IsEmpty());
}

TEST(TheDriftPatch, ClosesNoFieldForGoodBecauseOfAFewRows) {
  const Seen seen{times(99, row_with("", "price"))};
  EXPECT_EQ(seen.patch.diff, "");
  EXPECT_THAT(seen.patch.left_out, ElementsAre(HasSubstr("missing in all of 99 rows, too few")));
}

TEST(TheDriftPatch, LeavesAFieldThatSomeRowsLackToAPerson) {
  const Seen seen{{row_with("", "price"), row_with("")}};
  EXPECT_EQ(seen.patch.diff, "");
  EXPECT_THAT(seen.patch.left_out,
              ElementsAre("toys.price is missing in 1 of 2 rows; whether it is "
                          "optional a person must say"));
}

TEST(TheDriftPatch, CountsNestedMembersByTheObjectsAroundThem) {
  auto rows = times(1, row_with(R"("maker":{"town":null,"age":3})"));
  for (const auto& row : times(99, row_with(R"("maker":{"town":"x"})"))) rows.push_back(row);
  const Seen seen{rows};
  EXPECT_THAT(seen.patch.diff, AllOf(HasSubstr("+      age:"), HasSubstr("in 1 of 100 rows"),
                                     HasSubstr("until: 2026-11-26")));
  EXPECT_THAT(seen.patch.left_out, IsEmpty());
}

TEST(TheDriftPatch, WidensATypeToWhatCame) {
  const Seen seen{{row_with(R"("price":"12")"), row_with(R"("price":null)"), row_with("")}};
  EXPECT_THAT(seen.patch.diff, HasSubstr("+      price:   { type: integer or text or null"));
}

TEST(TheDriftPatch, AddsAWordToAnEnumAndNothingThatIsNone) {
  const Seen seen{{row_with(R"("state":"worn_out")"), row_with(R"("state":"Ada's, since 2020")")}};
  EXPECT_THAT(seen.patch.diff, AllOf(HasSubstr("[new, old, worn_out]"), Not(HasSubstr("Ada"))));
  EXPECT_THAT(
      seen.patch.left_out,
      ElementsAre(
          "toys.state has a value that is no word; whether it is an enum a person must say"));
}

TEST(TheDriftPatch, AddsAnExampleOfANewFormOfAnId) {
  const Seen seen{times(3, row_with(R"("id":12,"shop_id":"990")"))};
  EXPECT_THAT(seen.patch.diff,
              AllOf(HasSubstr(R"(examples: ["TOY019c2013236d7b1fb0c881bd94d82691", )"),
                    HasSubstr(R"(examples: [9900101, "9900101"])"), Not(HasSubstr("990\""))));
}

TEST(TheDriftPatch, SaysOfAFieldThatIsNullNowThatNullMayCome) {
  auto rows = times(250, row_with(R"("made_at":"2026-05-01T00:00:00Z","city":null)"));
  for (const std::string& row : times(100, row_with(""))) rows.push_back(row);
  const Seen seen{rows};
  EXPECT_THAT(seen.patch.diff, HasSubstr("city:    { type: text or null"));
}

TEST(TheDriftPatch, TakesTheTypeFromTheFirstExampleIfNoPageWasLookedAt) {
  const Seen seen{
      times(2, row_with(R"("score":12,"long":{"text":")" + std::string(100, 'x') + "\"}")), false};
  EXPECT_THAT(seen.patch.diff,
              AllOf(HasSubstr("score: { type: integer or null"), HasSubstr("long:  { type: any")));
}

TEST(TheDriftPatch, IsWrittenForTheOwnerAlone) {
  const ScratchFolder folder;
  const std::string file = folder / "new.patch";
  const auto said = write_drift_patch(file, {"--- a\n", {"toys.x is odd"}});
  ASSERT_TRUE(said);
  EXPECT_THAT(*said, ElementsAre("left out of the patch: toys.x is odd",
                                 AllOf(HasSubstr(file), HasSubstr("callrail-codegen accept"))));
  struct stat facts {};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(TheDriftPatch, IsNoFileIfThereIsNothingToChange) {
  const ScratchFolder folder;
  const std::string file = folder / "new.patch";
  EXPECT_THAT(
      *write_drift_patch(file, {}),
      ElementsAre("--drift-patch: nothing differs from the schema; " + file + " is not written"));
  EXPECT_THAT(*write_drift_patch(file, {"", {"toys.x is odd"}}), testing::SizeIs(2));
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(TheDriftPatch, ReplacesAnEarlierOneAndNoOtherFile) {
  const ScratchFolder folder;
  Config config;
  config.output.folder = folder / "data";
  const auto why = [&](const std::string& file) {
    config.drift_patch = folder / file;
    return why_no_patch(config, toy_api());
  };
  EXPECT_EQ(why("new.patch"), "");
  std::ofstream{folder / "old.patch"} << "--- a/schema/endpoints.yaml\n";
  std::ofstream{folder / "empty"};
  std::ofstream{folder / "notes.txt"} << "mine\n";
  EXPECT_EQ(why("old.patch"), "");
  EXPECT_EQ(why("empty"), "");
  EXPECT_THAT(why("notes.txt"), HasSubstr("is no patch"));
  EXPECT_THAT(why("."), HasSubstr("is a folder"));
  EXPECT_THAT(why("nowhere/new.patch"), HasSubstr("there is no folder"));
  std::filesystem::create_directory(config.output.folder);
  EXPECT_THAT(why("data/toys.csv"), HasSubstr("data file of this run"));
  EXPECT_EQ(why("data/toys.patch"), "");
  config.record = folder / "run.rec";
  EXPECT_THAT(why("run.rec"), HasSubstr("--record"));
  config.summary_json = folder / "data/../s.json";
  EXPECT_THAT(why("s.json"), HasSubstr("--summary-json"));
}

}  // namespace
}  // namespace callrail::cli
