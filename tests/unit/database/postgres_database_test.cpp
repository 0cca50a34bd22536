#include "databases.hpp"
#include "postgres_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <postgres_database.hpp>

namespace callrail {
namespace {

using test::ask;
using test::PostgresServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class PostgresDatabases : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::is_there(Dialect::postgresql)) GTEST_SKIP() << test::why_not(Dialect::postgresql);
    scratch_ = std::make_unique<test::ScratchDatabase>(Dialect::postgresql);
    db_ = scratch_->open();
    ASSERT_NE(db_, nullptr);
  }
  /// Ends the connection from another, as an administrator or a restart does.
  void lose_connection() {
    const auto pid = ask(*db_, "SELECT pg_backend_pid()");
    EXPECT_THAT(ask(*scratch_->open(), "SELECT pg_terminate_backend(" + pid[0] + ", 5000)"),
                ElementsAre("t"));
  }
  /// Of a connection that must not be had.
  std::string refusal(const std::string& address) {
    const auto opened = PostgresDatabase::open(address);
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().what;
  }

  std::unique_ptr<test::ScratchDatabase> scratch_;
  std::unique_ptr<Database> db_;
};

TEST_F(PostgresDatabases, SpeakTheSameWhateverTheServerIsUsedTo) {
  EXPECT_THAT(ask(*db_, "SHOW client_encoding"), ElementsAre("UTF8"));
  EXPECT_THAT(ask(*db_, "SHOW TimeZone"), ElementsAre("UTC"));
  EXPECT_THAT(ask(*db_, "SHOW standard_conforming_strings"), ElementsAre("on"));
  EXPECT_THAT(ask(*db_, "SHOW application_name"), ElementsAre("callrail-batch"));
  EXPECT_THAT(ask(*db_, "SELECT timestamptz '2026-02-10T14:05:06.789+02:00'"),
              ElementsAre("2026-02-10 12:05:06.789+00"));
  EXPECT_EQ(db_->dialect(), Dialect::postgresql);
  EXPECT_THAT(db_->where(), StartsWith("postgresql:///" + scratch_->name()));
}

TEST_F(PostgresDatabases, KeepThePasswordToThemselves) {
  const auto* server = PostgresServer::get();
  const auto opened =
      PostgresDatabase::open(server->address(scratch_->name(), PostgresServer::password));
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_THAT((*opened)->where(), Not(HasSubstr(std::string{PostgresServer::password})));
  const auto failed =
      (*opened)->run("SELECT 1 FROM \"" + std::string{PostgresServer::password} + "\"");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().what, HasSubstr("relation \"***\" does not exist"));
  const std::string why = refusal(server->address(scratch_->name(), "canary-wrong"));
  EXPECT_THAT(why, Not(HasSubstr("canary")));
  EXPECT_THAT(why, HasSubstr("password authentication failed"));
  EXPECT_EQ(why.find('\n'), why.npos);
}

TEST_F(PostgresDatabases, TakeThePasswordFromTheEnvironmentToo) {
  std::string address = PostgresServer::get()->address(scratch_->name(), "");
  ::setenv("PGPASSWORD", std::string{PostgresServer::password}.c_str(), 1);
  const auto opened = PostgresDatabase::open(address);
  ::unsetenv("PGPASSWORD");
  ASSERT_TRUE(opened) << opened.error().what;
  const auto failed =
      (*opened)->run("SELECT 1 FROM \"" + std::string{PostgresServer::password} + "\"");
  EXPECT_THAT(failed.error().what, HasSubstr("***"));
}

TEST_F(PostgresDatabases, ThatAreNotThereSaySo) {
  const std::string nobody = refusal("postgresql://callrail@127.0.0.1:1/crm");
  EXPECT_THAT(nobody, StartsWith("postgresql://127.0.0.1:1/crm: "));
  EXPECT_THAT(nobody, HasSubstr("refused"));
  EXPECT_THAT(nobody, HasSubstr("; check the address"));
  EXPECT_THAT(refusal(PostgresServer::get()->address("no_such_database")),
              HasSubstr("\"no_such_database\" does not exist"));
}

