#include "gadget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace callrail {
namespace {

using test::Colour;
using test::Gadget;
using namespace std::chrono_literals;

const Endpoint& gadgets() { return Processor<Gadget>::endpoint(); }
Selection everything() { return Selection::everything(gadgets()); }

constexpr Text page = R"({"page":1,"per_page":250,"total_pages":3,"total_records":"501","things":[
  {"id":9007199254740993,"name":"A \"b\" \u00e9\ud83d\ude00","colour":"green","count":12,"seconds":"61","price":1250.00,
   "works":true,"made_at":"2026-02-10T09:22:21.049-05:00","maker":{"name": "Ada", "phone":"+14045550123"},
   "marks":[{"word":"x"},"y"],"extra":[1]},
  {"id":"GAD7","name":null,"colour":"blue","extra":"text","newcomer":{"a":"}"}}]})";

Result<Batch<Gadget>> decode(Text text, Drift& drift, const Selection& wanted = everything()) {
  return Processor<Gadget>::decode(Body{text}, wanted, drift);
}

TEST(PageDecoder, ReadsEveryTypeAsItsOwn) {
  Drift drift;
  const auto batch = decode(page, drift);
  ASSERT_TRUE(batch) << batch.error().what;
  ASSERT_EQ(batch->rows().size(), 2u);
  const Gadget& g = batch->rows()[0];
  EXPECT_EQ((*g.id).text, "9007199254740993");
  EXPECT_EQ(*g.name, "A \"b\" é😀");
  EXPECT_EQ(*g.colour, Colour::green);
  EXPECT_EQ(*g.count, 12);
  EXPECT_EQ(*g.seconds, 61);
  EXPECT_EQ(g.seconds.kind, Kind::text);
  EXPECT_EQ(*g.price, 1250.0);
  EXPECT_EQ(g.price.text(), "1250.00");
  EXPECT_TRUE(*g.works);
  EXPECT_EQ((*g.made_at).offset, -5h);
  EXPECT_EQ((*g.maker).text, R"({"name":"Ada","phone":"+14045550123"})");
  EXPECT_EQ((*g.marks).text, R"([{"word":"x"},"y"])");
  EXPECT_EQ((*g.extra).kind, Kind::json);
}

TEST(PageDecoder, KeepsValueNullAndAbsentApart) {
  Drift drift;
  const auto batch = decode(page, drift);
  ASSERT_TRUE(batch);
  const Gadget& g = batch->rows()[1];
  EXPECT_EQ((*g.id).text, "GAD7");
  EXPECT_TRUE(g.name.is_null());
  EXPECT_TRUE(g.count.is_absent());
  EXPECT_FALSE(g.name);
  EXPECT_FALSE(g.count);
}

TEST(PageDecoder, CarriesWhatTheSchemaDoesNotKnow) {
  Drift drift;
  const auto batch = decode(page, drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ((*batch->rows()[1].colour).value, Colour::unknown);
  EXPECT_EQ((*batch->rows()[1].colour).text, "blue");
  EXPECT_EQ(drift.unknown_values.at("colour=blue").count, 1u);
  EXPECT_EQ(drift.unknown_fields.at("newcomer").example, R"({"a":"}"})");
  EXPECT_EQ(drift.unknown_fields.size() + drift.unknown_values.size(), 2u);
  EXPECT_TRUE(drift.changed_types.empty());
}

/// What each row has beyond the schema, as a cell of its own.
std::vector<std::string> extras(Text text, Drift& drift, Reader reader) {
  const Selection wanted = everything();
  PageDecoder decoder{reader};
  auto decoded = decoder.decode({gadgets(), Reflect<Gadget>::paging, wanted, {}, nullptr, true},
                                Body{text}, drift);
  std::vector<std::string> out;
  if (!decoded) return out;
  for (std::size_t row = 0; row < decoded->size(); ++row) {
    const Cell& cell = decoded->cell(row, gadgets().fields.size());
    out.push_back(cell.kind == Kind::json ? std::string{cell.text()}
                  : cell.is_absent()      ? "-"
                                          : "?");
    EXPECT_EQ(decoded->cell(row, 0).text(), std::to_string(row + 1));
  }
  return out;
}

