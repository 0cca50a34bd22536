#include "new_fields.hpp"

#include "model/json_text.hpp"

#include <callrail/secret_names.hpp>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace callrail::codegen {
namespace {

constexpr std::size_t most_columns = 140;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The example as YAML, from its tree: whatever it was spelled like, it stays one value.
std::string spelled(const yaml::Value& value) {
  std::string out;
  if (value.kind == yaml::Kind::list) {
    for (const auto& item : value.items) out += (out.empty() ? "" : ", ") + spelled(item);
    return "[" + out + "]";
  }
  if (value.kind == yaml::Kind::map) {
    for (const auto& [key, member] : value.members)
      out += (out.empty() ? "" : ", ") + json_quoted(key.text) + ": " + spelled(member);
    return "{" + out + "}";
  }
  return to_json(value);
}

bool is_taken(const Schema& schema, const std::vector<NewShape>& shapes, const std::string& name) {
  const auto same = [&](const NewShape& shape) { return shape.name == name; };
  const auto record = [&](const Endpoint& endpoint) { return endpoint.record.text == name; };
  return schema.find_shape(name) || schema.find_enum(name) ||
         std::any_of(shapes.begin(), shapes.end(), same) ||
         std::any_of(schema.endpoints.begin(), schema.endpoints.end(), record);
}

/// The name of a shape with these very members: an object that several endpoints begin to send is
/// one shape. Empty: there is none.
std::string known_shape(const NewShape& wanted, const Schema& schema,
                        const std::vector<NewShape>& shapes) {
  const auto alike = [&](const auto& fields, const auto& type_of, const auto& name_of) {
    return std::equal(fields.begin(), fields.end(), wanted.fields.begin(), wanted.fields.end(),
                      [&](const auto& a, const NewField& b) {
                        return name_of(a) == b.name && type_of(a) == b.type &&
                               a.optional == b.optional;
                      });
  };
  for (const auto& shape : schema.shapes)
    if (!shape.open && alike(
                           shape.fields, [](const Field& f) { return f.type.text; },
                           [](const Field& f) { return f.name.text; }))
      return shape.name.text;
  for (const auto& shape : shapes)
    if (alike(
            shape.fields, [](const NewField& f) { return f.type; },
            [](const NewField& f) { return f.name; }))
      return shape.name;
  return {};
}

/// The words of a field behind its type; those behind `doc` may go to a line of their own.
std::string facts(const NewField& field) {
  std::string out = "evidence: real";
  if (field.optional) out += ", optional: true";
  // Nobody has looked at the texts. Until somebody does, they are kept out of logs.
  if (field.type.find("text") != std::string::npos || field.type.find("any") == 0 ||
      field.type.find("map") != std::string::npos)
    out += ", pii: free_text";
  if (sounds_secret(field.name)) out += ", secret: true";
  return out;
}

std::vector<std::string> tail(const NewField& field) {
  std::vector<std::string> out;
  if (!field.example.empty() && !sounds_secret(field.name))
    out.push_back("example: " + field.example);
  if (!field.doc.empty()) out.push_back("doc: " + yaml_text(field.doc));
  return out;
}

std::string filled(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

}  // namespace

std::string yaml_text(std::string_view text) {
  const auto harmless = [](char c) {
    return is_word(c) || c == ' ' || c == '.' || c == '-' || c == '/' || c == ';' || c == '(' ||
           c == ')';
  };
  const bool plain = !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) &&
                     text.back() != ' ' && std::all_of(text.begin(), text.end(), harmless);
  // What YAML readers of any age take for something else, however it is spelled.
  constexpr std::string_view words[] = {"null", "true", "false", "yes", "no",
                                        "on",   "off",  "y",     "n"};
  std::string lower{text};
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool word = std::find(std::begin(words), std::end(words), lower) != std::end(words);
  return plain && !word ? std::string{text} : json_quoted(text);
}

std::string yaml_example(std::string_view json) {
  if (json.empty()) return {};
  Mistakes mistakes;
  const yaml::Value value = yaml::parse(json, mistakes);
  return mistakes.empty() && value.kind != yaml::Kind::nothing ? spelled(value) : std::string{};
}

