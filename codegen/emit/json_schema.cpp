#include "emit.hpp"
#include "json_tree.hpp"

#include <algorithm>
#include <set>

namespace callrail::codegen {
namespace {

/// JSON Schema's own word for a format, or none.
std::string standard_format(const std::string& format) {
  static const std::vector<std::string> same = words_of("email uri uuid");
  if (std::find(same.begin(), same.end(), format) != same.end()) return format;
  return format == "date_time" ? "date-time" : "";
}

/// One JSON Schema (2020-12) for one row.
class RowSchema {
 public:
  RowSchema(const Schema& schema, const Endpoint& endpoint)
      : schema_{schema}, endpoint_{endpoint} {}

  JsonTree build() {
    for (const auto& field : endpoint_.fields) collect(field);
    JsonTree out = JsonTree::object();
    out.add("$schema", "https://json-schema.org/draft/2020-12/schema");
    out.add("$comment", banner(schema_));
    out.add("title", endpoint_.record.text);
    if (!endpoint_.doc.empty()) out.add("description", endpoint_.doc);
    members(out, endpoint_.fields);
    JsonTree shapes = JsonTree::object();
    for (const auto& shape : schema_.shapes) {
      if (!used_.contains(shape.name.text)) continue;
      JsonTree definition = JsonTree::object();
      if (!shape.doc.empty()) definition.add("description", shape.doc);
      members(definition, shape.fields);
      shapes.add(shape.name.text, std::move(definition));
    }
    if (!shapes.empty()) out.add("$defs", std::move(shapes));
    return out;
  }

 private:
  /// The shapes a field needs, directly or not.
  void collect(const Field& field) {
    const Shape* shape = schema_.find_shape(field.type.shape_name());
    if (!shape || !used_.insert(shape->name.text).second) return;
    for (const auto& inner : shape->fields) collect(inner);
  }

  /// Objects stay open: the API adds members without notice.
  void members(JsonTree& out, const std::vector<Field>& fields) const {
    out.add("type", "object");
    JsonTree properties = JsonTree::object(), required = JsonTree::array();
    for (const auto& field : fields) {
      properties.add(field.name.text, property(field));
      if (field.sent == "always" && !field.may_be_absent())
        required.push(JsonTree::text(field.name.text));
    }
    out.add("properties", std::move(properties));
    if (!required.empty()) out.add("required", std::move(required));
  }

  JsonTree property(const Field& field) const {
    JsonTree out = JsonTree::object();
    type(out, field.type.alternatives);
    if (!field.doc.empty()) out.add("description", field.doc);
    if (field.format != "any") {
      const auto standard = standard_format(field.format);
      out.add(standard.empty() ? "x-format" : "format", standard.empty() ? field.format : standard);
    }
    if (!field.unit.empty()) out.add("x-unit", field.unit);
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

  /// Adds `type` and its companions, or `anyOf` where one `type` cannot say it.
  void type(JsonTree& out, const std::vector<Alternative>& alternatives) const {
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
    if (riches == 0) {
      add_types(out, words);
    } else if (riches == 1 && rich->base == Base::object && words.empty()) {
      out.add("$ref", "#/$defs/" + rich->name);
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

  static void add_types(JsonTree& out, const std::vector<std::string>& words) {
    if (words.size() == 1) {
      out.add("type", words.front());
      return;
    }
    JsonTree types = JsonTree::array();
    for (const auto& word : words) types.push(JsonTree::text(word));
    out.add("type", std::move(types));
  }

  void any_of(JsonTree& out, const std::vector<Alternative>& alternatives,
              std::vector<std::string> words) const {
    JsonTree choices = JsonTree::array();
    for (const auto& a : alternatives) {
      if (a.base == Base::enumeration) {
        // Open: the words known so far, or any other.
        JsonTree known = JsonTree::array();
        for (const auto& value : schema_.find_enum(a.name)->values)
          known.push(JsonTree::text(value.text));
        choices.push(JsonTree::object().add("enum", std::move(known)));
        if (std::find(words.begin(), words.end(), "string") == words.end())
          words.insert(words.begin(), "string");
      } else if (a.base == Base::object || a.base == Base::list) {
        JsonTree choice = JsonTree::object();
        type(choice, {a});
        choices.push(std::move(choice));
      }
    }
    for (const auto& word : words) choices.push(JsonTree::object().add("type", word));
    out.add("anyOf", std::move(choices));
  }

  const Schema& schema_;
  const Endpoint& endpoint_;
  std::set<std::string> used_;
};

}  // namespace

File emit_json_schema(const Schema& schema, const Endpoint& endpoint) {
  return {"json-schema/" + endpoint.name.text + ".schema.json",
          RowSchema{schema, endpoint}.build().print() + "\n"};
}

}  // namespace callrail::codegen
