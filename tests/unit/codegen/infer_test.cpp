#include "command.hpp"
#include "model/schema.hpp"
#include "paste.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace callrail::codegen {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

const std::string schema = R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: "key {api_key}" }
  paging:
    offset:   { page: page, size: per_page, pages: total_pages, total: total_records }
    relative: { ask: relative_pagination, next: next_page, more: has_next_page, offset: offset }
  dates: { from: start_date, to: end_date, zone: time_zone, preset: date_range }
  parameters:
    shop_id: shops
enums:
  ToyLevel: { values: [beginner, expert] }
shapes:
  Maker:
    fields:
      id:    { type: id, evidence: real }
      name:  { type: text or null, evidence: real, pii: name }
      stars: { type: integer or null, evidence: real }
endpoints:
  shops:
    record: Shop
    path: /v1/shops.json
    rows: shops
    key: id
    paging: [offset]
    select: { parameter: fields }
    fields:
      id:        { type: id, evidence: real, example: "SHP1" }
      toy_level: { type: enum ToyLevel, evidence: real }
      made_by:   { type: object Maker, evidence: real }
      door_code: { type: text or null, evidence: real, secret: true }
  toys:
    record: Toy
    path: /v1/{shop_id}/toys.json
    rows: toys
    key: id
    paging: [offset]
    fields:
      id:      { type: id, evidence: real }
      shop_id: { type: id or null, evidence: real, refers_to: shops.id, example: "SHP1" }
)";

/// A folder of its own for each test, with a schema and the pages the test saves.
class Infer : public testing::Test {
 protected:
  Infer() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path{testing::TempDir()} / "callrail-infer-test" / test->name();
    fs::remove_all(folder_);
    save("schema.yaml", schema);
  }
  ~Infer() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }
  void save(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }

  int infer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "infer");
    arguments.insert(arguments.end(), {"--schema", at("schema.yaml")});
    std::ostringstream out, complaints;
    const int code = run(arguments, out, complaints);
    out_ = out.str();
    complaints_ = complaints.str();
    return code;
  }
  /// The draft of one page, which has to load where it is pasted.
  std::string draft_of(const std::string& page, std::vector<std::string> more = {}) {
    save("page.json", page);
    more.insert(more.begin(), at("page.json"));
    EXPECT_EQ(infer(more), 0) << complaints_;
    const Loaded loaded = load_schema(pasted(schema, out_), "pasted");
    EXPECT_EQ(join(loaded.mistakes.lines("pasted"), "\n"), "") << out_;
    return out_;
  }
  std::string complaint_about(const std::string& page) {
    save("page.json", page);
    EXPECT_EQ(infer({at("page.json")}), 1);
    EXPECT_EQ(out_, "");
    return complaints_;
  }

  std::string out_, complaints_;

 private:
  fs::path folder_;
};

std::string packed(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// A recording of answers, as callrail-batch --record writes it.
std::string recording(const std::vector<std::pair<std::string, std::string>>& answers) {
  std::string out =
      packed(R"({"callrail_recording":1,"program":"9.9.9","schema":"0","began_at":0,"options":{}})"
             "\n");
  for (const auto& [url, body] : answers)
    out += packed(
        Json{{"url", url}, {"at", 0}, {"status", body.starts_with('{') ? 200 : 500}, {"body", body}}
            .dump() +
        "\n");
  return out + packed(Json{{"end", answers.size()}}.dump() + "\n");
}

/// The line of a draft that begins with a name.
std::string line_of(const std::string& draft, const std::string& name) {
  std::istringstream in{draft};
  for (std::string line; std::getline(in, line);)
    if (const auto first = line.find_first_not_of(' ');
        first != line.npos && line.substr(first).starts_with(name + ":"))
      return line.substr(first);
  return "no line begins with " + name;
}

TEST_F(Infer, FindsRowsKeyAndPagesByNumber) {
  const std::string draft =
      draft_of(R"({"page":1,"per_page":2,"total_pages":1,"total_records":2,"cards":[
    {"colour":"red","id":7},{"colour":"blue","id":9}]})");
  EXPECT_THAT(draft, HasSubstr("\n  cards:  "));
  EXPECT_THAT(draft, HasSubstr("\n    record: Card\n"));
  EXPECT_THAT(line_of(draft, "rows"), MatchesRegex("rows: cards *"));
  EXPECT_THAT(line_of(draft, "key"), MatchesRegex("key: id +# another one in each of 2 rows"));
  EXPECT_EQ(line_of(draft, "paging"), "paging: [offset]");
  EXPECT_THAT(line_of(draft, "path"), MatchesRegex("path: /v1/.*cards.json +# .*guess"));
  EXPECT_THAT(
      line_of(draft, "id"),
      MatchesRegex("id: +\\{ type: id, +evidence: real, example: 550001 \\} +# 2 of 2 rows"));
}

