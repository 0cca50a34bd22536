
#include "../model/seed.hpp"
#include "cpp_text.hpp"
#include "emit.hpp"
#include "field_table.hpp"
#include "header_parts.hpp"
#include "text_block.hpp"

namespace callrail::codegen {

File emit_record(const Schema& schema, const Endpoint& endpoint) {
  const std::string& name = endpoint.name.text;
  const std::string& record = endpoint.record.text;
  bool enums = false, shapes = false;
  std::vector<Member> members;
  std::vector<std::string> names;
  for (const auto& field : endpoint.fields) {
    enums |= !field.type.enum_name().empty();
    shapes |= !field.type.shape_name().empty();
    const std::string type = cpp_value_type(field.type);
    std::string doc = field.doc;
    if (!field.until.empty())
      doc += (doc.empty() ? "" : " ") + ("Not sent since " + field.until + ".");
    members.push_back({"Maybe<" + type + "> " + cpp_name(field.name.text) + ";", doc});
    names.push_back(field.name.text);
  }

  TextBlock out;
  std::vector<std::string> about{name + ": " + endpoint.doc};
  if (const auto docs = docs_address(schema, endpoint); !docs.empty()) about.push_back(docs);
  begin_header(out, schema, about);
  if (enums) out.line("#include <callrail/api/enums.hpp>");
  out.line("#include <callrail/api/paging.hpp>");
  if (shapes) out.line("#include <callrail/api/shapes.hpp>");
  out.line("#include <callrail/reflect.hpp>").line();
  out.line("#include <array>").line("#include <cstdint>").line();
  guard_version(out, name + ".hpp");
  out.line("namespace callrail::api {").line();
  out.comment("///", "One row of GET " + endpoint.path.text + ".");
  out.line("struct " + record + " {").indent();
  out.members(members);
  out.dedent().line("};").line().line("}  // namespace callrail::api").line();

  out.line("template <>")
      .line("struct callrail::Reflect<callrail::api::" + record + "> {")
      .indent();
  out.line("static constexpr std::uint32_t key_seed = " + std::to_string(find_seed(names)) + ";");
  out.line("static constexpr PagingFacts paging = api::paging;");
  out.line("static constexpr std::array<Field, " + std::to_string(names.size()) + "> fields{");
  out.indent(4);
  field_table(out, endpoint.fields, schema, "api::");
  out.dedent(4).line("};").dedent().line("};");
  return {"include/callrail/api/" + name + ".hpp", out.take()};
}

}  // namespace callrail::codegen
