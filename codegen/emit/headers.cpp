#include "cpp_text.hpp"
#include "emit.hpp"
#include "field_table.hpp"
#include "header_parts.hpp"
#include "text_block.hpp"

#include <algorithm>

namespace callrail::codegen {
File emit_paging(const Schema& schema) {
  TextBlock out;
  begin_header(out, schema, {"How the API cuts its lists into pages."});
  out.line("#include <callrail/endpoint.hpp>").line();
  guard_version(out, "paging.hpp");
  const auto& [page, size, pages, total, first, most, usual] = schema.api.offset;
  const auto& [ask, next, more, offset] = schema.api.relative;
  out.line("namespace callrail::api {").line();
  out.line("inline constexpr PagingFacts paging{").indent(4);
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.line("." + std::string{name} + " = " + cpp_string(value) + ",");
  };
  const auto number = [&](const char* name, int value) {
    out.line("." + std::string{name} + " = " + std::to_string(value) + ",");
  };
  text("page", page);
  text("size", size);
  text("pages", pages);
  text("total", total);
  number("first_page", first);
  number("most", most);
  number("default_size", usual);
  text("relative", ask);
  text("next", next);
  text("more", more);
  text("relative_offset", offset);
  out.dedent(4).line("};").line().line("}  // namespace callrail::api");
  return {"include/callrail/api/paging.hpp", out.take()};
}

File emit_enums(const Schema& schema) {
  TextBlock out;
  begin_header(out, schema,
               {"The enumerations of the API. All are open: a word that is not listed here reads "
                "as `unknown` and keeps its text."});
  out.line("#include <callrail/reflect.hpp>").line();
  out.line("#include <array>").line("#include <cstdint>").line();
  guard_version(out, "enums.hpp");
  out.line("namespace callrail::api {").line();
  for (const auto& e : schema.enums) {
    out.comment("///", e.doc);
    auto names = cpp_enumerators(e);
    names.insert(names.begin(), "unknown");
    out.enumeration("enum class " + e.name.text + " : std::uint8_t", names);
    out.line();
  }
  out.line("}  // namespace callrail::api");
  for (const auto& e : schema.enums) {
    std::vector<std::string> words;
    for (const auto& value : e.values) words.push_back(value.text);
    out.line().line("template <>");
    out.line("struct callrail::Reflect<callrail::api::" + e.name.text + "> {").indent();
    out.list_of_texts(
        "static constexpr std::array<Text, " + std::to_string(words.size()) + "> names{", words);
    out.dedent().line("};");
  }
  return {"include/callrail/api/enums.hpp", out.take()};
}

File emit_shapes(const Schema& schema) {
  TextBlock out;
  begin_header(out, schema, {"The members of objects inside fields."});
  out.line("#include <callrail/api/enums.hpp>").line("#include <callrail/reflect.hpp>").line();
  out.line("#include <array>").line();
  guard_version(out, "shapes.hpp");
  out.line("namespace callrail::api::shapes {").line();
  for (const auto& shape : schema.shapes) {
    out.comment("///", shape.doc);
    out.line("inline constexpr std::array<Field, " + std::to_string(shape.fields.size()) + "> " +
             snake_case(shape.name.text) + "{");
    out.indent(4);
    field_table(out, shape.fields, schema, "");
    out.dedent(4).line("};").line();
  }
  out.line("}  // namespace callrail::api::shapes");
  return {"include/callrail/api/shapes.hpp", out.take()};
}

File emit_api_header(const Schema& schema) {
  TextBlock out;
  begin_header(out, schema, {"Every record of " + schema.api.name + ", and the facts of the API."});
  auto names = names_of(schema.endpoints);
  std::sort(names.begin(), names.end());
  for (const auto& name : names) out.line("#include <callrail/api/" + name + ".hpp>");
  out.line().line("namespace callrail::api {").line();
  out.line(
      "/// The API as one table: its limits, its pages, its endpoints in the order of the schema.");
  out.line("const Api& description();");
  out.line().line("}  // namespace callrail::api");
  return {"include/callrail/api.hpp", out.take()};
}

}  // namespace callrail::codegen
