#include "migrate.hpp"
#include "other_key.hpp"
#include "own_tables.hpp"
#include "tables_there.hpp"
#include "tables_wanted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <checkpoint_store.hpp>
#include <set>

namespace callrail {

namespace {

constexpr std::string_view schema_table =
    "CREATE TABLE IF NOT EXISTS _schema (thing text NOT NULL, part text NOT NULL, definition text "
    "NOT NULL, PRIMARY KEY (thing, part));\n";

/// What a column of another kind is called while its values go over.
std::string old_name(Text column) { return "_was_" + std::string{column}; }

class Planner {
 public:
  Planner(const Database& db, const Api& api, bool destructive, TablesThere there)
      : db_{db},
        api_{api},
        destructive_{destructive},
        there_{std::move(there)},
        left_{there_.made} {
    out_.api = &api;
    out_.destructive = destructive;
    out_.from_nothing = !there_.has("_schema");
  }

  Result<Migration> run() {
    if (Status free = names_are_free(); !free) return std::unexpected(free.error());
    own();
    for (const Endpoint* endpoint : stored_endpoints(api_)) {
      table(*endpoint);
      for (const ChildTable& child : endpoint->table->children) list(*endpoint, child);
      texts(*endpoint);
    }
    gone_tables();
    views();
    if (left_ != there_.made || !there_.has("_schema")) snapshot();
    for (auto* phase : {&views_off_, &changes_, &fills_, &drops_, &keys_, &creates_, &lists_,
                        &texts_, &views_on_, &last_})
      std::ranges::move(*phase, std::back_inserter(out_.steps));
    return std::move(out_);
  }

 private:
  using Steps = std::vector<Migration::Step>;

  bool is_sqlite() const { return db_.dialect() == Dialect::sqlite; }
  void say(std::string line) { out_.says.push_back(std::move(line)); }
  void withhold(std::string line) { out_.withheld.push_back(std::move(line)); }
  /// The sink relies on it.
  void must(std::string line) {
    if (out_.misfit.empty()) out_.misfit = line;
    say(std::move(line));
  }
  void must_not_yet(std::string line) {
    if (!out_.only_destructive) out_.misfit = line;
    out_.only_destructive = true;
    withhold(std::move(line));
  }
  bool is_ours(std::string_view thing, std::string_view part = "") const {
    return there_.is_ours(thing, part);
  }
  std::string type(Stored as) const { return std::string{sql_type(db_.dialect(), as)}; }

  /// A user may have tables and views of their own beside ours, but not under our names.
  Status names_are_free() const {
    const auto taken = [&](std::string_view name, const char* what) {
      return fail(Code::bad_request,
                  fmt::format("{}: there is a {} {} that is not of callrail-batch; name another "
                              "database, or rename it",
                              db_.where(), what, name));
    };
    // Of tables that look like ours only `_schema` was lost.
    const auto is_strange = [&](std::string_view name, std::string_view mark) {
      return there_.views.contains(name) ||
             (there_.has(name) && !is_ours(name) && !there_.has(name, mark));
    };
    for (const Endpoint* endpoint : stored_endpoints(api_)) {
      const StoredTable& table = *endpoint->table;
      if (is_strange(table.name, "_row_hash")) return taken(table.name, "table");
      for (const ChildTable& child : table.children)
        if (is_strange(child.name, "_n")) return taken(child.name, "table");
      const bool lost = there_.made.empty() && there_.has(table.name);
      if (there_.has(table.view)) return taken(table.view, "table");
      if (there_.views.contains(table.view) && !is_ours(table.view, part_view) && !lost)
        return taken(table.view, "view");
    }
    for (const OwnTable& table : tables_in(own_tables(db_.dialect())))
      if (there_.views.contains(table.name) ||
          (there_.has(table.name) && !there_.has(table.name, table.columns.front().first)))
        return taken(table.name, "table");
    return {};
  }

  void own() {
    const std::string statements = own_tables(db_.dialect());
    bool lacks = false;
    for (const OwnTable& table : tables_in(statements)) {
      lacks = lacks || !there_.has(table.name);
      if (!there_.has(table.name)) continue;
      for (const auto& [column, declared] : table.columns) {
        if (there_.has(table.name, column)) continue;
        const bool needs_value = declared.find("NOT NULL") != declared.npos;
        const char* value = declared.starts_with("timestamp") ? " DEFAULT 'epoch'"
                            : declared.starts_with("TEXT")    ? " DEFAULT ''"
                                                              : " DEFAULT 0";
        changes_.emplace_back(fmt::format("ALTER TABLE {} ADD COLUMN {} {}{};\n", table.name,
                                          column, declared, needs_value ? value : ""));
        must(fmt::format("{}: new column {}", table.name, column));
      }
    }
    for (const std::string& table : CheckpointStore::tables(checkpoint_prefix))
      lacks = lacks || !there_.has(table);
    std::string& made = left_[{"", std::string{part_own}}];
    if (!lacks && made == digest(statements)) return;
    made = digest(statements);
    creates_.emplace_back(Migration::OwnTables{});
    lacks ? must("tables of the program itself") : say("indexes of the program's own tables");
  }

