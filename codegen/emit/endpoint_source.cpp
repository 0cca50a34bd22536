#include "cpp_text.hpp"
#include "emit.hpp"
#include "text_block.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

std::vector<std::string> texts_of(const std::vector<Name>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) out.push_back(name.text);
  return out;
}

std::string array_of_examples(const Field& field) { return field.name.text + "_examples"; }

void example_tables(TextBlock& out, const Endpoint& endpoint) {
  for (const auto& field : endpoint.fields) {
    if (field.examples.empty()) continue;
    std::vector<std::string> items;
    for (const auto& example : field.examples) items.push_back(example.json);
    out.list_of_texts("constexpr Text " + array_of_examples(field) + "[] = {", items);
  }
}

std::string evidence(const Field& field) {
  std::string out;
  for (const auto& word : field.evidence)
    out += (out.empty() ? "Evidence::" : " | Evidence::") + word;
  return out;
}

void note_table(TextBlock& out, const Endpoint& endpoint) {
  out.line("constexpr Note notes[] = {").indent(4);
  for (const auto& field : endpoint.fields) {
    std::vector<Part> parts;
    if (!field.doc.empty()) parts.push_back(Part::quoted("doc", field.doc));
    if (!field.unit.empty()) parts.push_back(Part::quoted("unit", field.unit));
    parts.push_back(Part::of("evidence", evidence(field)));
    if (!field.since.empty()) parts.push_back(Part::quoted("since", field.since));
    if (!field.until.empty()) parts.push_back(Part::quoted("until", field.until));
    if (!field.refers_to.empty()) parts.push_back(Part::quoted("refers_to", field.refers_to.text));
    if (!field.examples.empty()) parts.push_back(Part::of("examples", array_of_examples(field)));
    out.initializer("{", parts, "},");
  }
  out.dedent(4).line("};");
}

std::string array_of_words(const Each& each) { return each.name.text + "_words"; }

void word_tables(TextBlock& out, const Endpoint& endpoint) {
  for (const auto& each : endpoint.each)
    out.list_of_texts("constexpr Text " + array_of_words(each) + "[] = {", texts_of(each.words));
}

void parent_table(TextBlock& out, const Schema& schema, const Endpoint& endpoint) {
  out.line("constexpr Parent parents[] = {").indent(4);
  const auto& path = endpoint.path_parameters;
  for (const auto& wanted : endpoint.parameters()) {
    std::vector<Part> parts{Part::quoted("parameter", wanted)};
    for (const auto& [parameter, source] : schema.api.parameters)
      if (parameter.text == wanted) parts.push_back(Part::quoted("endpoint", source.text));
    if (std::find(path.begin(), path.end(), wanted) != path.end())
      parts.push_back(Part::of("in_path", "true"));
    for (const auto& each : endpoint.each)
      if (each.name.text == wanted) parts.push_back(Part::of("values", array_of_words(each)));
    out.initializer("{", parts, "},");
  }
  out.dedent(4).line("};");
}

void media_table(TextBlock& out, const Schema& schema, const Endpoint& endpoint) {
  out.line("constexpr Media media[] = {").indent(4);
  for (const auto& media : endpoint.media) {
    std::vector<Part> parts{Part::quoted("field", media.field.text),
                            Part::quoted("path", media.path.text)};
    for (const auto& [parameter, source] : schema.api.parameters)
      if (source.text == endpoint.name.text &&
          std::find(media.path_parameters.begin(), media.path_parameters.end(), parameter.text) !=
              media.path_parameters.end())
        parts.push_back(Part::quoted("parameter", parameter.text));
    parts.push_back(Part::quoted("address", media.address));
    parts.push_back(Part::quoted("type", media.type.text));
    parts.push_back(Part::quoted("extension", media.extension.text));
    out.initializer("{", parts, "},");
  }
  out.dedent(4).line("};");
}

void filter_table(TextBlock& out, const Endpoint& endpoint) {
  out.line("constexpr Filter filters[] = {").indent(4);
  for (const auto& filter : endpoint.filters) {
    std::vector<Part> parts{Part::quoted("name", filter.name.text)};
    if (const auto e = filter.type.enum_name(); !e.empty())
      parts.push_back(Part::of("values", "Reflect<api::" + e + ">::names"));
    out.initializer("{", parts, "},");
  }
  out.dedent(4).line("};");
}