TEST(PageDecoder, KeepsUnknownMembersAsTheyWereSentInTheirOrder) {
  constexpr Text text = R"({"things":[{"id":1,"zeta":1250.00,"name":"a","alpha":{"b":[1,"\u00e9"]}},
    {"id":2,"name":null},{"id":3, "z\"q" : [ true , { } ] ,"lone":"\ud83d","same":1,"same":null},{"id":4,"e":-1.5E+9}]})";
  for (const Reader reader :
       {Reader::predicting, Reader::avx2, Reader::portable, Reader::general}) {
    Drift drift;
    EXPECT_THAT(extras(text, drift, reader),
                testing::ElementsAre(R"({"zeta":1250.00,"alpha":{"b":[1,"\u00e9"]}})", "-",
                                     R"({"z\"q":[true,{}],"lone":"\ud83d","same":1,"same":null})",
                                     R"({"e":-1.5E+9})"));
    EXPECT_TRUE(drift.withheld.empty());
  }
}

TEST(PageDecoder, KeepsNoUnknownMemberThatSoundsLikeACredential) {
  constexpr Text text =
      R"({"things":[{"id":1,"api_token":"abc","ok":1},{"id":2,"\u0070assword":{"a":1}},
    {"id":3,"hook":{"url":"u","secret":{"key":1},"list":[{"auth":1},{"auth":2,"b":3},[]]},"signature":""}]})";
  for (const Reader reader :
       {Reader::predicting, Reader::avx2, Reader::portable, Reader::general}) {
    Drift drift;
    EXPECT_THAT(
        extras(text, drift, reader),
        testing::ElementsAre(R"({"ok":1})", "-", R"({"hook":{"url":"u","list":[{},{"b":3},[]]}})"));
    std::vector<std::string> withheld;
    for (const auto& [path, finding] : drift.withheld) {
      withheld.push_back(path + ' ' + std::to_string(finding.count));
      EXPECT_EQ(finding.example, "");
    }
    EXPECT_THAT(withheld, testing::ElementsAre("api_token 1", "hook.list[].auth 2", "hook.secret 1",
                                               "password 1", "signature 1"));
  }
}

TEST(PageDecoder, KeepsValuesOfAnUnexpectedTypeAndCountsThem) {
  Drift drift;
  const auto batch = decode(
      R"({"things":[{"id":null,"name":7,"count":"12","price":{"amount":1},"works":1,"maker":"me","made_at":"soon"}]})",
      drift);
  ASSERT_TRUE(batch);
  const Gadget& g = batch->rows()[0];
  EXPECT_TRUE(g.id.is_null());
  EXPECT_TRUE(g.name.is_surprise());
  EXPECT_EQ(g.name.text(), "7");
  EXPECT_EQ(g.count.text(), "12");
  EXPECT_EQ(g.price.text(), R"({"amount":1})");
  EXPECT_EQ(g.maker.text(), "me");
  EXPECT_EQ(g.made_at.text(), "soon");
  for (const char* name : {"id", "name", "count", "price", "works", "maker", "made_at"})
    EXPECT_EQ(drift.changed_types.count(name), 1u) << name;
}

TEST(PageDecoder, LeavesUnselectedFieldsAlone) {
  Drift drift;
  Selection wanted;
  wanted.add(field_index<Gadget>("id"));
  const auto batch = decode(page, drift, wanted);
  ASSERT_TRUE(batch);
  EXPECT_EQ((*batch->rows()[0].id).text, "9007199254740993");
  EXPECT_TRUE(batch->rows()[0].name.is_absent());
  EXPECT_TRUE(batch->rows()[0].maker.is_absent());
  EXPECT_EQ(drift.unknown_fields.count("newcomer"), 1u);
}

