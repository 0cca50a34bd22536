#include "draft.hpp"
#include "model/mistakes.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// The rows of one endpoint, in the columns of tests/data/fields.tsv: endpoint, field, json_type,
/// nullable, default_or_on_request, format, enum_values, example, evidence.
class Facts {
 public:
  Facts(const Draft& draft, const Schema& known) : draft_{draft}, known_{known} {}

  std::string write() {
    if (draft_.rows != row_itself)
      row("<collection_key>", "array<object>", "no", "default", draft_.rows, "", "", "real");
    for (const auto& field : draft_.fields)
      add(field.name, field.type, field.null_seen, field.on_request ? "on_request" : "default",
          field.example, "real");
    return std::move(out_);
  }

 private:
  void row(const std::string& field, const std::string& type, const std::string& nullable,
           const std::string& sent, const std::string& format, const std::string& words,
           const std::string& example, const std::string& evidence) {
    out_ += draft_.name + '\t' + field + '\t' + type + '\t' + nullable + '\t' + sent + '\t' +
            format + '\t' + words + '\t' + example + '\t' + evidence + '\n';
  }

  void add(const std::string& path, const std::string& written, bool null_seen,
           const std::string& sent, const std::string& example, const std::string& evidence) {
    Mistakes ignored;
    const FieldType type = parse_type(written, {}, path, ignored);
    std::vector<std::string> kinds;
    for (const auto& a : type.alternatives) {
      if (a.base == Base::list) {
        for (const auto& item : a.items)
          kinds.push_back(item.base == Base::any ? "array" : "array<" + kind(item, example) + ">");
      } else if (a.base != Base::null) {
        kinds.push_back(kind(a, example));
      }
    }
    const bool free = std::ranges::any_of(kinds, [](const auto& k) { return k == "any"; });
    const std::string nullable = null_seen ? "yes" : type.nullable() || free ? "unknown" : "no";
    row(path, join(kinds, "|"), type.nullable() ? nullable : "no", sent, "",
        join(words(type.enum_name()), "|"), example, evidence);
    members(path, type, sent);
  }

  static std::string kind(const Alternative& a, const std::string& example) {
    switch (a.base) {
      case Base::integer: return "integer";
      case Base::number: return "number";
      case Base::boolean: return "boolean";
      case Base::object:
      case Base::map: return "object";
      case Base::any: return "any";
      // Kept as text, and sent as what the example is.
      case Base::id:
        return !example.empty() && example[0] >= '0' && example[0] <= '9' ? "integer" : "string";
      default: return "string";
    }
  }

  std::vector<std::string> words(const std::string& name) const {
    for (const auto& e : draft_.enums)
      if (e.name == name) return e.values;
    const Enum* e = known_.find_enum(name);
    return e ? texts_of(e->values) : std::vector<std::string>{};
  }

  static std::vector<std::string> texts_of(const std::vector<Name>& names) {
    std::vector<std::string> out;
    for (const auto& name : names) out.push_back(name.text);
    return out;
  }

  void members(const std::string& path, const FieldType& type, const std::string& sent) {
    const std::string name = type.shape_name();
    if (name.empty()) return;
    const auto* list = type.find(Base::list);
    const bool in_list = list && std::ranges::any_of(list->items, [](const Alternative& a) {
                           return a.base == Base::object;
                         });
    const std::string prefix = path + (in_list ? "[]." : ".");
    for (const auto& shape : draft_.shapes)
      if (shape.name == name)
        for (const auto& field : shape.fields)
          add(prefix + field.name, field.type, field.null_seen, sent, field.example, "real");
    if (const Shape* shape = known_.find_shape(name))
      for (const auto& field : shape->fields)
        add(prefix + field.name.text, field.type.text, false, sent,
            field.examples.empty() ? "" : field.examples.front().json, join(field.evidence, "+"));
  }

  const Draft& draft_;
  const Schema& known_;
  std::string out_;
};

}  // namespace

std::string draft_facts(const Draft& draft, const Schema& known) {
  return Facts{draft, known}.write();
}

}  // namespace callrail::codegen