std::string seen_text(const Proposal& proposal) {
  std::string out = "Seen";
  if (!proposal.date.empty()) out += " " + proposal.date;
  if (proposal.of_rows != 0)
    out += " in " + std::to_string(proposal.rows) + " of " + std::to_string(proposal.of_rows) +
           (proposal.of_rows == 1 ? " row" : " rows");
  return out + ".";
}

std::string type_name(std::string_view field) {
  std::string out;
  bool capital = true;
  for (const char c : field) {
    if (c == '_')
      capital = true;
    else if (capital)
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c))), capital = false;
    else
      out += c;
  }
  return out;
}

std::string with_objects(std::string_view type, std::string_view replacement) {
  constexpr std::string_view word = "object";
  std::string out;
  for (std::size_t i = 0; i < type.size();) {
    const bool here = type.substr(i, word.size()) == word && (i == 0 || !is_word(type[i - 1])) &&
                      (i + word.size() == type.size() || !is_word(type[i + word.size()]));
    const std::string_view rest = here ? type.substr(i + word.size()) : std::string_view{};
    const bool named = rest.size() > 1 && rest[0] == ' ' && rest[1] >= 'A' && rest[1] <= 'Z';
    if (here && !named) {
      out += replacement;
      i += word.size();
    } else {
      out += type[i++];
    }
  }
  return out;
}

std::string new_type(std::string_view type, const std::vector<NewMember>& members,
                     std::string_view name, std::string_view owner, const Schema& schema,
                     const std::string& seen, std::vector<NewShape>& shapes) {
  if (members.empty() || with_objects(type, "") == type) return with_objects(type, "map");
  NewShape shape{{}, seen, {}};
  for (const auto& member : members) {
    const std::string inner = new_type(member.type.empty() ? "any" : member.type, member.members,
                                       member.name, type_name(name), schema, seen, shapes);
    shape.fields.push_back(
        {member.name, or_null(inner), "", yaml_example(member.example), member.optional});
  }
  shape.name = known_shape(shape, schema, shapes);
  if (shape.name.empty()) {
    shape.name = type_name(name);
    if (is_taken(schema, shapes, shape.name)) shape.name = type_name(owner) + shape.name;
    while (is_taken(schema, shapes, shape.name)) shape.name += "2";
    shapes.push_back(shape);
  }
  return with_objects(type, "object " + shape.name);
}

std::string or_null(std::string_view type) {
  if (type == "null" || type.empty()) return "any";
  const bool has_null = (" " + std::string{type} + " ").find(" null ") != std::string::npos;
  if (type == "any" || has_null) return std::string{type};
  return std::string{type} + " or null";
}

std::string field_lines(const NewField& field, std::string_view indent, std::size_t name_width,
                        std::size_t type_width) {
  std::string line = std::string{indent} + filled(field.name + ":", name_width + 1) + " { ";
  const std::string inner(line.size(), ' ');
  line += "type: " + filled(field.type + ",", type_width + 1) + " " + facts(field);
  std::string done;
  for (const auto& word : tail(field)) {
    line += ",";
    if (line.size() + word.size() + 3 > most_columns) {
      done += line + "\n";
      line = inner + word;
    } else {
      line += " " + word;
    }
  }
  return done + line + " }\n";
}

std::string field_in_braces(const NewField& field) {
  std::string out = field.name + ": { type: " + field.type + ", " + facts(field);
  for (const auto& word : tail(field)) out += ", " + word;
  return out + " }";
}

std::string shape_lines(const NewShape& shape) {
  std::size_t names = 0, types = 0;
  for (const auto& field : shape.fields) {
    names = std::max(names, field.name.size());
    types = std::max(types, field.type.size());
  }
  std::string out = "  " + shape.name + ":\n    doc: " + yaml_text(shape.doc) + "\n    fields:\n";
  for (const auto& field : shape.fields) out += field_lines(field, "      ", names, types);
  return out;
}

}  // namespace callrail::codegen
