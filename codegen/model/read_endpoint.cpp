#include "read.hpp"
#include "seed.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// Each `{x}` of the path.
std::vector<std::string> parameters_of(const Name& path, MapReader& reader) {
  std::vector<std::string> out;
  for (std::size_t at = 0; (at = path.text.find('{', at)) != std::string::npos;) {
    const auto end = path.text.find('}', at);
    if (end == std::string::npos) {
      reader.complain(path.place, "\"path\" has a { without a }");
      return out;
    }
    out.push_back(path.text.substr(at + 1, end - at - 1));
    at = end;
  }
  return out;
}

std::vector<Filter> read_filters(MapReader filters) {
  std::vector<Filter> out;
  filters.each([&](const Name& name, const yaml::Value& value) {
    Filter filter{.name = name, .type = {}, .doc = {}};
    const std::string where = filters.where() + "." + name.text;
    if (value.kind == yaml::Kind::text) {
      filter.type = parse_type(value.text, value.place, where, filters.mistakes());
    } else if (value.kind == yaml::Kind::map) {
      MapReader reader{value, where, filters.mistakes()};
      filter.type = read_type(reader, "type");
      filter.doc = reader.prose("doc");
      reader.finish();
    } else {
      filters.complain(name.place, "\"" + name.text + "\" wants a type");
    }
    out.push_back(std::move(filter));
  });
  return out;
}

void read_select(MapReader select, Endpoint& out) {
  if (!select.exists()) return;
  out.select = select.required_name("parameter");
  out.refuses = select.names("refuses");
  select.finish();
}

void read_paging(MapReader& reader, Endpoint& out) {
  if (!reader.required("paging")) return;
  out.paging = reader.names("paging");
  if (out.paging.empty()) reader.complain(reader.place(), "\"paging\" names no style");
  for (const auto& style : out.paging)
    if (std::find(paging_words.begin(), paging_words.end(), style.text) == paging_words.end())
      reader.complain(style.place, unknown("paging", style.text, paging_words));
}

}  // namespace

std::vector<std::string> Endpoint::parameters() const {
  auto out = path_parameters;
  if (!per.empty()) out.push_back(per.text);
  return out;
}

Endpoint read_endpoint(const Name& name, MapReader reader) {
  Endpoint out;
  out.name = name;
  check_name(name, "endpoint", reader.where(), reader.mistakes());
  out.record = reader.required_name("record");
  check_type_name(out.record, "record", reader.where(), reader.mistakes());
  out.doc = reader.prose("doc");
  out.docs = reader.text("docs");
  out.path = reader.required_name("path");
  if (!out.path.empty() && !out.path.text.starts_with('/'))
    reader.complain(out.path.place, "\"path\" begins with /");
  out.path_parameters = parameters_of(out.path, reader);
  out.per = reader.name("per");
  out.rows = reader.required_text("rows");
  out.key = reader.required_name("key");
  read_select(reader.map("select"), out);
  read_paging(reader, out);
  out.filters = read_filters(reader.map("filters"));
  out.cursor = reader.name("cursor");
  out.look_back_days = reader.amount("look_back", {{"d", 1}}, 0);
  if (out.look_back_days != 0 && out.cursor.empty())
    reader.complain(reader.place(), "\"look_back\" needs a \"cursor\" to look back on");
  out.cursor_moves = reader.flag("cursor_moves");
  if (out.cursor_moves && out.cursor.empty())
    reader.complain(reader.place(), "\"cursor_moves\" needs a \"cursor\" that moves");
  out.sort = reader.name("sort");
  out.newest_first = reader.name("newest_first");
  out.hidden_by = reader.name("hidden_by");
  out.disabled_by = reader.name("disabled_by");
  MapReader fields = reader.required_map("fields");
  out.fields = read_fields(fields, name.text);
  if (fields.exists() && out.fields.empty()) fields.complain(fields.place(), "no fields");
  // One slot of the runtime's key table is a byte, and 255 stands for none.
  if (out.fields.size() > 254) fields.complain(fields.place(), "more than 254 fields");
  if (const auto pair = inseparable(names_of(out.fields)); !pair.empty())
    fields.complain(fields.place(),
                    pair + " are one to the runtime's key_hash; it reads too little of them");
  reader.finish();
  return out;
}

}  // namespace callrail::codegen
