#include "copy_tables.hpp"

#include "databases.hpp"
#include "faulty_connection.hpp"
#include "migrate.hpp"
#include "own_tables.hpp"

#include <callrail/api.hpp>
#include <callrail/sql_names.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <process_alive.hpp>
#include <unistd.h>

namespace callrail {
namespace {

using test::ask;
using test::FaultyConnection;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Copies : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::is_there(Dialect::postgresql)) GTEST_SKIP() << test::why_not(Dialect::postgresql);
    lite_ = std::make_unique<test::ScratchDatabase>(Dialect::sqlite);
    post_ = std::make_unique<test::ScratchDatabase>(Dialect::postgresql);
    from_ = lite_->open();
    to_ = post_->open();
    for (Database* db : {from_.get(), to_.get()}) {
      must(db->begin());
      must(make_own_tables(*db));
      must(db->commit());
    }
    must(
        from_->run("CREATE TABLE _schema(thing text, part text, definition text);"
                   "INSERT INTO _schema VALUES ('mine', '', '');"
                   "CREATE TABLE pets(id TEXT PRIMARY KEY, legs INTEGER, weight NUMERIC, "
                   "tame INTEGER, born TEXT, more TEXT, \"order\" TEXT, _row_hash BLOB NOT NULL)"));
    must(
        to_->run("CREATE TABLE _schema(thing text, part text, definition text);"
                 "INSERT INTO _schema VALUES ('theirs', '', '');"
                 "CREATE TABLE pets(id text PRIMARY KEY, legs bigint, weight numeric, "
                 "tame boolean, born timestamptz(3), more jsonb, \"order\" text, "
                 "_row_hash bytea NOT NULL)"));
  }
  void must(const Status& status) const { ASSERT_TRUE(status) << status.error().what; }
  void add(SqlValue id, SqlValue legs = {}, SqlValue weight = {}, SqlValue tame = {},
           SqlValue born = {}, SqlValue more = {}, SqlValue order = {}) {
    const std::array values{
        id,   legs, weight, tame,
        born, more, order,  SqlValue::blob(std::string_view{"\0\x01\xff hash", 8})};
    const auto added = from_->change(
        "INSERT INTO pets(id, legs, weight, tame, born, more, \"order\", _row_hash) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8)",
        values);
    EXPECT_TRUE(added) << added.error().what;
  }
  CopyReport copy(const CopyOptions& options = {}) {
    auto copied = copy_tables(*from_, *to_, options);
    EXPECT_TRUE(copied) << copied.error().what;
    return copied ? *std::move(copied) : CopyReport{};
  }
  Error refusal(Database& to, const CopyOptions& options = {}) {
    const auto copied = copy_tables(*from_, to, options);
    EXPECT_FALSE(copied);
    EXPECT_FALSE(to.in_transaction());
    return copied ? Error{} : copied.error();
  }
  std::vector<std::string> pets() { return ask(*to_, "SELECT * FROM pets ORDER BY id"); }

  std::unique_ptr<test::ScratchDatabase> lite_, post_;
  std::unique_ptr<Database> from_, to_;
};

TEST_F(Copies, WaitForRunsOnEitherSide) {
  add("a");
  const auto hold = [](Database& db, std::int64_t pid) {
    const std::string host = host_name();
    const SqlValue values[] = {pid, host};
    const std::string now = db.dialect() == Dialect::sqlite
                                ? "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
                                : "clock_timestamp()";
    ASSERT_TRUE(
        db.change("INSERT INTO _lease (endpoint, account, run_id, pid, host, since, beat) VALUES "
                  "('pets', '', 7, $1, $2, " +
                      now + ", " + now + ")",
                  values));
  };
  for (Database* const db : {from_.get(), to_.get()}) {
    hold(*db, ::getppid());
    const Error why = refusal(*to_);
    EXPECT_EQ(why.code, Code::held);
    EXPECT_THAT(why.what, HasSubstr(db->where() + ": pets is already running (pid "));
    EXPECT_THAT(why.what, HasSubstr("; wait for run 7 to end"));
    must(db->run("DELETE FROM _lease"));
  }
  hold(*from_, 4'000'000);  // nobody's, beyond what Linux gives out
  EXPECT_THAT(copy().tables, testing::SizeIs(testing::Ge(1u)));
}

