#include "migrate_fixture.hpp"

namespace callrail::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Both, Migrations, testing::ValuesIn(both_dialects), name_of_dialect);

TEST_P(Migrations, AddAColumnAndFillItFromWhatWasUnknown) {
  migrate(Described{toys("")});
  row("id, _extra", R"('a', '{"size": "12", "other": 1}')");
  row("id, _extra", R"('b', '{"size": "big"}')");
  row("id", "'c'");
  const Described now{toys(field("size", "integer or text"))};
  EXPECT_FALSE(check_tables(*db_, now.api()));
  EXPECT_THAT(migrate(now).says, Contains("toys: new column size"));
  EXPECT_THAT(ask("SELECT id, size FROM v_toy ORDER BY id"),
              ElementsAre("a|12", "b|null", "c|null"));
  EXPECT_TRUE(check_tables(*db_, now.api()));
}

TEST_P(Migrations, KeepTheValuesOfAColumnThatWasRenamed) {
  migrate(Described{toys(field("tall", "integer") + field("seen", "timestamp"))});
  row("id, tall", "'a', 12");
  const Described now{toys(field("height", "integer", ", was: tall") + field("seen", "timestamp"))};
  const Migration done = migrate(now);
  EXPECT_THAT(done.says, Contains("toys: height was called tall"));
  EXPECT_THAT(done.withheld, IsEmpty());
  EXPECT_THAT(ask("SELECT id, height FROM v_toy"), ElementsAre("a|12"));
}

TEST_P(Migrations, DropAColumnOnlyWhenAskedTo) {
  migrate(Described{toys(field("tall", "integer") + field("of", "id", ", refers_to: toys.id"))});
  row("id, tall, \"of\"", "'a', 12, 'x'");
  const Described now{toys("")};
  const Migration careful = migrate(now);
  EXPECT_THAT(careful.withheld,
              ElementsAre("toys.tall: gone from the schema", "toys.of: gone from the schema"));
  EXPECT_TRUE(check_tables(*db_, now.api())) << "a column too many harms nobody";
  EXPECT_THAT(ask("SELECT tall, \"of\" FROM toys"), ElementsAre("12|x"));
  run("ALTER TABLE toys ADD COLUMN mine text; UPDATE toys SET mine = 'kept'");
  const Migration thorough = migrate(now, true);
  EXPECT_THAT(thorough.says, Contains("toys: tall is gone"));
  EXPECT_THAT(ask("SELECT id, mine FROM toys"), ElementsAre("a|kept"));
  EXPECT_THAT(ask("SELECT tall FROM toys"), ElementsAre(HasSubstr("tall")));
}

TEST_P(Migrations, KeepAColumnAsAnotherKindOnlyWhenAskedTo) {
  migrate(
      Described{toys(field("size", "text", ", refers_to: toys.id") + field("made", "timestamp") +
                     field("sold", "boolean") + field("data", "map"))});
  row("id, size, made, sold, data", "'a', '12', '2026-02-10T14:05:06.789Z', true, '{\"x\": 1}'");
  row("id, size, _extra", R"('b', 'big', '{"size": 7}')");
  row("id, size", "'c', 'big'");
  const Described now{toys(field("size", "integer", ", refers_to: toys.id") +
                           field("made", "text") + field("sold", "text") + field("data", "any"))};
  const Migration careful = migrate(now);
  EXPECT_THAT(careful.withheld, Contains("toys.size: the schema has it as integer, the database as "
                                         "text"));
  const Status fits = check_tables(*db_, now.api());
  ASSERT_FALSE(fits);
  EXPECT_THAT(fits.error().what, HasSubstr(" --destructive"));
  EXPECT_THAT(ask("SELECT size FROM toys ORDER BY id"), ElementsAre("12", "big", "big"));

  migrate(now, true);
  EXPECT_THAT(
      ask("SELECT id, size, made, sold FROM v_toy ORDER BY id"),
      ElementsAre("a|12|2026-02-10T14:05:06.789Z|true", "b|7|null|null", "c|null|null|null"));
  EXPECT_THAT(ask("SELECT count(*) FROM toys WHERE length(_row_hash) = 0"), ElementsAre("3"))
      << "what the new kind cannot hold comes again with the row";
  EXPECT_THAT(ask("SELECT count(*) FROM toys WHERE size + 1 = 13"), ElementsAre("1"));
  EXPECT_TRUE(check_tables(*db_, now.api()));
}

