#include "schema_tree.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// JSON Schema's own word for a format, or none.
std::string standard_format(const std::string& format) {
  static const std::vector<std::string> same = words_of("email uri uuid");
  if (std::find(same.begin(), same.end(), format) != same.end()) return format;
  return format == "date_time" ? "date-time" : "";
}

void add_types(JsonTree& out, const std::vector<std::string>& words) {
  if (words.size() == 1)
    out.add("type", words.front());
  else
    out.add("type", json_texts(words));
}

std::string description(const Field& field) {
  std::string out = field.doc;
  const auto say = [&](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
  if (!field.since.empty()) say("Since " + field.since + ".");
  if (!field.until.empty()) say("Not sent since " + field.until + ".");
  return out;
}

}  // namespace

JsonTree json_texts(const std::vector<std::string>& texts) {
  JsonTree out = JsonTree::array();
  for (const auto& text : texts) out.push(JsonTree::text(text));
  return out;
}

JsonTree json_texts(const std::vector<Name>& names) {
  JsonTree out = JsonTree::array();
  for (const auto& name : names) out.push(JsonTree::text(name.text));
  return out;
}

/// Objects stay open: the API adds members without notice.
void SchemaTree::members(JsonTree& out, const std::vector<Field>& fields, bool may_lack) const {
  out.add("type", "object");
  JsonTree properties = JsonTree::object(), required = JsonTree::array();
  for (const auto& field : fields) {
    if (style_.of_answers && (field.sent == "of_request" || field.sent == "ordinal")) continue;
    properties.add(field.name.text, property(field));
    if (field.sent == "always" && !field.may_be_absent() && !may_lack)
      required.push(JsonTree::text(field.name.text));
  }
  out.add("properties", std::move(properties));
  if (!required.empty()) out.add("required", std::move(required));
}

JsonTree SchemaTree::shape(const Shape& shape) const {
  JsonTree out = JsonTree::object();
  if (!shape.doc.empty()) out.add("description", shape.doc);
  members(out, shape.fields);
  // Any object may have more members; in these they are data.
  if (shape.open) out.add("additionalProperties", JsonTree::raw("true"));
  return out;
}

JsonTree SchemaTree::enumeration(const Enum& words) const {
  JsonTree out = JsonTree::object();
  if (!words.doc.empty()) out.add("description", words.doc);
  JsonTree choices = JsonTree::array();
  choices.push(JsonTree::object().add("enum", json_texts(words.values)));
  choices.push(JsonTree::object().add("type", "string"));
  out.add("anyOf", std::move(choices));
  return out;
}

JsonTree SchemaTree::property(const Field& field) const {
  JsonTree out = JsonTree::object();
  type(out, field.type.alternatives);
  if (const auto text = description(field); !text.empty()) out.add("description", text);
  if (field.format != "any") {
    const auto standard = standard_format(field.format);
    out.add(standard.empty() ? "x-format" : "format", standard.empty() ? field.format : standard);
  }
  if (!field.unit.empty()) out.add("x-unit", field.unit);
  if (field.min) out.add("minimum", JsonTree::raw(field.min->text));
  if (field.max) out.add("maximum", JsonTree::raw(field.max->text));
  if (field.sent != "always") out.add("x-sent", field.sent);
  if (!field.until.empty()) {
    out.add("deprecated", JsonTree::raw("true"));
    out.add("x-until", field.until);
  }
  if (field.pii != "none") out.add("x-pii", field.pii);
  if (field.secret) out.add("x-secret", JsonTree::raw("true"));
  if (!field.refers_to.empty()) out.add("x-refers-to", field.refers_to.text);
  if (!field.examples.empty()) {
    JsonTree examples = JsonTree::array();
    for (const auto& example : field.examples) examples.push(JsonTree::raw(example.json));
    out.add("examples", std::move(examples));
  }
  return out;
}

void SchemaTree::type(JsonTree& out, const std::vector<Alternative>& alternatives) const {
  std::vector<std::string> words;
  const auto add_word = [&](const char* word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
  };
  const Alternative* rich = nullptr;
  int riches = 0;
  for (const auto& a : alternatives) {
    switch (a.base) {
      case Base::any: return;
      case Base::id:
        add_word("integer");
        add_word("string");
        break;
      case Base::text:
      case Base::timestamp: add_word("string"); break;
      case Base::integer: add_word("integer"); break;
      case Base::number: add_word("number"); break;
      case Base::boolean: add_word("boolean"); break;
      case Base::map: add_word("object"); break;
      case Base::null: add_word("null"); break;
      case Base::enumeration:
      case Base::object:
      case Base::list:
        rich = &a;
        ++riches;
        break;
    }
  }
  const bool is_named = riches == 1 && (rich->base == Base::object ||
                                        (rich->base == Base::enumeration && style_.named_enums));
  if (riches == 0) {
    add_types(out, words);
  } else if (is_named && words.empty()) {
    out.add("$ref", style_.refs + rich->name);
  } else if (riches == 1 && rich->base == Base::list) {
    words.insert(words.begin(), "array");
    add_types(out, words);
    JsonTree items = JsonTree::object();
    type(items, rich->items);
    if (!items.empty()) out.add("items", std::move(items));
  } else {
    any_of(out, alternatives, words);
  }
}

void SchemaTree::any_of(JsonTree& out, const std::vector<Alternative>& alternatives,
                        std::vector<std::string> words) const {
  JsonTree choices = JsonTree::array();
  for (const auto& a : alternatives) {
    if (a.base == Base::enumeration && !style_.named_enums) {
      choices.push(JsonTree::object().add("enum", json_texts(schema_.find_enum(a.name)->values)));
      if (std::find(words.begin(), words.end(), "string") == words.end())
        words.insert(words.begin(), "string");
    } else if (a.base == Base::enumeration || a.base == Base::object || a.base == Base::list) {
      JsonTree choice = JsonTree::object();
      type(choice, {a});
      choices.push(std::move(choice));
    }
  }
  for (const auto& word : words) choices.push(JsonTree::object().add("type", word));
  out.add("anyOf", std::move(choices));
}

}  // namespace callrail::codegen