  /// Statements that make what an endpoint lacks, and nothing of what it has.
  void create(const Endpoint& endpoint) {
    if (created_.insert(&endpoint).second)
      creates_.emplace_back(std::string{endpoint.table->sql(db_.dialect()).create});
  }

  void drop_index(std::string_view table, std::string_view column) {
    changes_.emplace_back(fmt::format("DROP INDEX IF EXISTS {};\n",
                                      sql_name(fmt::format("{}_by_{}", table, column))));
  }

  void rename_in_made(const std::string& thing, const std::string& now) {
    for (auto* made : {&there_.made, &left_}) {
      Made moved;
      for (auto& [at, definition] : *made)
        moved[{at.first == thing ? now : at.first, at.second}] = definition;
      *made = std::move(moved);
    }
  }

  /// A table under the name the schema says it had.
  void renamed_table(const Endpoint& endpoint) {
    const std::string was{endpoint.table->was}, name{endpoint.table->name};
    if (was.empty() || there_.has(name) || !there_.has(was) || !is_ours(was) || api_.find(was))
      return;
    for (const ColumnThere& column : there_.tables[was]) drop_index(was, column.name);
    changes_.emplace_back(
        fmt::format("ALTER TABLE {} RENAME TO {};\n", sql_name(was), sql_name(name)));
    there_.tables[name] = std::move(there_.tables[was]);
    there_.tables.erase(was);
    if (there_.key_names.contains(was)) there_.key_names[name] = there_.key_names[was];
    for (BesideTable& beside : there_.beside)
      if (beside.table == was) beside.table = name;
    rename_in_made(was, name);
    must(fmt::format("{} was called {}", name, was));
    structural_ = true;
    create(endpoint);
  }

  void table(const Endpoint& endpoint) {
    const StoredTable& table = *endpoint.table;
    const std::string name{table.name};
    renamed_table(endpoint);
    std::string& about = left_[{name, ""}];
    if (!there_.has(name)) {
      must("new table " + name);
      about = told(endpoint);
      for (const StoredColumn& column : table.columns)
        left_[{name, std::string{column.name}}] = to_text(column.as);
      create(endpoint);
      return;
    }
    if (about.empty()) about = told(endpoint);
    const bool other_key = about != told(endpoint);
    for (const StoredColumn& column : table.columns) this->column(endpoint, column, other_key);
    gone_columns(endpoint, other_key);
    if (!other_key) return;
    if (!destructive_)
      return must_not_yet(
          fmt::format("{}: the schema has {}, the database {}; of rows with one key the "
                      "one written last would stay",
                      name, told(endpoint), about));
    must(fmt::format("{}: {} now, were {}", name, told(endpoint), about));
    about = told(endpoint);
    structural_ = true;
    keys_.emplace_back(other_key_statements(db_.dialect(), endpoint, there_, other_key_kinds_));
    create(endpoint);
  }

  void column(const Endpoint& endpoint, const StoredColumn& column, bool other_key) {
    const std::string table{endpoint.table->name}, name{column.name}, was{column.was};
    std::string& kind = left_[{table, name}];
    if (!there_.has(table, name) && !was.empty() && there_.has(table, was) && is_ours(table, was) &&
        !is_wanted(endpoint, was)) {
      drop_index(table, was);
      changes_.emplace_back(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};\n", sql_name(table),
                                        sql_name(was), sql_name(name)));
      std::ranges::find(there_.tables[table], was, &ColumnThere::name)->name = name;
      const auto had = left_.find({table, was});
      kind = had->second;
      left_.erase(had);
      there_.made.erase({table, was});
      must(fmt::format("{}: {} was called {}", table, name, was));
      structural_ = true;
      create(endpoint);
    }
    if (!there_.has(table, name)) {
      add(endpoint, column);
      must(fmt::format("{}: new column {}", table, name));
      const bool of_member = column.member != StoredColumn::whole;
      const Field& field = endpoint.fields[column.from];
      fills_.emplace_back(
          ColumnFill{.endpoint = &endpoint,
                     .column = &column,
                     .from = of_member ? std::string{field.name} : "_extra",
                     .as = Stored::json,
                     .member = of_member ? field.members[column.member].name : column.name});
      kind = to_text(column.as);
      return;
    }
    if (kind.empty()) kind = to_text(column.as);
    if (kind == to_text(column.as)) return;
    if (!destructive_)
      return must_not_yet(fmt::format("{}.{}: the schema has it as {}, the database as {}", table,
                                      name, to_text(column.as), kind));
    must(fmt::format("{}: {} is kept as {} now, was {}", table, name, to_text(column.as), kind));
    // As a part of the key it goes over with the key.
    const bool is_key = std::ranges::find(endpoint.keys, column.name) != endpoint.keys.end();
    if (is_key && other_key)
      other_key_kinds_.insert(&column);
    else
      other_kind(endpoint, column, stored_from(kind).value_or(Stored::text));
    kind = to_text(column.as);
    structural_ = true;
  }

