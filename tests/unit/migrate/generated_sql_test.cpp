#include "migrate_fixture.hpp"

#include <callrail/api.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>

/// The SQL in generated/, on real databases.
namespace callrail::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class GeneratedSql : public Migrations {
 protected:
  Migration plan() {
    auto plan = plan_migration(*db_, api::description(), false);
    EXPECT_TRUE(plan) << plan.error().what;
    return plan ? *std::move(plan) : Migration{};
  }
  /// Tables with their columns, and views.
  std::vector<std::string> everything() {
    return ask(is_sqlite()
                   ? "SELECT m.name, c.name, c.type FROM sqlite_master AS m JOIN "
                     "pragma_table_info(m.name) AS c ORDER BY 1, 2"
                   : "SELECT table_name, column_name, udt_name FROM information_schema.columns "
                     "WHERE table_schema = current_schema() ORDER BY 1, 2");
  }
};

INSTANTIATE_TEST_SUITE_P(Both, GeneratedSql, testing::ValuesIn(both_dialects), name_of_dialect);

std::string text_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST_P(GeneratedSql, MakesByHandWhatMigrateMakesToo) {
  const fs::path folder =
      fs::path{CALLRAIL_GENERATED} / "sql" / (is_sqlite() ? "sqlite" : "postgresql");
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (entry.path().filename() == "views.sql") continue;
    run(text_of(entry.path()));
    ++files;
  }
  run(text_of(folder / "views.sql"));
  EXPECT_EQ(files, api::description().endpoints.size());
  std::vector<std::string> by_hand = everything();
  for (const Endpoint* endpoint : api::description().endpoints)
    EXPECT_THAT(ask("SELECT * FROM " + std::string{endpoint->table->view}), IsEmpty());

  const ScratchDatabase other{GetParam()};
  db_ = other.open();
  ASSERT_TRUE(apply(*db_, plan()));
  std::vector<std::string> migrated = everything();
  std::erase_if(migrated, [&](const std::string& column) {
    return std::ranges::find(by_hand, column) == by_hand.end();
  });
  EXPECT_EQ(migrated, by_hand);
  scratch_.reset();
  db_.reset();
}

TEST_P(GeneratedSql, IsUpToDateAfterwards) {
  const Status before = check_tables(*db_, api::description());
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().code, Code::bad_request);
  EXPECT_THAT(before.error().what,
              HasSubstr("it has no tables of this program yet; run: callrail-batch migrate "
                        "--output " +
                        std::string{is_sqlite() ? "sqlite:" : "postgresql:"}));
  const Migration first = plan();
  EXPECT_FALSE(first.up_to_date());
  ASSERT_TRUE(apply(*db_, first));
  const auto made = everything();
  const Migration second = plan();
  EXPECT_TRUE(second.up_to_date()) << second.text();
  EXPECT_THAT(second.says, IsEmpty());
  EXPECT_TRUE(apply(*db_, first)) << "somebody else may have been first";
  EXPECT_EQ(everything(), made);
  const Status after = check_tables(*db_, api::description());
  EXPECT_TRUE(after) << after.error().what;
}

TEST_P(GeneratedSql, QuotesEveryWordThatWantsIt) {
  ASSERT_TRUE(db_->begin());
  if (is_sqlite()) {
    for (int n = 0; n < sqlite3_keyword_count(); ++n) {
      const char* word = nullptr;
      int size = 0;
      ASSERT_EQ(sqlite3_keyword_name(n, &word, &size), SQLITE_OK);
      std::string name{word, static_cast<std::size_t>(size)};
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      run("CREATE TABLE t_" + name + " (" + sql_name(name) + " TEXT); CREATE TABLE " +
          sql_name(name) + " AS SELECT t." + sql_name(name) + " FROM t_" + name + " AS t");
    }
    return;
  }
  for (const std::string& word :
       ask("SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"))
    EXPECT_EQ(sql_name(word), '"' + word + '"');
  for (const std::string& word : ask("SELECT word FROM pg_get_keywords() WHERE catcode = 'C'"))
    run("CREATE TABLE " + sql_name(word) + " (" + sql_name(word) + " text); CREATE VIEW v_" + word +
        " AS SELECT t." + sql_name(word) + " FROM " + sql_name(word) + " AS t");
}

}  // namespace
}  // namespace callrail::test