TEST_F(PostgresDatabases, ThatAreLostAreConnectedToAnew) {
  ASSERT_TRUE(db_->run("CREATE TABLE pets(id text PRIMARY KEY)"));
  ASSERT_TRUE(db_->change("INSERT INTO pets VALUES ($1)", std::array{SqlValue{"a"}}));
  ASSERT_TRUE(db_->begin());
  ASSERT_TRUE(db_->change("INSERT INTO pets VALUES ($1)", std::array{SqlValue{"b"}}));
  lose_connection();
  const auto committed = db_->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(db_->trouble(), Trouble::connection);
  EXPECT_THAT(committed.error().what, HasSubstr("; run again: what was committed stays"));
  db_->roll_back();
  db_->roll_back_to_savepoint();
  EXPECT_FALSE(db_->run("SELECT 1"));
  EXPECT_EQ(db_->trouble(), Trouble::connection);
  ASSERT_TRUE(db_->reconnect());
  EXPECT_TRUE(db_->change("INSERT INTO pets VALUES ($1)", std::array{SqlValue{"c"}}));
  EXPECT_THAT(ask(*db_, "SELECT id FROM pets ORDER BY id"), ElementsAre("a", "c"));
}

TEST_F(PostgresDatabases, ThatRefuseForGoodAreNotHopedFor) {
  const auto password = [](std::string_view word) {
    ::setenv("PGPASSWORD", std::string{word}.c_str(), 1);
  };
  password(PostgresServer::password);
  const auto other = std::make_unique<test::ScratchDatabase>(Dialect::postgresql);
  const auto opened = PostgresDatabase::open(PostgresServer::get()->address(other->name(), ""));
  ASSERT_TRUE(opened) << opened.error().what;
  Database& db = **opened;
  const auto refused = [&] {
    EXPECT_FALSE(db.reconnect());
    return db.trouble();
  };
  password("another");
  EXPECT_EQ(refused(), Trouble::destination);
  password(PostgresServer::password);
  // Too many of them there may be for a while.
  ASSERT_TRUE(db_->run("ALTER DATABASE " + other->name() + " CONNECTION LIMIT 0"));
  EXPECT_EQ(refused(), Trouble::connection);
  ASSERT_TRUE(db_->run("ALTER DATABASE " + other->name() + " CONNECTION LIMIT 9"));
  EXPECT_TRUE(db.reconnect());
  ASSERT_TRUE(db_->run("DROP DATABASE " + other->name() + " WITH (FORCE)"));
  EXPECT_EQ(refused(), Trouble::destination);
  ASSERT_TRUE(db_->run("CREATE DATABASE " + other->name()));
  EXPECT_TRUE(db.reconnect());
  ::unsetenv("PGPASSWORD");
}

TEST_F(PostgresDatabases, ThatAreLostInTheMiddleOfALoadSaySo) {
  ASSERT_TRUE(db_->run("CREATE TABLE pets(id text)"));
  ASSERT_TRUE(db_->begin());
  lose_connection();
  const std::string much(1'000'000, 'x');
  const std::vector<SqlValue> values(20, SqlValue{much});
  constexpr std::array<std::string_view, 1> columns{"id"};
  std::optional<std::size_t> bad_row;
  EXPECT_FALSE(db_->load("pets", columns, values, bad_row));
  EXPECT_EQ(db_->trouble(), Trouble::connection);
  EXPECT_FALSE(bad_row);
}

