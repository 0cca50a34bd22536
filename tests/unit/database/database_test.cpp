#include "databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

/// What holds for a database of either dialect.
namespace callrail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Databases : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!test::is_there(GetParam())) GTEST_SKIP() << test::why_not(GetParam());
    scratch_ = std::make_unique<test::ScratchDatabase>(GetParam());
    db_ = scratch_->open();
    ASSERT_NE(db_, nullptr);
    must(db_->run("CREATE TABLE pets(id text PRIMARY KEY, legs bigint, note text, print " +
                  std::string{is_sqlite() ? "blob" : "bytea"} +
                  "); CREATE INDEX pets_legs ON pets(legs)"));
  }
  bool is_sqlite() const { return GetParam() == Dialect::sqlite; }

  void must(const Status& status) const { ASSERT_TRUE(status) << status.error().what; }
  std::uint64_t change(std::string_view text, std::initializer_list<SqlValue> values = {}) {
    const auto changed = db_->change(text, std::span{values.begin(), values.size()});
    EXPECT_TRUE(changed) << changed.error().what;
    return changed.value_or(0);
  }
  std::vector<std::string> ask(std::string_view text, std::initializer_list<SqlValue> values = {}) {
    return test::ask(*db_, text, std::span{values.begin(), values.size()});
  }
  Status load(std::initializer_list<SqlValue> values, std::optional<std::size_t>& bad_row) {
    constexpr std::array<std::string_view, 3> columns{"id", "legs", "note"};
    return db_->load("pets", columns, std::span{values.begin(), values.size()}, bad_row);
  }
  std::string ids() {
    std::string all;
    for (const std::string& id : ask("SELECT id FROM pets ORDER BY id")) all += id + ' ';
    return all;
  }

  std::unique_ptr<test::ScratchDatabase> scratch_;
  std::unique_ptr<Database> db_;
};

INSTANTIATE_TEST_SUITE_P(Both, Databases, testing::ValuesIn(test::both_dialects),
                         test::name_of_dialect);

TEST_P(Databases, GiveBackWhatTheyWereGiven) {
  const std::string bytes("\0\x01\xff'\\", 5);
  const std::string text =
      "tab\t newline\n \\N backslash\\ 'quote' \"double\" \xc3\xa9 \xf0\x9f\x98\x80";
  EXPECT_EQ(
      change("INSERT INTO pets VALUES ($1, $2, $3, $4)",
             {"a", std::int64_t{-9'223'372'036'854'775'807 - 1}, text, SqlValue::blob(bytes)}),
      1u);
  change("INSERT INTO pets VALUES ($1, $2, $3, $4)",
         {"b", std::nullopt, std::string_view{}, SqlValue::blob({})});
  int rows = 0;
  must(db_->query("SELECT legs, note, print FROM pets WHERE id = $1", std::array{SqlValue{"a"}},
                  [&](const SqlRow& row) {
                    ++rows;
                    EXPECT_EQ(row.number(0), -9'223'372'036'854'775'807 - 1);
                    EXPECT_EQ(row.text(0), "-9223372036854775808");
                    EXPECT_EQ(row.text(1), text);
                    EXPECT_EQ(row.blob(2), bytes);
                    EXPECT_EQ(row.number_or_null(0), row.number(0));
                  }));
  must(db_->query("SELECT legs, note, print FROM pets WHERE id = $1", std::array{SqlValue{"b"}},
                  [&](const SqlRow& row) {
                    ++rows;
                    EXPECT_TRUE(row.is_null(0));
                    EXPECT_FALSE(row.number_or_null(0));
                    EXPECT_FALSE(row.is_null(1)) << "no text is not NULL";
                    EXPECT_EQ(row.text(1), "");
                    EXPECT_FALSE(row.is_null(2));
                    EXPECT_EQ(row.blob(2), "");
                  }));
  EXPECT_EQ(rows, 2);
}

TEST_P(Databases, AreOneWhateverTheyAreCalled) {
  const auto again = scratch_->open();
  const test::ScratchDatabase other{GetParam()};
  EXPECT_EQ(*identity_of(*again), *identity_of(*db_));
  EXPECT_NE(*identity_of(*other.open()), *identity_of(*db_));
  if (is_sqlite()) return;
  must(again->run("CREATE SCHEMA apart; SET search_path = apart"));
  EXPECT_NE(*identity_of(*again), *identity_of(*db_));
}