TEST_P(Migrations, AreNotAskedForMoreThanWhatARunNeeds) {
  migrate(Described{toys(field("tall", "integer"))});
  const Described now{toys(field("size", "integer"))};
  const Status fits = check_tables(*db_, now.api());
  ASSERT_FALSE(fits);
  EXPECT_THAT(fits.error().what, HasSubstr("toys: new column size; run: callrail-batch migrate"));
  EXPECT_THAT(fits.error().what, testing::Not(HasSubstr("--destructive"))) << "of the lost column";
}

TEST_P(Migrations, FillANewTableOfElementsFromTheRowsThatAreThere) {
  migrate(Described{
      toys(field("parts", "list<object Part or text> or null") + field("words", "list<text>"))});
  row("id, parts, words", R"('a', '[{"name": "wheel", "weight": "1.50"}, "lid", {"weight": 2}]',
      '["x", "y\u00e9", null, 9007199254740993]')");
  row("id, parts", "'b', 'null'");
  row("id, parts", "'c', '\"one\"'");
  row("id", "'d'");
  ASSERT_TRUE(db_->begin());
  for (int n = 0; n < 2100; ++n) row("id, words", "'n" + std::to_string(n) + "', '[\"w\"]'");
  ASSERT_TRUE(db_->commit());
  const Described now{
      toys(field("parts", "list<object Part or text> or null", ", table: toy_parts") +
           field("words", "list<text>", ", table: toy_words"))};
  EXPECT_THAT(migrate(now).says, Contains("new table toy_parts, filled from toys.parts"));
  EXPECT_THAT(ask("SELECT toy_id, _n, name, weight, value FROM toy_parts ORDER BY toy_id, _n"),
              ElementsAre(is_sqlite() ? "a|1|wheel|1.5|null" : "a|1|wheel|1.50|null",
                          "a|2|lid|null|lid", "a|3|null|2|null"));
  EXPECT_THAT(ask("SELECT _account_id, _n, value FROM toy_words WHERE toy_id = 'a' ORDER BY _n"),
              ElementsAre("A|1|x", "A|2|yé", "A|3|null", "A|4|9007199254740993"));
  EXPECT_THAT(ask("SELECT count(*) FROM toy_words"), ElementsAre("2104"));
}

TEST_P(Migrations, MakeATableOfElementsAnewWhenTheirShapeChanges) {
  const std::string parts = field("parts", "list<object Part> or null", ", table: toy_parts");
  migrate(Described{toys(parts)});
  row("id, parts", R"('a', '[{"name": "wheel", "weight": 1, "colour": "red"}]')");
  std::string text = toys(parts);
  text.replace(text.find("name: {"), 4, "colour");
  const Described now{text};
  EXPECT_FALSE(check_tables(*db_, now.api()));
  const Migration done = migrate(now);
  EXPECT_THAT(done.says, Contains("made anew: table toy_parts, filled from toys.parts"));
  EXPECT_THAT(ask("SELECT toy_id, _n, colour, weight FROM toy_parts"), ElementsAre("a|1|red|1"));

  // What somebody added to it would be lost.
  run("ALTER TABLE toy_parts ADD COLUMN mine text");
  EXPECT_TRUE(plan(now).up_to_date());
  const Migration back = migrate(Described{toys(parts)});
  EXPECT_THAT(back.withheld, Contains(HasSubstr("toy_parts: it would be made anew")));
}

