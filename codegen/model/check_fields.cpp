#include "json_text.hpp"
#include "read.hpp"

#include <algorithm>
#include <charconv>

namespace callrail::codegen {
namespace {

/// Whether a value of a format is a text at all.
bool holds_text(const FieldType& type) {
  return type.accepts().text || (type.find(Base::list) && type.item_accepts().text);
}

std::string json_kind(const yaml::Value& value) {
  switch (to_json(value).front()) {
    case '"': return "a text";
    case '{': return "an object";
    case '[': return "a list";
    case 'n': return "null";
    case 't':
    case 'f': return "a boolean";
    default: return "a number";
  }
}

bool admits(const Accepts& accepts, const std::string& kind) {
  if (kind == "a text") return accepts.text;
  if (kind == "an object") return accepts.object;
  if (kind == "a list") return accepts.array;
  if (kind == "null") return accepts.null;
  if (kind == "a boolean") return accepts.boolean;
  return accepts.number;
}

/// A number, or a text of one, as numbers of this API may come.
std::optional<double> number_in(const yaml::Value& value) {
  double out = 0;
  const auto [end, error] =
      std::from_chars(value.text.data(), value.text.data() + value.text.size(), out);
  if (value.kind != yaml::Kind::text || error != std::errc{} ||
      end != value.text.data() + value.text.size())
    return std::nullopt;
  return out;
}

void check_bounds(const Field& field, const std::string& where, Mistakes& mistakes) {
  if (!field.min && !field.max) return;
  const Base base = field.type.main().base;
  if (field.type.understood && base != Base::integer && base != Base::number) {
    mistakes.add(field.name.place, where,
                 std::string{field.min ? "\"min\"" : "\"max\""} +
                     " is for integer and number, the type is " + field.type.text);
    return;
  }
  if (field.min && field.max && field.min->value > field.max->value)
    mistakes.add(field.max->place, where,
                 "\"max\" is " + field.max->text + ", below \"min\", " + field.min->text);
  for (const auto& example : field.examples) {
    const auto number = number_in(example.value);
    if (number && field.min && *number < field.min->value)
      mistakes.add(example.value.place, where, "the example is below \"min\", " + field.min->text);
    if (number && field.max && *number > field.max->value)
      mistakes.add(example.value.place, where, "the example is above \"max\", " + field.max->text);
  }
}

/// Holds an example against the type it is an example of, down to the members of objects.
class ExampleCheck {
 public:
  ExampleCheck(const Schema& schema, std::string_view where, Mistakes& mistakes)
      : schema_{schema}, where_{where}, mistakes_{mistakes} {}

  void check(const yaml::Value& value, const std::vector<Alternative>& alternatives,
             const std::string& type) {
    const std::string kind = json_kind(value);
    if (!admits(accepts_of(alternatives), kind)) {
      mistakes_.add(value.place, where_, "the example is " + kind + ", the type is " + type);
      return;
    }
    for (const auto& a : alternatives) {
      if (a.base == Base::any || a.base == Base::map) return;
      if (a.base == Base::text && kind == "a text") return;
    }
    for (const auto& a : alternatives) {
      if (a.base == Base::list && kind == "a list")
        for (const auto& item : value.items) check(item, a.items, "a list of other things");
      if (a.base == Base::enumeration && kind == "a text") check_word(value, a.name);
      if (a.base == Base::object && kind == "an object") check_members(value, a.name);
    }
  }

 private:
  void check_word(const yaml::Value& value, const std::string& name) {
    const Enum* e = schema_.find_enum(name);
    if (!e) return;
    std::vector<std::string> words;
    for (const auto& word : e->values) words.push_back(word.text);
    if (std::find(words.begin(), words.end(), value.text) == words.end())
      mistakes_.add(value.place, where_, unknown(name, value.text, words));
  }

  void check_members(const yaml::Value& value, const std::string& name) {
    const Shape* shape = schema_.find_shape(name);
    if (!shape) return;
    for (const auto& [key, member] : value.members) {
      if (const Field* field = find_field(shape->fields, key.text))
        check(member, field->type.alternatives, field->type.text);
      else if (!shape->open)
        mistakes_.add(key.place, where_,
                      unknown("member of " + name, key.text, names_of(shape->fields)));
    }
  }

  const Schema& schema_;
  std::string_view where_;
  Mistakes& mistakes_;
};

void check_type_names(const Schema& schema, const std::vector<Alternative>& alternatives,
                      Place place, std::string_view where, Mistakes& mistakes) {
  for (const auto& a : alternatives) {
    if (a.base == Base::enumeration && !schema.find_enum(a.name))
      mistakes.add(place, where, unknown("enum", a.name, names_of(schema.enums)));
    if (a.base == Base::object && !schema.find_shape(a.name))
      mistakes.add(place, where, unknown("shape", a.name, names_of(schema.shapes)));
    check_type_names(schema, a.items, place, where, mistakes);
  }
}

void check_refers_to(const Schema& schema, const Name& target, std::string_view where,
                     Mistakes& mistakes) {
  if (target.empty()) return;
  const auto dot = target.text.find('.');
  const Endpoint* endpoint = schema.find_endpoint(target.text.substr(0, dot));
  if (dot == std::string::npos) {
    mistakes.add(target.place, where,
                 "\"refers_to\" wants endpoint.field, got \"" + target.text + "\"");
  } else if (!endpoint) {
    mistakes.add(target.place, where,
                 "\"refers_to\" names an " +
                     unknown("endpoint", target.text.substr(0, dot), names_of(schema.endpoints)));
  } else if (!find_field(endpoint->fields, target.text.substr(dot + 1))) {
    mistakes.add(target.place, where,
                 "\"refers_to\" names an " + unknown("field of " + endpoint->name.text,
                                                     target.text.substr(dot + 1),
                                                     names_of(endpoint->fields)));
  }
}

}  // namespace

void check_type(const Schema& schema, const FieldType& type, std::string_view where,
                Mistakes& mistakes) {
  check_type_names(schema, type.alternatives, type.place, where, mistakes);
}

void check_field(const Schema& schema, const Field& field, std::string_view owner,
                 Mistakes& mistakes) {
  const std::string where = std::string{owner} + "." + field.name.text;
  check_type(schema, field.type, where, mistakes);
  check_refers_to(schema, field.refers_to, where, mistakes);
  if (field.format != "any" && !holds_text(field.type) && field.format != "money")
    mistakes.add(field.name.place, where,
                 "\"format\" is for texts, the type is " + field.type.text);
  if (!field.table.empty() && field.type.understood && !field.type.find(Base::list))
    mistakes.add(field.table.place, where,
                 "\"table\" is for the elements of a list, the type is " + field.type.text);
  check_bounds(field, where, mistakes);
  if (!field.type.understood) return;
  ExampleCheck examples{schema, where, mistakes};
  for (const auto& example : field.examples)
    examples.check(example.value, field.type.alternatives, field.type.text);
}

}  // namespace callrail::codegen
