#include "sql.hpp"

#include "emit.hpp"
#include "text_block.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// A column as it is declared, and what is told about it.
struct Declared {
  std::string name, type;
  bool required = false;
  std::string doc{};
};

std::string type_of(Dialect dialect, Stored as) { return std::string{sql_type(dialect, as)}; }

std::string doc_of(const TableColumn& column) {
  const Field* field = column.told();
  if (!field) return "The element, where it is no object.";
  std::string out;
  const auto say = [&](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
  if (column.member)
    say("The " + column.member->name.text + " in " + column.field->name.text + ".");
  if (!field->doc.empty()) say(field->doc);
  if (!field->unit.empty()) say("In " + field->unit + ".");
  if (!field->refers_to.empty()) say("Refers to " + field->refers_to.text + ".");
  if (!field->until.empty()) say("Not sent since " + field->until + ".");
  return out;
}

class SqlWriter {
 public:
  SqlWriter(const Schema& schema, const Endpoint& endpoint, Dialect dialect)
      : schema_{schema},
        endpoint_{endpoint},
        dialect_{dialect},
        table_{table_of(schema, endpoint)} {}

  Sql run() {
    std::vector<Declared> columns{account()};
    for (const auto& column : table_.columns)
      columns.push_back(
          {column.name, type_of(dialect_, column.as), is_key(column), doc_of(column)});
    const auto own = [&](const char* name, std::string type, bool required, const char* doc) {
      columns.push_back({name, std::move(type), required, doc});
    };
    own("_extra", type_of(dialect_, Stored::json), false,
        "What the schema does not know and what a column cannot hold, by name.");
    own("_row_hash", dialect_ == Dialect::sqlite ? "BLOB" : "bytea", true,
        "Of the values: by it an unchanged row is known.");
    own("_first_seen_at", type_of(dialect_, Stored::instant), true, "");
    own("_updated_at", type_of(dialect_, Stored::instant), true,
        "When a run last wrote the row, because it was new or another.");
    own("_removed_at", type_of(dialect_, Stored::instant), false,
        "Since when the API does not list it.");
    own("_removed_reason", type_of(dialect_, Stored::text), false, "");
    own("_run_id", type_of(dialect_, Stored::integer), true, "The run that wrote it last.");
    std::vector<std::string> key{"_account_id"};
    for (const auto& name : endpoint_.key) key.push_back(name.text);
    table(table_.name, endpoint_.doc, columns, key);
    indexes(table_.name, indexed(table_.columns, &endpoint_));
    for (const auto& child : table_.children) list(child);
    view();
    return {create_.take(), view_.take(), comments_.take()};
  }

 private:
  Declared account() const {
    return {"_account_id", type_of(dialect_, Stored::text), true, "The account it was read for."};
  }

  bool is_key(const TableColumn& column) const {
    return !column.member && std::any_of(endpoint_.key.begin(), endpoint_.key.end(),
                                         [&](const Name& key) { return key.text == column.name; });
  }

  void list(const ListTable& child) {
    std::vector<Declared> columns{account()};
    std::vector<std::string> key{"_account_id"};
    for (std::size_t i = 0; i < table_.parent_keys.size(); ++i) {
      const TableColumn* of_row = table_.find(endpoint_.key[i].text);
      columns.push_back({table_.parent_keys[i], type_of(dialect_, of_row->as), true,
                         "Refers to " + endpoint_.name.text + "." + of_row->name + "."});
      key.push_back(table_.parent_keys[i]);
    }
    columns.push_back(
        {"_n", type_of(dialect_, Stored::integer), true, "Its place in the list, from 1."});
    key.emplace_back("_n");
    for (const auto& column : child.columns)
      columns.push_back(
          {column.name, type_of(dialect_, column.as), false,
           child.columns.size() == 1 && !column.field ? "The element." : doc_of(column)});
    create_.line();
    table(child.name,
          "The elements of " + endpoint_.name.text + "." + child.list->name.text + ", one a row.",
          columns, key);
    indexes(child.name, indexed(child.columns, nullptr));
  }

  void table(const std::string& name, const std::string& doc, const std::vector<Declared>& columns,
             const std::vector<std::string>& key) {
    create_.line("CREATE TABLE IF NOT EXISTS " + sql_name(name) + " (").indent();
    if (dialect_ == Dialect::sqlite) create_.comment("--", doc);
    comment("TABLE " + sql_name(name), doc);
    for (const auto& column : columns) {
      const std::string declared =
          sql_name(column.name) + " " + column.type + (column.required ? " NOT NULL," : ",");
      told(create_, declared, column.doc);
      comment("COLUMN " + sql_name(name) + "." + sql_name(column.name), column.doc);
    }
    std::string names;
    for (const auto& part : key) names += (names.empty() ? "" : ", ") + sql_name(part);
    create_.line("PRIMARY KEY (" + names + ")").dedent().line(");");
  }

  /// Within a statement of SQLite's, which keeps it: behind what it is about, or above.
  void told(TextBlock& out, const std::string& what, const std::string& doc) {
    const std::string behind = what + "  -- " + doc;
    if (dialect_ == Dialect::postgresql || doc.empty()) {
      out.line(what);
    } else if (width_of(behind) + 2 <= codegen::columns) {
      out.line(behind);
    } else {
      out.comment("--", doc).line(what);
    }
  }

  void comment(const std::string& on, const std::string& doc) {
    if (dialect_ == Dialect::postgresql && !doc.empty())
      comments_.line("COMMENT ON " + on + " IS " + sql_text(doc) + ";");
  }

  void indexes(const std::string& table, const std::vector<std::string>& columns) {
    for (const auto& column : columns)
      create_.line("CREATE INDEX IF NOT EXISTS " + sql_name(index_name(table, column)) + " ON " +
                   sql_name(table) + " (_account_id, " + sql_name(column) + ");");
  }

  /// A row that a column names, and what to call it.
  struct Named {
    const Endpoint* endpoint;
    std::string key;     ///< its column
    std::string column;  ///< that names it
    std::string alias, as;
  };

  /// Only where it cannot multiply rows, and where both sides are compared as one type.
  std::vector<Named> named() const {
    std::vector<Named> out;
    for (const auto& column : table_.columns) {
      const std::string& refers_to = column.told()->refers_to.text;
      if (refers_to.empty() || !column.name.ends_with("_id")) continue;
      const auto dot = refers_to.find('.');
      const Endpoint* other = schema_.find_endpoint(refers_to.substr(0, dot));
      const std::string key = refers_to.substr(dot + 1);
      if (other->key.size() != 1 || other->key.front().text != key) continue;
      const EndpointTable there = table_of(schema_, *other);
      const TableColumn *name = there.find("name"), *id = there.find(key);
      if (!name || name->member || name->as != Stored::text || id->as != column.as) continue;
      const std::string alias = column.name.substr(0, column.name.size() - 3);
      const TableColumn* own = table_.find(alias + "_name");
      if (alias.empty() || (own && own->as != Stored::text)) continue;
      out.push_back({other, key, column.name, alias, alias + "_name"});
    }
    return out;
  }

  void view() {
    const auto joins = named();
    std::string row = table_.view.substr(2);
    while (std::any_of(joins.begin(), joins.end(), [&](const auto& j) { return j.alias == row; }))
      row += "_row";
    const auto of_row = [&](const std::string& column) {
      return sql_name(row) + "." + sql_name(column);
    };
    const auto same_row = [&](const Named& join) {
      const std::string alias = sql_name(join.alias);
      return alias + "._account_id = " + of_row("_account_id") + " AND " + alias + "." +
             sql_name(join.key) + " = " + of_row(join.column);
    };
    const auto from = [](const Named& join) {
      return sql_name(join.endpoint->name.text) + " AS " + sql_name(join.alias);
    };
    // SQLite joins also what a query has no use for; PostgreSQL does not, and joins better.
    const bool joined = dialect_ == Dialect::postgresql;
    const auto name_in = [&](const Named& join) {
      const std::string name = sql_name(join.alias) + ".name";
      return joined ? name
                    : "(\n  SELECT " + name + " FROM " + from(join) + "\n  WHERE " +
                          same_row(join) + "\n)";
    };
    std::vector<std::string> columns{of_row("_account_id")};
    for (const auto& column : table_.columns) {
      const auto join = std::find_if(joins.begin(), joins.end(),
                                     [&](const auto& j) { return j.as == column.name; });
      columns.push_back(join == joins.end() ? of_row(column.name)
                                            : "coalesce(" + of_row(column.name) + ", " +
                                                  name_in(*join) + ") AS " + sql_name(column.name));
    }
    for (const auto& join : joins)
      if (!table_.find(join.as)) columns.push_back(name_in(join) + " AS " + sql_name(join.as));
    columns.push_back(of_row("_first_seen_at"));
    columns.push_back(of_row("_updated_at"));
    const std::string doc = "The rows of " + endpoint_.name.text + " that are not removed" +
                            (joins.empty() ? "." : ", with the names of what they refer to.");
    view_.line("DROP VIEW IF EXISTS " + sql_name(table_.view) + ";");
    view_.line("CREATE VIEW " + sql_name(table_.view) + " AS");
    if (dialect_ == Dialect::sqlite) view_.comment("--", doc);
    view_.line("SELECT").indent();
    for (const auto& column : columns) {
      std::size_t at = 0;
      for (auto end = column.find('\n'); end != column.npos; end = column.find('\n', at)) {
        view_.line(column.substr(at, end - at));
        at = end + 1;
      }
      view_.line(column.substr(at) + (&column == &columns.back() ? "" : ","));
    }
    view_.dedent().line("FROM " + sql_name(table_.name) + " AS " + sql_name(row));
    for (const auto& join : joins) {
      if (!joined) break;
      view_.line("LEFT JOIN " + from(join)).line("  ON " + same_row(join));
    }
    view_.line("WHERE " + of_row("_removed_at") + " IS NULL;");
    if (dialect_ == Dialect::postgresql)
      view_.line("COMMENT ON VIEW " + sql_name(table_.view) + " IS " + sql_text(doc) + ";");
  }

  const Schema& schema_;
  const Endpoint& endpoint_;
  Dialect dialect_;
  EndpointTable table_;
  TextBlock create_, view_, comments_;
};

std::string folder(Dialect dialect) {
  return dialect == Dialect::sqlite ? "sql/sqlite/" : "sql/postgresql/";
}

}  // namespace

Sql sql_of(const Schema& schema, const Endpoint& endpoint, Dialect dialect) {
  return SqlWriter{schema, endpoint, dialect}.run();
}

File emit_sql(const Schema& schema, const Endpoint& endpoint, Dialect dialect) {
  const Sql sql = sql_of(schema, endpoint, dialect);
  return {folder(dialect) + endpoint.name.text + ".sql",
          "-- " + banner(schema) + "\n\n" + sql.create + (sql.comments.empty() ? "" : "\n") +
              sql.comments};
}

/// Views name tables of other endpoints, so they come after all of them.
File emit_views(const Schema& schema, Dialect dialect) {
  std::string out = "-- " + banner(schema) + "\n";
  for (const auto& endpoint : schema.endpoints)
    out += "\n" + sql_of(schema, endpoint, dialect).view;
  return {folder(dialect) + "views.sql", out};
}

}  // namespace callrail::codegen