TEST_P(Migrations, FillTheColumnOfAMemberThatNamesAnotherRow) {
  std::string text = toys("");
  const std::string refers = ", refers_to: toys.id";
  std::string without = text;
  without.erase(without.find(refers), refers.size());
  migrate(Described{without});
  row("id, maker", R"('a', '{"id": 9007199254740993, "name": "x"}')");
  row("id, maker", "'b', 'null'");
  migrate(Described{text});
  EXPECT_THAT(ask("SELECT id, maker_id FROM v_toy ORDER BY id"),
              ElementsAre("a|9007199254740993", "b|null"));
}

TEST_P(Migrations, GiveRowsAnotherKeyOnlyWhenAskedTo) {
  const std::string fields =
      field("size", "integer") + field("parts", "list<text>", ", table: toy_parts");
  migrate(Described{toys(fields)});
  row("id, parts", "'a', '[\"x\"]'");
  row("id, size, parts", "'b', 5, '[\"y\", \"z\"]'");
  run("ALTER TABLE toys ADD COLUMN mine text; UPDATE toys SET mine = 'kept'");
  run("ALTER TABLE toys ADD COLUMN \"My Own\" integer NOT NULL DEFAULT 7");
  if (is_sqlite()) run("CREATE TRIGGER mine_too AFTER DELETE ON toys BEGIN SELECT 1; END");
  run("CREATE INDEX of_mine ON toys (mine); CREATE VIEW my_toys AS SELECT id, mine FROM toys");
  const Described now{
      toys(fields + field("shop", "text", ", refers_to: toys.id"), "key: [id, shop]")};
  EXPECT_THAT(
      migrate(now).withheld,
      Contains(HasSubstr("toys: the schema has rows by id text, shop text, the database rows "
                         "by id text")));
  EXPECT_FALSE(check_tables(*db_, now.api()));
  migrate(now, true);
  EXPECT_TRUE(check_tables(*db_, now.api()));
  row("id, shop, mine", "'a', 'north', 'new'");
  EXPECT_FALSE(db_->run("INSERT INTO toys SELECT * FROM toys WHERE shop = 'north'")) << "no key";
  EXPECT_THAT(ask("SELECT id, shop, size, mine FROM toys ORDER BY id, shop"),
              ElementsAre("a||null|kept", "a|north|null|new", "b||5|kept"));
  EXPECT_THAT(ask("SELECT toy_id, toy_shop, _n, value FROM toy_parts ORDER BY 1, 3"),
              ElementsAre("a||1|x", "b||1|y", "b||2|z"));
  EXPECT_THAT(ask("SELECT id FROM my_toys ORDER BY id"), ElementsAre("a", "a", "b"));
  EXPECT_THAT(ask(is_sqlite() ? "SELECT tbl_name FROM sqlite_master WHERE name = 'of_mine'"
                              : "SELECT tablename FROM pg_indexes WHERE indexname = 'of_mine'"),
              ElementsAre("toys"));

  EXPECT_THAT(ask("SELECT DISTINCT \"My Own\" FROM toys"), ElementsAre("7"));

  if (is_sqlite()) {
    EXPECT_THAT(ask("SELECT tbl_name FROM sqlite_master WHERE name = 'mine_too'"),
                ElementsAre("toys"));
  }

  // Back again there is one row of each key: that which was written last.
  run("UPDATE toys SET _updated_at = '2026-03-01T00:00:00.000Z' WHERE shop = 'north'");
  migrate(Described{toys(fields)}, true);
  EXPECT_THAT(ask("SELECT id, mine FROM toys ORDER BY id"), ElementsAre("a|new", "b|kept"));
}

TEST_P(Migrations, GiveAKeyAnotherKindOnlyWhenAskedTo) {
  const std::string parts = field("parts", "list<text>", ", table: toy_parts");
  std::string numbers = toys(parts);
  numbers.replace(numbers.find("      id: { type: id,"), 21, "      id: { type: integer,");
  migrate(Described{numbers});
  row("id, parts", "5, '[\"x\"]'");
  const Described now{toys(parts)};
  EXPECT_FALSE(migrate(now).withheld.empty());
  migrate(now, true);
  row("id", "'COM5'");
  EXPECT_THAT(ask("SELECT id FROM toys WHERE id = '5' OR id = 'COM5' ORDER BY id"),
              ElementsAre("5", "COM5"));
  EXPECT_THAT(ask("SELECT value FROM toy_parts WHERE toy_id = '5'"), ElementsAre("x"));
}