TEST(PageDecoder, ReadsWhatStandsBesideTheRows) {
  Drift drift;
  PageDecoder decoder;
  const auto& paging = Reflect<Gadget>::paging;
  auto first = decoder.decode(gadgets(), paging, Body{page}, everything(), {}, drift);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->envelope.page, 1);
  EXPECT_EQ(first->envelope.pages, 3);
  EXPECT_EQ(first->envelope.total, 501);
  EXPECT_FALSE(first->envelope.next);
  auto relative = decoder.decode(
      gadgets(), paging,
      Body{
          R"({"next_page":"https:\/\/api.example.com\/x?a=1\u0026b=2","has_next_page":true,"things":[],"agencies":[{"id":1}]})"},
      everything(), {}, drift);
  ASSERT_TRUE(relative);
  EXPECT_EQ(relative->envelope.next, "https://api.example.com/x?a=1&b=2");
  EXPECT_EQ(relative->envelope.more, true);
  EXPECT_FALSE(relative->envelope.total);
  auto last = decoder.decode(gadgets(), paging,
                             Body{R"({"next_page":null,"has_next_page":false,"things":[]})"},
                             everything(), {}, drift);
  ASSERT_TRUE(last);
  EXPECT_FALSE(last->envelope.next);
  EXPECT_EQ(last->envelope.more, false);
}

TEST(PageDecoder, CountsFieldsTheApiStoppedSending) {
  Drift drift;
  Selection asked;
  asked.add(field_index<Gadget>("note"));
  PageDecoder decoder;
  ASSERT_TRUE(decoder.decode(gadgets(), Reflect<Gadget>::paging,
                             Body{R"({"things":[{"id":1},{"id":2,"name":"x"}]})"}, everything(),
                             asked, drift));
  EXPECT_EQ(drift.missing_fields.at("name").count, 1u);
  EXPECT_EQ(drift.missing_fields.at("note").count, 2u);
  EXPECT_EQ(drift.missing_fields.size(), 2u);  // the others may be left out
}

TEST(PageDecoder, DoesNotTakeAnErrorPageForAnEmptyOne) {
  for (const Text text :
       {R"({"error":"HTTP Token: Access denied."})", R"({"errors":{}})", R"({"page":1})", "{}"}) {
    Drift drift;
    const auto batch = decode(text, drift);
    ASSERT_FALSE(batch) << text;
    EXPECT_EQ(batch.error().code, Code::bad_answer);
    EXPECT_NE(batch.error().what.find("\"things\""), std::string::npos) << batch.error().what;
  }
  Drift drift;
  EXPECT_TRUE(decode(R"({"page":1,"things":[]})", drift));
}

TEST(PageDecoder, RefusesWhatIsNoPage) {
  for (const Text text : {"",
                          "  \n",
                          "null",
                          "[]",
                          R"([{"things":[]}])",
                          "<html><body>Bad gateway</body></html>",
                          R"({"things":null})",
                          R"({"things":{}})",
                          R"({"things":[1]})",
                          R"({"things":[null]})",
                          R"({"things":[[]]})",
                          R"({"things":[]} x)",
                          R"({"things":[]}{})",
                          R"({"things":[],"things":[]})",
                          "\xef\xbb\xbf{\"things\":[]}",
                          "{\"things\":[{\"name\":\"\xff\"}]}",
                          "{\"things\":[{\"name\":\"a\nb\"}]}",
                          R"({"things":[{"name":"\q"}]})",
                          R"({"things":[{"name":"\u12"}]})",
                          R"({"things":[{"id":01}]})",
                          R"({"things":[{"id":1 2}]})",
                          R"({"things":[{"id":tru}]})",
                          R"({"things":[{"id":1,}]})"}) {
    Drift drift;
    const auto batch = decode(text, drift);
    ASSERT_FALSE(batch) << text;
    EXPECT_EQ(batch.error().code, Code::bad_answer);
  }
}