  void add(const Endpoint& endpoint, const StoredColumn& column) {
    changes_.emplace_back(fmt::format("ALTER TABLE {} ADD COLUMN {} {};\n",
                                      sql_name(endpoint.table->name), sql_name(column.name),
                                      type(column.as)));
    there_.tables[std::string{endpoint.table->name}].push_back(
        {std::string{column.name}, type(column.as)});
    create(endpoint);  // its index
  }

  /// The hash goes too: what a new kind holds of a value an unchanged row would not bring again.
  void other_kind(const Endpoint& endpoint, const StoredColumn& column, Stored was) {
    const std::string table = sql_name(endpoint.table->name), old = old_name(column.name);
    drop_index(endpoint.table->name, column.name);
    changes_.emplace_back(
        fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {};\n", table, sql_name(column.name), old));
    add(endpoint, column);
    auto& columns = there_.tables[std::string{endpoint.table->name}];
    columns.erase(std::ranges::find(columns, column.name, &ColumnThere::name));
    fills_.emplace_back(
        ColumnFill{.endpoint = &endpoint, .column = &column, .from = old, .as = was});
    fills_.emplace_back(ColumnFill{.endpoint = &endpoint,
                                   .column = &column,
                                   .from = "_extra",
                                   .as = Stored::json,
                                   .member = column.name});
    drops_.emplace_back(fmt::format("ALTER TABLE {} DROP COLUMN {};\n", table, old));
    drops_.emplace_back(
        fmt::format("UPDATE {} SET _row_hash = {};\n", table, is_sqlite() ? "x''" : "''"));
  }

  void gone_columns(const Endpoint& endpoint, bool other_key) {
    const std::string table{endpoint.table->name};
    auto& columns = there_.tables[table];
    for (std::size_t n = 0; n < columns.size();) {
      const std::string name = columns[n++].name;
      if (is_wanted(endpoint, name) || !is_ours(table, name)) continue;
      if (!destructive_) {
        withhold(fmt::format("{}.{}: gone from the schema", table, name));
        continue;
      }
      drop_index(table, name);
      // SQLite drops no part of a key; the table that is made anew for the key has it no more.
      if (!other_key || !is_sqlite())
        drops_.emplace_back(
            fmt::format("ALTER TABLE {} DROP COLUMN {};\n", sql_name(table), sql_name(name)));
      columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(--n));
      left_.erase({table, name});
      say(fmt::format("{}: {} is gone", table, name));
      structural_ = true;
    }
  }

  /// Children hold nothing that the list in its row does not: where anything differs, they are made
  /// anew from it.
  void list(const Endpoint& endpoint, const ChildTable& child) {
    const std::string name{child.name};
    Made now{{{name, ""}, told(endpoint, child)}};
    for (const StoredColumn& column : child.columns)
      now[{name, std::string{column.name}}] = to_text(column.as);
    bool same = there_.has(name);
    bool has_more = false;
    for (const auto& [at, definition] : now) {
      const auto made = there_.made.find(at);
      same = same &&
             (made == there_.made.end() ? there_.made.empty() : made->second == definition) &&
             (at.second.empty() || there_.has(name, at.second));
    }
    for (const auto& [at, definition] : there_.made)
      same = same && (at.first != name || now.contains(at));
    if (there_.has(name))
      for (const ColumnThere& column : there_.tables[name]) {
        const bool is_ours_too = column.name == "_account_id" || column.name == "_n" ||
                                 is_ours(name, column.name) || now.contains({name, column.name}) ||
                                 is_parent_key(name, column.name);
        has_more = has_more || !is_ours_too;
      }
    if (same) {
      left_.merge(now);
      return;
    }
    if (there_.has(name)) {
      if (has_more && !destructive_)
        return must_not_yet(
            fmt::format("{}: it would be made anew, without the columns somebody added", name));
      changes_.emplace_back(fmt::format("DROP TABLE {};\n", sql_name(name)));
    }
    const bool may_have_rows = there_.has(endpoint.table->name);
    must(fmt::format("{} table {}{}", there_.has(name) ? "made anew:" : "new", name,
                     may_have_rows ? fmt::format(", filled from {}.{}", endpoint.table->name,
                                                 endpoint.fields[child.field].name)
                                   : std::string{}));
    std::erase_if(left_, [&](const auto& one) { return one.first.first == name; });
    left_.merge(now);
    create(endpoint);
    if (may_have_rows) lists_.emplace_back(ChildFill{.endpoint = &endpoint, .child = &child});
  }