TEST_P(Migrations, KeepTheRowsOfATableThatWasRenamed) {
  migrate(Described{toys(field("of", "id", ", refers_to: toys.id") +
                         field("parts", "list<text>", ", table: toy_parts"))});
  row("id, parts", "'a', '[\"x\"]'");
  std::string text = toys(field("of", "id", ", refers_to: games.id") +
                              field("parts", "list<text>", ", table: toy_parts"),
                          "key: id\n    was: toys");
  text.replace(text.find("  toys:\n"), 8, "  games:\n");
  text.replace(text.find("toys.id"), 7, "games.id");
  const Migration done = migrate(Described{text});
  EXPECT_THAT(done.says, Contains("games was called toys"));
  EXPECT_THAT(ask("SELECT id FROM games"), ElementsAre("a"));
  EXPECT_THAT(ask("SELECT toy_id, value FROM toy_parts"), ElementsAre("a|x"));
  EXPECT_THAT(ask("SELECT id FROM v_toy"), ElementsAre("a"));
}

TEST_P(Migrations, DropATableOnlyWhenAskedTo) {
  const std::string more = R"(  shops: { record: Shop, path: /s, rows: s, key: id, paging: [offset],
           fields: { id: { type: id, evidence: real } } }
)";
  migrate(Described{toys(field("of", "text")) + more});
  const Described now{toys(field("of", "text"))};
  EXPECT_THAT(migrate(now).withheld, ElementsAre("shops: gone from the schema"));
  EXPECT_THAT(ask("SELECT id FROM v_shop"), IsEmpty());
  EXPECT_TRUE(check_tables(*db_, now.api()));
  EXPECT_THAT(migrate(now, true).says, Contains("shops is gone"));
  EXPECT_THAT(ask("SELECT id FROM shops"), ElementsAre(HasSubstr("shops")));
  EXPECT_THAT(ask("SELECT id FROM v_shop"), ElementsAre(HasSubstr("v_shop")));
}

TEST_P(Migrations, LeaveTheTablesAndViewsOfOthersAlone) {
  const Described wanted{toys("")};
  for (const std::string theirs : {"TABLE toys (id text)", "TABLE runs (name text)",
                                   "VIEW v_toy AS SELECT 1 AS x", "VIEW toys AS SELECT 1 AS x"}) {
    const ScratchDatabase other{GetParam()};
    const auto db = other.open();
    ASSERT_TRUE(db->run("CREATE " + theirs));
    const auto plan = plan_migration(*db, wanted.api(), true);
    ASSERT_FALSE(plan) << theirs;
    EXPECT_EQ(plan.error().code, Code::bad_request);
    EXPECT_THAT(plan.error().what, HasSubstr("that is not of callrail-batch"));
  }
}

TEST_P(Migrations, SayWhatToDoWhereOthersBuiltUponAView) {
  migrate(Described{toys("")});
  run("CREATE VIEW my_toys AS SELECT id FROM v_toy");
  const Described now{toys(field("size", "integer"))};
  const Status applied = apply(*db_, plan(now, false));
  if (GetParam() == Dialect::sqlite) {
    EXPECT_TRUE(applied);
    EXPECT_THAT(ask("SELECT id FROM my_toys"), IsEmpty());
    return;
  }
  ASSERT_FALSE(applied);
  EXPECT_THAT(applied.error().what, HasSubstr("drop what others have put upon it"));
  run("DROP VIEW my_toys");
  migrate(now);
}

