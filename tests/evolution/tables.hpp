#pragma once

#include "model/schema.hpp"

#include <callrail/endpoint.hpp>

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

 private:
  Field field_of(const codegen::Field&);
  std::span<const Field> fields_of(const std::vector<codegen::Field>&);

  const codegen::Schema& schema_;
  std::deque<std::vector<Field>> fields_;
  std::deque<std::vector<Text>> texts_;
  std::map<std::string, std::span<const Field>> shapes_;
  std::deque<Endpoint> endpoints_;
};

}  // namespace callrail::test
