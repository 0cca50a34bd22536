#include "migrate.hpp"

#include "own_tables.hpp"
#include "tables_there.hpp"
#include "tables_wanted.hpp"

#include <fmt/format.h>

namespace callrail {

namespace {

/// Nobody else may migrate at the same time. SQLite lets only one write.
Status lock(Database& db) {
  if (db.dialect() == Dialect::sqlite) return {};
  return db.query(
      "SELECT pg_advisory_xact_lock(hashtext('callrail-batch migrate ' || current_schema()))", {},
      [](const SqlRow&) {});
}

Status do_step(Database& db, const Migration::Step& step) {
  if (const auto* statements = std::get_if<std::string>(&step)) {
    auto done = db.run(*statements);
    // The database does not name what it is: a view of one's own may hold a password.
    if (!done && statements->starts_with("DROP VIEW") && db.trouble() != Trouble::connection)
      done.error().what += "; drop what others have put upon it, and make it again afterwards";
    return done;
  }
  if (std::holds_alternative<Migration::OwnTables>(step)) return make_own_tables(db);
  if (const auto* column = std::get_if<ColumnFill>(&step)) return fill(db, *column);
  return fill(db, std::get<ChildFill>(step));
}

Status do_all(Database& db, const Migration& migration) {
  if (Status held = lock(db); !held) return held;
  const auto now = plan_migration(db, *migration.api, migration.destructive);
  if (!now) return std::unexpected(now.error());
  if (now->up_to_date()) return {};
  if (now->text() != migration.text())
    return fail(Code::held, db.where() + ": somebody else has changed its tables; try again");
  for (const auto& step : now->steps)
    if (Status done = do_step(db, step); !done) return done;
  return {};
}

std::string address(const Database& db) {
  return (db.dialect() == Dialect::sqlite ? "sqlite:" : "") + db.where();
}

constexpr const char* no_tables = "it has no tables of this program yet";

std::unexpected<Error> misfit(const Database& db, std::string_view what, bool destructive) {
  return fail(Code::bad_request,
              fmt::format("{}: {}; run: callrail-batch migrate --output {}{}", db.where(), what,
                          address(db), destructive ? " --destructive" : ""));
}

}  // namespace

std::string Migration::text() const {
  std::string out;
  for (const Step& step : steps) {
    if (const auto* statements = std::get_if<std::string>(&step)) {
      out += *statements;
    } else if (std::holds_alternative<OwnTables>(step)) {
      out += "-- tables of the program itself\n";
    } else if (const auto* column = std::get_if<ColumnFill>(&step)) {
      out += fmt::format("-- {}.{} is filled from {}\n", column->endpoint->table->name,
                         column->column->name, column->from);
    } else {
      const auto& list = std::get<ChildFill>(step);
      out += fmt::format("-- {} is filled from {}.{}\n", list.child->name,
                         list.endpoint->table->name, list.endpoint->fields[list.child->field].name);
    }
  }
  return out;
}

Status apply(Database& db, const Migration& migration) {
  if (migration.up_to_date()) return {};
  if (Status begun = db.begin(); !begun) return begun;
  Status done = do_all(db, migration);
  if (done) done = db.commit();
  if (!done) db.roll_back();
  // A pragma is not undone with the rest.
  if (!done && db.dialect() == Dialect::sqlite) (void)db.run("PRAGMA legacy_alter_table = OFF");
  return done;
}

Status check_tables(Database& db, const Api& api) {
  const auto migration = plan_migration(db, api, false);
  if (!migration) return std::unexpected(migration.error());
  if (migration->misfit.empty()) return {};
  return misfit(db, migration->from_nothing ? no_tables : migration->misfit,
                migration->only_destructive);
}

Status check_history(Database& db) {
  const auto there = tables_there(db);
  if (!there) return std::unexpected(there.error());
  for (const OwnTable& table : tables_in(own_tables(db.dialect()))) {
    if (table.name != "runs" && table.name != "_lease") continue;
    if (!there->has(table.name)) return misfit(db, no_tables, false);
    for (const auto& [column, declared] : table.columns)
      if (!column.starts_with('_') && !there->has(table.name, column))  // the others nobody sees
        return misfit(db, fmt::format("{}: no column {}", table.name, column), false);
  }
  return {};
}

}  // namespace callrail