TEST_P(Migrations, DoAllOrNothing) {
  migrate(Described{toys(field("tall", "integer"))});
  row("id, tall", "'a', 12");
  run("CREATE VIEW my_toys AS SELECT tall FROM toys");
  const auto made = ask("SELECT thing, part, definition FROM _schema ORDER BY 1, 2");
  const Described now{toys(field("size", "integer"))};
  const Status applied = apply(*db_, plan(now, true));
  ASSERT_FALSE(applied) << "somebody's view needs the column";
  EXPECT_THAT(applied.error().what, HasSubstr("tall"));
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_THAT(ask("SELECT tall FROM v_toy"), ElementsAre("12"));
  EXPECT_EQ(ask("SELECT thing, part, definition FROM _schema ORDER BY 1, 2"), made);
  run("DROP VIEW my_toys");
  migrate(now, true);
}

TEST_P(Migrations, AreNotDoneAfterSomebodyElseDidAnother) {
  migrate(Described{toys("")});
  const Described mine{toys(field("size", "integer"))}, theirs{toys(field("tall", "integer"))};
  const Migration planned = plan(mine);
  migrate(theirs);
  const Status applied = apply(*db_, planned);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, Code::held);
  EXPECT_THAT(plan(mine).withheld, ElementsAre("toys.tall: gone from the schema"));
}

TEST_P(Migrations, GiveTheProgramsOwnTablesWhatTheyLack) {
  const Described wanted{toys("")};
  migrate(wanted);
  run("INSERT INTO rejects (run_id, endpoint, _account_id, reason, raw, at, _print) VALUES (1, "
      "'toys', 'A', 'no key', '{}', '2026-02-10T14:05:06.789Z', 'x')");
  // As an older program made them.
  run("DROP INDEX rejects_again; ALTER TABLE rejects DROP COLUMN _print; ALTER TABLE runs DROP "
      "COLUMN _fields; ALTER TABLE runs DROP COLUMN _looked_back; DROP TABLE _seen");
  run("ALTER TABLE rejects DROP COLUMN reason; ALTER TABLE rejects DROP COLUMN at; DROP TABLE "
      "_edit_ages; DROP TABLE _run_commits");
  EXPECT_FALSE(check_tables(*db_, wanted.api()));
  migrate(wanted);
  EXPECT_THAT(ask("SELECT run_id, reason, _print FROM rejects"), ElementsAre("1||"));
  EXPECT_THAT(ask(is_sqlite() ? "SELECT name FROM sqlite_master WHERE name = 'rejects_again'"
                              : "SELECT indexname FROM pg_indexes WHERE indexname = "
                                "'rejects_again'"),
              ElementsAre("rejects_again"));
  EXPECT_THAT(ask("SELECT _fields, _looked_back FROM runs"), IsEmpty());
  EXPECT_THAT(ask("SELECT * FROM _seen"), IsEmpty());
  EXPECT_THAT(ask("SELECT * FROM _edit_ages"), IsEmpty());
  EXPECT_THAT(ask("SELECT * FROM _run_commits"), IsEmpty());
}

TEST_P(Migrations, KnowTheirTablesWithoutTheirNotes) {
  const Described wanted{toys(field("parts", "list<text>", ", table: toy_parts"))};
  migrate(wanted);
  row("id", "'a'");
  run("DROP TABLE _schema");
  const Migration again = migrate(wanted);
  EXPECT_EQ(again.misfit, "");
  EXPECT_THAT(ask("SELECT id FROM v_toy"), ElementsAre("a"));
}

TEST_P(Migrations, ChangeNothingForReadersOfRowsWhereOnlyWordsChange) {
  migrate(Described{toys(field("size", "integer"))});
  const Described now{toys(field("size", "integer", ", doc: How tall it is."))};
  EXPECT_TRUE(check_tables(*db_, now.api())) << "a run does not wait for comments";
  EXPECT_THAT(migrate(now).says, ElementsAre("toys: comments and indexes"));
  if (!is_sqlite()) {
    EXPECT_THAT(
        ask("SELECT col_description('toys'::regclass, attnum) FROM pg_attribute WHERE attrelid = "
            "'toys'::regclass AND attname = 'size'"),
        ElementsAre("How tall it is."));
  }
}

}  // namespace
}  // namespace callrail::test
