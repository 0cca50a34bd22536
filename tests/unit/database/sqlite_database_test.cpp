#include "scratch_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sqlite_database.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace callrail {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SqliteDatabases : public testing::Test {
 protected:
  std::unique_ptr<SqliteDatabase> open(SqliteOptions options = {.may_create = true}) {
    auto opened = SqliteDatabase::open(path_, options);
    EXPECT_TRUE(opened) << opened.error().what;
    return opened ? *std::move(opened) : nullptr;
  }
  std::string text_of(Database& db, const char* query) {
    std::string text;
    EXPECT_TRUE(db.query(query, {}, [&](const SqlRow& row) { text = row.text(0); }));
    return text;
  }

  ScratchFolder folder_;
  std::string path_ = folder_ / "callrail.db";
};

TEST_F(SqliteDatabases, AreReadableByTheOwnerAlone) {
  const auto db = open();
  ASSERT_TRUE(db->run("CREATE TABLE t(a)"));
  for (const char* tail : {"", "-wal", "-shm"}) {
    struct stat seen {};
    ASSERT_EQ(::stat((path_ + tail).c_str(), &seen), 0) << tail;
    EXPECT_EQ(seen.st_mode & 0777, 0600u) << tail;
  }
}

TEST_F(SqliteDatabases, LetACommitSurviveThatThePowerFails) {
  const auto db = open();
  EXPECT_EQ(text_of(*db, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(text_of(*db, "PRAGMA synchronous"), "2");  // FULL
}

TEST_F(SqliteDatabases, OfOthersStayAsTheyAreUntilTheyAreWritten) {
  {
    const auto theirs = open({.may_create = true, .wal = false});
    ASSERT_TRUE(theirs->run("CREATE TABLE pets(a); INSERT INTO pets VALUES (1)"));
  }
  const auto bytes = [&] {
    std::ifstream file{path_, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  };
  const std::string before = bytes();
  EXPECT_EQ(text_of(*open(), "SELECT a FROM pets"), "1");
  EXPECT_EQ(bytes(), before);
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_.path()}, {}), 1);
  const auto db = open();
  EXPECT_EQ(text_of(*db, "PRAGMA journal_mode"), "delete");
  ASSERT_TRUE(db->begin());
  ASSERT_TRUE(db->commit());
  EXPECT_EQ(text_of(*db, "PRAGMA journal_mode"), "wal");
}

TEST_F(SqliteDatabases, AreOneFileWhenTheyAreClosed) {
  ASSERT_TRUE(open()->run("CREATE TABLE t(a)"));
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_.path()}, {}), 1);
}

