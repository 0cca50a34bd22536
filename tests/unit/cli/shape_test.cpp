#include "shape.hpp"

#include "toys.hpp"

#include <callrail/sketch/type_text.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace callrail::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void add(Shape& shape, const std::vector<std::string>& rows, const Drift& drift = {}) {
  const Body page = toys_page(rows);
  shape.add(page.text(), drift);
}

Drift unknown(const std::vector<std::string>& paths) {
  Drift drift;
  for (const std::string& path : paths) Drift::note(drift.unknown_fields, path, "1");
  return drift;
}

std::vector<std::string> lines(const Shape& shape) { return remark_lines("toys", shape.remarks()); }

TEST(NullSince, NamesTheDayOfTheLastValueWhateverTheOrderOfTheRows) {
  Shape shape{toys()};
  add(shape, times(150, toy("2026-05-09", R"("city":null,"price":1)")));
  add(shape, times(20, toy("2026-03-01", R"("city":"Atlanta","price":1)")));
  add(shape, times(10, toy("2026-05-02", R"("city":"Atlanta","price":1)")));
  add(shape, times(5, toy("2026-05-02", R"("city":null,"price":1)")));
  add(shape, times(62, toy("2026-07-01", R"("city":null,"price":1)")));
  EXPECT_THAT(lines(shape),
              ElementsAre("toys: field \"city\" is null in all rows since about 2026-05-02, 212 of "
                          "them looked at, and was not before"));
}

TEST(NullSince, IsNotSaidOfAFieldThatWasNullAllAlong) {
  Shape shape{toys()};
  add(shape, times(500, toy("2026-05-09", R"("city":null)")));
  add(shape, times(500, toy("2026-03-01", R"("city":null)")));
  EXPECT_THAT(lines(shape), IsEmpty());
}

TEST(NullSince, IsNotSaidAfterAFewRows) {
  Shape shape{toys()};
  add(shape, times(100, toy("2026-03-01", R"("city":"Atlanta")")));
  add(shape, times(199, toy("2026-05-09", R"("city":null)")));
  EXPECT_THAT(lines(shape), IsEmpty());
  add(shape, times(1, toy("2026-05-09", R"("city":null)")));
  EXPECT_EQ(lines(shape).size(), 1u);
}

TEST(NullSince, IsNotSaidOfAFieldThatSeldomHasAValue) {
  Shape shape{toys()};
  add(shape, times(20, toy("2026-03-01", R"("city":"Atlanta")")));
  add(shape, times(980, toy("2026-03-01", R"("city":null)")));
  add(shape, times(300, toy("2026-05-09", R"("city":null)")));  // six values would have been usual
  EXPECT_THAT(lines(shape), IsEmpty());
}

TEST(NullSince, IsNotSaidOfAFieldThatIsMissing) {
  Shape shape{toys()};
  add(shape, times(100, toy("2026-03-01", R"("city":"Atlanta")")));
  add(shape, times(500, toy("2026-05-09", R"("price":1)")));
  EXPECT_THAT(lines(shape), IsEmpty());
}

TEST(NullSince, IsNotSaidWhereRowsHaveNoTime) {
  Shape shape{toys()};
  add(shape, times(100, R"({"city":"Atlanta"})"));
  add(shape, times(500, R"({"made_at":null,"city":null})"));
  EXPECT_THAT(lines(shape), IsEmpty());
}

TEST(IdForm, IsToldWhereTheExamplesHaveAnother) {
  Shape shape{toys()};
  add(shape,
      times(
          3,
          R"({"id":"TOY019c2013236d7b1fb0c881bd94d82691","shop_id":"COM72820cb7990149839e51985277317ccc"})"));
  add(shape, times(2, R"({"id":12,"shop_id":9900101})"));
  EXPECT_THAT(
      lines(shape),
      ElementsAre(
          "toys: id \"id\" is number in 2 of 5 rows looked at, and letters and digits in "
          "the schema's examples",
          "toys: id \"shop_id\" is COM + 32 hex in 3 of 5 rows looked at, and number in the "
          "schema's examples"));
}