TEST_F(Copies, HaveEveryValueThatWasThere) {
  add("a", -9'223'372'036'854'775'807 - 1, "12.50", true, "2026-02-10T14:05:06.789Z",
      R"({"b":[1,2.50],"a":"é\n"})", "tab\t \\N 'x'\n");
  add("b");
  add("", 0, "-1e20", false, "1999-12-31T23:59:59.000Z", "\"text\"", "");
  const auto report = copy();
  EXPECT_THAT(pets(), ElementsAre("|0|-100000000000000000000|f|1999-12-31 23:59:59+00|\"text\"||"
                                  "\\x0001ff2068617368",
                                  "a|-9223372036854775808|12.5|t|2026-02-10 14:05:06.789+00|"
                                  "{\"a\": \"é\\n\", \"b\": [1, 2.50]}|tab\t \\N 'x'\n|"
                                  "\\x0001ff2068617368",
                                  "b|null|null|null|null|null|null|\\x0001ff2068617368"));
  const auto at = std::ranges::find(report.tables, "pets", &CopiedTable::name);
  ASSERT_NE(at, report.tables.end());
  EXPECT_EQ(at->rows, 3u);
  EXPECT_EQ(at->checksum.size(), 32u);
  EXPECT_THAT(report.left, IsEmpty());
  EXPECT_THAT(report.added, IsEmpty());
}

TEST_F(Copies, TakeHistoryAndCursorsAlongAndLeaveTheLeaseAndWhatMigrateDid) {
  must(from_->run(
      "INSERT INTO _cursor(endpoint, list, value, run_id) "
      "VALUES ('pets', '', '2026-02-10T14:05:06.789Z', 4);"
      "INSERT INTO rejects VALUES (4, 'pets', 'A', 'no id', '{}', '2026-02-10T14:05:06.789Z', 'x');"
      "INSERT INTO _lease(endpoint, account, run_id, pid, host, since, beat) VALUES "
      "('pets', 'A', 4, 5, 'h', '2026-02-10T14:05:06.789Z', '2026-02-10T14:05:06.789Z');"
      "INSERT INTO _run_run VALUES ('print', 'print', '', 1, 1)"));
  copy();
  EXPECT_THAT(ask(*to_, "SELECT endpoint, value, run_id FROM _cursor"),
              ElementsAre("pets|2026-02-10 14:05:06.789+00|4"));
  EXPECT_THAT(ask(*to_, "SELECT count(*) FROM rejects"), ElementsAre("1"));
  EXPECT_THAT(ask(*to_, "SELECT thing FROM _schema"), ElementsAre("theirs"));
  EXPECT_THAT(ask(*to_, "SELECT count(*) FROM _lease"), ElementsAre("0"));
  EXPECT_THAT(ask(*to_, "SELECT count(*) FROM _run_run"), ElementsAre("0"));
}

TEST_F(Copies, AreOfManyRowsAndLargeOnes) {
  must(from_->begin());
  const std::string note(1'000'000, 'x');
  for (int n = 0; n < 5000; ++n) add(fmt::format("pet-{}", n), n);
  for (int n = 0; n < 9; ++n) add(fmt::format("large-{}", n), n, {}, {}, {}, {}, note);
  must(from_->commit());
  std::vector<std::string> done;
  copy({.done = [&](const CopiedTable& table) { done.push_back(table.name); }});
  EXPECT_THAT(ask(*to_, "SELECT count(*), sum(legs), sum(length(\"order\")) FROM pets"),
              ElementsAre(fmt::format("5009|{}|9000000", 4999 * 5000 / 2 + 36)));
  EXPECT_THAT(done, testing::Contains("pets"));
}

