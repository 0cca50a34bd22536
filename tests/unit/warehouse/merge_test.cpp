#include "warehouse_fixture.hpp"

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Merges : public Warehouses {};
INSTANTIATE_TEST_SUITE_P(Both, Merges, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Merges, CountsExactlyWhatBecameOfEachRow) {
  EXPECT_EQ(run(ToyRows{toys, {toy("T1"), toy("T2"), toy("T3")}}), "3 created");
  EXPECT_EQ(run(ToyRows{toys, {toy("T1"), toy("T2", "Ball"), toy("T3")}}),
            "1 updated, 2 unchanged");
  EXPECT_EQ(run(ToyRows{toys, {toy("T1"), toy("T2", "Ball"), toy("T3"), toy("T4")}}),
            "1 created, 3 unchanged");
  EXPECT_THAT(rows_of("SELECT id, name, _account_id, _run_id FROM toys ORDER BY id"),
              ElementsAre("T1|Kite|ACC1|1", "T2|Ball|ACC1|2", "T3|Kite|ACC1|1", "T4|Kite|ACC1|3"));
}

TEST_P(Merges, LeavesRowsThatDidNotChangeAlone) {
  const ToyRows rows{toys, {toy("T1"), toy("T2")}};
  EXPECT_EQ(run(rows), "2 created");
  if (lite()) {
    ASSERT_TRUE(db->run("CREATE TABLE written(what)"));
    for (const std::string table : {"toys", "toy_marks", "quality_issues", "rejects", "_cursor"})
      for (const std::string what : {"INSERT", "UPDATE", "DELETE"})
        ASSERT_TRUE(db->run("CREATE TRIGGER " + table + what + " AFTER " + what + " ON " + table +
                            " BEGIN INSERT INTO written VALUES ('" + table + ' ' + what +
                            "'); END"));
  }
  const auto versions = [&] {
    return lite() ? std::vector<std::string>{}
                  : rows_of(
                        "SELECT id, xmin, xmax, ctid, 1 FROM toys UNION ALL SELECT list, xmin, "
                        "xmax, ctid, 2 FROM _cursor ORDER BY 5, 1");
  };
  const auto before = versions();
  clock.advance(std::chrono::hours{1});
  EXPECT_EQ(run(rows), "2 unchanged");
  if (lite())
    EXPECT_THAT(rows_of("SELECT * FROM written"), IsEmpty());
  else
    EXPECT_EQ(versions(), before);
}

TEST_P(Merges, KeepsWhenARowWasSeenFirst) {
  run(ToyRows{toys, {toy("T1")}});
  clock.advance(std::chrono::hours{1});
  run(ToyRows{toys, {toy("T1", "Ball")}});
  const auto when = rows_of("SELECT _first_seen_at, _updated_at FROM toys");
  EXPECT_THAT(when, ElementsAre(lite() ? "2026-03-10T12:00:00.000Z|2026-03-10T13:00:00.000Z"
                                       : "2026-03-10 12:00:00+00|2026-03-10 13:00:00+00"));
}

TEST_P(Merges, LetsTheLaterOfTwoRowsWithOneKeyStay) {
  EXPECT_EQ(
      run(ToyRows{toys, {toy("T1", "Kite"), toy("T2"), toy("T1", "Ball"), toy("T1", "Ball")}}),
      "2 created, 1 updated, 1 unchanged");
  EXPECT_THAT(rows_of("SELECT id, name FROM toys ORDER BY id"), ElementsAre("T1|Ball", "T2|Kite"));
}

TEST_P(Merges, TellsRowsOfDifferentAccountsApart) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read(toys, ToyRows{toys, {toy("T1")}}, days("2026-03-01", "2026-03-10"), shelf("S1", "ACC1"));
  s->read(toys, ToyRows{toys, {toy("T1")}}, days("2026-03-01", "2026-03-10"), shelf("S1", "ACC2"));
  ASSERT_TRUE(s->save());
  EXPECT_EQ(s->counts(), "2 created");
}

TEST_P(Merges, GivesARowWithoutAnAccountItsOwnKey) {
  auto s = session();
  ASSERT_TRUE(s->begin());
  s->read(shops, ToyRows{shops, {{{"id", number("9007199254740993")}}}}, whole(), {});
  ASSERT_TRUE(s->save(shops));
  EXPECT_THAT(rows_of("SELECT _account_id, id FROM shops"),
              ElementsAre("9007199254740993|9007199254740993"));
}

