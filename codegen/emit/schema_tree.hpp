#pragma once

#include "../model/schema.hpp"
#include "json_tree.hpp"

#include <string>
#include <vector>

namespace callrail::codegen {

/// How one document differs from another that says the same of rows.
struct SchemaStyle {
  std::string refs;          ///< before the name of a shape: "#/$defs/"
  bool named_enums = false;  ///< enums stand there too, else where they are used
  bool of_answers = false;   ///< without what the API does not send
};

/// JSON Schema (2020-12) of what the schema knows of rows.
class SchemaTree {
 public:
  SchemaTree(const Schema& schema, SchemaStyle style) : schema_{schema}, style_{std::move(style)} {}

  /// Adds `type`, `properties` and, unless it `may_lack` any, `required` of an object with these
  /// members.
  void members(JsonTree& out, const std::vector<Field>&, bool may_lack = false) const;
  /// Adds `type` and its companions, or `anyOf` where one `type` cannot say it.
  void type(JsonTree& out, const std::vector<Alternative>&) const;
  JsonTree shape(const Shape&) const;
  /// Open: the words known so far, or any other.
  JsonTree enumeration(const Enum&) const;

 private:
  JsonTree property(const Field&) const;
  void any_of(JsonTree& out, const std::vector<Alternative>&, std::vector<std::string> words) const;

  const Schema& schema_;
  SchemaStyle style_;
};

/// `["a", "b"]`
JsonTree json_texts(const std::vector<std::string>& texts);
JsonTree json_texts(const std::vector<Name>& names);

}  // namespace callrail::codegen