TEST_F(Infer, KnowsListsThatFollowOneAnotherAndListsInOnePiece) {
  EXPECT_EQ(
      line_of(draft_of(R"({"next_page":null,"has_next_page":false,"cards":[{"id":1}]})"), "paging"),
      "paging: [relative]");
  EXPECT_THAT(line_of(draft_of(R"({"cards":[{"id":1}]})"), "paging"),
              MatchesRegex("paging: \\[whole\\] +# no page numbers.*"));
}

TEST_F(Infer, TakesAnAnswerThatIsItselfARow) {
  const std::string draft =
      draft_of(R"({"id":"a1","tags":[{"n":1}],"stops":[{"m":2}],"name":"x"})", {"--name", "ride"});
  EXPECT_THAT(line_of(draft, "rows"),
              MatchesRegex("rows: \\. +# the answer itself is the one row"));
  EXPECT_THAT(line_of(draft, "tags"), HasSubstr("list<object Tag> or null"));
}

TEST_F(Infer, SaysWhyItLearnsNothing) {
  EXPECT_THAT(complaint_about("[1]"), HasSubstr("is a list without a name around it"));
  EXPECT_THAT(complaint_about("{"), HasSubstr("is no JSON"));
  EXPECT_THAT(complaint_about("7"), HasSubstr("is no object"));
  EXPECT_THAT(complaint_about(R"({"error":"Access denied."})"), HasSubstr("a request that failed"));
  EXPECT_THAT(complaint_about(R"({"page":1,"cards":[]})"), HasSubstr("no page has rows"));
  EXPECT_THAT(complaint_about(R"({"page":1,"a":[{"x":1}],"b":[{"y":1}]})"),
              HasSubstr("say which: --rows NAME"));
  EXPECT_THAT(complaint_about(std::string(100, '[') + std::string(100, ']')),
              HasSubstr("too deep"));
  EXPECT_THAT(complaint_about(R"({"page":1,"cards":[{"id":1e999}]})"),
              HasSubstr("page.json: is no JSON"));
  save("page.json", R"({"page":1,"cards":[{"id":1}]})");
  save("other.json", R"({"page":1,"toys":[{"id":1}]})");
  EXPECT_EQ(infer({at("page.json"), at("other.json")}), 1);
  EXPECT_THAT(complaints_,
              HasSubstr("other.json: has its rows in \"toys\", an earlier page in \"cards\""));
}

TEST_F(Infer, LearnsNothingFromAnAnswerWithoutMembers) {
  EXPECT_THAT(complaint_about("{}"), HasSubstr("page.json: has no members"));
  EXPECT_THAT(complaint_about(R"({"page":1,"cards":[{},{}]})"),
              HasSubstr("page.json: no row has members, so there is nothing to learn"));
  save("page.json", R"({"page":1,"cards":[{"id":1}]})");
  save("nothing.json", "{}");
  EXPECT_EQ(infer({at("page.json"), at("nothing.json")}), 1);
  EXPECT_THAT(complaints_, HasSubstr("nothing.json: has no members"));
}

