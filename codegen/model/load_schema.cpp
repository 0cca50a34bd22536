#include "read.hpp"

namespace callrail::codegen {
namespace {

bool is_lower(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

std::string quoted(std::string_view name) { return '"' + std::string{name} + '"'; }

std::string trouble_with_name(std::string_view name, std::string_view what) {
  bool good = !name.empty() && is_lower(name.front());
  for (const char c : name) good = good && (is_lower(c) || is_digit(c));
  if (good) return {};
  return quoted(name) + " cannot name a" + (what == "endpoint" ? "n " : " ") + std::string{what} +
         ": lower-case letters, digits and _, no digit first";
}

/// Calls `read(name, value)` for each entry of a section; entries that are no maps are reported by
/// whoever reads them.
template <class Read>
void each_entry(MapReader section, Mistakes& mistakes, Read read) {
  std::vector<std::string> seen;
  section.each([&](const Name& name, const yaml::Value& value) {
    for (const auto& earlier : seen)
      if (earlier == name.text) return;  // reported by the section's reader
    seen.push_back(name.text);
    if (value.kind == yaml::Kind::nothing)
      mistakes.add(name.place, name.text, "has no value");
    else
      read(name, MapReader{value, name.text, mistakes});
  });
}

}  // namespace

bool check_name(const Name& name, std::string_view what, std::string_view where,
                Mistakes& mistakes) {
  const std::string wrong = trouble_with_name(name.text, what);
  if (!wrong.empty()) mistakes.add(name.place, where, wrong);
  return wrong.empty();
}

std::string trouble_with_endpoint_name(std::string_view name) {
  if (auto wrong = trouble_with_name(name, "endpoint"); !wrong.empty()) return wrong;
  return is_taken_file(name) ? quoted(name) + " is taken by another generated file; choose another"
                             : "";
}

bool check_type_name(const Name& name, std::string_view what, std::string_view where,
                     Mistakes& mistakes) {
  if (name.empty()) return false;
  bool good = is_upper(name.text.front());
  for (const char c : name.text)
    good = good && c != '_' && (is_upper(c) || is_lower(c) || is_digit(c));
  if (!good)
    mistakes.add(name.place, where,
                 "\"" + name.text + "\" cannot name a" + (what == "enum" ? "n " : " ") +
                     std::string{what} + ": letters and digits, a capital first");
  return good;
}

Enum read_enum(const Name& name, MapReader reader) {
  Enum out;
  out.name = name;
  check_type_name(name, "enum", reader.where(), reader.mistakes());
  out.doc = reader.prose("doc");
  reader.required("values");
  out.values = reader.names("values");
  out.said = read_said(reader);
  if (out.values.empty()) reader.complain(name.place, "no values");
  // The generated enum is a byte, and 0 is `unknown`.
  if (out.values.size() > 254) reader.complain(reader.place(), "more than 254 values");
  reader.finish();
  return out;
}

Shape read_shape(const Name& name, MapReader reader) {
  Shape out;
  out.name = name;
  check_type_name(name, "shape", reader.where(), reader.mistakes());
  out.doc = reader.prose("doc");
  out.open = reader.flag("open");
  out.said.was = reader.name("was");
  out.fields = read_fields(reader.required_map("fields"), name.text);
  if (out.fields.empty())
    reader.complain(name.place, "no fields; an object of free names is a map");
  // The runtime keeps one bit for each.
  if (out.fields.size() > 64) reader.complain(name.place, "more than 64 fields");
  reader.finish();
  return out;
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  for (const auto& field : fields)
    if (field.name.text == name) return &field;
  return nullptr;
}

namespace {
template <class Thing>
const Thing* find_named(const std::vector<Thing>& things, std::string_view name) {
  for (const auto& thing : things)
    if (thing.name.text == name) return &thing;
  return nullptr;
}
}  // namespace

const Enum* Schema::find_enum(std::string_view name) const { return find_named(enums, name); }
const Shape* Schema::find_shape(std::string_view name) const { return find_named(shapes, name); }
const Endpoint* Schema::find_endpoint(std::string_view name) const {
  return find_named(endpoints, name);
}

Loaded load_schema(std::string_view source, std::string_view file) {
  Loaded out;
  out.schema.file = file;
  const yaml::Value root = yaml::parse(source, out.mistakes);
  if (!out.mistakes.empty()) return out;

  MapReader top{root, "", out.mistakes};
  const yaml::Value* format = top.required("format");
  if (format && format->text != "1")
    top.complain(format->place, "\"format\" is 1, the notation this generator reads");
  read_api(top.required_map("api"), out.schema.api);
  each_entry(top.map("enums"), out.mistakes, [&](const Name& name, MapReader reader) {
    out.schema.enums.push_back(read_enum(name, reader));
  });
  each_entry(top.map("shapes"), out.mistakes, [&](const Name& name, MapReader reader) {
    out.schema.shapes.push_back(read_shape(name, reader));
  });
  each_entry(top.required_map("endpoints"), out.mistakes, [&](const Name& name, MapReader reader) {
    out.schema.endpoints.push_back(read_endpoint(name, reader));
  });
  top.finish();
  check_schema(out.schema, out.mistakes);
  return out;
}

}  // namespace callrail::codegen