TEST(IdForm, TellsANumberFromDigitsInQuotes) {
  Shape shape{toys()};
  add(shape, {R"({"id":"TOY12345678","shop_id":"9900101"})"});
  EXPECT_THAT(lines(shape), ElementsAre("toys: id \"shop_id\" is digits in 1 of 1 rows looked at, "
                                        "and number in the schema's examples"));
}

TEST(IdForm, IsNotToldOfAnIdWhoseExamplesHaveBoth) {
  Shape shape{toys()};
  add(shape, {R"({"any_id":1})", R"({"any_id":"1"})",
              R"({"any_id":"COM72820cb7990149839e51985277317ccc"})", R"({"any_id":null})"});
  EXPECT_THAT(lines(shape), IsEmpty());
}

TEST(IdForm, IsToldWithoutExamplesIfThereAreSeveral) {
  Shape shape{toys()};
  add(shape, times(4, R"({"free_id":1})"));
  EXPECT_THAT(lines(shape), IsEmpty());
  add(shape, {R"({"free_id":"COM72820cb7990149839e51985277317ccc"})"});
  EXPECT_THAT(lines(shape),
              ElementsAre("toys: id \"free_id\" comes in several forms: number, COM + 32 hex"));
}

TEST(AShape, KnowsWhatStandsAtAPlaceThatDiffers) {
  Shape shape{toys()};
  add(shape, {R"({"new":"before","price":1})"});
  Drift drift = unknown({"new", "maker.marks[].colour"});
  Drift::note(drift.changed_types, "price", "null");
  Drift::note(drift.unknown_values, "state=odd", "odd");
  add(shape,
      {R"({"new":{"a":1,"list":[{"b":"x"},{"b":null}]},"price":null,"plain":1})",
       R"({"new":null,"maker":{"marks":[{"colour":1.5}]},"state":"odd"})"},
      drift);
  add(shape, {R"({"new":[],"price":"2"})"});  // a page that does not differ is one more
  const auto type = [&](std::string_view path) {
    return shape.at(path) == nullptr ? "nothing" : sketch::type_text(*shape.at(path));
  };
  EXPECT_EQ(type("new"), "object … or list<any> or null");
  EXPECT_EQ(type("new.list[].b"), "text or null");
  EXPECT_EQ(type("maker.marks[].colour"), "number");
  EXPECT_EQ(type("price"), "text or null");
  EXPECT_EQ(type("state"), "text");
  for (const char* const path : {"new.list[].c", "new.a[]", "plain", "never", ""})
    EXPECT_EQ(type(path), "nothing") << path;
}

TEST(AShape, StaysSmallWhateverComes) {
  Shape shape{toys()};
  std::vector<std::string> rows;
  Drift drift;
  for (int i = 0; i < 3000; ++i) {
    rows.push_back(fmt::format(R"({{"made_at":"{:04}-01-01T00:00:00Z","n{}":1,"free_id":"A{}"}})",
                               1000 + i, i,
                               std::string(8 + static_cast<std::size_t>(i % 50), 'B')));
    drift.unknown_fields[fmt::format("n{}", i)] = {1, ""};
  }
  rows.push_back(R"({"free_id":1})");
  add(shape, rows, drift);
  EXPECT_NE(shape.at("n0"), nullptr);
  EXPECT_EQ(shape.at("n2999"), nullptr);
  EXPECT_THAT(shape.remarks().id_forms, IsEmpty());  // the number came behind the eighth form
}

TEST(AShape, TakesWhatItCanFromPagesThatAreOdd) {
  Shape shape{toys()};
  add(shape,
      {toy("2026-03-01", R"("city":"\ud83d","price":123456789012345678901234567890)"),
       R"({"shop_id":"7"})", "1", R"({"shop_id":"7"})"},
      unknown({"city", "price"}));
  shape.add(Body{std::string_view{R"({"others":[]})"}}.text(), {});
  EXPECT_THAT(lines(shape), ElementsAre("toys: id \"shop_id\" is digits in 1 of 1 rows looked at, "
                                        "and number in the schema's examples"));
}

}  // namespace
}  // namespace callrail::cli
