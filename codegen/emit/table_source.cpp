#include "cpp_text.hpp"
#include "emit.hpp"
#include "sql.hpp"
#include "text_block.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

std::string word_of(Stored as) {
  switch (as) {
    case Stored::text: return "Stored::text";
    case Stored::integer: return "Stored::integer";
    case Stored::numeric: return "Stored::numeric";
    case Stored::boolean: return "Stored::boolean";
    case Stored::instant: return "Stored::instant";
    case Stored::json: return "Stored::json";
  }
  return {};
}

std::string place_in(const std::vector<Field>& fields, const Field* field) {
  return std::to_string(field - fields.data());
}

void column_table(TextBlock& out, const std::string& name, const std::vector<TableColumn>& columns,
                  const std::vector<Field>* fields, const Schema& schema) {
  out.line("constexpr StoredColumn " + name + "[] = {").indent(4);
  for (const auto& column : columns) {
    std::vector<Part> parts{Part::quoted("name", column.name)};
    if (column.field && !column.member && !column.field->said.was.empty())
      parts.push_back(Part::quoted("was", column.field->said.was.text));
    if (column.as != Stored::text) parts.push_back(Part::of("as", word_of(column.as)));
    parts.push_back(Part::of(
        "from", column.field && fields ? place_in(*fields, column.field) : "StoredColumn::whole"));
    if (column.member) {
      const Shape* shape = schema.find_shape(column.field->type.find(Base::object)->name);
      parts.push_back(Part::of("member", place_in(shape->fields, column.member)));
    }
    if (column.required) parts.push_back(Part::of("required", "true"));
    if (column.told() && !column.told()->refers_to.empty())
      parts.push_back(Part::quoted("refers_to", column.told()->refers_to.text));
    out.initializer("{", parts, "},");
  }
  out.dedent(4).line("};");
}

void statements(TextBlock& out, const char* name, const Sql& sql) {
  out.line("constexpr StoredSql " + std::string{name} + "{").indent(4);
  const auto text = [&](const char* member, const std::string& statements) {
    if (!statements.empty())
      out.line("." + std::string{member} + " = R\"sql(" + statements + ")sql\",");
  };
  text("create", sql.create);
  text("view", sql.view);
  text("comments", sql.comments);
  out.dedent(4).line("};");
}

}  // namespace

File emit_table(const Schema& schema, const Endpoint& endpoint) {
  const EndpointTable table = table_of(schema, endpoint);
  const std::string name = cpp_name(endpoint.name.text);
  TextBlock out;
  out.line("// " + banner(schema)).line();
  out.line("#include <callrail/stored_table.hpp>").line();
  out.line("namespace callrail::tables {").line("namespace {").line();
  out.list_of_texts("constexpr Text parent_keys[] = {", table.parent_keys);
  column_table(out, "columns", table.columns, &endpoint.fields, schema);
  for (const auto& child : table.children) {
    const Shape* shape =
        schema.find_shape(child.list->type.find(Base::list) ? child.list->type.shape_name() : "");
    column_table(out, "columns_of_" + child.name, child.columns, shape ? &shape->fields : nullptr,
                 schema);
  }
  if (!table.children.empty()) {
    out.line("constexpr ChildTable children[] = {").indent(4);
    for (const auto& child : table.children)
      out.initializer("{",
                      {Part::quoted("name", child.name),
                       Part::of("field", place_in(endpoint.fields, child.list)),
                       Part::of("columns", "columns_of_" + child.name)},
                      "},");
    out.dedent(4).line("};");
  }
  statements(out, "sqlite", sql_of(schema, endpoint, Dialect::sqlite));
  statements(out, "postgresql", sql_of(schema, endpoint, Dialect::postgresql));
  out.line().line("}  // namespace").line();
  out.line("extern const StoredTable " + name + ";");
  out.line("constexpr StoredTable " + name + "{").indent(4);
  out.initializer("", {Part::quoted("name", table.name)}, ",");
  if (!endpoint.said.was.empty())
    out.initializer("", {Part::quoted("was", endpoint.said.was.text)}, ",");
  out.initializer("", {Part::quoted("view", table.view)}, ",");
  out.line(".parent_keys = parent_keys,").line(".columns = columns,");
  if (!table.children.empty()) out.line(".children = children,");
  out.line(".sqlite = sqlite,").line(".postgresql = postgresql,");
  out.dedent(4).line("};").line();
  out.line("}  // namespace callrail::tables");
  return {"tables/" + endpoint.name.text + ".cpp", out.take()};
}

}  // namespace callrail::codegen
