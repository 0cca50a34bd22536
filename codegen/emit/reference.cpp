#include "emit.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// A text as the content of one cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  std::string out{"`"};
  for (const char c : text) out += c == '|' ? std::string{"\\|"} : std::string{c};
  return out + "`";
}

std::string row(const std::vector<std::string>& cells) {
  std::string out{"|"};
  for (const auto& text : cells) out += text.empty() ? " |" : " " + text + " |";
  return out + "\n";
}

std::string type_without_null(const FieldType& type) {
  std::string text = type.text;
  for (const std::string_view part : {" or null", "null or "})
    if (const auto at = text.find(part); at != std::string::npos) text.erase(at, part.size());
  return text;
}

std::string when_sent(const Field& field) {
  if (!field.until.empty()) return "until " + field.until;
  if (field.sent == "on_request") return "on request";
  if (field.sent == "single") return "single row only";
  if (field.sent == "unseen") return "unseen";
  if (field.sent == "of_request") return "from the request";
  if (field.sent == "ordinal") return "counted";
  return field.optional ? "sometimes" : "always";
}

std::string meaning(const Schema& schema, const Field& field) {
  std::string out = cell(field.doc);
  const auto say = [&](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
  if (field.sent == "unseen") say("Shape never seen; not asked for unless named.");
  if (field.sent == "of_request")
    say("Not sent: the value of " + code(field.parameter.text) + " the request was made with.");
  if (field.sent == "ordinal") say("Not sent: the place of the row in its list, from 1.");
  if (!field.unit.empty()) say("In " + cell(field.unit) + ".");
  if (field.min) say("At least " + field.min->text + ".");
  if (field.max) say("At most " + field.max->text + ".");
  if (const Enum* e = schema.find_enum(field.type.enum_name())) {
    std::string words;
    for (const auto& value : e->values) words += (words.empty() ? "" : ", ") + code(value.text);
    say("Known words: " + words + ".");
  }
  if (field.format != "any") say("Format: " + field.format + ".");
  if (!field.refers_to.empty()) say("Refers to " + code(field.refers_to.text) + ".");
  if (!field.table.empty())
    say("In a database each element is a row of " + code(field.table.text) + " too.");
  if (!field.since.empty()) say("Since " + field.since + ".");
  if (!field.until.empty()) say("Not sent since " + field.until + ".");
  if (!field.said.was.empty()) say("Was called " + code(field.said.was.text) + ".");
  if (!field.said.changed.empty()) say("Changed on " + field.said.changed + ".");
  if (field.pii != "none") say("Personal: " + field.pii + ".");
  if (field.secret) say("Secret.");
  if (!field.examples.empty()) say("Example: " + code(field.examples.front().json));
  return out;
}

/// The rows of a table of fields, those of nested objects below their own, as `tags[].name`.
void field_rows(std::string& out, const Schema& schema, const std::vector<Field>& fields,
                const std::string& path, const Field* owner) {
  for (const auto& field : fields) {
    const std::string name = path + field.name.text;
    std::string evidence;
    for (const auto& word : field.evidence) evidence += (evidence.empty() ? "" : ", ") + word;
    out +=
        row({code(name), code(type_without_null(field.type)), field.type.nullable() ? "yes" : "no",
             owner && !field.may_be_absent() ? when_sent(*owner) : when_sent(field), evidence,
             meaning(schema, field)});
    if (const Shape* shape = schema.find_shape(field.type.shape_name()))
      field_rows(out, schema, shape->fields, name + (field.type.find(Base::object) ? "." : "[]."),
                 owner ? owner : &field);
  }
}

std::string how_asked(const Schema& schema, const Endpoint& endpoint) {
  std::string out;
  const auto say = [&](const std::string& text) { out += "- " + text + "\n"; };
  std::string key;
  for (const auto& name : endpoint.key) key += (key.empty() ? "" : " and ") + code(name.text);
  if (endpoint.rows == Endpoint::row_itself)
    say("The answer is one row; its key is " + key + ".");
  else
    say("Rows stand in " + code(endpoint.rows) + "; their key is " + key + ".");
  if (!endpoint.opt_in.empty()) say("Read only when named: " + endpoint.opt_in + ".");
  for (const auto& parameter : endpoint.path_parameters)
    for (const auto& [name, source] : schema.api.parameters)
      if (name.text == parameter)
        say("Asked once for each row of [" + source.text + "](" + source.text +
            ".md): " + code(parameter) + " in the path.");
  for (const auto& [name, source] : schema.api.parameters)
    if (name.text == endpoint.per.text)
      say("Asked once for each row of [" + source.text + "](" + source.text +
          ".md): " + code(endpoint.per.text) + " in the query, required.");
  for (const auto& each : endpoint.each) {
    std::string words;
    for (const auto& word : each.words) words += (words.empty() ? "" : ", ") + code(word.text);
    say("Asked once for each of these words as " + code(each.name.text) + ": " + words + ".");
  }
  if (endpoint.not_found_empty) say("404 says that there are no rows.");
  if (endpoint.frozen) say("A field that is not here, or one of another type, ends the endpoint.");
  std::string styles;
  for (const auto& style : endpoint.paging)
    styles += (styles.empty() ? "" : ", or ") +
              (style.text == "whole" ? "none, the answer holds all rows"
               : style.text == "offset"
                   ? code(schema.api.offset.page) + " and " + code(schema.api.offset.size)
                   : code(schema.api.relative.ask));
  if (endpoint.page_size != 0)
    styles += ", at most " + std::to_string(endpoint.page_size) + " rows";
  say("Pages: " + styles + ".");
  if (!endpoint.dates.empty()) {
    say("Dates: " + code(schema.api.dates.from) + " and " + code(schema.api.dates.to) +
        " say which days the answer is about.");
    if (!endpoint.step.empty())
      say("At most " + std::to_string(endpoint.most_points) +
          " points an answer, each as long as " + code(endpoint.step.text) + " says.");
  } else if (endpoint.cursor.empty()) {
    say("No dates: every run reads the whole list.");
  } else {
    say("Dates: " + code(schema.api.dates.from) + " and " + code(schema.api.dates.to) +
        " select on " + code(endpoint.cursor.text) + "; each run looks back " +
        std::to_string(endpoint.look_back_days) + " days for late changes.");
    if (endpoint.cursor_moves)
      say("Its value grows when a row changes, so the row leaves its days and comes again later.");
  }
  if (!endpoint.sort.empty()) say("Listed oldest first by " + code(endpoint.sort.text) + ".");
  if (!endpoint.newest_first.empty())
    say("Newest first by " + code(endpoint.newest_first.text) + " when not asked otherwise.");
  if (!endpoint.select.empty())
    say("Fields sent on request are named in " + code(endpoint.select.text) +
        (endpoint.select_limits ? "; then the others do not come." : "."));
  if (!endpoint.refuses.empty()) {
    std::string names;
    for (const auto& name : endpoint.refuses)
      names += (names.empty() ? "" : ", ") + code(name.text);
    say("Refused there: " + names + ".");
  }
  if (!endpoint.hidden_by.empty())
    say("Rows in which " + code(endpoint.hidden_by.text) + " is true leave the list.");
  if (!endpoint.disabled_by.empty())
    say("Deleted rows stay listed, with " + code(endpoint.disabled_by.text) + ".");
  for (const auto& media : endpoint.media)
    say("Where " + code(media.field.text) + " is not null, " + code("GET " + media.path.text) +
        " answers with the address of the " + code(media.type.text) + " in " + code(media.address) +
        ".");
  return out;
}

}  // namespace

