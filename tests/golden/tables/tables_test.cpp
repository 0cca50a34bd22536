#include <callrail/api.hpp>
#include <callrail/stored_table.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace callrail {
namespace {

const Endpoint& toys() { return *api::description().find("toys"); }

std::string text_of(const std::string& file) {
  std::ifstream in{std::string{CALLRAIL_GOLDEN} + "/sql/" + file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(StoredTables, AreToldColumnByColumn) {
  const StoredTable& table = *toys().table;
  std::string told;
  for (const StoredColumn& c : table.columns) {
    told += std::string{c.name} + " " + std::string{sql_type(Dialect::postgresql, c.as)};
    told += " of " + std::string{toys().fields[c.from].name};
    if (c.member != StoredColumn::whole)
      told += "." + std::string{toys().fields[c.from].members[c.member].name};
    told += (c.required ? ", required" : "") + (c.was.empty() ? "" : ", was " + std::string{c.was});
    told += "\n";
  }
  EXPECT_EQ(told,
            "id text of id, required\n"
            "group text of group, required, was kind\n"
            "made timestamptz(3) of made, required\n"
            "price numeric of price\n"
            "count bigint of count\n"
            "sold boolean of sold\n"
            "maker jsonb of maker\n"
            "maker_id text of maker.id\n"
            "shop_id text of shop_id\n"
            "shop_name text of shop_name\n"
            "parts jsonb of parts\n");
}

TEST(StoredTables, KeepTheElementsOfListsByTheKeyOfTheirRow) {
  const StoredTable& table = *toys().table;
  ASSERT_EQ(table.children.size(), 1u);
  const ChildTable& parts = table.children[0];
  const Field& list = toys().fields[parts.field];
  EXPECT_EQ(list.name, "parts");
  ASSERT_EQ(parts.columns.size(), 3u);
  EXPECT_EQ(list.members[parts.columns[0].from].name, "shop_id");
  EXPECT_EQ(list.members[parts.columns[1].from].name, "weight");
  EXPECT_EQ(parts.columns[2].from, StoredColumn::whole);
  ASSERT_EQ(table.parent_keys.size(), toys().keys.size());
  EXPECT_EQ(table.parent_keys[1], "wooden_toy_group");
}

TEST(StoredTables, AreMadeByTheTextOfTheFiles) {
  for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql}) {
    const std::string folder = dialect == Dialect::sqlite ? "sqlite/" : "postgresql/";
    const StoredSql& sql = toys().table->sql(dialect);
    EXPECT_TRUE(text_of(folder + "toys.sql").find(sql.create) != std::string::npos);
    EXPECT_TRUE(text_of(folder + "toys.sql").ends_with(sql.comments));
    EXPECT_TRUE(text_of(folder + "views.sql").find(sql.view) != std::string::npos);
    EXPECT_FALSE(sql.create.empty() || sql.view.empty());
  }
}

TEST(StoredTables, HaveTheBoundsOfNumbersBesideThem) {
  const Field& price = toys().fields[toys().find("price")];
  const Field& count = toys().fields[toys().find("count")];
  EXPECT_EQ(price.min, 0);
  EXPECT_EQ(price.max, 99.5);
  EXPECT_LT(count.min, -1e300);
  EXPECT_GT(count.max, 1e300);
}

TEST(SqlNames, AreQuotedOnlyWhereTheyAreReserved) {
  EXPECT_EQ(sql_name("start_time"), "start_time");
  EXPECT_EQ(sql_name("user"), "\"user\"");
  EXPECT_EQ(sql_text("it's"), "'it''s'");
  EXPECT_TRUE(std::ranges::is_sorted(reserved_sql_words));
}

}  // namespace
}  // namespace callrail