TEST_F(Infer, TakesIntegersBeyond64BitsAsIntegers) {
  const std::string page = R"({"page":1,"cards":[
    {"id":99999999999999999998,"steps":-99999999999999999999,"size":18446744073709551616,"text":"99999999999999999999 \\"},
    {"id":99999999999999999999,"steps":7,"size":1.5,"text":"\"99999999999999999999"}]})";
  for (const std::string& draft : {draft_of(page), draft_of(page, {"--examples"})}) {
    EXPECT_THAT(line_of(draft, "key"), MatchesRegex("key: id +# another one in each of 2 rows"));
    EXPECT_THAT(line_of(draft, "id"), HasSubstr("type: id"));
    EXPECT_THAT(line_of(draft, "steps"), HasSubstr("type: integer or null"));
    EXPECT_THAT(line_of(draft, "size"), HasSubstr("type: number or null"));
    EXPECT_THAT(line_of(draft, "text"), HasSubstr("type: text or null"));
    EXPECT_THAT(draft, HasSubstr("# Look: 4 integers are beyond 64 bits"));
    // What stands for them while the page is read is nobody's value.
    EXPECT_THAT(draft, Not(HasSubstr("1844674407370955")));
  }
}

TEST_F(Infer, KnowsALargeIntegerAgainOnAnotherPage) {
  save("page1.json",
       R"({"page":1,"cards":[{"id":99999999999999999998},{"id":99999999999999999999}]})");
  save("page2.json", R"({"page":2,"cards":[{"id":99999999999999999999},{"id":7}]})");
  ASSERT_EQ(infer({at("page1.json"), at("page2.json")}), 0) << complaints_;
  EXPECT_THAT(out_, HasSubstr("from 3 rows of 2 pages; 1 row came again and count once"));
  EXPECT_THAT(complaint_about(R"({"page":1,"cards":[{"id":099999999999999999999}]})"),
              HasSubstr("is no JSON"));
}

TEST_F(Infer, SkipsTheByteOrderMarkOfASavedPage) {
  const std::string page = R"({"page":1,"cards":[{"id":1}]})";
  EXPECT_EQ(draft_of("\xef\xbb\xbf" + page), draft_of(page));
  EXPECT_THAT(complaint_about("\xef\xbb\xbf"), HasSubstr("page.json"));
}

TEST_F(Infer, RefusesANameNoEndpointCanHave) {
  save("page.json", R"({"page":1,"cards":[{"id":1}]})");
  for (const std::string name : {"Loyalty Cards", "loyalty-cards", "7cards", "a:b", ""}) {
    EXPECT_EQ(infer({at("page.json"), "--name", name}), 2) << name;
    EXPECT_EQ(out_, "");
    EXPECT_EQ(complaints_, "callrail-codegen: --name: \"" + name +
                               "\" cannot name an endpoint: lower-case letters, digits and _, "
                               "no digit first\n");
  }
  for (const std::string name : {"index", "null", "__"}) {
    EXPECT_EQ(infer({at("page.json"), "--name", name}), 2) << name;
    EXPECT_THAT(complaints_, HasSubstr("--name: \"" + name + "\" "));
  }
  EXPECT_EQ(infer({at("page.json"), "--name", "loyalty_cards"}), 0);
  // A folder is no endpoint's unless its name could be one.
  save("tests/data/Old Cards/page1.json", R"({"page":1,"cards":[{"id":1}]})");
  ASSERT_EQ(infer({at("tests/data/Old Cards/page1.json")}), 0);
  EXPECT_THAT(out_, HasSubstr("\n  cards:"));
}

