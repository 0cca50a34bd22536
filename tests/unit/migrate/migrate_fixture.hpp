#pragma once

#include "databases.hpp"
#include "tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <migrate.hpp>
#include <string>

namespace callrail::test {

/// A schema of text, and the facts a build would make of it.
class Described {
 public:
  explicit Described(const std::string& text) : loaded_{codegen::load_schema(text, "s.yaml")} {
    EXPECT_THAT(loaded_.mistakes.lines("s.yaml"), testing::IsEmpty()) << text;
    tables_ = std::make_unique<Tables>(loaded_.schema);
  }
  const Api& api() const { return tables_->api(); }

 private:
  codegen::Loaded loaded_;
  std::unique_ptr<Tables> tables_;
};

/// The endpoint `toys`, with these fields behind its `id`.
inline std::string toys(const std::string& fields, const std::string& words = "key: id") {
  return R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: "key {api_key}" }
  paging: { offset: { page: page, size: per_page, pages: total_pages, total: total_records } }
shapes:
  Maker: { fields: { id: { type: id, evidence: real, refers_to: toys.id } } }
  Part: { fields: { name: { type: text or null, evidence: real }, weight: { type: number, evidence: real } } }
endpoints:
  toys:
    record: Toy
    path: /toys.json
    rows: toys
    paging: [offset]
    )" + words +
         R"(
    fields:
      id: { type: id, evidence: real }
      maker: { type: object Maker or null, evidence: real }
      spare: { type: list<object Part> or null, evidence: real }
)" + fields;
}

inline std::string field(const std::string& name, const std::string& type,
                         const std::string& more = "") {
  return "      " + name + ": { type: " + type + ", evidence: real" + more + " }\n";
}

class Migrations : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (!is_there(GetParam())) GTEST_SKIP() << why_not(GetParam());
    scratch_ = std::make_unique<ScratchDatabase>(GetParam());
    db_ = scratch_->open();
    ASSERT_NE(db_, nullptr);
  }
  bool is_sqlite() const { return GetParam() == Dialect::sqlite; }

  Migration plan(const Described& wanted, bool destructive = false) {
    auto plan = plan_migration(*db_, wanted.api(), destructive);
    EXPECT_TRUE(plan) << plan.error().what;
    return plan ? *std::move(plan) : Migration{};
  }
  /// Does it, and sees that nothing is left to do then.
  Migration migrate(const Described& wanted, bool destructive = false) {
    Migration done = plan(wanted, destructive);
    const Status applied = apply(*db_, done);
    EXPECT_TRUE(applied) << applied.error().what << '\n' << done.text();
    const Migration again = plan(wanted, destructive);
    EXPECT_TRUE(again.up_to_date()) << again.text();
    return done;
  }
  void run(const std::string& statements) {
    const Status done = db_->run(statements);
    ASSERT_TRUE(done) << done.error().what << '\n' << statements;
  }
  /// A row as the sink would have stored it.
  void row(const std::string& columns, const std::string& values) {
    run("INSERT INTO toys (_account_id, _row_hash, _first_seen_at, _updated_at, _run_id, " +
        columns + ") VALUES ('A', " + (is_sqlite() ? "x'01'" : "'\\x01'") +
        ", '2026-02-10T14:05:06.789Z', '2026-02-10T14:05:06.789Z', 1, " + values + ")");
  }
  std::vector<std::string> ask(const std::string& text) { return test::ask(*db_, text); }
  std::string truth() const { return is_sqlite() ? "1" : "t"; }

  std::unique_ptr<ScratchDatabase> scratch_;
  std::unique_ptr<Database> db_;
};

}  // namespace callrail::test
