#include "json_text.hpp"
#include "read.hpp"

#include <algorithm>

namespace callrail::codegen {

const std::vector<std::string> format_words =
    words_of("e164 email uri zone color uuid hex date_time display_phone country money");
const std::vector<std::string> pii_words =
    words_of("name phone email place free_text audio online_id");
const std::vector<std::string> evidence_words = words_of("documented real inferred");
const std::vector<std::string> paging_words = words_of("offset relative whole");
const std::vector<std::string> step_words = words_of("hour day week month quarter year");

namespace {

bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  const auto month = text.substr(5, 2), day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

/// The day the API stopped sending a field.
void read_until(MapReader& reader, Field& field) {
  const Name until = read_date(reader, "until");
  field.until = until.text;
  if (until.empty()) return;
  // Dates of this form are in the order of their text.
  if (is_date(until.text) && is_date(field.since) && until.text < field.since)
    reader.complain(until.place,
                    "\"until\" is " + until.text + ", before \"since\", " + field.since);
  if (field.sent == "of_request" || field.sent == "ordinal")
    reader.complain(until.place, "\"until\" and \"" + field.sent +
                                     "\" contradict each other; no API sends such a value");
}

/// `documented+real` as its words.
std::vector<std::string> read_evidence(MapReader& field) {
  const Name written = field.required_name("evidence");
  std::vector<std::string> out;
  std::string_view rest = written.text;
  while (!rest.empty()) {
    const std::string word{rest.substr(0, rest.find('+'))};
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (std::find(evidence_words.begin(), evidence_words.end(), word) == evidence_words.end())
      field.complain(written.place, unknown("evidence", word, evidence_words));
    else if (std::find(out.begin(), out.end(), word) != out.end())
      field.complain(written.place, "\"" + word + "\" stands twice in \"evidence\"");
    else
      out.push_back(word);
  }
  // The order of the runtime's enumerators, however the schema has it.
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    const auto rank = [](const std::string& word) {
      return std::find(evidence_words.begin(), evidence_words.end(), word);
    };
    return rank(a) < rank(b);
  });
  return out;
}

/// When the API sends a field: by at most one of five words.
void read_sent(MapReader& reader, Field& field) {
  std::vector<std::string> chosen;
  for (const char* word : {"on_request", "single", "unseen", "ordinal"})
    if (reader.flag(word)) chosen.emplace_back(word);
  field.parameter = reader.name("of_request");
  if (!field.parameter.empty()) chosen.emplace_back("of_request");
  if (chosen.size() > 1)
    reader.complain(field.name.place, join(chosen, " and ") + " contradict each other; keep one");
  if (!chosen.empty()) field.sent = chosen.front();
}

std::vector<Example> read_examples(MapReader& reader) {
  std::vector<Example> out;
  const auto* one = reader.optional("example");
  const auto* several = reader.optional("examples");
  if (one && several) reader.complain(several->place, "\"example\" or \"examples\", not both");
  if (one) out.push_back({to_json(*one), *one});
  if (several && several->kind != yaml::Kind::list) {
    reader.complain(several->place, "\"examples\" wants a list; \"example\" is for one");
  } else if (several) {
    for (const auto& value : several->items) out.push_back({to_json(value), value});
  }
  return out;
}

Field read_field(const Name& name, MapReader reader) {
  Field field;
  field.name = name;
  field.type = read_type(reader, "type");
  field.doc = reader.prose("doc");
  read_sent(reader, field);
  field.optional = reader.flag("optional");
  field.format = reader.one_of("format", format_words, "any");
  field.unit = reader.prose("unit");
  field.pii = reader.one_of("pii", pii_words, "none");
  field.secret = reader.flag("secret");
  field.evidence = read_evidence(reader);
  field.since = read_date(reader, "since").text;
  read_until(reader, field);
  field.said = read_said(reader);
  field.refers_to = reader.name("refers_to");
  field.min = reader.bound("min");
  field.max = reader.bound("max");
  field.table = reader.name("table");
  if (!field.table.empty()) check_name(field.table, "table", reader.where(), reader.mistakes());
  field.examples = read_examples(reader);
  reader.finish();
  return field;
}

}  // namespace

Name read_date(MapReader& reader, std::string_view word) {
  const Name date = reader.name(word);
  if (!date.empty() && !is_date(date.text))
    reader.complain(date.place, "\"" + std::string{word} +
                                    "\" wants a date like 2024-05-16, got \"" + date.text + "\"");
  return date;
}

Said read_said(MapReader& reader) {
  return {.was = reader.name("was"), .changed = read_date(reader, "changed").text};
}

FieldType read_type(MapReader& reader, std::string_view word) {
  const Name text = reader.required_name(word);
  if (text.empty()) return {"", text.place, {Alternative{}}, false};
  return parse_type(text.text, text.place, reader.where(), reader.mistakes());
}

std::vector<Field> read_fields(MapReader fields, std::string_view owner) {
  std::vector<Field> out;
  fields.each([&](const Name& name, const yaml::Value& value) {
    const std::string where = std::string{owner} + "." + name.text;
    check_name(name, "field", where, fields.mistakes());
    const bool seen = find_field(out, name.text) != nullptr;
    if (value.kind == yaml::Kind::nothing)
      fields.mistakes().add(name.place, where, "has no value; a field is { type: …, evidence: … }");
    else if (!seen)  // a duplicate is reported by the map's reader
      out.push_back(read_field(name, {value, where, fields.mistakes()}));
  });
  for (const auto& field : out)
    if (find_field(out, field.name.text + "_"))
      fields.mistakes().add(
          field.name.place, std::string{owner} + "." + field.name.text,
          "differs from \"" + field.name.text + "_\" by the _ alone, which C++ keywords get");
  return out;
}

}  // namespace callrail::codegen
