#pragma once

#include "model/schema.hpp"
#include "model/tables.hpp"

#include <callrail/endpoint.hpp>
#include <callrail/stored_table.hpp>

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace callrail::test {

/// The tables of facts that a build would generate from a schema, made while a test runs. They
/// point into the schema.
class Tables {
 public:
  explicit Tables(const codegen::Schema&);
  const Endpoint* find(Text name) const;
  const Api& api() const { return api_; }

 private:
  const StoredTable* table_of(const codegen::Endpoint&);
  std::span<const StoredColumn> columns_of(const std::vector<codegen::TableColumn>&,
                                           const std::vector<codegen::Field>*);
  Text keep(std::string text) { return strings_.emplace_back(std::move(text)); }
  Field field_of(const codegen::Field&);
  std::span<const Field> fields_of(const std::vector<codegen::Field>&);

  const codegen::Schema& schema_;
  std::deque<std::vector<Field>> fields_;
  std::deque<std::vector<Text>> texts_;
  std::map<std::string, std::span<const Field>> shapes_;
  std::deque<Endpoint> endpoints_;
  std::deque<std::string> strings_;
  std::deque<std::vector<StoredColumn>> columns_;
  std::deque<std::vector<ChildTable>> children_;
  std::deque<StoredTable> tables_;
  std::vector<const Endpoint*> all_;
  Api api_;
};

}  // namespace callrail::test
