#include "faulty_connection.hpp"

#include "databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

/// What breaks here breaks as it does in the database itself.
namespace callrail {
namespace {

using test::FaultyConnection;
using Call = FaultyConnection::Call;

class FaultyConnections : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!test::is_there(GetParam())) GTEST_SKIP() << test::why_not(GetParam());
    scratch_.emplace(GetParam());
    db_ = std::make_unique<FaultyConnection>(scratch_->open());
    must(db_->run("CREATE TABLE pets(id text PRIMARY KEY)"));
  }
  void must(const Status& status) const { ASSERT_TRUE(status) << status.error().what; }
  bool insert(const char* id) {
    return db_->change("INSERT INTO pets VALUES ($1)", std::array{SqlValue{id}}).has_value();
  }
  bool load(std::initializer_list<SqlValue> ids, std::optional<std::size_t>& bad_row) {
    constexpr std::array<std::string_view, 1> columns{"id"};
    return db_->load("pets", columns, std::span{ids.begin(), ids.size()}, bad_row).has_value();
  }
  /// As others see it.
  std::string ids() {
    std::string all;
    const auto other = scratch_->open();
    for (const std::string& id : test::ask(*other, "SELECT id FROM pets ORDER BY id")) all += id;
    return all;
  }
  bool is_sqlite() const { return GetParam() == Dialect::sqlite; }

  std::optional<test::ScratchDatabase> scratch_;
  std::unique_ptr<FaultyConnection> db_;
};

INSTANTIATE_TEST_SUITE_P(Both, FaultyConnections, testing::ValuesIn(test::both_dialects),
                         test::name_of_dialect);

TEST_P(FaultyConnections, LostBeforeACommitHaveNothing) {
  db_->fail({.call = Call::commit, .trouble = Trouble::connection});
  must(db_->begin());
  EXPECT_TRUE(db_->in_transaction());
  ASSERT_TRUE(insert("a"));
  EXPECT_FALSE(db_->commit());
  EXPECT_EQ(db_->trouble(), Trouble::connection);
  db_->roll_back();
  EXPECT_FALSE(insert("b"));
  EXPECT_EQ(db_->trouble(), Trouble::connection);
  EXPECT_EQ(ids(), "");
  must(db_->reconnect());
  EXPECT_TRUE(insert("c"));
  EXPECT_EQ(ids(), "c");
  EXPECT_EQ(db_->hits(), 1u);
}

TEST_P(FaultyConnections, LostAfterACommitHaveItAll) {
  db_->fail({.call = Call::commit, .trouble = Trouble::connection, .after = true});
  must(db_->begin());
  ASSERT_TRUE(insert("a"));
  EXPECT_FALSE(db_->commit());
  EXPECT_EQ(db_->trouble(), Trouble::connection);
  db_->roll_back();
  EXPECT_EQ(ids(), "a");
}

TEST_P(FaultyConnections, MayNotComeBackAtOnce) {
  db_->fail({.call = Call::reconnect, .times = 2, .trouble = Trouble::connection});
  EXPECT_FALSE(db_->reconnect());
  EXPECT_FALSE(db_->reconnect());
  EXPECT_FALSE(insert("a"));
  must(db_->reconnect());
  EXPECT_TRUE(insert("a"));
}

TEST_P(FaultyConnections, WhoseCommitIsToBeDoneAgainHaveNothing) {
  db_->fail({.call = Call::commit, .trouble = Trouble::again});
  must(db_->begin());
  ASSERT_TRUE(insert("a"));
  EXPECT_FALSE(db_->commit());
  EXPECT_EQ(db_->trouble(), Trouble::again);
  EXPECT_EQ(db_->in_transaction(), is_sqlite()) << "SQLite may be asked again";
  db_->roll_back();
  EXPECT_EQ(ids(), "");
  must(db_->begin());
  EXPECT_TRUE(insert("a"));
  must(db_->commit());
  EXPECT_EQ(ids(), "a");
}

TEST_P(FaultyConnections, DoNothingAfterAnErrorUntilItIsUndoneIfTheyArePostgres) {
  db_->fail({.call = Call::change, .nth = 2, .trouble = Trouble::row});
  must(db_->begin());
  ASSERT_TRUE(insert("a"));
  must(db_->savepoint());
  EXPECT_FALSE(insert("b"));
  EXPECT_EQ(db_->trouble(), Trouble::row);
  EXPECT_EQ(insert("c"), is_sqlite());
  db_->roll_back_to_savepoint();
  EXPECT_TRUE(insert("d"));
  must(db_->commit());
  EXPECT_EQ(ids(), "ad");
}

