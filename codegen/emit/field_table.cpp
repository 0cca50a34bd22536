#include "field_table.hpp"

#include "cpp_text.hpp"

namespace callrail::codegen {

void field_table(TextBlock& out, const std::vector<Field>& fields, const Schema& schema,
                 std::string_view api) {
  for (const auto& field : fields) {
    const FieldType& type = field.type;
    std::vector<Part> parts{Part::of("name", cpp_string(field.name.text))};
    const auto add = [&](std::string_view name, const std::string& value) {
      parts.push_back(Part::of(name, value));
    };
    if (type.main().base != Base::any) add("type", "Type::" + cpp_type_word(type.main().base));
    add("accepts", cpp_accepts(type.accepts()));
    if (field.sent != "always") add("sent", "Sent::" + field.sent);
    if (field.may_be_absent()) add("may_be_absent", "true");
    if (!field.until.empty()) add("gone", "true");
    if (field.secret) add("secret", "true");
    if (field.pii != "none") add("pii", "Pii::" + field.pii);
    if (field.format != "any") add("format", "Format::" + field.format);
    if (type.item_accepts() != Accepts::any())
      add("item_accepts", cpp_accepts(type.item_accepts()));
    const Shape* shape = schema.find_shape(type.shape_name());
    if (shape && shape->open) add("open", "true");
    if (const auto name = type.enum_name(); !name.empty())
      add("values", "Reflect<" + std::string{api} + name + ">::names");
    if (shape) add("members", std::string{api} + "shapes::" + snake_case(shape->name.text));
    if (!field.parameter.empty()) add("parameter", cpp_string(field.parameter.text));
    if (field.min) add("min", field.min->text);
    if (field.max) add("max", field.max->text);
    out.initializer("Field{", parts, "},");
  }
}

}  // namespace callrail::codegen
