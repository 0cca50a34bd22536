#include "read.hpp"
#include "tables.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace callrail::codegen {
namespace {

/// Tables the program has of its own (runtime/warehouse/own_tables.cpp), beside those with a _.
const std::set<std::string, std::less<>> own_tables{"runs", "rejects", "quality_issues",
                                                    "rejects_endpoint", "quality_issues_row"};

/// Columns that PostgreSQL gives every table, and those of
/// runtime/include/callrail/stored_table.hpp.
const std::set<std::string, std::less<>> own_columns{"cmax",
                                                     "cmin",
                                                     "ctid",
                                                     "tableoid",
                                                     "xmax",
                                                     "xmin",
                                                     "_account_id",
                                                     "_extra",
                                                     "_first_seen_at",
                                                     "_removed_at",
                                                     "_removed_reason",
                                                     "_row_hash",
                                                     "_run_id",
                                                     "_updated_at",
                                                     "_n"};

/// Holds the names of all tables, views, indexes and columns against each other.
class TableCheck {
 public:
  TableCheck(const Schema& schema, Mistakes& mistakes) : schema_{schema}, mistakes_{mistakes} {}

  void run() {
    for (const auto& endpoint : schema_.endpoints) {
      const EndpointTable table = table_of(schema_, endpoint);
      relation(table.name, endpoint.name.place, endpoint.name.text, "table");
      relation(table.view, endpoint.record.place, endpoint.name.text, "view");
      columns(table.columns, {}, endpoint.name.place, endpoint.name.text);
      indexes(table.name, indexed(table.columns, &endpoint), endpoint.name.place);
      for (const auto& child : table.children) {
        const std::string where = endpoint.name.text + "." + child.list->name.text;
        relation(child.name, child.list->table.place, where, "table");
        columns(child.columns, table.parent_keys, child.list->table.place, where);
        indexes(child.name, indexed(child.columns, nullptr), child.list->table.place);
      }
    }
  }

 private:
  /// Tables, views and indexes share their names.
  void relation(const std::string& name, Place place, const std::string& where,
                const std::string& what) {
    if (name.empty()) return;
    const auto complain = [&](const std::string& why) {
      mistakes_.add(place, where, "the " + what + " \"" + name + "\" " + why);
    };
    if (own_tables.contains(name))
      complain("is one of the program's own; choose another name");
    else if (what == "table" && name.front() == '_')
      complain("begins with _, as the program's own do; choose another name");
    else if (name.starts_with("sqlite_"))
      complain("has a name that SQLite keeps to itself");
    else if (name.size() > longest_sql_name)
      complain("has a name of more than 63 bytes, which PostgreSQL cuts off");
    else if (const auto [first, fresh] = relations_.emplace(name, where); !fresh)
      complain("is there already, of " + first->second);
  }

  void indexes(const std::string& table, const std::vector<std::string>& columns, Place place) {
    for (const auto& column : columns)
      relation(index_name(table, column), place, table + "." + column, "index");
  }

  void columns(const std::vector<TableColumn>& columns, const std::vector<std::string>& keys,
               Place of_table, const std::string& where) {
    std::set<std::string> seen{keys.begin(), keys.end()};
    for (const auto& column : columns) {
      const Place place = column.told() && keys.empty() ? column.told()->name.place : of_table;
      const auto complain = [&](const std::string& why) {
        mistakes_.add(place, where, "the column \"" + column.name + "\" " + why);
      };
      if (own_columns.contains(column.name))
        complain("is one every table has");
      else if (column.name.size() > longest_sql_name)
        complain("has a name of more than 63 bytes, which PostgreSQL cuts off");
      else if (!seen.insert(column.name).second)
        complain("would be there twice");
    }
    for (const auto& key : keys)
      if (key.size() > longest_sql_name)
        mistakes_.add(of_table, where,
                      "the column \"" + key +
                          "\" has a name of more than 63 bytes, which PostgreSQL cuts off");
  }

  const Schema& schema_;
  Mistakes& mistakes_;
  std::map<std::string, std::string> relations_;  ///< and whose they are
};

}  // namespace

void check_tables(const Schema& schema, Mistakes& mistakes) {
  // Of mistakes in types and names the tables would only be an echo.
  if (mistakes.empty()) TableCheck{schema, mistakes}.run();
}

}  // namespace callrail::codegen
