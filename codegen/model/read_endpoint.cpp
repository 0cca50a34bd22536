#include "read.hpp"
#include "seed.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// Each `{x}` of the path.
std::vector<std::string> parameters_of(const Name& path, MapReader& reader) {
  if (!path.empty() && !path.text.starts_with('/'))
    reader.complain(path.place, "\"path\" begins with /");
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
  out.select_limits = select.flag("limits");
  select.finish();
}

std::vector<Each> read_each(MapReader each) {
  std::vector<Each> out;
  each.each([&](const Name& name, const yaml::Value& value) {
    out.push_back({name, {}});
    for (const auto& word : value.items)
      if (word.kind == yaml::Kind::text) out.back().words.push_back({word.text, word.place});
    if (value.kind != yaml::Kind::list || out.back().words.empty() ||
        out.back().words.size() != value.items.size())
      each.complain(name.place, "\"" + name.text + "\" wants a list of words");
  });
  return out;
}

/// One name, or a list of those that identify a row together.
std::vector<Name> read_key(MapReader& reader) {
  const auto* value = reader.required("key");
  if (value && value->kind == yaml::Kind::list) return reader.names("key");
  const Name one = value ? reader.name("key") : Name{};
  return one.empty() ? std::vector<Name>{} : std::vector{one};
}

std::vector<Media> read_media(MapReader media) {
  std::vector<Media> out;
  media.each([&](const Name& field, const yaml::Value& value) {
    if (value.kind != yaml::Kind::map)
      return media.complain(field.place,
                            "\"" + field.text + "\" wants path, address, type, extension");
    MapReader reader{value, media.where() + "." + field.text, media.mistakes()};
    Media one{.field = field,
              .path = reader.required_name("path"),
              .path_parameters = {},
              .address = reader.required_text("address"),
              .type = reader.required_name("type"),
              .extension = reader.required_name("extension")};
    one.path_parameters = parameters_of(one.path, reader);
    reader.finish();
    out.push_back(std::move(one));
  });
  return out;
}

void read_points(MapReader points, Endpoint& out) {
  if (!points.exists()) return;
  out.most_points = points.number("at_most", 0, 1, 1'000'000);
  if (out.most_points == 0) points.complain(points.place(), "\"at_most\" is missing");
  out.step = points.required_name("per");
  points.finish();
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
  for (const auto& parameter : each) out.push_back(parameter.name.text);
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
  out.path_parameters = parameters_of(out.path, reader);
  out.per = reader.name("per");
  out.each = read_each(reader.map("each"));
  out.opt_in = reader.prose("opt_in");
  out.rows = reader.required_text("rows");
  out.key = read_key(reader);
  read_select(reader.map("select"), out);
  read_paging(reader, out);
  out.page_size = reader.number("page_size", 0, 1, 100'000);
  out.filters = read_filters(reader.map("filters"));
  const std::string not_found = reader.one_of("not_found", {"empty"}, "");
  out.not_found_empty = !not_found.empty();
  out.frozen = reader.one_of("contract", {"evolve", "freeze"}, "evolve") == "freeze";
  out.cursor = reader.name("cursor");
  out.dates = reader.name("dates");
  if (!out.dates.empty() && out.dates.text != "whole")
    reader.complain(out.dates.place, unknown("dates", out.dates.text, {"whole"}));
  read_points(reader.map("points"), out);
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
  out.media = read_media(reader.map("media"));
  out.said = read_said(reader);
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