TEST_F(Infer, CopiesNothingFromTheRowsUnlessAskedTo) {
  const std::string page = R"({"page":1,"cards":[
    {"id":"CRD0123456789abcdef0123456789abcdef","owner":"Quendolin Zzyzx","phone_number":"+15555550199","mail":"quendolin@zzyzx.example",
     "born":"1977-07-07","visits":424242,"note":"Quendolin said so","door":{"street":"Zzyzx Road"},"names":["Quendolin"],"token":"Quendolin"}]})";
  const std::string draft = draft_of(page);
  for (const auto* real :
       {"Quendolin", "zzyzx", "Zzyzx", "5555550199", "1977", "424242", "0123456789abcdef"})
    EXPECT_THAT(draft, Not(HasSubstr(real)));
  EXPECT_THAT(line_of(draft, "id"), HasSubstr("\"CRD00000000000000000000000000000001\""));
  EXPECT_THAT(line_of(draft, "mail"),
              HasSubstr("format: email, pii: email, example: \"dana@example.com\""));
  EXPECT_THAT(line_of(draft, "phone_number"), HasSubstr("format: e164"));
  EXPECT_THAT(line_of(draft, "note"), HasSubstr("pii: free_text"));
  EXPECT_THAT(line_of(draft, "note"), HasSubstr("pii is a guess"));
  EXPECT_THAT(line_of(draft, "token"),
              AllOf(HasSubstr("secret: true }"), HasSubstr("secret is a guess")));

  const std::string copied = draft_of(page, {"--examples"});
  EXPECT_THAT(line_of(copied, "owner"), HasSubstr("example: \"Quendolin Zzyzx\""));
  EXPECT_THAT(line_of(copied, "names"), HasSubstr("example: [\"Quendolin\"]"));
  EXPECT_THAT(line_of(copied, "token"), Not(HasSubstr("Quendolin")));
}

TEST_F(Infer, SaysWhatWasSeenHowOften) {
  const std::string draft = draft_of(
      R"({"page":1,"cards":[{"id":1,"a":null,"b":[]},{"id":2,"a":"x","c":1.5},{"id":3,"a":"y","b":[],"c":2}]})");
  EXPECT_THAT(line_of(draft, "a"),
              AllOf(HasSubstr("text or null"), HasSubstr("# 3 of 3 rows, null in 1")));
  EXPECT_THAT(line_of(draft, "b"),
              AllOf(HasSubstr("list<any> or null"), HasSubstr("optional: true"),
                    HasSubstr("# 2 of 3 rows; only empty lists")));
  EXPECT_THAT(line_of(draft, "c"), HasSubstr("type: number or null"));
  EXPECT_THAT(draft, HasSubstr("from 3 rows of 1 page"));
}

TEST_F(Infer, RulesNullOutOnlyAfterManyValues) {
  std::string rows;
  for (int i = 0; i < 100; ++i)
    rows += (i ? "," : "") + std::string{"{\"id\":"} + std::to_string(i) + ",\"on\":true" +
            (i ? ",\"late\":1" : "") + "}";
  const std::string draft = draft_of("{\"page\":1,\"cards\":[" + rows + "]}");
  EXPECT_THAT(line_of(draft, "on"), HasSubstr("{ type: boolean, "));
  EXPECT_THAT(line_of(draft, "late"), HasSubstr("{ type: integer or null, "));
}

TEST_F(Infer, DraftsAnEnumOfWordsThatRepeat) {
  const std::string draft = draft_of(
      R"({"page":1,"cards":[{"id":1,"state":"open","kind":["a_b"],"toy_level":"expert"},{"id":2,"state":"shut","kind":["a_b"],"toy_level":"expert"},
    {"id":3,"state":"open","kind":["c_d","a_b"],"toy_level":"expert"},{"id":4,"state":"open","kind":[],"toy_level":"expert"}]})");
  EXPECT_THAT(line_of(draft, "CardState"), HasSubstr("{ values: [open, shut] }"));
  EXPECT_THAT(line_of(draft, "CardState"), HasSubstr("# seen 3, 1 times"));
  EXPECT_THAT(line_of(draft, "state"), HasSubstr("enum CardState or null"));
  EXPECT_THAT(line_of(draft, "kind"), HasSubstr("list<enum CardKind> or null"));
  EXPECT_THAT(line_of(draft, "toy_level"), AllOf(HasSubstr("enum ToyLevel or null"),
                                                 HasSubstr("the words are those of ToyLevel")));
  EXPECT_EQ(draft.find("ToyLevel:"), std::string::npos);
}

