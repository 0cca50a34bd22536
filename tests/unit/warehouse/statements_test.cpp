#include "toy_api.hpp"

#include <callrail/warehouse.hpp>

#include <gtest/gtest.h>

#include <statements.hpp>

namespace callrail {
namespace {

TablePlan plan_of(std::initializer_list<std::size_t> fields) {
  Selection some;
  for (const std::size_t field : fields) some.add(field);
  const Table table = table_of(test::toys, some, Nested::json, true);
  return TablePlan::of(test::toys, test::toys_table, &table);
}

/// name, order and maker; with the key and the cursor, which are always there.
const TablePlan some = plan_of({0, 9, 7});

TEST(WarehouseStatements, WriteARowAtATimeInSqlite) {
  const RowStatements s = row_statements(some, Dialect::sqlite);
  EXPECT_EQ(s.look_up,
            "SELECT _row_hash = $1, _removed_at IS NOT NULL, length(_row_hash) <> 16 AND "
            "substr(_row_hash, 1, 8) <> substr($1, 1, 8), length(_row_hash) = 0 FROM toys WHERE "
            "_account_id = $2 AND id = $3");
  EXPECT_EQ(s.compare,
            "SELECT name IS $1 AND made_at IS $2 AND maker IS $3 AND maker_id IS $4 AND \"order\" "
            "IS $5, _extra FROM toys WHERE _account_id = $10 AND id = $11");
  EXPECT_EQ(s.insert,
            "INSERT INTO toys (name, made_at, maker, maker_id, \"order\", _extra, _updated_at, "
            "_run_id, _row_hash, _account_id, id, _first_seen_at) VALUES ($1, $2, $3, $4, $5, $6, "
            "$7, $8, $9, $10, $11, $7)");
  EXPECT_EQ(s.update,
            "UPDATE toys SET name = $1, made_at = $2, maker = $3, maker_id = $4, \"order\" = $5, "
            "_extra = $6, _updated_at = $7, _run_id = $8, _row_hash = $9, _removed_at = NULL, "
            "_removed_reason = NULL WHERE _account_id = $10 AND id = $11");
  EXPECT_EQ(s.width, 11);
  EXPECT_EQ(s.hash, 8);
}

TEST(WarehouseStatements, WriteABatchAtATimeInPostgresql) {
  const RowStatements s = row_statements(some, Dialect::postgresql);
  EXPECT_EQ(s.look_up_many,
            "SELECT k.n, t._row_hash = k._row_hash, t._removed_at IS NOT NULL, "
            "length(t._row_hash) <> 16 AND substr(t._row_hash, 1, 8) <> substr(k._row_hash, 1, 8), "
            "length(t._row_hash) = 0 FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH "
            "ORDINALITY AS k(_account_id, "
            "id, _row_hash, n) JOIN toys AS t ON t._account_id = k._account_id AND t.id = k.id");
  EXPECT_EQ(s.compare_many,
            "SELECT k._n, t.name IS NOT DISTINCT FROM k.name AND t.made_at IS NOT DISTINCT FROM "
            "k.made_at AND t.maker IS NOT DISTINCT FROM k.maker AND t.maker_id IS NOT DISTINCT "
            "FROM k.maker_id AND t.\"order\" IS NOT DISTINCT FROM k.\"order\", t._extra FROM "
            "unnest($1::text[], $2::timestamptz(3)[], $3::jsonb[], $4::text[], $5::jsonb[], "
            "$6::text[], $7::text[]) WITH ORDINALITY AS k(name, made_at, maker, maker_id, "
            "\"order\", _account_id, id, _n) JOIN toys AS t ON t._account_id = k._account_id AND "
            "t.id = k.id");
  EXPECT_EQ(s.stage,
            "CREATE TEMPORARY TABLE IF NOT EXISTS _stage_toys ON COMMIT DELETE ROWS AS SELECT 0 AS "
            "_n, name, made_at, maker, maker_id, \"order\", _extra, _updated_at, _run_id, "
            "_row_hash, _account_id, id FROM toys WHERE false");
  EXPECT_EQ(s.merge,
            "INSERT INTO toys AS t (name, made_at, maker, maker_id, \"order\", _extra, "
            "_updated_at, _run_id, _row_hash, _account_id, id, _first_seen_at) SELECT s.name, "
            "s.made_at, s.maker, s.maker_id, s.\"order\", s._extra, s._updated_at, s._run_id, "
            "s._row_hash, s._account_id, s.id, s._updated_at FROM _stage_toys AS s WHERE s._n "
            "BETWEEN $1 AND $2 ON CONFLICT (_account_id, id) DO UPDATE SET name = excluded.name, "
            "made_at = excluded.made_at, maker = excluded.maker, maker_id = excluded.maker_id, "
            "\"order\" = excluded.\"order\", _extra = excluded._extra, _updated_at = "
            "excluded._updated_at, _run_id = excluded._run_id, _row_hash = excluded._row_hash, "
            "_removed_at = NULL, _removed_reason = NULL");
}

TEST(WarehouseStatements, CompareWholeRowsWithAllOfThem) {
  const TablePlan all = TablePlan::of(test::labels, test::labels_table, nullptr);
  EXPECT_EQ(row_statements(all, Dialect::sqlite).look_up,
            "SELECT _row_hash = $1, _removed_at IS NOT NULL, length(_row_hash) <> 16, "
            "length(_row_hash) = 0 FROM labels WHERE _account_id = $2 AND id = $3");
  EXPECT_EQ(row_statements(all, Dialect::sqlite).compare,
            "SELECT name IS $1 AND _extra IS $2, _extra FROM labels WHERE _account_id = $6 AND id "
            "= $7");
}

TEST(WarehouseStatements, ReplaceTheChildrenOfARow) {
  const ChildTable& marks = test::toy_children[0];
  const ChildStatements lite = child_statements(some, marks, Dialect::sqlite);
  EXPECT_EQ(lite.remove, "DELETE FROM toy_marks WHERE _account_id = $1 AND toy_id = $2");
  EXPECT_EQ(lite.columns, (std::vector<std::string>{"_account_id", "toy_id", "_n", "id", "word"}));
  EXPECT_EQ(child_statements(some, marks, Dialect::postgresql).remove_many,
            "DELETE FROM toy_marks WHERE ctid = ANY (ARRAY(SELECT old.ctid FROM unnest($1::text[], "
            "$2::text[]) WITH ORDINALITY AS k(_account_id, id, n), LATERAL (SELECT t.ctid FROM "
            "toy_marks AS t WHERE t._account_id = k._account_id AND t.toy_id = k.id ORDER BY t._n) "
            "AS old))");
}

TEST(WarehouseStatements, AskWhetherListsAreTheSame) {
  EXPECT_EQ(row_statements(plan_of({0, 8}), Dialect::sqlite).same_lists,
            "SELECT marks IS $1 FROM toys WHERE _account_id = $2 AND id = $3");
  EXPECT_EQ(row_statements(some, Dialect::sqlite).same_lists, "");
}

TEST(WarehouseStatements, LookForRowsOfOneListAndOneWindow) {
  const ListValues list = values_of(test::toys, {{"account_id", "ACC1"}, {"shelf_id", "S1"}});
  const RemovalStatements s = removal_statements(some, list, true);
  EXPECT_EQ(s.listed,
            "SELECT _account_id, id FROM toys WHERE _removed_at IS NULL AND _account_id = $1 AND "
            "shelf_id = $2 AND made_at > $3 AND made_at < $4");
  EXPECT_EQ(s.mark,
            "UPDATE toys SET _removed_at = $1, _removed_reason = 'not_listed', _run_id = $2 WHERE "
            "_account_id = $3 AND id = $4");
}

TEST(WarehouseStatements, KnowAListThatSomethingElseNarrows) {
  EXPECT_FALSE(values_of(test::toys, {{"account_id", "ACC1"}, {"shelf_id", "S1"}}).narrowed);
  EXPECT_TRUE(values_of(test::toys, {{"account_id", "ACC1"}, {"colour", "red"}}).narrowed);
  const Scope scope{{"account_id", "ACC1"}, {"shelf_id", "S1"}, {"colour", "red"}};
  EXPECT_EQ(name_of(test::toys, scope, ""), "ACC1 S1 colour=red");
  EXPECT_EQ(name_of(test::toys, scope, "fields name"), "ACC1 S1 colour=red fields name");
}

TEST(WarehouseStatements, NameTheFieldsThatAreNotRead) {
  const Endpoint& toys = test::toys;
  Selection read = Selection::everything(toys);
  EXPECT_EQ(narrowing(toys, read), "");
  // The key and the cursor are read all the same.
  read.remove(toys.find("id"));
  read.remove(toys.find(toys.dates.cursor));
  EXPECT_EQ(narrowing(toys, read), "");
  read.remove(toys.find("name"));
  EXPECT_EQ(narrowing(toys, read), "without name");
  Selection few;
  few.add(toys.find("name"));
  EXPECT_EQ(narrowing(toys, few), "fields name");
}

}  // namespace
}  // namespace callrail