TEST_P(Databases, LoadWhatTheyWouldInsert) {
  const std::string text = "tab\t newline\n \\N backslash\\ \r\b\f\v 'quote' \xf0\x9f\x98\x80";
  const std::string bytes("\0\x01\xff\\", 4);
  constexpr std::array<std::string_view, 4> columns{"id", "legs", "note", "print"};
  const std::array<SqlValue, 12> values{
      "a", 4,  text,  SqlValue::blob(bytes), "b", std::nullopt, "", SqlValue::blob({}),
      "c", -1, "\\N", std::nullopt};
  std::optional<std::size_t> bad_row = 7;
  must(db_->begin());
  must(db_->load("pets", columns, values, bad_row));
  must(db_->commit());
  EXPECT_FALSE(bad_row);
  must(db_->query("SELECT note, print FROM pets WHERE id = 'a'", {}, [&](const SqlRow& row) {
    EXPECT_EQ(row.text(0), text);
    EXPECT_EQ(row.blob(1), bytes);
  }));
  EXPECT_THAT(ask("SELECT coalesce(CAST(legs AS text), 'null') FROM pets ORDER BY id"),
              ElementsAre("4", "null", "-1"));
  EXPECT_THAT(ask("SELECT note FROM pets WHERE id > 'a' ORDER BY id"), ElementsAre("", "\\N"));
  EXPECT_THAT(ask("SELECT id FROM pets WHERE print IS NULL"), ElementsAre("c"));
}

TEST_P(Databases, SayHowManyRowsChanged) {
  change("INSERT INTO pets(id, legs) VALUES ($1, 4), ($2, 4)", {"a", "b"});
  EXPECT_EQ(change("UPDATE pets SET legs = $1", {3}), 2u);
  EXPECT_EQ(change("INSERT INTO pets(id) VALUES ($1) ON CONFLICT DO NOTHING", {"a"}), 0u);
  EXPECT_EQ(change("CREATE TABLE empty(id bigint)"), 0u);
  EXPECT_EQ(change("DELETE FROM pets WHERE id = $1", {"a"}), 1u);
}

TEST_P(Databases, KnowAParameterByItsNumber) {
  EXPECT_EQ(change("INSERT INTO pets(id, legs, note) VALUES ($2, $1, $2)", {4, "a"}), 1u);
  EXPECT_THAT(ask("SELECT note FROM pets WHERE id = $1 AND legs = $2", {"a", 4}), ElementsAre("a"));
}

TEST_P(Databases, RefuseFewerValuesThanParameters) {
  EXPECT_FALSE(
      db_->change("INSERT INTO pets(id, legs) VALUES ($1, $2)", std::array{SqlValue{"a"}}));
  EXPECT_NE(db_->trouble(), Trouble::none);
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  EXPECT_EQ(db_->trouble(), Trouble::none);
}

TEST_P(Databases, RefuseTwoStatementsWhereOneIsExpected) {
  EXPECT_FALSE(db_->change("DELETE FROM pets; DELETE FROM pets"));
  EXPECT_FALSE(
      db_->change("DELETE FROM pets WHERE id = $1; DROP TABLE pets", std::array{SqlValue{"a"}}));
  EXPECT_TRUE(ask("SELECT id FROM pets").empty());
}

TEST_P(Databases, AnswerRowsOfWhatTheyChanged) {
  EXPECT_THAT(ask("INSERT INTO pets(id, legs) VALUES ($1, 4), ($2, 3) RETURNING legs", {"a", "b"}),
              ElementsAre("4", "3"));
}

TEST_P(Databases, AnswerAgainAfterTheirTablesChanged) {
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  EXPECT_THAT(ask("SELECT * FROM pets WHERE id = $1", {"a"}), ElementsAre("a|null|null|null"));
  must(db_->run("ALTER TABLE pets ADD COLUMN owner text"));
  EXPECT_THAT(ask("SELECT * FROM pets WHERE id = $1", {"a"}), ElementsAre("a|null|null|null|null"));
}

TEST_P(Databases, UndoWhatWasNotCommitted) {
  EXPECT_FALSE(db_->in_transaction());
  db_->roll_back();
  must(db_->begin());
  EXPECT_TRUE(db_->in_transaction());
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  db_->roll_back();
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(ids(), "");
  must(db_->begin());
  change("INSERT INTO pets(id) VALUES ($1)", {"b"});
  must(db_->commit());
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(ids(), "b ");
}

TEST_P(Databases, UndoAPartOfATransaction) {
  must(db_->begin());
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  must(db_->savepoint());
  change("INSERT INTO pets(id) VALUES ($1)", {"b"});
  must(db_->savepoint());
  change("INSERT INTO pets(id) VALUES ($1)", {"c"});
  must(db_->release_savepoint());
  must(db_->savepoint());
  EXPECT_FALSE(db_->change("INSERT INTO pets(id) VALUES ($1)", std::array{SqlValue{"c"}}));
  EXPECT_EQ(db_->trouble(), Trouble::row);
  db_->roll_back_to_savepoint();
  EXPECT_EQ(db_->trouble(), Trouble::row) << "undoing does not forget what it was for";
  EXPECT_EQ(ids(), "a b c ");
  db_->roll_back_to_savepoint();
  EXPECT_EQ(ids(), "a ");
  must(db_->commit());
  EXPECT_EQ(ids(), "a ");
}