TEST_F(Infer, DraftsShapesOnceAndUsesThoseOfTheSchema) {
  const std::string draft = draft_of(R"({"page":1,"cards":[{"id":1,
    "first_touch":{"at":"2026-02-10T09:00:00Z","via":{"kind":"web","cost":1}},"last_touch":{"at":null,"via":{"kind":"mail","cost":2}},
    "maker":{"id":5,"name":"Dana Example","stars":null},"made_by":{"id":6,"name":null,"stars":2},
    "cookies":{"a":"1"},"odd":{"not a name":1}}]})");
  EXPECT_THAT(line_of(draft, "first_touch"), HasSubstr("object FirstTouch or null"));
  EXPECT_THAT(line_of(draft, "last_touch"), HasSubstr("object FirstTouch or null"));
  EXPECT_THAT(line_of(draft, "FirstTouch"), HasSubstr("# in 2 objects"));
  EXPECT_THAT(line_of(draft, "via"), HasSubstr("object Via or null"));
  EXPECT_LT(draft.find("  Via:"), draft.find("  FirstTouch:"));
  EXPECT_THAT(line_of(draft, "maker"), HasSubstr("object Maker or null"));
  EXPECT_THAT(line_of(draft, "made_by"), HasSubstr("the members are those of Maker"));
  EXPECT_EQ(draft.find("Maker:"), std::string::npos);
  EXPECT_THAT(line_of(draft, "cookies"),
              AllOf(HasSubstr("type: map or null"), HasSubstr("a map because of its names")));
  EXPECT_THAT(line_of(draft, "odd"), HasSubstr("type: map or null"));
}

TEST_F(Infer, NestsShapesWithoutMakingACircle) {
  EXPECT_THAT(draft_of(R"({"page":1,"cards":[{"id":1,"part":{"part":{"part":{"part":null}}}}]})"),
              HasSubstr("object Part or null"));
}

TEST_F(Infer, TakesWhatTheSchemaSaysOfFieldsOfTheSameName) {
  const std::string draft = draft_of(
      R"({"page":1,"cards":[{"id":1,"shop_id":"SHP2","door_code":"hunter"}]})", {"--examples"});
  EXPECT_THAT(line_of(draft, "shop_id"), AllOf(HasSubstr("refers_to: shops.id"),
                                               HasSubstr("# 1 of 1 row; refers as toys.shop_id")));
  EXPECT_THAT(line_of(draft, "door_code"), HasSubstr("secret: true"));
  EXPECT_THAT(draft, Not(HasSubstr("hunter")));
}

TEST_F(Infer, ChoosesTheFieldThatTellsRowsApart) {
  const auto key = [&](const std::string& rows) {
    return line_of(draft_of(R"({"page":1,"cards":[)" + rows + "]}"), "key");
  };
  EXPECT_THAT(key(R"({"name":"a","card_id":1},{"name":"b","card_id":2})"),
              HasSubstr("key: card_id"));
  EXPECT_THAT(
      key(R"({"id":1,"uuid":"00000000-0000-4000-8000-000000000001"},{"id":1,"uuid":"00000000-0000-4000-8000-000000000002"})"),
      HasSubstr("key: uuid"));
  EXPECT_THAT(key(R"({"name":"a"},{"name":"a"})"),
              AllOf(HasSubstr("key: name"), HasSubstr("a person must choose")));
}

