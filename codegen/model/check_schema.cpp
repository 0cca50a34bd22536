#include "read.hpp"

#include <algorithm>
#include <set>

namespace callrail::codegen {
namespace {

/// Names that generated files have already.
const std::set<std::string, std::less<>> taken_files{"api",    "enums", "shapes",
                                                     "paging", "index", "views"};

/// Types of the runtime that generated code uses beside the record.
const std::set<std::string, std::less<>> taken_types{
    "Any",    "Api",       "Cell",      "Dates",   "Endpoint",    "Evidence", "Field",
    "Filter", "Format",    "Id",        "Json",    "KeyIndex",    "Kind",     "Maybe",
    "Note",   "Open",      "Order",     "Paging",  "PagingFacts", "Parent",   "Pii",
    "Page",   "Processor", "RateLimit", "Reflect", "RetryFacts",  "Sent",     "Text",
    "Type",   "Timestamp", "Batch"};

/// Calls `visit(type)` for every type in the schema.
template <class Visit>
void each_type(const Schema& schema, Visit visit) {
  for (const auto& shape : schema.shapes)
    for (const auto& field : shape.fields) visit(field.type.alternatives);
  for (const auto& endpoint : schema.endpoints) {
    for (const auto& field : endpoint.fields) visit(field.type.alternatives);
    for (const auto& filter : endpoint.filters) visit(filter.type.alternatives);
  }
}

void collect_names(const std::vector<Alternative>& alternatives, Base base,
                   std::set<std::string>& names) {
  for (const auto& a : alternatives) {
    if (a.base == base) names.insert(a.name);
    collect_names(a.items, base, names);
  }
}

template <class Things>
void check_used(const Schema& schema, const Things& things, Base base, std::string_view what,
                Mistakes& mistakes) {
  std::set<std::string> used;
  each_type(schema, [&](const auto& alternatives) { collect_names(alternatives, base, used); });
  for (const auto& thing : things)
    if (!used.contains(thing.name.text))
      mistakes.add(thing.name.place, thing.name.text, "no field has this " + std::string{what});
}

void check_free(const Name& type, std::string_view where, Mistakes& mistakes) {
  if (is_type_of_runtime(type.text))
    mistakes.add(type.place, where,
                 "\"" + type.text + "\" is a type of the runtime; choose another name");
}

void check_records(const Schema& schema, Mistakes& mistakes) {
  for (auto it = schema.endpoints.begin(); it != schema.endpoints.end(); ++it) {
    const Name& record = it->record;
    const auto same = [&](const Endpoint& e) { return e.record.text == record.text; };
    const auto earlier = std::find_if(schema.endpoints.begin(), it, same);
    if (earlier != it && !record.empty())
      mistakes.add(record.place, it->name.text,
                   "\"" + record.text + "\" is already the record of " + earlier->name.text);
    if (schema.find_enum(record.text))
      mistakes.add(record.place, it->name.text, "\"" + record.text + "\" is already an enum");
    if (is_taken_file(it->name.text))
      mistakes.add(it->name.place, it->name.text,
                   "the name is taken by another generated file; choose another");
    check_free(record, it->name.text, mistakes);
  }
  for (const auto& e : schema.enums) check_free(e.name, e.name.text, mistakes);
}

void check_parameters(const Schema& schema, Mistakes& mistakes) {
  for (const auto& [parameter, endpoint] : schema.api.parameters) {
    const std::string where = "api.parameters." + parameter.text;
    if (!schema.find_endpoint(endpoint.text))
      mistakes.add(endpoint.place, where,
                   unknown("endpoint", endpoint.text, names_of(schema.endpoints)));
    const auto uses = [&, &name = parameter.text](const Endpoint& e) {
      auto all = e.parameters();
      for (const auto& media : e.media)
        all.insert(all.end(), media.path_parameters.begin(), media.path_parameters.end());
      return std::find(all.begin(), all.end(), name) != all.end();
    };
    if (std::none_of(schema.endpoints.begin(), schema.endpoints.end(), uses))
      mistakes.add(parameter.place, where, "no endpoint has this parameter");
  }
}

/// A name can have gone to one thing only, and only if nothing has it now.
template <class Things>
void check_was(const Things& things, const std::string& owner, Mistakes& mistakes) {
  std::set<std::string> now, before;
  for (const auto& thing : things) now.insert(thing.name.text);
  for (const auto& thing : things) {
    const Name& was = thing.said.was;
    if (was.empty()) continue;
    const std::string where = owner + thing.name.text;
    if (now.contains(was.text))
      mistakes.add(was.place, where, "\"was\" names " + was.text + ", which is still here");
    else if (!before.insert(was.text).second)
      mistakes.add(was.place, where, "\"was\" names " + was.text + " a second time");
  }
}

/// The endpoints whose rows must be read first; "" for a parameter that is not declared.
std::vector<std::string> sources_of(const Schema& schema, const Endpoint& endpoint) {
  std::vector<std::string> out;
  for (const auto& wanted : endpoint.parameters())
    for (const auto& [parameter, source] : schema.api.parameters)
      if (parameter.text == wanted) out.push_back(source.text);
  return out;
}

/// A parameter filled from rows that need the same parameter could never be filled.
void check_circles(const Schema& schema, Mistakes& mistakes) {
  for (const auto& endpoint : schema.endpoints) {
    std::vector<std::string> reached = sources_of(schema, endpoint);
    for (std::size_t i = 0; i < reached.size(); ++i) {
      const Endpoint* source = schema.find_endpoint(reached[i]);
      if (!source) continue;
      for (auto& next : sources_of(schema, *source))
        if (std::find(reached.begin(), reached.end(), next) == reached.end())
          reached.push_back(std::move(next));
    }
    if (std::find(reached.begin(), reached.end(), endpoint.name.text) != reached.end())
      mistakes.add(endpoint.name.place, endpoint.name.text,
                   "needs its own rows to fill its parameters (api.parameters)");
  }
}

/// Depth-first: a shape follows those it uses.
class ShapeOrder {
 public:
  ShapeOrder(const Schema& schema, Mistakes& mistakes) : schema_{schema}, mistakes_{mistakes} {}

