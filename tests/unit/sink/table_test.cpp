#include "rows_in_tests.hpp"
#include "shapes_in_tests.hpp"

#include <gmock/gmock.h>

namespace callrail {
namespace {

using namespace test;
using testing::ElementsAre;

std::vector<std::string> names(const Table& table) {
  std::vector<std::string> out;
  for (const Column& column : table.columns) out.push_back(column.name);
  return out;
}

Selection select(std::initializer_list<std::size_t> fields) {
  Selection s;
  for (const std::size_t f : fields) s.add(f);
  return s;
}

TEST(Table, HasTheSelectedFieldsInTheOrderOfTheSelection) {
  const Table table = table_of(visits, select({5, 0, 1}), Nested::json);
  EXPECT_THAT(names(table), ElementsAre("free", "id", "steps"));
  EXPECT_EQ(table.name, "visits");
  EXPECT_EQ(table.columns[0].field, 5u);
  EXPECT_EQ(table.columns[0].facts, &visit_fields[5]);
  EXPECT_TRUE(table.columns[0].path.empty());
}

TEST(Table, KnowsTheKeyEvenIfItIsNotSelected) {
  EXPECT_EQ(table_of(visits, select({1}), Nested::json).key, 0u);
  EXPECT_EQ(
      table_of(Endpoint{.name = "keyless", .fields = visit_fields}, select({1}), Nested::json).key,
      Endpoint::npos);
}

TEST(Table, EndsWithWhatTheSchemaDoesNotKnowIfThatIsKept) {
  const Table table = table_of(visits, select({5, 0}), Nested::flatten, true);
  EXPECT_THAT(names(table), ElementsAre("free", "id", "_extra"));
  EXPECT_EQ(table.columns[2].field, visit_fields.size());
  EXPECT_FALSE(make_text_format({})->lines(table)) << "its cells have to be asked for";
}

TEST(FlattenedTable, HasAColumnForEveryMemberOfAnObject) {
  EXPECT_THAT(names(table_of(visits, select({1, 0}), Nested::flatten)),
              ElementsAre("steps_first_source", "steps_first_clicks", "steps_first_params",
                          "steps_first_other", "steps_last_source", "steps_last_clicks",
                          "steps_last_params", "steps_last_other", "steps_other", "id"));
}

TEST(FlattenedTable, SaysWhereItsColumnsComeFrom) {
  const Table table = table_of(visits, select({1}), Nested::flatten);
  EXPECT_THAT(table.columns[5].path, ElementsAre("last", "clicks"));
  EXPECT_EQ(table.columns[5].facts, &touch[1]);
  EXPECT_FALSE(table.columns[5].rest);
  EXPECT_THAT(table.columns[7].path, ElementsAre("last"));
  EXPECT_EQ(table.columns[7].facts, &steps[1]);
  EXPECT_TRUE(table.columns[7].rest);
  EXPECT_TRUE(table.columns[8].path.empty());
  EXPECT_TRUE(table.columns[8].rest);
  for (const Column& column : table.columns) EXPECT_EQ(column.field, 1u);
}

TEST(FlattenedTable, KeepsListsMapsAndObjectsOfSeveralShapesInOneCell) {
  EXPECT_THAT(names(table_of(visits, select({3, 4, 5}), Nested::flatten)),
              ElementsAre("tags", "either", "free"));
}

constexpr std::array<Field, 3> inner{
    Field{.name = "b", .type = Type::text},
    Field{.name = "other", .type = Type::text},
    Field{.name = "b_c", .type = Type::text},
};
constexpr std::array<Field, 1> deeper{Field{.name = "c", .type = Type::text}};
constexpr std::array<Field, 1> outer{
    Field{.name = "b", .type = Type::object, .accepts = accept_object, .members = deeper}};
constexpr std::array<Field, 5> clashing_fields{
    Field{.name = "a", .type = Type::object, .accepts = accept_object, .members = inner},
    Field{.name = "a_b", .type = Type::object, .accepts = accept_object, .members = deeper},
    Field{.name = "a_b_c", .type = Type::text},
    Field{.name = "a_b_c_2", .type = Type::text},
    Field{.name = "x", .type = Type::object, .accepts = accept_object, .members = outer},
};
constexpr Endpoint clashing{.name = "clashing", .fields = clashing_fields};

TEST(FlattenedTable, GivesEveryColumnANameOfItsOwn) {
  EXPECT_THAT(names(table_of(clashing, all_of(clashing), Nested::flatten)),
              ElementsAre("a_b_2", "a_other", "a_b_c_3", "a_other_2", "a_b_c_4", "a_b_other",
                          "a_b_c", "a_b_c_2", "x_b_c", "x_b_other", "x_other"));
}

TEST(FlattenedTable, NamesAColumnAlikeWhateverElseIsSelected) {
  EXPECT_THAT(names(table_of(clashing, select({1}), Nested::flatten)),
              ElementsAre("a_b_c_4", "a_b_other"));
  EXPECT_THAT(
      names(table_of(clashing, select({4, 0}), Nested::flatten)),
      ElementsAre("x_b_c", "x_b_other", "x_other", "a_b_2", "a_other", "a_b_c_3", "a_other_2"));
}

}  // namespace
}  // namespace callrail
