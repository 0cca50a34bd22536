#include "texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace callrail::cli {
namespace {

constexpr std::size_t width = 98;

std::string join(std::span<const Text> words) {
  std::string out;
  for (const Text word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

Text spelled(Type type) {
  constexpr std::array<Text, 11> names{"id",      "text",      "integer",     "number",
                                       "boolean", "timestamp", "enumeration", "object",
                                       "map",     "list",      "any"};
  return names[static_cast<std::size_t>(type)];
}

Text spelled(Sent sent) {
  constexpr std::array<Text, 6> names{"always",     "on request",       "single row only",
                                      "never seen", "from the request", "counted"};
  return names[static_cast<std::size_t>(sent)];
}

Text spelled(Pii pii) {
  constexpr std::array<Text, 8> names{"",      "name",      "phone", "email",
                                      "place", "free text", "audio", "online id"};
  return names[static_cast<std::size_t>(pii)];
}

std::string spelled(Evidence evidence) {
  std::string out;
  const auto add = [&](Evidence one, const char* name) {
    if ((static_cast<int>(evidence) & static_cast<int>(one)) != 0)
      out.append(out.empty() ? "" : "+").append(name);
  };
  add(Evidence::documented, "documented");
  add(Evidence::real, "real");
  add(Evidence::inferred, "inferred");
  return out;
}

std::string paging_text(const Endpoint& endpoint, const PagingFacts& facts) {
  std::string out;
  for (const Paging style : endpoint.paging) {
    if (style == Paging::whole) return "none, an answer holds all rows";
    if (!out.empty()) out += ", or ";
    out += style == Paging::offset ? fmt::format("offset ({}=1, 2, …)", facts.page)
                                   : fmt::format("relative ({}=true, then the address in {})",
                                                 facts.relative, facts.next);
  }
  return out.empty() ? "one page" : fmt::format("{}; {} at most {}", out, facts.size, facts.most);
}

std::string asked_text(const Endpoint& endpoint) {
  if (endpoint.parents.empty()) return "once";
  std::string out;
  for (const Parent& parent : endpoint.parents)
    out += (out.empty() ? "" : ", ") +
           (parent.endpoint.empty()
                ? fmt::format("once for each {} ({})", parent.parameter, join(parent.values))
                : fmt::format("once for each {} of {}", parent.parameter, parent.endpoint));
  return out;
}

std::string rows_text(const Endpoint& endpoint) {
  std::string key{endpoint.key};
  if (endpoint.keys.size() > 1) key = join(endpoint.keys);
  std::string out = endpoint.rows == Endpoint::row_itself
                        ? "the answer is one row"
                        : fmt::format("the member {}", endpoint.rows);
  out += "; the key is " + key;
  return endpoint.not_found_is_empty ? out + "; 404 says that there are none" : out;
}

std::string dates_text(const Endpoint& endpoint, int keeps_months) {
  const Dates& dates = endpoint.dates;
  if (!dates) return "none, it is read whole";
  std::string out = fmt::format("{} to {} ", dates.from, dates.to);
  out += dates.cursor.empty() ? "say which days are summed up"
                              : fmt::format("select on {}", dates.cursor);
  if (dates.most_points != 0)
    out += fmt::format(", at most {} points an answer ({})", dates.most_points, dates.step);
  return out + fmt::format("; rows are kept for {} months", keeps_months);
}

std::string filters_text(const Endpoint& endpoint) {
  std::string out;
  for (const Filter& filter : endpoint.filters) {
    out.append(out.empty() ? "" : ", ").append(filter.name);
    if (!filter.values.empty()) out += " (" + join(filter.values) + ")";
  }
  return out;
}

void fact(std::string& out, Text name, const std::string& text) {
  if (text.empty()) return;
  out += fmt::format("  {:<10} {}\n", name, wrapped(text, width - 13, 13));
}

using Row = std::array<std::string, 6>;

Row row_of(const Field& field, const Note* note) {
  std::string type{spelled(field.type)};
  std::string doc{note != nullptr ? note->doc : Text{}};
  if (!field.values.empty())
    doc += (doc.empty() ? "" : " ") + ("One of: " + join(field.values) + ".");
  if (note != nullptr && !note->unit.empty()) doc += fmt::format(" ({})", note->unit);
  if (field.secret) doc += " Secret.";
  return {std::string{field.name},
          type,
          field.nullable() ? "yes" : "no",
          field.gone && note != nullptr ? fmt::format("until {}", note->until)
                                        : std::string{spelled(field.sent)},
          note != nullptr ? spelled(note->evidence) : std::string{},
          fmt::format("{}{}{}", spelled(field.pii),
                      field.pii == Pii::none || doc.empty() ? "" : "; ", doc)};
}

void field_table(std::string& out, const Endpoint& endpoint) {
  std::vector<Row> rows{{"field", "type", "null", "sent", "evidence", "pii; doc"}};
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i)
    rows.push_back(
        row_of(endpoint.fields[i], i < endpoint.notes.size() ? &endpoint.notes[i] : nullptr));
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows)
    for (std::size_t c = 0; c < widths.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  for (const Row& row : rows) {
    std::string line = "  ";
    for (std::size_t c = 0; c < widths.size(); ++c)
      line += fmt::format("{:<{}}", row[c], widths[c] + 2);
    line += row.back();
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
}

}  // namespace

std::string endpoint_names_text(const Api& api) {
  std::string out;
  for (const Endpoint* endpoint : api.endpoints)
    if (endpoint->opt_in.empty()) out.append(endpoint->name).append("\n");
  return out;
}

std::string opt_in_text(const Api& api) {
  std::size_t longest = 0;
  for (const Endpoint* endpoint : api.endpoints)
    if (!endpoint->opt_in.empty()) longest = std::max(longest, endpoint->name.size());
  std::string out;
  for (const Endpoint* endpoint : api.endpoints)
    if (!endpoint->opt_in.empty())
      out += fmt::format("{:<{}}  {}\n", endpoint->name, longest, endpoint->opt_in);
  return out;
}

std::string endpoint_text(const Endpoint& endpoint, const Api& api) {
  std::string out{endpoint.name};
  if (!endpoint.doc.empty()) out.append(": ").append(endpoint.doc);
  out += "\n";
  fact(out, "reference", std::string{endpoint.docs});
  fact(out, "path", "GET " + std::string{endpoint.path});
  fact(out, "asked", asked_text(endpoint));
  if (!endpoint.opt_in.empty())
    fact(out, "price", fmt::format("{}; --all leaves it out", endpoint.opt_in));
  fact(out, "rows", rows_text(endpoint));
  fact(out, "paging", paging_text(endpoint, api.paging));
  fact(out, "dates", dates_text(endpoint, api.keeps_months));
  fact(out, "filters", filters_text(endpoint));
  for (const Media& media : endpoint.media)
    fact(out, "media",
         fmt::format("{}, where it is not null: {} behind GET {}; fetched by --recordings",
                     media.field, media.type, media.path));
  if (!endpoint.select.empty())
    fact(out, "fields",
         fmt::format("{}= names those sent on request{}", endpoint.select,
                     endpoint.select_limits ? "; then no others come" : ""));
  out += "\n";
  field_table(out, endpoint);
  return out;
}

}  // namespace callrail::cli