  void visit(const Shape& shape) {
    const std::string& name = shape.name.text;
    if (done_.contains(name)) return;
    const auto open = std::find(path_.begin(), path_.end(), name);
    if (open != path_.end()) {
      std::vector<std::string> circle{open, path_.end()};
      circle.push_back(name);
      mistakes_.add(shape.name.place, name,
                    "holds itself: " + join(circle, " > ") + "; make one of them a map");
      done_.insert(name);
      return;
    }
    path_.push_back(name);
    for (const auto& field : shape.fields)
      if (const Shape* inner = schema_.find_shape(field.type.shape_name())) visit(*inner);
    path_.pop_back();
    if (done_.insert(name).second) sorted_.push_back(shape);
  }

  std::vector<Shape> take() { return std::move(sorted_); }

 private:
  const Schema& schema_;
  Mistakes& mistakes_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
  std::vector<Shape> sorted_;
};

}  // namespace

bool is_type_of_runtime(std::string_view name) { return taken_types.contains(name); }
bool is_taken_file(std::string_view name) { return taken_files.contains(name); }

void order_shapes(Schema& schema, Mistakes& mistakes) {
  ShapeOrder order{schema, mistakes};
  for (const auto& shape : schema.shapes) order.visit(shape);
  schema.shapes = order.take();
}

void check_schema(Schema& schema, Mistakes& mistakes) {
  for (const auto& shape : schema.shapes)
    for (const auto& field : shape.fields) {
      check_field(schema, field, shape.name.text, mistakes);
      if (field.sent != "always")
        mistakes.add(
            field.name.place, shape.name.text + "." + field.name.text,
            "\"" + field.sent + "\" is for fields of endpoints; a member comes with its object");
      if (!field.table.empty())
        mistakes.add(field.table.place, shape.name.text + "." + field.name.text,
                     "\"table\" is for fields of endpoints; a member stays in its object");
    }
  for (const auto& endpoint : schema.endpoints) check_endpoint(schema, endpoint, mistakes);
  for (const auto& shape : schema.shapes) check_was(shape.fields, shape.name.text + ".", mistakes);
  for (const auto& endpoint : schema.endpoints)
    check_was(endpoint.fields, endpoint.name.text + ".", mistakes);
  check_was(schema.enums, "", mistakes);
  check_was(schema.shapes, "", mistakes);
  check_was(schema.endpoints, "", mistakes);
  check_records(schema, mistakes);
  check_parameters(schema, mistakes);
  check_circles(schema, mistakes);
  check_used(schema, schema.enums, Base::enumeration, "enum", mistakes);
  check_used(schema, schema.shapes, Base::object, "shape", mistakes);
  order_shapes(schema, mistakes);
  check_tables(schema, mistakes);
}

}  // namespace callrail::codegen
