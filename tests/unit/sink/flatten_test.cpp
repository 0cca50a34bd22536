#include "rows_in_tests.hpp"
#include "shapes_in_tests.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <random>

namespace callrail {
namespace {

using namespace test;
using Json = nlohmann::json;

constexpr TextOptions jsonl{.format = FileFormat::jsonl};
const Table table = table_of(visits, all_of(visits), Nested::flatten);

/// The line of a row with these two objects, without what is always the same.
std::string line(const Cell& steps_cell, const Cell& config = absent()) {
  const OwnedRows rows{{number("1"), steps_cell, config, absent(), absent(), absent()}};
  const std::string file = spell(table, rows, jsonl);
  const std::string head = "{\"id\":1";
  EXPECT_TRUE(file.starts_with(head)) << file;
  std::string found = file.substr(head.size(), file.size() - head.size() - 2);
  if (found.starts_with(',')) found.erase(0, 1);
  return found;
}

TEST(Flattening, GivesEveryMemberItsColumn) {
  EXPECT_EQ(line(json(R"({"first":{"source":"Google Ads","clicks":12,"params":{"q":"x"}},)"
                      R"("last":{"source":null,"clicks":0,"params":{}}})")),
            R"("steps_first_source":"Google Ads","steps_first_clicks":12,)"
            R"("steps_first_params":{"q":"x"},"steps_last_source":null,"steps_last_clicks":0,)"
            R"("steps_last_params":{})");
}

TEST(Flattening, FindsMembersInAnyOrder) {
  EXPECT_EQ(line(json(R"({"last":{"clicks":2,"source":"b"},"first":{"clicks":1,"source":"a"}})")),
            R"("steps_first_source":"a","steps_first_clicks":1,)"
            R"("steps_last_source":"b","steps_last_clicks":2)");
}

TEST(Flattening, UnescapesTextAndNames) {
  EXPECT_EQ(line(json(R"({"first":{"\u0073ource":"A \u0026 B","clicks":1}})")),
            R"("steps_first_source":"A & B","steps_first_clicks":1)");
  EXPECT_EQ(line(json(R"({"first":{"source":"\ud800"}})")), R"("steps_first_source":"\ud800")");
}

TEST(Flattening, KeepsValuesOfASurprisingType) {
  EXPECT_EQ(
      line(json(R"({"first":{"source":{"a":1},"clicks":"12","params":[true]}})")),
      R"("steps_first_source":{"a":1},"steps_first_clicks":"12","steps_first_params":[true])");
}

TEST(Flattening, KeepsMembersNobodyDescribedInTheColumnOfTheRest) {
  EXPECT_EQ(
      line(absent(), json(R"({"mode":"on","retries":3,"urls":["a"],"k\"ey":{"x":[]}})")),
      R"("config_mode":"on","config_urls":["a"],"config_other":{"retries":3,"k\"ey":{"x":[]}})");
  EXPECT_EQ(
      line(json(R"({"first":{"new":1,"source":"a"},"newer":{"b":2}})")),
      R"("steps_first_source":"a","steps_first_other":{"new":1},"steps_other":{"newer":{"b":2}})");
}

TEST(Flattening, KeepsTheSecondOfTwoMembersOfOneName) {
  EXPECT_EQ(line(json(R"({"first":{"clicks":1,"clicks":2,"clicks":3},"first":{"clicks":4}})")),
            R"("steps_first_clicks":1,"steps_first_other":{"clicks":2,"clicks":3},)"
            R"("steps_other":{"first":{"clicks":4}})");
}

TEST(Flattening, TellsAbsentNullAndEmptyObjectsApart) {
  EXPECT_EQ(line(absent()), "");
  EXPECT_EQ(line(null()), R"("steps_other":null)");
  EXPECT_EQ(line(json("{}")), R"("steps_other":{})");
  EXPECT_EQ(line(json(R"({"first":null,"last":{}})")),
            R"("steps_first_other":null,"steps_last_other":{})");
}

TEST(Flattening, KeepsWhatCameInsteadOfAnObject) {
  EXPECT_EQ(line(text("say \"hi\"\n")), R"("steps_other":"say \"hi\"\n")");
  EXPECT_EQ(line(number("12.50")), R"("steps_other":12.50)");
  EXPECT_EQ(line(boolean("true")), R"("steps_other":true)");
  EXPECT_EQ(line(json("[1,{}]")), R"("steps_other":[1,{}])");
  EXPECT_EQ(line(json(R"("\ud800")")), R"("steps_other":"\ud800")");
  EXPECT_EQ(line(json(R"({"first":"a\u0041","last":[1]})")),
            R"("steps_first_other":"a\u0041","steps_last_other":[1])");
  EXPECT_EQ(line(json(R"({"first":7,"last":false})")),
            R"("steps_first_other":7,"steps_last_other":false)");
}

TEST(Flattening, KeepsTextThatLooksLikeAnObjectApartFromOne) {
  EXPECT_EQ(line(text("{}")), R"("steps_other":"{}")");
}

TEST(Flattening, KeepsJsonItCannotReadWhole) {
  for (const Text broken : {R"({"first":{"clicks":1})", R"({"first" :{}})", "{\"first\":", "{,}",
                            R"({"first":{}}x)", R"({"first":{"new":1},"last":{"clicks"}})"})
    EXPECT_EQ(line(json(broken)), "\"steps_other\":" + std::string{broken});
}

TEST(Flattening, ForgetsTheRowBefore) {
  const OwnedRows rows{
      {number("1"), json(R"({"first":{"clicks":1,"n":2}})"), absent(), absent(), absent(),
       absent()},
      {number("2"), json(R"({"last":{"clicks":3}})"), absent(), absent(), absent(), absent()},
      {number("3"), absent(), absent(), absent(), absent(), absent()},
  };
  EXPECT_EQ(spell(table, rows, jsonl),
            "{\"id\":1,\"steps_first_clicks\":1,\"steps_first_other\":{\"n\":2}}\n"
            "{\"id\":2,\"steps_last_clicks\":3}\n"
            "{\"id\":3}\n");
}

TEST(Flattening, WorksInEveryFormat) {
  Selection steps_only;
  steps_only.add(1);
  const Table small = table_of(visits, steps_only, Nested::flatten);
  const OwnedRows rows{{absent(), json(R"({"first":{"source":"a,b","clicks":1},"n":{"x":1}})"),
                        absent(), absent(), absent(), absent()}};
  EXPECT_EQ(spell(small, rows, {}),
            "steps_first_source,steps_first_clicks,steps_first_params,steps_first_other,"
            "steps_last_source,steps_last_clicks,steps_last_params,steps_last_other,steps_other\r\n"
            "\"a,b\",1,,,,,,,\"{\"\"n\"\":{\"\"x\"\":1}}\"\r\n");
  EXPECT_NE(spell(small, rows, {.format = FileFormat::xml})
                .find("<row><steps_first_source>a,b</steps_first_source>"
                      "<steps_first_clicks>1</steps_first_clicks>"
                      "<steps_other type=\"json\">{\"n\":{\"x\":1}}</steps_other></row>"),
            std::string::npos);
}

// Whatever is sent can be put together again from the columns.

class RandomJson {
 public:
  explicit RandomJson(std::uint64_t seed) : random_{seed} {}

