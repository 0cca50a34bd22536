#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/key_list.hpp>
#include <callrail/stored_table.hpp>
#include <callrail/table.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace callrail {

/// What of an endpoint's table a run writes: the columns of its selection, the key and the cursor.
struct TablePlan {
  struct Column {
    Text name;
    Stored as = Stored::text;
    std::size_t cell = 0;           ///< of those of a row
    const Field* field = nullptr;   ///< the schema's
    const Field* member = nullptr;  ///< of the object in that cell; nothing: the cell itself
    bool required = false;
  };
  struct Child {
    const ChildTable* table = nullptr;
    std::size_t cell = 0;  ///< the list
  };

  const Endpoint* endpoint = nullptr;
  const StoredTable* table = nullptr;
  std::vector<std::size_t> fields;  ///< that become cells of a row, in the order of the schema
  std::vector<Column> columns;      ///< those of the key last
  std::size_t keys = 0;             ///< how many these are
  /// Columns for which a row may be rejected, those of the key first.
  std::vector<std::size_t> checked = {};
  std::optional<std::size_t> cursor = {};  ///< of the cells
  std::vector<Child> children;
  /// Stands before the hash of a part of a row, so that it is no whole row's, nor another part's;
  /// empty: all of the row is read.
  std::string part = {};

  /// `selected`: of nothing, every field.
  static TablePlan of(const Endpoint&, const StoredTable&, const Table* selected);

  std::size_t first_key() const { return columns.size() - keys; }
  /// Rows of lists without an account are their own.
  bool has_account() const { return !endpoint->parents.empty(); }
};

/// Whether the schema allows only some numbers.
bool has_range(const Field&);

/// What a list says about each of its rows.
struct ListValues {
  std::string account;  ///< empty: each row has its own
  /// Columns of the table and what the rows of the list have there.
  std::vector<std::pair<Text, std::string>> columns;
  /// Something narrowed the list that is in no column, so its rows cannot be told from others.
  bool narrowed = false;
};
ListValues values_of(const Endpoint&, const Scope&);

/// How a list is called where its cursor is kept: "ACC1 COM2", "ACC1 status=active".
/// `narrowed`: as `narrowing` says it.
std::string name_of(const Endpoint&, const Scope&, const std::string& narrowed);

}  // namespace callrail
