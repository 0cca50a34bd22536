#include "unique_names.hpp"

#include <callrail/table.hpp>

namespace callrail {

namespace {

/// Whether a field is spread over columns.
///
/// An object that may also come as text or as a list is not: its other shape has no members, so
/// its rows would be spread in one file and stand in one cell in the next. As JSON in one cell
/// both shapes read alike.
bool spreads(const Field& field) {
  const int others = field.accepts & ~(accept_object | accept_null);
  return field.type == Type::object && !field.members.empty() && others == 0;
}

class Spreading {
 public:
  Spreading(std::size_t field, UniqueNames& names) : field_{field}, names_{names} {}

  void object(const Field& facts, const std::string& name) {
    for (const Field& member : facts.members) {
      const std::string inner = name + "_" + std::string{member.name};
      path_.push_back(member.name);
      if (spreads(member))
        object(member, inner);
      else
        columns.push_back({names_.add(inner), field_, path_, &member, false});
      path_.pop_back();
    }
    // Also for objects without free members: what the schema does not foresee must not get lost.
    columns.push_back({names_.add(name + "_other"), field_, path_, &facts, true});
  }

  std::vector<Column> columns;

 private:
  std::size_t field_;
  UniqueNames& names_;
  std::vector<Text> path_;
};

}  // namespace

Table table_of(const Endpoint& endpoint, const Selection& selection, Nested nested,
               bool keep_unknown) {
  // Names are given to the columns of all fields, so that what is selected does not change them.
  // The fields come first: no member takes the name of a field.
  UniqueNames names;
  for (const Field& field : endpoint.fields) names.add(std::string{field.name});
  std::vector<std::vector<Column>> columns(endpoint.fields.size());
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i) {
    const Field& field = endpoint.fields[i];
    if (nested == Nested::flatten && spreads(field)) {
      Spreading spreading{i, names};
      spreading.object(field, std::string{field.name});
      columns[i] = std::move(spreading.columns);
    } else {
      columns[i].push_back({std::string{field.name}, i, {}, &field, false});
    }
  }

  Table table{.name = endpoint.name, .columns = {}, .key = endpoint.find(endpoint.key)};
  for (const Text name : endpoint.keys)
    if (const std::size_t i = endpoint.find(name); i != Endpoint::npos) table.keys.push_back(i);
  for (const std::size_t i : selection.order())
    table.columns.insert(table.columns.end(), columns[i].begin(), columns[i].end());
  if (keep_unknown)
    table.columns.push_back(
        {names.add(std::string{extra_column}), endpoint.fields.size(), {}, nullptr, false});
  return table;
}

}  // namespace callrail