File emit_reference(const Schema& schema, const Endpoint& endpoint) {
  std::string out = "<!-- " + banner(schema) + " -->\n\n# " + endpoint.name.text + "\n\n";
  if (!endpoint.doc.empty()) out += endpoint.doc + "\n\n";
  out += "`GET " + endpoint.path.text + "`";
  if (const auto docs = docs_address(schema, endpoint); !docs.empty())
    out += " ([the vendor's page](" + docs + "))";
  out += "; record `" + endpoint.record.text + "`\n\n" + how_asked(schema, endpoint);
  if (!endpoint.filters.empty()) {
    out += "\n## Filters\n\n" + row({"Parameter", "Type", "Meaning"}) + "| --- | --- | --- |\n";
    for (const auto& filter : endpoint.filters) {
      std::string words = cell(filter.doc);
      if (const Enum* e = schema.find_enum(filter.type.enum_name()))
        for (const auto& value : e->values)
          words +=
              (&value == &e->values.front() ? words.empty() ? "" : " " : ", ") + code(value.text);
      out += row({code(filter.name.text), code(filter.type.text), words});
    }
  }
  out += "\n## Fields\n\n" + row({"Field", "Type", "Null", "Sent", "Evidence", "Meaning"}) +
         "| --- | --- | --- | --- | --- | --- |\n";
  field_rows(out, schema, endpoint.fields, "", nullptr);
  return {"docs/" + endpoint.name.text + ".md", out};
}

File emit_reference_index(const Schema& schema) {
  std::string out = "<!-- " + banner(schema) + " -->\n\n# " + schema.api.name + "\n\n";
  out += "What `" + schema.file +
         "` knows of the API, one page an endpoint. Base address: " + schema.api.url + ".\n\n";
  out += row({"Endpoint", "Path", "Read", "Fields", "What it lists"}) +
         "| --- | --- | --- | --- | --- |\n";
  for (const auto& endpoint : schema.endpoints)
    out += row({"[" + endpoint.name.text + "](" + endpoint.name.text + ".md)",
                code(endpoint.path.text),
                (endpoint.cursor.empty() ? "whole" : "by " + code(endpoint.cursor.text)) +
                    (endpoint.opt_in.empty() ? "" : ", when named"),
                std::to_string(endpoint.fields.size()), cell(endpoint.doc)});
  out +=
      "\nEvidence: *documented* in the vendor's reference, *real* in a stored answer, *inferred* "
      "from other people's code.\n";
  return {"docs/index.md", out};
}

}  // namespace callrail::codegen
