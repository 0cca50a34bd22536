#include "flat_columns.hpp"

#include "compare_type.hpp"

#include <set>

namespace callrail::codegen {
namespace {

class Flattening {
 public:
  explicit Flattening(const Schema& schema) : schema_{schema} {}

  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    for (int n = 2; !taken_.insert(name).second; ++n) name = wanted + "_" + std::to_string(n);
    return name;
  }

  void object(const Shape& shape, const std::string& name) {
    for (const auto& member : shape.fields) {
      const std::string inner = name + "_" + member.name.text;
      path.push_back(member.name.text);
      const Shape* below = schema_.find_shape(member.type.shape_name());
      if (below && spreads(member.type))
        object(*below, inner);
      else
        columns.push_back({unique(inner), path, false});
      path.pop_back();
    }
    columns.push_back({unique(name + "_other"), path, true});
  }

  std::vector<std::string> path;
  std::vector<FlatColumn> columns;

 private:
  const Schema& schema_;
  std::set<std::string> taken_;
};

}  // namespace

std::vector<FlatColumn> flat_columns(const Schema& schema, const Endpoint& endpoint) {
  Flattening out{schema};
  for (const auto& field : endpoint.fields) out.unique(field.name.text);
  for (const auto& field : endpoint.fields) {
    const std::size_t before = out.columns.size();
    const Shape* shape = schema.find_shape(field.type.shape_name());
    out.path = {field.name.text};
    if (shape && spreads(field.type))
      out.object(*shape, field.name.text);
    else
      out.columns.push_back({field.name.text, out.path, false});
    // Their names are given, but lists do not send them.
    if (field.sent == "single") out.columns.resize(before);
  }
  return std::move(out.columns);
}

}  // namespace callrail::codegen
