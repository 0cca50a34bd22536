// Runs with --fields: what they read of a row, and what stays of it.
#include "warehouse_fixture.hpp"

namespace callrail::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PartsOfRows : public Warehouses {
 protected:
  /// A run that reads these fields only, and the key and the cursor.
  std::string read(std::initializer_list<Text> fields, const Rows& rows,
                   WarehouseOptions options = {}) {
    auto s = session(std::move(options));
    s->only.emplace();
    for (const Text field : fields) s->only->add(toys.find(field));
    EXPECT_TRUE(s->begin());
    s->read_toys(rows);
    const Status saved = s->save();
    EXPECT_TRUE(saved) << saved.error().what;
    EXPECT_TRUE(s->end());
    return s->counts();
  }
  std::vector<std::string> stored() {
    return rows_of("SELECT id, name, count, _run_id FROM toys ORDER BY id");
  }
  std::vector<std::string> extra() { return rows_of("SELECT _extra FROM toys ORDER BY id"); }
  static ToyRows::Named counted(Text id, Text name, Text count) {
    auto row = toy(id, name);
    row["count"] = number(count);
    return row;
  }
};
INSTANTIATE_TEST_SUITE_P(Both, PartsOfRows, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(PartsOfRows, AreUnchangedWhereTheWholeRowIs) {
  run(ToyRows{toys, {counted("T1", "Kite", "1"), counted("T2", "Ball", "2")}});
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite"), toy("T2", "Ball")}}), "2 unchanged");
  EXPECT_EQ(read({"count"}, ToyRows{toys, {counted("T1", "", "1")}}), "1 unchanged");
  EXPECT_EQ(read({}, ToyRows{toys, {toy("T1", "")}}), "1 unchanged");
  EXPECT_THAT(stored(), ElementsAre("T1|Kite|1|1", "T2|Ball|2|1"));
  EXPECT_EQ(run(ToyRows{toys, {counted("T1", "Kite", "1"), counted("T2", "Ball", "2")}}),
            "2 unchanged");
}

TEST_P(PartsOfRows, ThatChangedLeaveTheOthers) {
  run(ToyRows{toys, {counted("T1", "Kite", "1"), counted("T2", "Ball", "2")}});
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite"), toy("T2", "Doll")}}),
            "1 updated, 1 unchanged");
  EXPECT_THAT(stored(), ElementsAre("T1|Kite|1|1", "T2|Doll|2|2"));
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite"), toy("T2", "Doll")}}), "2 unchanged");
  EXPECT_EQ(read({"count"}, ToyRows{toys, {counted("T2", "", "2")}}), "1 unchanged");
}

TEST_P(PartsOfRows, AreNoNewsToTheNextRunThatReadsAllOfThem) {
  const ToyRows now{toys, {counted("T1", "Kite", "1"), counted("T2", "Doll", "2")}};
  run(ToyRows{toys, {counted("T1", "Kite", "1"), counted("T2", "Ball", "2")}});
  read({"name"}, ToyRows{toys, {toy("T2", "Doll")}});
  EXPECT_EQ(run(now), "2 unchanged");
  EXPECT_THAT(stored(), ElementsAre("T1|Kite|1|1", "T2|Doll|2|2"));
}

TEST_P(PartsOfRows, ThatGoBackToWhatTheyWereAreSeen) {
  const ToyRows first{toys, {counted("T2", "Ball", "2")}};
  run(first);
  read({"name"}, ToyRows{toys, {toy("T2", "Doll")}});
  EXPECT_EQ(run(first), "1 updated");  // though the row has the hash it once had
  EXPECT_THAT(stored(), ElementsAre("T2|Ball|2|3"));
  EXPECT_EQ(run(first), "1 unchanged");
}

TEST_P(PartsOfRows, OfNewRowsAreCompletedByTheNextRunThatReadsAll) {
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite"), toy("T2", "Ball")}}), "2 created");
  EXPECT_EQ(run(ToyRows{toys, {counted("T1", "Kite", "1"), toy("T2", "Ball")}}),
            "1 updated, 1 unchanged");
  EXPECT_THAT(stored(), ElementsAre("T1|Kite|1|2", "T2|Ball|null|1"));
  // Nobody edited it: it was read with more fields than before.
  EXPECT_THAT(rows_of("SELECT * FROM _edit_ages"), IsEmpty());
}

TEST_P(PartsOfRows, ThatWereEditedTellHowLate) {
  run(ToyRows{toys, {toy("T1", "Kite")}});
  read({"name"}, ToyRows{toys, {toy("T1", "Ball")}});
  read({"name"}, ToyRows{toys, {toy("T1", "Doll")}});
  EXPECT_THAT(rows_of("SELECT edits FROM _edit_ages"), ElementsAre("2"));
  read({"name", "count"}, ToyRows{toys, {counted("T1", "Doll", "7")}});
  EXPECT_THAT(rows_of("SELECT edits FROM _edit_ages"), ElementsAre("2"));
}

