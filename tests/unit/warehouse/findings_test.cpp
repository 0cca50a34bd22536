#include "warehouse_fixture.hpp"

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Findings : public Warehouses {
 protected:
  static ToyRows one(ToyRows::Named row) { return {toys, {std::move(row)}}; }
};
INSTANTIATE_TEST_SUITE_P(Both, Findings, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Findings, KeepRowsThatCannotBeStored) {
  ToyRows rows{toys, {toy("T1"), toy("T2", "Kite", "yesterday")}};
  rows.add({{"name", text("No key")}, {"made_at", text("2026-03-09T10:00:00Z")}});
  auto negative = toy("T3");
  negative["seconds"] = number("-5");
  negative["_extra"] = json(R"({"new":1})");
  rows.add(negative);
  auto null_key = toy("T4");
  null_key["id"] = Cell::null();
  rows.add(null_key);
  EXPECT_EQ(run(rows), "1 created, 4 rejected");
  EXPECT_THAT(
      rows_of("SELECT endpoint, _account_id, run_id, reason, raw FROM rejects ORDER BY reason"),
      testing::UnorderedElementsAre(
          R"(toys|ACC1|1|made_at is not an instant|{"name":"Kite","id":"T2","made_at":"yesterday"})",
          R"(toys|ACC1|1|id is missing|{"name":"No key","made_at":"2026-03-09T10:00:00Z"})",
          R"(toys|ACC1|1|seconds is out of range: -5|{"name":"Kite","id":"T3","made_at":"2026-03-09T10:00:00Z","seconds":-5,"_extra":{"new":1}})",
          R"(toys|ACC1|1|id is null|{"name":"Kite","id":null,"made_at":"2026-03-09T10:00:00Z"})"));
}

TEST_P(Findings, StoreTheSameRejectOnce) {
  const auto bad = one(toy("T2", "Kite", "yesterday"));
  EXPECT_EQ(run(bad), "1 rejected");
  EXPECT_EQ(run(bad), "1 rejected");
  EXPECT_EQ(run(one(toy("T2", "Ball", "yesterday"))), "1 rejected");
  EXPECT_THAT(rows_of("SELECT run_id FROM rejects ORDER BY run_id"), ElementsAre("1", "3"));
  ASSERT_TRUE(db->run("UPDATE rejects SET _print = ''"));  // of an older program
  EXPECT_EQ(run(bad), "1 rejected");
  EXPECT_THAT(rows_of("SELECT run_id FROM rejects ORDER BY run_id"), ElementsAre("1", "3"));
}

TEST_P(Findings, KeepTheRowBeforeOneThatIsRejected) {
  run(one(toy("T1")));
  EXPECT_EQ(run(one(toy("T1", "Ball", "yesterday"))), "1 rejected");
  EXPECT_THAT(rows_of("SELECT id, name FROM toys WHERE _removed_at IS NULL"),
              ElementsAre("T1|Kite"));
}

TEST_P(Findings, NoteWhatLooksOddAndStoreTheRow) {
  auto row = toy("T1");
  row["colour"] = text("pink");
  row["phone"] = text("call me");
  EXPECT_EQ(run(one(row)), "1 created, 2 warnings");
  EXPECT_THAT(
      rows_of("SELECT run_id, endpoint, _account_id, key, field, rule, value FROM "
              "quality_issues ORDER BY field"),
      ElementsAre("1|toys|ACC1|T1|colour|word|pink", "1|toys|ACC1|T1|phone|format|call me"));
  row["phone"] = text("+4930123456");  // of any country
  row["colour"] = text("red");
  auto other = toy("T2");
  other["colour"] = text("blue");
  EXPECT_EQ(run(ToyRows{toys, {row, other}}), "1 created, 1 updated, 1 warnings");
  EXPECT_THAT(rows_of("SELECT key, field FROM quality_issues"), ElementsAre("T2|colour"));
  EXPECT_EQ(run(ToyRows{toys, {row, other}}), "2 unchanged");
  EXPECT_THAT(rows_of("SELECT key, field FROM quality_issues"), ElementsAre("T2|colour"));
}

TEST_P(Findings, RejectRowsWhereTheUserIsStrict) {
  WarehouseOptions strict;
  strict.strict = true;
  auto odd = toy("T1");
  odd["colour"] = text("pink");
  auto misfit = toy("T2");
  misfit["count"] = text("many");
  EXPECT_EQ(run(ToyRows{toys, {odd, misfit, toy("T3")}}, days("2026-03-01", "2026-03-10"), strict),
            "1 created, 2 rejected");
  EXPECT_THAT(rows_of("SELECT reason FROM rejects ORDER BY reason"),
              ElementsAre("colour is a word the schema does not know: pink",
                          "count is of another type: many"));
}

TEST_P(Findings, AreNotLookedForWhereNobodyWantsThem) {
  WarehouseOptions loose;
  loose.checks = false;
  auto odd = toy("T1");
  odd["colour"] = text("pink");
  odd["seconds"] = number("-5");
  odd["count"] = text("many");
  ToyRows rows = one(odd);
  rows.add({{"name", text("No key")}, {"made_at", text("2026-03-09T10:00:00Z")}});
  EXPECT_EQ(run(rows, days("2026-03-01", "2026-03-10"), loose), "1 created, 1 rejected");
  EXPECT_THAT(rows_of("SELECT * FROM quality_issues"), IsEmpty());
}

}  // namespace
}  // namespace callrail::test