TEST_F(Infer, SeesInWhichOrderTheRowsCame) {
  EXPECT_THAT(
      draft_of(
          R"({"page":1,"cards":[{"id":1,"made_at":"2026-02-10T09:00:00Z"},{"id":2,"made_at":"2026-02-09T09:00:00Z"}]})"),
      HasSubstr("# the rows came newest first by made_at (1 step); if the API takes dates here: "
                "cursor: made_at, and newest_first: made_at\n"));
}

TEST_F(Infer, SaysWhichMembersItCannotName) {
  const std::string draft = draft_of(R"({"page":1,"cards":[{"id":1,"Sent-At":"x"}]})");
  EXPECT_THAT(
      draft,
      HasSubstr("# Look: the rows have a member \"Sent-At\", which the notation cannot name.\n"));
}

TEST_F(Infer, NamesTheEndpointByTheFolderOfItsPages) {
  save("tests/data/loyalty_cards/page1.json", R"({"page":1,"cards":[{"id":1}]})");
  ASSERT_EQ(infer({at("tests/data/loyalty_cards/page1.json")}), 0);
  EXPECT_THAT(out_, HasSubstr("\n  loyalty_cards:"));
  EXPECT_THAT(out_, HasSubstr("record: LoyaltyCard\n"));
  EXPECT_THAT(out_, HasSubstr("/loyalty-cards.json"));
}

TEST_F(Infer, PrintsTheFactsOfTheDraft) {
  save(
      "page.json",
      R"({"page":1,"cards":[{"id":1,"name":null,"bag":[{"n":1.5}],"made_by":{"id":5,"name":"x","stars":1},"x":{}}]})");
  ASSERT_EQ(infer({at("page.json"), "--facts"}), 0);
  EXPECT_EQ(out_,
            "cards\t<collection_key>\tarray<object>\tno\tdefault\tcards\t\t\treal\n"
            "cards\tid\tinteger\tno\tdefault\t\t\t550001\treal\n"
            "cards\tname\tstring\tyes\tdefault\t\t\t\treal\n"
            "cards\tbag\tarray<object>\tunknown\tdefault\t\t\t\treal\n"
            "cards\tbag[].n\tnumber\tunknown\tdefault\t\t\t12.5\treal\n"
            "cards\tmade_by\tobject\tunknown\tdefault\t\t\t\treal\n"
            "cards\tmade_by.id\tstring\tno\tdefault\t\t\t\treal\n"
            "cards\tmade_by.name\tstring\tunknown\tdefault\t\t\t\treal\n"
            "cards\tmade_by.stars\tinteger\tunknown\tdefault\t\t\t\treal\n"
            "cards\tx\tobject\tunknown\tdefault\t\t\t\treal\n");
}

TEST_F(Infer, TellsTheListsOfARecordingApart) {
  save(
      "run.rec",
      recording(
          {{"/v1/shops.json?page=1", R"({"page":1,"shops":[{"id":"SHP1"}]})"},
           {"/v1/123456/cards.json?page=1&start_date=2026-01-01&fields=colour,size",
            R"({"page":1,"cards":[{"id":1,"made_at":"2026-02-10T09:00:00Z","colour":"red"},{"id":2,"made_at":"2026-02-11T09:00:00Z","colour":"red"}]})"},
           {"/v1/123456/cards.json?page=2&start_date=2026-01-01&fields=colour,size",
            R"({"page":2,"cards":[{"id":2,"made_at":"2026-02-11T09:00:00Z","colour":"red"},{"id":3,"made_at":"2026-02-12T09:00:00Z","colour":"red"}]})"},
           {"/v1/777777/cards.json?page=1&start_date=2026-01-01&fields=colour,size", "oops"},
           {"/v1/shops/5551/visits.json?shop_id=5", R"({"visits":[{"id":1,"x":1}]})"}}));
  ASSERT_EQ(infer({at("run.rec")}), 0) << complaints_;
  EXPECT_THAT(out_, HasSubstr("\n  shops:"));
  EXPECT_THAT(out_, HasSubstr("the schema has an endpoint of this name"));
  EXPECT_THAT(out_, HasSubstr("    path: /v1/{shop_id}/cards.json\n"));
  EXPECT_THAT(out_, HasSubstr("from 3 rows of 2 pages; 1 row came again and count once"));
  EXPECT_THAT(line_of(out_, "cursor"), HasSubstr("cursor: made_at"));
  EXPECT_THAT(line_of(out_, "colour"), HasSubstr("on_request: true"));
  EXPECT_THAT(out_, HasSubstr("    select: { parameter: fields }\n"));

  ASSERT_EQ(infer({at("run.rec"), "--path", "/v1/{shop_id}/cards.json", "--name", "cards"}), 0)
      << complaints_;
  EXPECT_EQ(join(load_schema(pasted(schema, out_), "pasted").mistakes.lines("pasted")), "");
  EXPECT_THAT(out_, Not(HasSubstr("visits")));

  ASSERT_EQ(infer({at("run.rec"), "--path", "/v1/shops/{shop_id}/visits.json"}), 0) << complaints_;
  EXPECT_EQ(join(load_schema(pasted(schema, out_), "pasted").mistakes.lines("pasted")), "");
  EXPECT_THAT(out_, HasSubstr("\n  visits:"));

  EXPECT_EQ(infer({at("run.rec"), "--path", "/v1/nothing.json"}), 2);
  EXPECT_EQ(infer({at("run.rec"), "--name", "cards"}), 2);
}