TEST_P(Merges, KeepsEveryDigitAndTurnsInstantsIntoUtc) {
  ToyRows rows;
  auto row = toy("T1", "Kite", "2026-03-09T23:30:00.125-05:00");
  row["count"] = number("9007199254740993");
  row["price"] = number("1250.10");
  row["works"] = Cell::of("true", Kind::boolean);
  row["maker"] = json(R"({"id":77,"name":"Ann"})");
  row["order"] = text("first");
  rows.add(row);
  EXPECT_EQ(run(rows, days("2026-03-01", "2026-03-10")), "1 created");
  EXPECT_THAT(rows_of("SELECT count, price, works, made_at, maker_id, \"order\" FROM toys"),
              ElementsAre(lite() ? "9007199254740993|1250.1|1|2026-03-10T04:30:00.125Z|77|\"first\""
                                 : "9007199254740993|1250.10|t|2026-03-10 04:30:00.125+00|77|"
                                   "\"first\""));
}

TEST_P(Merges, KeepsInExtraWhatAColumnCannotHold) {
  ToyRows rows;
  auto row = toy("T1");
  row["count"] = text("many");
  row["works"] = json("[1]");
  row["_extra"] = json(R"({"shared_with":"Ann"})");
  rows.add(row);
  EXPECT_EQ(run(rows), "1 created, 2 warnings");
  const auto found = rows_of("SELECT count, works, _extra FROM toys");
  EXPECT_THAT(
      found,
      ElementsAre(lite() ? R"(null|null|{"count":"many","works":[1],"shared_with":"Ann"})"
                         : R"(null|null|{"count": "many", "works": [1], "shared_with": "Ann"})"));
  EXPECT_THAT(rows_of("SELECT key, field, rule, value FROM quality_issues ORDER BY field"),
              ElementsAre("T1|count|type|many", "T1|works|type|[1]"));
}

TEST_P(Merges, StoresTextWithANul) {
  const Text nul{"a\0b", 3};
  EXPECT_EQ(run(ToyRows{toys, {toy("T1", nul), toy("T2")}}),
            lite() ? "2 created" : "2 created, 1 warnings");
  if (!lite()) {
    EXPECT_THAT(rows_of("SELECT name FROM toys ORDER BY id"), ElementsAre("a\uFFFDb", "Kite"));
  }
  EXPECT_EQ(run(ToyRows{toys, {toy("T1", nul), toy("T2")}}), "2 unchanged");
}

TEST_P(Merges, GivesEachElementOfAListARow) {
  ToyRows rows;
  auto row = toy("T1");
  row["marks"] = json(R"([{"id":1,"word":"loud"},"new \u00e9",{"id":"2"}])");
  rows.add(row);
  run(rows);
  EXPECT_THAT(rows_of("SELECT toy_id, _n, id, word FROM toy_marks ORDER BY _n"),
              ElementsAre("T1|1|1|loud", "T1|2|null|new é", "T1|3|2|null"));
  row["marks"] = json(R"(["red"])");
  ToyRows fewer;
  fewer.add(row);
  EXPECT_EQ(run(fewer), "1 updated");
  EXPECT_THAT(rows_of("SELECT toy_id, _n, id, word FROM toy_marks"), ElementsAre("T1|1|null|red"));
  row["marks"] = json("[]");
  ToyRows none;
  none.add(row);
  EXPECT_EQ(run(none), "1 updated");
  EXPECT_THAT(rows_of("SELECT * FROM toy_marks"), IsEmpty());
}

TEST_P(Merges, LeavesTheElementsOfAListThatIsTheSameAlone) {
  if (!lite()) GTEST_SKIP() << "rows are merged a batch at a time, and so are elements";
  auto row = toy("T1");
  row["marks"] = json(R"([{"id":1,"word":"loud"},"red"])");
  run(ToyRows{toys, {row}});
  const auto elements = [&] { return rows_of("SELECT rowid, _n, id, word FROM toy_marks"); };
  // What the elements say now comes from no list, so whoever writes them again shows.
  ASSERT_TRUE(db->run("UPDATE toy_marks SET word = 'as it was'"));
  const auto before = elements();
  ASSERT_THAT(before, SizeIs(2));
  row["name"] = text("Ball");
  EXPECT_EQ(run(ToyRows{toys, {row}}), "1 updated");
  EXPECT_EQ(elements(), before);

  // A migration says that nothing is certain by taking the hash away.
  ASSERT_TRUE(db->run("UPDATE toys SET _row_hash = x''"));
  run(ToyRows{toys, {row}});
  EXPECT_THAT(rows_of("SELECT _n, id, word FROM toy_marks ORDER BY _n"),
              ElementsAre("1|1|loud", "2|null|red"));
}