TEST_P(FaultyConnections, ThatAreFullHaveNothing) {
  db_->fail({.call = Call::change,
             .nth = 2,
             .times = FaultyConnection::for_good,
             .trouble = Trouble::destination});
  must(db_->begin());
  ASSERT_TRUE(insert("a"));
  EXPECT_FALSE(insert("b"));
  EXPECT_EQ(db_->trouble(), Trouble::destination);
  EXPECT_FALSE(db_->in_transaction() && is_sqlite());
  db_->roll_back();
  EXPECT_FALSE(insert("c"));
  db_->mend();
  EXPECT_EQ(ids(), "");
}

TEST_P(FaultyConnections, CountEveryCall) {
  db_->fail({.nth = 3, .trouble = Trouble::connection});
  must(db_->begin());
  EXPECT_TRUE(insert("a"));
  EXPECT_FALSE(db_->commit());
  EXPECT_EQ(db_->count(), 4u) << "the table was made before";
  EXPECT_EQ(db_->count(Call::change), 1u);
  must(db_->reconnect());
  EXPECT_EQ(db_->count(), 4u);
}

TEST_P(FaultyConnections, RefuseAPoisonedRow) {
  std::optional<std::size_t> bad_row;
  db_->poison("bad");
  must(db_->begin());
  must(db_->savepoint());
  EXPECT_FALSE(load({"a", "b", "a bad one"}, bad_row));
  EXPECT_EQ(db_->trouble(), Trouble::row);
  EXPECT_EQ(bad_row, 2u);
  db_->roll_back_to_savepoint();
  db_->poison("bad", false);
  must(db_->savepoint());
  EXPECT_FALSE(load({"a", "b", "a bad one"}, bad_row));
  EXPECT_FALSE(bad_row);
  db_->roll_back_to_savepoint();
  EXPECT_TRUE(load({"a", "b"}, bad_row));
  must(db_->commit());
  EXPECT_EQ(ids(), "ab");
  EXPECT_FALSE(insert("bad"));
  EXPECT_EQ(db_->trouble(), Trouble::row);
}

TEST_P(FaultyConnections, SayWhatTheServerSays) {
  if (is_sqlite()) return;  // has no server
  const auto struck = [&](std::string_view state) {
    db_->fail({.nth = 2, .state = state});
    must(db_->begin());
    const auto status = db_->run("SELECT 1");
    EXPECT_FALSE(status);
    EXPECT_THAT(status.error().what, testing::HasSubstr("; ")) << "what to do about it";
    db_->roll_back();
    return db_->trouble();
  };
  for (const char* const passes : {"40001", "40P01", "57014", "55P03"})
    EXPECT_EQ(struck(passes), Trouble::again) << passes;
  for (const char* const stays : {"53100", "58030", "XX001", "25006", "53200"})
    EXPECT_EQ(struck(stays), Trouble::destination) << stays;
  EXPECT_EQ(struck("57P03"), Trouble::connection);
  EXPECT_EQ(struck("57P01"), Trouble::connection);
  EXPECT_FALSE(db_->run("SELECT 1"));
  must(db_->reconnect());
  must(db_->run("SELECT 1"));
}

TEST_P(FaultyConnections, StayGoneAsLongAsTheyShould) {
  db_->fail({.times = 3, .gone = true});
  EXPECT_FALSE(insert("a"));
  EXPECT_FALSE(db_->reconnect());
  EXPECT_FALSE(db_->reconnect());
  must(db_->reconnect());
  EXPECT_TRUE(insert("a"));
}

TEST_P(FaultyConnections, DieBeforeACallOrBehindIt) {
  for (const bool after : {false, true}) {
    db_->fail({.call = Call::commit, .after = after, .dies = true});
    must(db_->begin());
    ASSERT_TRUE(insert(after ? "b" : "a"));
    EXPECT_THROW((void)db_->commit(), test::Crash);
    db_ = std::make_unique<FaultyConnection>(scratch_->open());
    EXPECT_EQ(ids(), after ? "b" : "");
  }
}

}  // namespace
}  // namespace callrail