TEST_P(Databases, NameTheRowThatCannotBeLoaded) {
  change("INSERT INTO pets(id) VALUES ($1)", {"there"});
  std::optional<std::size_t> bad_row;
  must(db_->begin());
  must(db_->savepoint());
  const auto loaded =
      load({"a", 4, "line\nline\n", "b", 4, "", "there", 4, "555-0134", "c", 4, ""}, bad_row);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(db_->trouble(), Trouble::row);
  EXPECT_EQ(bad_row, 2u);
  EXPECT_EQ(loaded.error().code, Code::sink_failed);
  EXPECT_THAT(loaded.error().what, Not(HasSubstr("555-0134"))) << "values are nobody's business";
  db_->roll_back_to_savepoint();
  must(load({"a", 4, "", "b", 4, ""}, bad_row));
  EXPECT_FALSE(bad_row);
  must(db_->commit());
  EXPECT_EQ(ids(), "a b there ");
}

TEST_P(Databases, LoadThousandsOfRows) {
  std::vector<std::string> names;
  for (int n = 0; n < 5000; ++n) names.push_back("pet-" + std::to_string(n));
  const std::string note(300, 'x');
  std::vector<SqlValue> values;
  for (const std::string& name : names) values.insert(values.end(), {name, 4, note});
  constexpr std::array<std::string_view, 3> columns{"id", "legs", "note"};
  std::optional<std::size_t> bad_row;
  must(db_->begin());
  must(db_->load("pets", columns, values, bad_row));
  must(db_->commit());
  EXPECT_THAT(ask("SELECT count(*) FROM pets WHERE note = $1", {note}), ElementsAre("5000"));
  std::size_t rows = 0;
  must(db_->query("SELECT id, note FROM pets", {}, [&](const SqlRow&) { ++rows; }));
  EXPECT_EQ(rows, 5000u);
}

TEST_P(Databases, TellAStatementThatCannotHelpFromARowThatCannotBeStored) {
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  EXPECT_FALSE(db_->change("INSERT INTO pets(id) VALUES ($1)", std::array{SqlValue{"a"}}));
  EXPECT_EQ(db_->trouble(), Trouble::row);
  EXPECT_FALSE(db_->run("SELECT * FROM cats"));
  EXPECT_EQ(db_->trouble(), Trouble::destination);
  const auto missing = db_->change("DELETE FROM cats");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().what, HasSubstr("cats"));
  EXPECT_THAT(missing.error().what, HasSubstr(db_->where()));
}

TEST_P(Databases, CommitNothingAfterAnErrorNobodyCaredFor) {
  must(db_->begin());
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  EXPECT_FALSE(db_->change("INSERT INTO cats(id) VALUES ($1)", std::array{SqlValue{"a"}}));
  if (!is_sqlite()) {  // which goes on where the statement alone is undone
    EXPECT_FALSE(db_->commit());
    EXPECT_FALSE(db_->in_transaction());
    EXPECT_EQ(ids(), "");
  }
}

TEST_P(Databases, AreConnectedToAnew) {
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  must(db_->begin());
  change("INSERT INTO pets(id) VALUES ($1)", {"b"});
  must(db_->reconnect());
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(ids(), "a ");
  change("INSERT INTO pets(id) VALUES ($1)", {"c"});
  EXPECT_EQ(ids(), "a c ");
}

TEST_P(Databases, KeepPreparedStatementsWithinLimits) {
  for (int n = 0; n < 1200; ++n)
    EXPECT_THAT(ask("SELECT $1 + " + std::to_string(n), {1}), ElementsAre(std::to_string(n + 1)));
  change("INSERT INTO pets(id) VALUES ($1)", {"a"});
  EXPECT_EQ(ids(), "a ");
}

TEST(DatabaseAddresses, SayWhatTheyName) {
  EXPECT_TRUE(names_database("sqlite:callrail.db"));
  EXPECT_TRUE(names_database("postgresql://crm.example.com/crm"));
  EXPECT_FALSE(names_database("./data"));
  EXPECT_FALSE(names_database("-"));
  for (const char* address : {"./data", "sqlite:", "mysql://user:canary@db.example.com/crm"}) {
    const auto opened = open_database(address, true);
    ASSERT_FALSE(opened) << address;
    EXPECT_EQ(opened.error().code, Code::bad_request);
    EXPECT_THAT(opened.error().what, HasSubstr("sqlite:"));
    EXPECT_THAT(opened.error().what, Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace callrail
