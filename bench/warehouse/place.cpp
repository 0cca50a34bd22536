#include "place.hpp"

#include <callrail/api.hpp>
#include <callrail/api/calls.hpp>
#include <callrail/processor.hpp>

#include <fmt/format.h>

#include <databases.hpp>
#include <filesystem>
#include <migrate.hpp>
#include <scratch_folder.hpp>
#include <vector>

namespace callrail::bench {

namespace {

Status make_tables(const std::string& address) {
  auto db = open_database(address, true);
  if (!db) return std::unexpected(std::move(db).error());
  auto plan = plan_migration(**db, api::description(), false);
  if (!plan) return std::unexpected(std::move(plan).error());
  return apply(**db, *plan);
}

class SqlitePlace final : public Place {
 public:
  Dialect dialect() const override { return Dialect::sqlite; }
  const std::string& address() const override { return address_; }
  const std::string& name() const override { return name_; }
  Status empty() override {
    if (!std::filesystem::exists(made_))
      if (auto made = make_tables("sqlite:" + made_); !made) return made;
    for (const char* const behind : {"", "-wal", "-shm"}) std::filesystem::remove(name_ + behind);
    std::filesystem::copy_file(made_, name_);
    return {};
  }

 private:
  ScratchFolder folder_;
  std::string made_ = folder_ / "empty.db", name_ = folder_ / "callrail.db",
              address_ = "sqlite:" + name_;
};

class PostgresqlPlace final : public Place {
 public:
  Dialect dialect() const override { return Dialect::postgresql; }
  const std::string& address() const override { return scratch_.address(); }
  const std::string& name() const override { return scratch_.address(); }
  Status empty() override {
    if (tables_.empty())
      if (auto made = make_tables(address()); !made) return made;
    auto db = open_database(address(), false);
    if (!db) return std::unexpected(std::move(db).error());
    if (tables_.empty()) {
      auto found = (*db)->query(
          "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = "
          "'public'",
          {}, [&](const SqlRow& row) { tables_ = row.text(0); });
      if (!found) return found;
    }
    return (*db)->run("TRUNCATE " + tables_);
  }

 private:
  test::ScratchDatabase scratch_{Dialect::postgresql};
  std::string tables_;
};

/// FNV-1a, with an end for each value.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(0xffU);
  }
  void add_null() { add(0xfeU); }
  std::uint64_t value() const { return value_; }

 private:
  void add(unsigned byte) { value_ = (value_ ^ byte) * 1099511628211U; }
  std::uint64_t value_ = 14695981039346656037U;
};

}  // namespace

std::unique_ptr<Place> Place::make(Dialect dialect, std::string& why) {
  if (dialect == Dialect::sqlite) return std::make_unique<SqlitePlace>();
  if (test::is_there(dialect)) return std::make_unique<PostgresqlPlace>();
  why = test::why_not(dialect);
  return nullptr;
}

Result<std::uint64_t> Place::contents() const {
  const StoredTable& table = *Processor<api::Call>::endpoint().table;
  auto db = open_database(address(), false);
  if (!db) return std::unexpected(std::move(db).error());
  std::string columns;
  for (const StoredColumn& column : table.columns) columns += sql_name(column.name) + ", ";
  std::vector<std::string> questions{
      fmt::format("SELECT {} _account_id, _extra, _row_hash, _removed_at FROM {} ORDER BY "
                  "_account_id, id",
                  columns, table.name)};
  for (const ChildTable& child : table.children)
    questions.push_back(
        fmt::format("SELECT * FROM {} ORDER BY _account_id, call_id, _n", child.name));
  Hash hash;
  for (const std::string& question : questions) {
    hash.add(question);
    auto asked = (*db)->query(question, {}, [&](const SqlRow& row) {
      for (std::size_t n = 0; n < row.size(); ++n)
        row.is_null(n) ? hash.add_null() : hash.add(row.text(n));
    });
    if (!asked) return std::unexpected(std::move(asked).error());
  }
  return hash.value();
}

Status Place::name_companies() const {
  auto db = open_database(address(), false);
  if (!db) return std::unexpected(std::move(db).error());
  std::string statements;
  for (const auto& [table, column] :
       {std::pair{"companies", "company_id"}, {"trackers", "tracker_id"}})
    statements += fmt::format(
        "INSERT INTO {0} (_account_id, id, name, _row_hash, _first_seen_at, _updated_at, _run_id) "
        "SELECT DISTINCT _account_id, {1}, 'Name of ' || {1}, _row_hash, _first_seen_at, "
        "_updated_at, 1 FROM calls WHERE id IN (SELECT min(id) FROM calls WHERE {1} IS NOT NULL "
        "GROUP BY {1});",
        table, column);
  return (*db)->run(statements);
}

}  // namespace callrail::bench