TEST_F(Copies, HaveTheSameChecksumWhateverTheOrderOfTheRows) {
  add("a", 1), add("b", 2);
  const auto one = copy();
  must(from_->run("DELETE FROM pets"));
  add("b", 2), add("a", 1);
  const auto other = copy({.replace = true});
  must(from_->run("UPDATE pets SET legs = 3 - legs"));
  const auto changed = copy({.replace = true});
  const auto sum = [](const CopyReport& report) {
    return std::ranges::find(report.tables, "pets", &CopiedTable::name)->checksum;
  };
  EXPECT_EQ(sum(one), sum(other));
  EXPECT_NE(sum(one), sum(changed));
}

TEST_F(Copies, RefuseADatabaseWithRowsUnlessTheyMayGo) {
  add("a");
  must(to_->run("INSERT INTO pets(id, _row_hash) VALUES ('old', '')"));
  const Error error = refusal(*to_);
  EXPECT_EQ(error.code, Code::bad_request);
  EXPECT_THAT(error.what, HasSubstr("pets has rows already"));
  EXPECT_THAT(ask(*to_, "SELECT id FROM pets"), ElementsAre("old"));
  copy({.replace = true});
  EXPECT_THAT(ask(*to_, "SELECT id FROM pets"), ElementsAre("a"));
}

TEST_F(Copies, MakeColumnsTheSchemaNoLongerHasAndNameTablesThatAreNobodys) {
  must(from_->run(
      "ALTER TABLE pets ADD COLUMN rating INTEGER; ALTER TABLE pets ADD COLUMN said TEXT;"
      "CREATE TABLE notes_of_mine(text TEXT)"));
  add("a");
  must(from_->run("UPDATE pets SET rating = 5, said = 'woof'"));
  const auto report = copy();
  EXPECT_THAT(report.added, ElementsAre("pets.rating", "pets.said"));
  EXPECT_THAT(report.left, ElementsAre("notes_of_mine"));
  EXPECT_THAT(ask(*to_, "SELECT rating + 1, said FROM pets"), ElementsAre("6|woof"));
}

TEST_F(Copies, ReplaceWhatPostgresCannotKeep) {
  const std::string nul("a\0b", 3);
  add("a", {}, {}, {}, {}, R"({"n":"x\u0000y","h":"\ud800"})", nul);
  copy();
  EXPECT_THAT(ask(*to_, "SELECT \"order\", more->>'n', more->>'h' FROM pets"),
              ElementsAre("a\xef\xbf\xbd"
                          "b|x\xef\xbf\xbdy|\xef\xbf\xbd"));
}

// COPY runs triggers, so this is a target that does not keep what it was given.
TEST_F(Copies, NoticeATargetThatChangesWhatItWasGiven) {
  add("a", 1), add("b", 2);
  must(
      to_->run("CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN IF new.id = 'b' THEN new.legs := 3; END IF; RETURN new; END $$;"
               "CREATE TRIGGER cut BEFORE INSERT ON pets FOR EACH ROW EXECUTE FUNCTION cut()"));
  Error error = refusal(*to_);
  EXPECT_EQ(error.code, Code::sink_failed);
  EXPECT_THAT(error.what, HasSubstr("pets has 2 rows with checksum"));
  EXPECT_THAT(pets(), IsEmpty());
  must(
      to_->run("CREATE OR REPLACE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN IF new.id = 'b' THEN RETURN NULL; END IF; RETURN new; END $$"));
  error = refusal(*to_);
  EXPECT_THAT(error.what, HasSubstr("pets has 1 rows with checksum"));
  EXPECT_THAT(pets(), IsEmpty());
}

TEST_F(Copies, NameTheRowThatDoesNotFit) {
  add("a", 1), add("b", "many"), add("c", 3);
  const Error error = refusal(*to_);
  EXPECT_THAT(error.what, HasSubstr("row 2 of pets in " + lite_->name()));
  EXPECT_THAT(pets(), IsEmpty());
}

