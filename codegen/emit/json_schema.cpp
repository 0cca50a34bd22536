#include "emit.hpp"
#include "schema_tree.hpp"

#include <set>

namespace callrail::codegen {
namespace {

/// The shapes a field needs, directly or not.
void collect(const Schema& schema, const Field& field, std::set<std::string>& used) {
  const Shape* shape = schema.find_shape(field.type.shape_name());
  if (!shape || !used.insert(shape->name.text).second) return;
  for (const auto& inner : shape->fields) collect(schema, inner, used);
}

}  // namespace

/// One JSON Schema (2020-12) for one row.
File emit_json_schema(const Schema& schema, const Endpoint& endpoint) {
  const SchemaTree tree{schema, {.refs = "#/$defs/"}};
  JsonTree out = JsonTree::object();
  out.add("$schema", "https://json-schema.org/draft/2020-12/schema");
  out.add("$comment", banner(schema));
  out.add("title", endpoint.record.text);
  if (!endpoint.doc.empty()) out.add("description", endpoint.doc);
  tree.members(out, endpoint.fields);
  std::set<std::string> used;
  for (const auto& field : endpoint.fields) collect(schema, field, used);
  JsonTree shapes = JsonTree::object();
  for (const auto& shape : schema.shapes)
    if (used.contains(shape.name.text)) shapes.add(shape.name.text, tree.shape(shape));
  if (!shapes.empty()) out.add("$defs", std::move(shapes));
  return {"json-schema/" + endpoint.name.text + ".schema.json", out.print() + "\n"};
}

}  // namespace callrail::codegen
