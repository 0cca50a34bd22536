#pragma once

#include "schema.hpp"

#include <callrail/sql_names.hpp>

#include <string>
#include <vector>

/// What the tables of a database are called and have, as the schema says it.
namespace callrail::codegen {

struct TableColumn {
  std::string name;
  Stored as = Stored::text;
  const Field* field = nullptr;   ///< null: an element of a list that is no object
  const Field* member = nullptr;  ///< of the object in `field`
  bool required = false;

  /// What is told about it: of the member, if it is one.
  const Field* told() const { return member ? member : field; }
};

struct ListTable {
  std::string name;
  const Field* list = nullptr;
  std::vector<TableColumn> columns;
};

struct EndpointTable {
  std::string name;
  std::string view;
  std::vector<std::string> parent_keys;  ///< what its children call the key
  std::vector<TableColumn> columns;
  std::vector<ListTable> children;

  const TableColumn* find(std::string_view column) const;
};

EndpointTable table_of(const Schema&, const Endpoint&);

/// The index of a column, behind the account.
std::string index_name(std::string_view table, std::string_view column);
/// Columns that get one: those that name other rows, and in a table `of_rows` the cursor.
std::vector<std::string> indexed(const std::vector<TableColumn>&, const Endpoint* of_rows);

/// How a column holds values of a type: as the C++ member, `integer or text` is an integer.
Stored stored_as(const std::vector<Alternative>&);

}  // namespace callrail::codegen