TEST_F(Copies, LeaveNothingWhereTheyBreak) {
  for (int n = 0; n < 3; ++n) add(fmt::format("pet-{}", n), n);
  const auto& faults = {FaultyConnection::Fault{.call = FaultyConnection::Call::load},
                        FaultyConnection::Fault{.call = FaultyConnection::Call::query, .nth = 4},
                        FaultyConnection::Fault{.call = FaultyConnection::Call::begin},
                        FaultyConnection::Fault{.call = FaultyConnection::Call::commit},
                        FaultyConnection::Fault{.call = FaultyConnection::Call::commit,
                                                .trouble = Trouble::destination}};
  for (const auto& fault : faults) {
    FaultyConnection broken{post_->open()};
    broken.fail(fault);
    EXPECT_EQ(refusal(broken).code, Code::sink_failed);
    EXPECT_EQ(broken.hits(), 1u);
    EXPECT_THAT(pets(), IsEmpty());
  }
  copy();
  EXPECT_EQ(pets().size(), 3u);
}

TEST_F(Copies, GoFromSqliteToPostgresAlone) {
  EXPECT_EQ(refusal(*lite_->open()).code, Code::bad_request);
  EXPECT_FALSE(from_->in_transaction());
  add("a");
}

std::string example(Stored as, int n) {
  switch (as) {
    case Stored::text: return fmt::format("text {} é", n);
    case Stored::integer: return fmt::format("{}", n * 1'000'000'007ll);
    case Stored::numeric: return fmt::format("{}.50", n);
    case Stored::boolean: return n % 2 == 0 ? "0" : "1";
    case Stored::instant: return fmt::format("2026-02-10T14:05:06.{:03}Z", n);
    case Stored::json: break;
  }
  return fmt::format(R"({{"z":[{},null],"a":"x"}})", n);
}

TEST_F(Copies, HaveTheTablesOfTheApi) {
  const test::ScratchDatabase lite{Dialect::sqlite}, post{Dialect::postgresql};
  from_ = lite.open();
  to_ = post.open();
  for (Database* db : {from_.get(), to_.get()}) {
    const auto plan = plan_migration(*db, api::description(), false);
    ASSERT_TRUE(plan) << plan.error().what;
    must(apply(*db, *plan));
  }
  std::map<std::string, std::uint64_t> expected;
  must(from_->begin());
  for (const Endpoint* endpoint : api::description().endpoints) {
    if (endpoint->table == nullptr) continue;
    const StoredTable& table = *endpoint->table;
    for (int n = 1; n <= 3; ++n) {
      std::string names = "_account_id, _row_hash, _first_seen_at, _updated_at, _run_id";
      std::string values =
          "'ACC1', x'00', '2026-02-10T14:05:06.000Z', '2026-02-10T14:05:06.000Z', 1";
      for (const StoredColumn& column : table.columns) {
        names += ", " + sql_name(column.name);
        values += ", " + sql_text(example(column.as, n));
      }
      must(from_->run(
          fmt::format("INSERT INTO {}({}) VALUES ({})", sql_name(table.name), names, values)));
    }
    expected[std::string{table.name}] = 3;
    for (const ChildTable& child : table.children) {
      std::string names = "_account_id, _n", values = "'ACC1', 1";
      for (const Text key : table.parent_keys) {
        names += ", " + sql_name(key);
        values += ", 'KEY1'";
      }
      must(from_->run(
          fmt::format("INSERT INTO {}({}) VALUES ({})", sql_name(child.name), names, values)));
      expected[std::string{child.name}] = 1;
    }
  }
  must(from_->commit());
  const auto report = copy();
  EXPECT_GE(expected.size(), 20u);
  for (const auto& [table, rows] : expected) {
    const auto at = std::ranges::find(report.tables, table, &CopiedTable::name);
    ASSERT_NE(at, report.tables.end()) << table;
    EXPECT_EQ(at->rows, rows) << table;
  }
  EXPECT_THAT(report.left, IsEmpty());
  EXPECT_THAT(report.added, IsEmpty());
  const auto plan = plan_migration(*to_, api::description(), false);
  EXPECT_TRUE(plan && plan->up_to_date());
}

}  // namespace
}  // namespace callrail