TEST_P(Merges, WritesOnlyTheColumnsThatWereAskedFor) {
  ToyRows rows;
  auto row = toy("T1");
  row["count"] = number("1");
  rows.add(row);
  run(rows);
  auto s = session();
  ASSERT_TRUE(s->begin());
  Selection some;
  some.add(0);
  const Table table = table_of(toys, some, Nested::json, true);
  auto writer = s->warehouse->open(table, {});
  ASSERT_TRUE(writer);
  ToyRows changed;
  row["name"] = text("Ball");
  row["count"] = number("2");
  changed.add(row);
  ASSERT_TRUE((*writer)->write(changed));
  (*writer)->settled(shelf(), days("2026-03-01", "2026-03-10"), false);
  const SavedEndpoint saved;
  ASSERT_TRUE(s->warehouse->save("toys", change_of(saved)));
  EXPECT_THAT(rows_of("SELECT name, count FROM toys"), ElementsAre("Ball|1"));
}

TEST_P(Merges, TakesMoreRowsThanGoTogether) {
  ToyRows rows;
  for (int i = 0; i < 2500; ++i) rows.add(toy(rows.keep("T" + std::to_string(i))));
  EXPECT_EQ(run(rows), "2500 created");
  EXPECT_EQ(run(rows), "2500 unchanged");
  EXPECT_THAT(rows_of("SELECT count(*) FROM toys"), ElementsAre("2500"));
}

/// A row that only the database objects to.
class Poisoned : public Merges {
 protected:
  void refuse_poison() {
    ASSERT_TRUE(db->run(
        lite()
            ? "CREATE TRIGGER refuse BEFORE INSERT ON toys WHEN new.name = 'poison' BEGIN SELECT "
              "raise(ABORT, 'no poison'); END"
            : "ALTER TABLE toys ADD CHECK (name <> 'poison')"));
  }
};
INSTANTIATE_TEST_SUITE_P(Both, Poisoned, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Poisoned, ABadRowCostsItselfAndFewStatements) {
  const auto load = [&](bool poisoned, const char* prefix) {
    ToyRows rows;
    for (int i = 0; i < 100; ++i)
      rows.add(toy(rows.keep(prefix + std::to_string(i)),
                   poisoned && i == 57 ? Text{"poison"} : Text{"Kite"}));
    auto s = session();
    EXPECT_TRUE(s->begin());
    s->read_toys(rows);
    s->db->calls = 0;
    EXPECT_TRUE(s->save());
    const auto calls = s->db->calls;
    EXPECT_TRUE(s->end());
    EXPECT_EQ(s->counts(), poisoned ? "99 created, 1 rejected" : "100 created");
    return calls;
  };
  const auto clean = load(false, "A");
  refuse_poison();
  const auto poisoned = load(true, "B");
  EXPECT_LE(poisoned, clean + 10);
  EXPECT_THAT(rows_of("SELECT count(*) FROM toys"), ElementsAre("199"));
  EXPECT_THAT(
      rows_of("SELECT endpoint, _account_id, raw FROM rejects"),
      ElementsAre("toys|ACC1|{\"name\":\"poison\",\"id\":\"B57\",\"made_at\":\"2026-03-09T10:"
                  "00:00Z\"}"));
}

TEST_P(Poisoned, TwoBadRowsAreFoundToo) {
  refuse_poison();
  EXPECT_EQ(run(ToyRows{toys, {toy("T1", "poison"), toy("T2"), toy("T3", "poison"), toy("T4")}}),
            "2 created, 2 rejected");
  EXPECT_THAT(rows_of("SELECT id FROM toys ORDER BY id"), ElementsAre("T2", "T4"));
  EXPECT_THAT(rows_of("SELECT count(*) FROM rejects"), ElementsAre("2"));
}

TEST_P(Poisoned, AMegabyteIsARowLikeOthers) {
  const std::string much(1 << 20, 'x');
  EXPECT_EQ(run(ToyRows{toys, {toy("T1", much), toy("T2")}}), "2 created");
  EXPECT_EQ(run(ToyRows{toys, {toy("T1", much), toy("T2")}}), "2 unchanged");
}

}  // namespace
}  // namespace callrail::test