  Json object(std::span<const Field> members) {
    Json out = Json::object();
    for (const Field& member : members)
      if (one_in(3) == false) out[std::string{member.name}] = value(member);
    while (one_in(3)) out[pick<std::string>({"new", "other", "a\"b", "ü", ""})] = anything(2);
    return out;
  }
  Json value(const Field& facts) {
    if (one_in(8)) return anything(2);
    return facts.type == Type::object ? object(facts.members) : anything(1);
  }

 private:
  Json anything(int depth) {
    switch (random_() % (depth > 0 ? 7 : 5)) {
      case 0: return nullptr;
      case 1: return one_in(2);
      case 2: return static_cast<int>(random_() % 1000);
      case 3: return "";
      case 4: return pick<std::string>({"x", "a\"b\\c\n", "🎉", "{}", "null"});
      case 5: return Json::array({anything(depth - 1), anything(depth - 1)});
      default: return Json{{"k", anything(depth - 1)}, {"}", anything(depth - 1)}};
    }
  }
  bool one_in(unsigned n) { return random_() % n == 0; }
  template <class T>
  T pick(std::initializer_list<T> list) {
    return list.begin()[random_() % list.size()];
  }
  std::mt19937_64 random_;
};

Json put_together(const Json& row, std::size_t field) {
  Json whole(Json::value_t::discarded);
  for (const Column& column : table.columns) {
    if (column.field != field || !row.contains(column.name)) continue;
    const Json& cell = row[column.name];
    Json* at = &whole;
    for (const Text step : column.path) {
      if (!at->is_object()) *at = Json::object();
      at = &(*at)[std::string{step}];
    }
    if (column.rest && cell.is_object()) {
      if (!at->is_object()) *at = Json::object();
      at->update(cell);
    } else {
      *at = cell;
    }
  }
  return whole;
}

TEST(Flattening, LosesNothing) {
  RandomJson random{20261121};
  for (int i = 0; i < 20000; ++i) {
    const Json sent = random.object(steps);
    const std::string sent_text = sent.dump(-1, ' ', i % 2 == 0);
    const Json config = random.object(settings);
    const std::string config_text = config.dump();
    const OwnedRows rows{
        {number("1"), json(sent_text), json(config_text), absent(), absent(), absent()}};
    const Json row = Json::parse(spell(table, rows, jsonl));
    ASSERT_EQ(put_together(row, 1), sent) << row;
    ASSERT_EQ(put_together(row, 2), config) << row;
  }
}

}  // namespace
}  // namespace callrail