TEST_F(PostgresDatabases, TellARowThatCannotBeHeldFromOthers) {
  ASSERT_TRUE(db_->run("CREATE TABLE pets(id text PRIMARY KEY, legs bigint NOT NULL, more jsonb)"));
  constexpr std::array<std::string_view, 3> columns{"id", "legs", "more"};
  const std::string nul("a\0b", 3), indexed(9'000, 'x');
  std::string random;  // so that it does not become shorter when it is packed
  std::uint32_t state = 1;
  while (random.size() < 9000)
    random += static_cast<char>('a' + ((state = state * 1664525 + 1013904223) >> 16) % 26);
  const std::string deep = std::string(20'000, '[') + std::string(20'000, ']');
  struct Case {
    SqlValue id, legs, more;
    const char* says;
  };
  const std::array cases{Case{"b", "many", "{}", "type bigint: \"…\" in column legs"},
                         Case{"b", std::nullopt, "{}", "not-null"},
                         Case{"b", 4, "{,}", "type json"},
                         Case{"b", 4, R"({"a": "\u0000"})", "Unicode"},
                         Case{nul, 4, "{}", "0x00"},
                         Case{"\xff\xfe", 4, "{}", "encoding"},
                         Case{random, 4, "{}", "index row"},
                         Case{"b", 4, deep, "stack depth"},
                         Case{"b", "99999999999999999999", "{}", "out of range"},
                         Case{"a", 4, "{}", "duplicate key"}};
  ASSERT_TRUE(db_->begin());
  for (const Case& bad : cases) {
    SCOPED_TRACE(bad.says);
    const std::array<SqlValue, 9> values{"a", 4, "{}", bad.id, bad.legs, bad.more, "z", 4, "{}"};
    std::optional<std::size_t> bad_row;
    ASSERT_TRUE(db_->savepoint());
    const auto loaded = db_->load("pets", columns, values, bad_row);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(db_->trouble(), Trouble::row) << loaded.error().what;
    EXPECT_EQ(bad_row, 1u) << loaded.error().what;
    EXPECT_THAT(loaded.error().what, HasSubstr(bad.says));
    EXPECT_THAT(loaded.error().what, Not(HasSubstr("many")));
    db_->roll_back_to_savepoint();
  }
  ASSERT_TRUE(db_->savepoint());
  EXPECT_FALSE(db_->change("INSERT INTO pets VALUES ($1, 4)", std::array{SqlValue{nul}}));
  EXPECT_EQ(db_->trouble(), Trouble::row);
  db_->roll_back_to_savepoint();
  EXPECT_TRUE(db_->change("INSERT INTO pets VALUES ($1, 4)", std::array{SqlValue{"b"}}));
  EXPECT_TRUE(db_->commit());
}

TEST_F(PostgresDatabases, DoAgainWhatTwoTransactionsKeptEachOtherFrom) {
  ASSERT_TRUE(
      db_->run("CREATE TABLE pets(id bigint PRIMARY KEY, n bigint); INSERT INTO pets VALUES (1, "
               "0), (2, 0)"));
  const auto other = scratch_->open();
  ASSERT_TRUE(db_->run("SET lock_timeout = '50ms'"));
  ASSERT_TRUE(db_->begin());
  ASSERT_TRUE(other->begin());
  ASSERT_TRUE(other->run("UPDATE pets SET n = 1 WHERE id = 1"));
  EXPECT_FALSE(db_->run("UPDATE pets SET n = 2 WHERE id = 1"));
  EXPECT_EQ(db_->trouble(), Trouble::again);
  db_->roll_back();
  ASSERT_TRUE(other->commit());
  // And the server's own word for it.
  ASSERT_TRUE(db_->run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM pets"));
  ASSERT_TRUE(other->run("UPDATE pets SET n = 3 WHERE id = 1"));
  EXPECT_FALSE(db_->run("UPDATE pets SET n = 4 WHERE id = 1"));
  EXPECT_EQ(db_->trouble(), Trouble::again);
  db_->roll_back();
}

TEST_F(PostgresDatabases, DoATransactionAgainWhoseTablesAnotherChanged) {
  ASSERT_TRUE(db_->run("CREATE TABLE pets(id bigint)"));
  const auto pets = [&] {
    return db_->query("SELECT * FROM pets WHERE id > $1", std::array{SqlValue{0}},
                      [](const SqlRow&) {});
  };
  ASSERT_TRUE(pets());
  ASSERT_TRUE(scratch_->open()->run("ALTER TABLE pets ADD COLUMN legs bigint"));
  ASSERT_TRUE(db_->begin());
  EXPECT_FALSE(pets());
  EXPECT_EQ(db_->trouble(), Trouble::again);
  db_->roll_back();
  ASSERT_TRUE(db_->begin());
  EXPECT_TRUE(pets());
  EXPECT_TRUE(db_->commit());
}

TEST_F(PostgresDatabases, ThatMayOnlyBeReadHelpNobody) {
  ASSERT_TRUE(db_->run("CREATE TABLE pets(id bigint); SET default_transaction_read_only = on"));
  const auto changed = db_->change("INSERT INTO pets VALUES ($1)", std::array{SqlValue{1}});
  ASSERT_FALSE(changed);
  EXPECT_EQ(db_->trouble(), Trouble::destination);
  EXPECT_THAT(changed.error().what, HasSubstr("; name the server that may be written to"));
}

}  // namespace
}  // namespace callrail