TEST_F(Infer, DeclaresAParameterNoPathHadBefore) {
  save("run.rec", recording({{"/v1/toys/5551/visits.json", R"({"visits":[{"id":1,"x":1}]})"},
                             {"/v1/toys/5552/visits.json", R"({"visits":[{"id":2,"x":1}]})"}}));
  ASSERT_EQ(infer({at("run.rec")}), 0) << complaints_;
  EXPECT_THAT(out_, HasSubstr("\napi:\n  parameters:\n    toy_id: toys\n"));
  EXPECT_THAT(out_, HasSubstr("    path: /v1/toys/{toy_id}/visits.json\n"));
  EXPECT_EQ(join(load_schema(pasted(schema, out_), "pasted").mistakes.lines("pasted")), "");
}

TEST_F(Infer, ReadsARecordingThatEndsEarlyAndRefusesOtherPackedFiles) {
  const std::string whole = recording({{"/v1/cards.json", R"({"cards":[{"id":1}]})"},
                                       {"/v1/cards.json", R"({"cards":[{"id":2}]})"}});
  save("cut.rec", whole.substr(0, whole.size() - 60));
  ASSERT_EQ(infer({at("cut.rec")}), 0) << complaints_;
  EXPECT_THAT(out_, HasSubstr("from 1 row of 1 page"));
  save("other.gz", packed("{\"cards\":[]}\n"));
  EXPECT_EQ(infer({at("other.gz")}), 2);
  EXPECT_THAT(complaints_, HasSubstr("is packed, but no recording"));
  save("broken.gz", "\x1f\x8b nonsense");
  EXPECT_EQ(infer({at("broken.gz")}), 2);
}

TEST_F(Infer, SaysHowToUseItWhenUsedWrongly) {
  EXPECT_EQ(infer({}), 2);
  EXPECT_THAT(complaints_, HasSubstr("infer wants at least one page"));
  EXPECT_EQ(infer({at("nowhere.json")}), 2);
  EXPECT_THAT(complaints_, HasSubstr("nowhere.json is empty or cannot be read"));
  EXPECT_EQ(infer({"--fast"}), 2);
  EXPECT_THAT(complaints_, HasSubstr("unknown option --fast"));
  save("schema.yaml", "format: 3\n");
  save("page.json", R"({"cards":[{"id":1}]})");
  EXPECT_EQ(infer({at("page.json")}), 1);
  EXPECT_THAT(complaints_, HasSubstr("schema.yaml:1:9: "));
}

}  // namespace
}  // namespace callrail::codegen