  /// By what the last migration wrote about the child.
  bool is_parent_key(const std::string& child, const std::string& column) const {
    const auto made = there_.made.find({child, ""});
    return made != there_.made.end() && made->second.find(", " + column + " ") != std::string::npos;
  }

  /// Comments, and indexes of columns that are there already.
  void texts(const Endpoint& endpoint) {
    const std::string name{endpoint.table->name};
    const StoredSql& sql = endpoint.table->sql(db_.dialect());
    std::string& create_made = left_[{name, std::string{part_create}}];
    std::string& comments_made = left_[{name, std::string{part_comments}}];
    const bool is_told = created_.contains(&endpoint);
    if (create_made != digest(sql.create)) create(endpoint);
    const bool other_comments = comments_made != digest(sql.comments);
    if (!sql.comments.empty() && (other_comments || created_.contains(&endpoint)))
      texts_.emplace_back(std::string{sql.comments});
    if (!is_told && (other_comments || created_.contains(&endpoint)))
      say(name + ": comments and indexes");
    create_made = digest(sql.create);
    comments_made = digest(sql.comments);
  }

  void gone_tables() {
    std::set<std::string, std::less<>> wanted;
    for (const Endpoint* endpoint : stored_endpoints(api_)) {
      wanted.emplace(endpoint->table->name);
      for (const ChildTable& child : endpoint->table->children) wanted.emplace(child.name);
    }
    for (const auto& [at, definition] : there_.made) {
      const std::string& name = at.first;
      if (!at.second.empty() || wanted.contains(name)) continue;
      if (there_.has(name)) {
        if (!destructive_) {
          withhold(name + ": gone from the schema");
          keeps_gone_ = true;
          continue;
        }
        drops_.emplace_back(fmt::format("DROP TABLE {};\n", sql_name(name)));
        say(name + " is gone");
        structural_ = true;
      }
      std::erase_if(left_, [&](const auto& one) { return one.first.first == name; });
    }
  }

  /// They go before what they show is changed, and come back last.
  void views() {
    std::size_t anew = 0;
    std::set<std::string, std::less<>> wanted;
    for (const Endpoint* endpoint : stored_endpoints(api_)) {
      const StoredTable& table = *endpoint->table;
      const std::string& text = std::string{table.sql(db_.dialect()).view};
      wanted.emplace(table.view);
      std::string& made = left_[{std::string{table.view}, std::string{part_view}}];
      if (!structural_ && made == digest(text) && there_.views.contains(table.view)) continue;
      made = digest(text);
      if (structural_ && there_.views.contains(table.view)) drop_view(std::string{table.view});
      views_on_.emplace_back(text);
      ++anew;
    }
    for (const auto& [at, definition] : there_.made) {
      // The one of a table that stays may still be read.
      if (at.second != part_view || wanted.contains(at.first) || keeps_gone_) continue;
      if (there_.views.contains(at.first)) drop_view(at.first);
      left_.erase(at);
    }
    if (anew > 0) say(fmt::format("{} view{}", anew, anew == 1 ? "" : "s"));
  }

  void drop_view(const std::string& view) {
    views_off_.emplace_back(fmt::format("DROP VIEW {};\n", sql_name(view)));
  }

  void snapshot() {
    std::string text{schema_table};
    text += "DELETE FROM _schema;\nINSERT INTO _schema (thing, part, definition) VALUES";
    const char* between = "\n";
    for (const auto& [at, definition] : left_) {
      text += fmt::format("{}({}, {}, {})", between, sql_text(at.first), sql_text(at.second),
                          sql_text(definition));
      between = ",\n";
    }
    last_.emplace_back(text + ";\n");
  }

  const Database& db_;
  const Api& api_;
  bool destructive_;
  TablesThere there_;
  Made left_;  ///< what `_schema` will have
  Migration out_;
  bool structural_ = false;  ///< views may not stay as they are
  bool keeps_gone_ = false;  ///< tables that are gone from the schema
  std::set<const Endpoint*> created_;
  std::set<const StoredColumn*> other_key_kinds_;
  Steps views_off_, changes_, fills_, drops_, keys_, creates_, lists_, texts_, views_on_, last_;
};

}  // namespace

Result<Migration> plan_migration(Database& db, const Api& api, bool destructive) {
  auto there = tables_there(db);
  if (!there) return std::unexpected(there.error());
  return Planner{db, api, destructive, *std::move(there)}.run();
}

}  // namespace callrail
