#include "databases.hpp"

#include "postgres_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <unistd.h>

namespace callrail::test {

namespace {

/// In the database every server has.
void on_the_server(const std::string& statement) {
  auto db = open_database(PostgresServer::get()->address("postgres"), false);
  const Status done = db ? (*db)->run(statement) : std::unexpected(db.error());
  EXPECT_TRUE(done) << done.error().what;
}

}  // namespace

bool is_there(Dialect dialect) {
  if (dialect == Dialect::sqlite) return true;
  return CALLRAIL_HAS_POSTGRES && PostgresServer::get() != nullptr;
}

std::string why_not(Dialect) {
  return CALLRAIL_HAS_POSTGRES ? "no PostgreSQL is installed: scripts/setup.sh does"
                               : "this build has no PostgreSQL";
}

ScratchDatabase::ScratchDatabase(Dialect dialect) : dialect_{dialect} {
  if (dialect == Dialect::sqlite) {
    name_ = folder_ / "callrail.db";
    address_ = "sqlite:" + name_;
    return;
  }
  static int made = 0;
  name_ = fmt::format("test_{}_{}", ::getpid(), ++made);
  on_the_server("CREATE DATABASE " + name_);
  address_ = PostgresServer::get()->address(name_);
}

ScratchDatabase::~ScratchDatabase() {
  if (dialect_ == Dialect::postgresql) on_the_server("DROP DATABASE " + name_ + " WITH (FORCE)");
}

std::unique_ptr<Database> ScratchDatabase::open() const {
  auto opened = open_database(address_, true);
  EXPECT_TRUE(opened) << opened.error().what;
  return opened ? *std::move(opened) : nullptr;
}

std::vector<std::string> ask(Database& db, std::string_view text,
                             std::span<const SqlValue> values) {
  std::vector<std::string> answer;
  const auto asked = db.query(text, values, [&](const SqlRow& row) {
    std::string& line = answer.emplace_back();
    for (std::size_t n = 0; n < row.size(); ++n)
      line.append(n ? "|" : "").append(row.is_null(n) ? "null" : row.text(n));
  });
  if (!asked) answer = {asked.error().what};
  return answer;
}

}  // namespace callrail::test