TEST_F(SqliteDatabases, AreMadeOnlyWhereThatIsAsked) {
  const auto opened = SqliteDatabase::open(path_, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
  EXPECT_THAT(opened.error().what, HasSubstr("callrail-batch migrate"));
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(SqliteDatabases, AreNoFilesOfOthers) {
  const std::string foreign = "id,name\n1,Anna\n";
  std::ofstream{path_} << foreign;
  const auto opened = open_database("sqlite:" + path_, true);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_request);
  EXPECT_EQ(opened.error().what, path_ + ": file is not a database; choose another file");
  EXPECT_EQ(fs::file_size(path_), foreign.size());
}

TEST_F(SqliteDatabases, SayWhatHelpsWhereTheyCannotBe) {
  const auto why = [](const std::string& path) {
    const auto opened = open_database("sqlite:" + path, true);
    return opened ? "opened"
                  : std::to_string(static_cast<int>(opened.error().code)) + opened.error().what;
  };
  const std::string bad = std::to_string(static_cast<int>(Code::bad_request));
  const std::string failed = std::to_string(static_cast<int>(Code::sink_failed));
  EXPECT_EQ(why(folder_ / "no/where/a.db"), bad + (folder_ / "no/where/a.db") +
                                                ": there is no folder " + (folder_ / "no/where") +
                                                "; make it: mkdir -p " + (folder_ / "no/where"));
  fs::create_directory(folder_ / "closed");
  EXPECT_EQ(why(folder_ / "closed"), bad + (folder_ / "closed") +
                                         ": is a folder; name a file in it: sqlite:" +
                                         (folder_ / "closed") + "/callrail.db");
  if (::geteuid() == 0) return;  // who may do everything
  fs::permissions(folder_ / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(why(folder_ / "closed/a.db"),
            failed + (folder_ / "closed/a.db") + ": this user may not make files in " +
                (folder_ / "closed") + "; give it the permission, or name a file elsewhere");
  fs::permissions(folder_ / "closed", fs::perms::owner_all);
  ASSERT_TRUE(open()->run("CREATE TABLE t(a)"));
  fs::permissions(path_, fs::perms::none);
  EXPECT_EQ(why(path_), failed + path_ +
                            ": this user may not read and write it; give it the permission, or "
                            "name another file");
}

TEST_F(SqliteDatabases, SayThatTheyAreDamaged) {
  ASSERT_TRUE(open()->run("CREATE TABLE t(a)"));
  {
    std::fstream bytes{path_, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekp(100);
    bytes << std::string(3000, '\x5a');
  }
  const auto opened = SqliteDatabase::open(path_, {});
  bool damaged = !opened;
  if (opened) damaged = !(*opened)->run("SELECT * FROM t") && (*opened)->damaged();
  EXPECT_TRUE(damaged);
}

TEST_F(SqliteDatabases, MayLieElsewhereBehindALink) {
  const std::string real = folder_ / "real.db";
  ASSERT_TRUE(open()->run("CREATE TABLE t(a)"));
  fs::rename(path_, real);
  fs::create_symlink(real, path_);
  EXPECT_TRUE(open()->run("INSERT INTO t VALUES (1)"));
  EXPECT_FALSE(SqliteDatabase::open(path_, {.may_create = true, .follow_links = false}));
}

TEST_F(SqliteDatabases, WithNamesThatSqliteWouldReadOtherwiseAreFilesToo) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  for (const char* name : {":memory:", "file:a.db?mode=memory"}) {
    const auto db = SqliteDatabase::open(name, {.may_create = true});
    ASSERT_TRUE(db) << db.error().what;
    EXPECT_TRUE((*db)->run("CREATE TABLE t(a)"));
    EXPECT_TRUE(fs::exists(folder_ / name)) << name;
  }
  fs::current_path(before);
}

TEST_F(SqliteDatabases, ThatAnotherProcessWritesAreAskedAgain) {
  using namespace std::chrono_literals;
  const auto one = open(), other = open({.may_create = true, .wait_for_others = 0ms});
  ASSERT_TRUE(one->run("CREATE TABLE t(a)"));
  ASSERT_TRUE(one->begin());
  ASSERT_TRUE(one->run("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(text_of(*other, "SELECT count(*) FROM t"), "0") << "reading goes on";
  const auto begun = other->begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(other->trouble(), Trouble::again);
  EXPECT_THAT(begun.error().what, HasSubstr("; end what else uses it"));
  EXPECT_FALSE(other->in_transaction());
  ASSERT_TRUE(one->commit());
  EXPECT_TRUE(other->begin());
  EXPECT_EQ(other->trouble(), Trouble::none);
}

TEST_F(SqliteDatabases, ThatMayNotBeWrittenHelpNobody) {
  ASSERT_TRUE(open()->run("CREATE TABLE t(a)"));
  const auto db = open();
  ASSERT_TRUE(db->run("PRAGMA query_only=ON"));
  const auto changed = db->change("INSERT INTO t VALUES ($1)", std::array{SqlValue{1}});
  ASSERT_FALSE(changed);
  EXPECT_EQ(db->trouble(), Trouble::destination);
  EXPECT_THAT(changed.error().what, HasSubstr("see to it that it can be written to"));
}

TEST_F(SqliteDatabases, ThatAreFullSayWhatToDo) {
  const auto db = open();
  ASSERT_TRUE(db->run("CREATE TABLE t(a); PRAGMA max_page_count=3"));
  ASSERT_TRUE(db->begin());
  const std::string much(100'000, 'x');
  const auto changed = db->change("INSERT INTO t VALUES ($1)", std::array{SqlValue{much}});
  ASSERT_FALSE(changed);
  EXPECT_EQ(db->trouble(), Trouble::destination);
  EXPECT_THAT(changed.error().what, HasSubstr("; free some space"));
  db->roll_back();
  EXPECT_TRUE(db->run("INSERT INTO t VALUES (1)"));
}

}  // namespace
}  // namespace callrail