void dates(TextBlock& out, const Schema& schema, const Endpoint& endpoint) {
  const auto& [from, to, zone, preset, preset_default, preset_days] = schema.api.dates;
  std::vector<Part> parts{Part::quoted("from", from), Part::quoted("to", to)};
  if (!zone.empty()) parts.push_back(Part::quoted("zone", zone));
  if (!preset.empty()) parts.push_back(Part::quoted("preset", preset));
  if (!preset_default.empty()) parts.push_back(Part::quoted("preset_default", preset_default));
  if (preset_days != 0)
    parts.push_back(Part::of("preset_default_days", std::to_string(preset_days)));
  if (!endpoint.cursor.empty()) parts.push_back(Part::quoted("cursor", endpoint.cursor.text));
  if (!endpoint.dates.empty()) parts.push_back(Part::of("whole", "true"));
  if (!endpoint.step.empty()) {
    parts.push_back(Part::of("most_points", std::to_string(endpoint.most_points)));
    parts.push_back(Part::quoted("step", endpoint.step.text));
  }
  if (endpoint.cursor_moves) parts.push_back(Part::of("moves", "true"));
  if (endpoint.look_back_days != 0)
    parts.push_back(Part::of("look_back_days", std::to_string(endpoint.look_back_days)));
  out.initializer(".dates = {", parts, "},");
}

void facts(TextBlock& out, const Schema& schema, const Endpoint& endpoint) {
  const std::string reflect = "Reflect<api::" + endpoint.record.text + ">::";
  out.line("constexpr Endpoint facts{").indent(4);
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) out.initializer("", {Part::quoted(name, value)}, ",");
  };
  const auto word = [&](const char* name, const std::string& value) {
    out.line("." + std::string{name} + " = " + value + ",");
  };
  text("name", endpoint.name.text);
  text("record", endpoint.record.text);
  text("doc", endpoint.doc);
  text("docs", docs_address(schema, endpoint));
  text("path", endpoint.path.text);
  text("rows", endpoint.rows);
  if (endpoint.key.size() == 1) text("key", endpoint.key.front().text);
  word("keys", "keys");
  word("fields", reflect + "fields");
  out.line(".notes = notes,");
  if (!endpoint.parameters().empty()) word("parents", "parents");
  if (!endpoint.filters.empty()) word("filters", "filters");
  text("select", endpoint.select.text);
  if (!endpoint.refuses.empty()) word("refused", "refused");
  if (endpoint.select_limits) word("select_limits", "true");
  word("paging", "paging");
  if (endpoint.page_size != 0) word("most_rows", std::to_string(endpoint.page_size));
  if (endpoint.takes_dates()) dates(out, schema, endpoint);
  if (!endpoint.sort.empty())
    out.initializer(".order = {",
                    {Part::quoted("by", schema.api.order.by),
                     Part::quoted("direction", schema.api.order.direction),
                     Part::quoted("field", endpoint.sort.text),
                     Part::quoted("ascending", schema.api.order.ascending)},
                    "},");
  text("order_default", endpoint.newest_first.text);
  text("hidden_by", endpoint.hidden_by.text);
  text("disabled_by", endpoint.disabled_by.text);
  if (!endpoint.media.empty()) word("media", "media");
  text("opt_in", endpoint.opt_in);
  if (endpoint.not_found_empty) word("not_found_is_empty", "true");
  if (endpoint.frozen) word("frozen", "true");
  word("table", "&tables::" + cpp_name(endpoint.name.text));
  word("key_seed", reflect + "key_seed");
  word("key_table", "KeyIndex<api::" + endpoint.record.text + ">::table");
  out.dedent(4).line("};");
}

}  // namespace

File emit_endpoint(const Schema& schema, const Endpoint& endpoint) {
  TextBlock out;
  const std::string processor = "Processor<api::" + endpoint.record.text + ">";
  out.line("// " + banner(schema)).line();
  out.line("#include <callrail/api/" + endpoint.name.text + ".hpp>");
  out.line("#include <callrail/processor.hpp>").line();
  out.line("namespace callrail {");
  out.line("namespace tables { extern const StoredTable " + cpp_name(endpoint.name.text) + "; }");
  out.line("namespace {").line();
  example_tables(out, endpoint);
  note_table(out, endpoint);
  word_tables(out, endpoint);
  if (!endpoint.parameters().empty()) parent_table(out, schema, endpoint);
  if (!endpoint.filters.empty()) filter_table(out, endpoint);
  if (!endpoint.media.empty()) media_table(out, schema, endpoint);
  out.list_of_texts("constexpr Text keys[] = {", texts_of(endpoint.key));
  if (!endpoint.refuses.empty())
    out.list_of_texts("constexpr Text refused[] = {", texts_of(endpoint.refuses));
  std::vector<std::string> styles;
  for (const auto& style : endpoint.paging) styles.push_back("Paging::" + style.text);
  out.list("constexpr Paging paging[] = {", styles);
  facts(out, schema, endpoint);
  out.line().line("}  // namespace").line();
  out.line("template <>").line("const Endpoint& " + processor + "::endpoint() {");
  out.line("  return facts;").line("}").line();
  out.line("template class " + processor + ";").line();
  out.line("}  // namespace callrail");
  return {"src/" + endpoint.name.text + ".cpp", out.take()};
}

}  // namespace callrail::codegen
