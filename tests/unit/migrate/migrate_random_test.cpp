#include "draft.hpp"
#include "migrate_fixture.hpp"
#include "mutation.hpp"

#include <callrail/fake/random.hpp>

#include <algorithm>
#include <cstdlib>

namespace callrail::test {
namespace {

class RandomMigrations : public Migrations {};

INSTANTIATE_TEST_SUITE_P(Both, RandomMigrations, testing::ValuesIn(both_dialects), name_of_dialect);

/// A value that a column of the kind can hold.
std::string value_of(Stored as, int n) {
  const std::string digit = std::to_string(n);
  switch (as) {
    case Stored::text: return "'text " + digit + "'";
    case Stored::integer: return digit;
    case Stored::numeric: return digit + ".25";
    case Stored::boolean: return n % 2 == 0 ? "true" : "false";
    case Stored::instant: return "'2026-02-10T14:05:06.78" + digit + "Z'";
    case Stored::json: return "'[{\"id\": " + digit + "}, \"two\"]'";
  }
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

TEST_P(RandomMigrations, KeepWhatIsThereAndEndUpToDate) {
  const char* wish = std::getenv("CALLRAIL_EVOLUTIONS");
  const std::uint64_t seeds = wish ? std::stoul(wish) : is_sqlite() ? 60 : 15;
  std::size_t kept = 0;
  std::ptrdiff_t gone = 0, other_kinds = 0;
  for (std::uint64_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    fake::Dice dice{seed};
    Evolution e;
    e.old = e.now = random_draft(dice);
    std::string story = "seed " + std::to_string(seed) + "\n";
    for (std::size_t wanted = 1 + dice.below(4), tries = 0; wanted > 0 && tries < 50; ++tries)
      if (const auto mutation = mutate(e, dice)) {
        story += mutation->what + " of " + mutation->where + '\n';
        --wanted;
      }
    SCOPED_TRACE(story + "--- old\n" + e.old.text() + "\n--- new\n" + e.now.text());
    const Described old{e.old.text()}, now{e.now.text()};
    scratch_ = std::make_unique<ScratchDatabase>(GetParam());
    db_ = scratch_->open();
    migrate(old);
    const Endpoint* toys = old.api().find("toys");
    ASSERT_NE(toys, nullptr);
    std::vector<std::string> columns;
    for (const StoredColumn& column : toys->table->columns)
      columns.push_back(sql_name(column.name));
    for (int n = 1; n <= 3; ++n) {
      std::vector<std::string> values;
      for (const StoredColumn& column : toys->table->columns)
        values.push_back(value_of(column.as, n));
      row(joined(columns), joined(values));
    }

    // Whatever the schema says now, by itself a migration loses nothing.
    const auto table_now = std::ranges::find_if(now.api().endpoints, [](const Endpoint* endpoint) {
      return endpoint->name == "toys" || endpoint->table->was == "toys";
    });
    const bool is_gone = table_now == now.api().endpoints.end();
    const std::string table{is_gone ? "toys" : (*table_now)->table->name};
    std::vector<std::string> renamed;
    for (const StoredColumn& column : toys->table->columns) {
      std::string name{column.name};
      if (!is_gone)
        for (const StoredColumn& other : (*table_now)->table->columns)
          if (other.was == column.name && column.member == StoredColumn::whole) name = other.name;
      renamed.push_back(sql_name(name));
    }
    const auto before = ask("SELECT " + joined(columns) + " FROM toys ORDER BY id");
    const Migration careful = migrate(now);
    EXPECT_EQ(ask("SELECT " + joined(renamed) + " FROM " + sql_name(table) + " ORDER BY id"),
              before);
    kept += before.size();

    const Migration thorough = migrate(now, true);
    EXPECT_TRUE(thorough.withheld.empty());
    gone += std::ranges::count_if(
        careful.withheld, [](const std::string& line) { return line.find("gone") != line.npos; });
    other_kinds += std::ranges::count_if(careful.withheld, [](const std::string& line) {
      return line.find("the schema has it as") != line.npos;
    });
    EXPECT_TRUE(check_tables(*db_, now.api()));
    for (const Endpoint* endpoint : now.api().endpoints) {
      std::vector<std::string> all{"_row_hash"};
      for (const StoredColumn& column : endpoint->table->columns)
        all.push_back(sql_name(column.name));
      EXPECT_EQ(ask("SELECT " + joined(all) + " FROM " + sql_name(endpoint->table->name)).size(),
                endpoint->table->name == table ? 3u : 0u);
      EXPECT_EQ(ask("SELECT * FROM " + sql_name(endpoint->table->view)).size(),
                endpoint->table->name == table ? 3u : 0u);
    }
  }
  EXPECT_GT(kept, 0u);
  EXPECT_GT(gone, 0) << "no column was lost";
  if (is_sqlite()) {  // of so few on PostgreSQL none need have one
    EXPECT_GT(other_kinds, 0) << "no column got another kind";
  }
}

}  // namespace
}  // namespace callrail::test