TEST_P(PartsOfRows, LeaveWhatNoColumnHolds) {
  auto row = toy("T1", "Kite");
  row["count"] = text("many");
  row["_extra"] = json(R"({"gift":{"b":[1,2.50],"a":"x\"y"}})");
  run(ToyRows{toys, {row}});
  const auto before = extra();
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite")}}), "1 unchanged");
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Ball")}}), "1 updated");
  const auto member = [&](const std::string& name) {
    return rows_of((lite() ? "SELECT json_extract(_extra, '$." + name + "')"
                           : "SELECT _extra ->> '" + name + "'") +
                   std::string{" FROM toys"});
  };
  EXPECT_THAT(member("count"), ElementsAre("many"));
  EXPECT_THAT(rows_of(lite() ? "SELECT json_extract(_extra, '$.gift.a') FROM toys"
                             : "SELECT _extra -> 'gift' ->> 'a' FROM toys"),
              ElementsAre("x\"y"));
  row["name"] = text("Ball");
  EXPECT_EQ(run(ToyRows{toys, {row}}), "1 unchanged");

  auto few = toy("T1", "");
  few["count"] = text("many");
  EXPECT_EQ(read({"count"}, ToyRows{toys, {few}}), "1 unchanged");
  few["count"] = text("lots");
  EXPECT_EQ(read({"count"}, ToyRows{toys, {few}}), "1 updated, 1 warnings");
  EXPECT_THAT(member("count"), ElementsAre("lots"));
  EXPECT_EQ(read({"count"}, ToyRows{toys, {counted("T1", "", "5")}}), "1 updated");
  EXPECT_THAT(member("count"), ElementsAre("null"));
  few["count"] = number("5");
  few["_extra"] = json(R"({"gift":{"a":"x\"y","b":[1,2.50]}})");
  EXPECT_EQ(read({"count"}, ToyRows{toys, {few}}), "1 unchanged");
  few["_extra"] = json(R"({"gift":null,"bow":1})");
  EXPECT_EQ(read({"count"}, ToyRows{toys, {few}}), "1 updated");
  EXPECT_THAT(member("bow"), ElementsAre("1"));
}

TEST_P(PartsOfRows, LeaveTheListsAndWarningsOfTheOthers) {
  auto row = toy("T1", "Kite");
  row["colour"] = text("pink");
  row["marks"] = json(R"([{"id":"M1","word":"new"}])");
  EXPECT_EQ(run(ToyRows{toys, {row}}), "1 created, 1 warnings");
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Ball")}}), "1 updated");
  EXPECT_THAT(rows_of("SELECT word FROM toy_marks"), ElementsAre("new"));
  EXPECT_THAT(rows_of("SELECT field FROM quality_issues"), ElementsAre("colour"));
  row["marks"] = json("[]");
  EXPECT_EQ(read({"marks"}, ToyRows{toys, {row}}), "1 updated");
  EXPECT_THAT(rows_of("SELECT word FROM toy_marks"), IsEmpty());
}

TEST_P(PartsOfRows, AreComparedByADryRunToo) {
  run(ToyRows{toys, {counted("T1", "Kite", "1"), counted("T2", "Ball", "2")}});
  WarehouseOptions dry;
  dry.mode = SyncMode::dry_run;
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite"), toy("T2", "Doll")}}, dry),
            "1 updated, 1 unchanged");
  EXPECT_THAT(stored(), ElementsAre("T1|Kite|1|1", "T2|Ball|2|1"));
}

TEST_P(PartsOfRows, OfARemovedRowBringItBackWithItsOthers) {
  run(ToyRows{toys, {counted("T1", "Kite", "1")}});
  ASSERT_TRUE(db->run("UPDATE toys SET _removed_at = _updated_at, _extra = '{\"gift\":1}'"));
  EXPECT_EQ(read({"name"}, ToyRows{toys, {toy("T1", "Kite")}}), "1 updated, 1 returned");
  EXPECT_THAT(stored(), ElementsAre("T1|Kite|1|2"));
  EXPECT_THAT(rows_of("SELECT 1 FROM toys WHERE _removed_at IS NULL AND _extra IS NOT NULL"),
              ElementsAre("1"));
}

TEST_P(PartsOfRows, WithValuesOfEverySortAreTheSameAgain) {
  auto row = toy("T1", "Kite");
  row["colour"] = text("red");
  row["count"] = number("7");
  row["price"] = number("12.50");
  row["works"] = Cell::of("true", Kind::boolean);
  row["maker"] = json(R"({"name":"Ann","id":7})");
  row["marks"] = json(R"([{"word":"a, {b}","id":"M1"},null,"x"])");
  row["order"] = json(R"({"b":[1.0,1e3],"a":null})");
  row["phone"] = text("");
  const std::initializer_list<Text> most{"name",  "colour", "count", "price", "works",
                                         "maker", "marks",  "order", "phone"};
  run(ToyRows{toys, {row}});
  EXPECT_EQ(read(most, ToyRows{toys, {row}}), "1 unchanged");
  row["name"] = text("a\\b\"c\nd");
  EXPECT_EQ(read(most, ToyRows{toys, {row}}), "1 updated");
  EXPECT_EQ(run(ToyRows{toys, {row}}), "1 unchanged");
  for (const auto& [field, value] :
       std::map<Text, Cell>{{"price", number("12.51")},
                            {"works", Cell::of("false", Kind::boolean)},
                            {"maker", json(R"({"name":"Bo","id":7})")},
                            {"phone", Cell{}}}) {
    row[std::string{field}] = value;
    EXPECT_EQ(read(most, ToyRows{toys, {row}}), "1 updated") << field;
    EXPECT_EQ(run(ToyRows{toys, {row}}), "1 unchanged") << field;
  }
}

}  // namespace
}  // namespace callrail::test