TEST(PageDecoder, NoticesAPageCutAnywhere) {
  for (std::size_t cut = 0; cut < page.size(); ++cut) {
    Drift drift;
    EXPECT_FALSE(decode(page.substr(0, cut), drift)) << "cut at " << cut;
  }
}

TEST(PageDecoder, NamesTheByteWhereThePageBreaks) {
  Drift drift;
  const auto batch = decode(R"({"things":[{"id":1},{"id":nope}]})", drift);
  ASSERT_FALSE(batch);
  EXPECT_NE(batch.error().what.find("row 2"), std::string::npos) << batch.error().what;
  EXPECT_NE(batch.error().what.find("byte "), std::string::npos) << batch.error().what;
}

TEST(PageDecoder, KeepsTheJsonOfTextThatHasNoUtf8) {
  Drift drift;
  const auto batch = decode(R"({"things":[{"id":1,"name":"a\ud83d"}]})", drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->rows()[0].name.kind, Kind::json);
  EXPECT_EQ(batch->rows()[0].name.text(), R"("a\ud83d")");
  EXPECT_EQ(drift.broken_formats.at("name").count, 1u);
}

TEST(PageDecoder, ShowsNothingOfASecret) {
  Drift drift;
  ASSERT_TRUE(decode(
      R"({"things":[{"id":1,"token":{"a":"hush"},"api_key":"hush","maker":{"name":"m","auth_token":"hush"}}]})",
      drift));
  EXPECT_EQ(drift.changed_types.at("token").example, "");
  EXPECT_EQ(drift.unknown_fields.at("api_key").example, "");
  EXPECT_EQ(drift.unknown_fields.at("maker.auth_token").example, "");
}

TEST(PageDecoder, TakesTheLastOfARepeatedField) {
  Drift drift;
  const auto batch = decode(R"({"things":[{"id":1,"name":"a","name":"b"}]})", drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(*batch->rows()[0].name, "b");
  EXPECT_EQ(drift.repeated_fields.at("name").count, 1u);
}

TEST(PageDecoder, ReadsEscapedKeys) {
  Drift drift;
  const auto batch = decode(R"({"things":[{"\u0069d":1,"n\u0061me":"b"}]})", drift);
  ASSERT_TRUE(batch);
  EXPECT_EQ(*batch->rows()[0].name, "b");
  EXPECT_TRUE(drift.unknown_fields.empty());
}

TEST(PageDecoder, RowsSurviveTheMoveOfTheirPage) {
  Drift drift;
  PageDecoder decoder;
  auto result =
      decoder.decode(gadgets(), Reflect<Gadget>::paging, Body{page}, everything(), {}, drift);
  ASSERT_TRUE(result);
  const Page moved = *std::move(result);
  EXPECT_EQ(moved.rows().at(0, field_index<Gadget>("name")).text(), "A \"b\" é😀");
}

TEST(Page, TakesRowsOutAndKeepsTheOrder) {
  Drift drift;
  PageDecoder decoder;
  auto result =
      decoder.decode(gadgets(), Reflect<Gadget>::paging,
                     Body{R"({"things":[{"id":1},{"id":2},{"id":3}]})"}, everything(), {}, drift);
  ASSERT_TRUE(result);
  result->erase_if([](std::size_t row) { return row == 1; });
  ASSERT_EQ(result->size(), 2u);
  EXPECT_EQ(result->rows().at(1, 0).text(), "3");
}

static_assert(KeyIndex<Gadget>::find("note") == 11);
static_assert(KeyIndex<Gadget>::find("not") == Endpoint::npos);
static_assert(field_index<Gadget>("colour") == 2);

}  // namespace
}  // namespace callrail
