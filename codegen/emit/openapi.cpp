#include "emit.hpp"
#include "schema_tree.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace callrail::codegen {
namespace {

const std::string schemas = "#/components/schemas/";

/// What the runtime makes of a status, by the names of its `Code`.
struct Refusal {
  const char *status, *name, *description;
};
constexpr Refusal refusals[] = {
    {"400", "bad_request", "A parameter is missing or refused; the text names it."},
    {"401", "bad_key", "The key is refused."},
    {"403", "forbidden", "The user of the key may not read this."},
    {"404", "not_found", "No such account, or no such path."},
    {"429", "try_later", "A limit is used up."},
};

JsonTree number(int value) { return JsonTree::raw(std::to_string(value)); }
JsonTree yes() { return JsonTree::raw("true"); }
JsonTree typed(std::string_view type) { return JsonTree::object().add("type", type); }
JsonTree ref_to(const std::string& to) { return JsonTree::object().add("$ref", to); }
JsonTree one(std::string_view text) { return json_texts(std::vector{std::string{text}}); }
std::string code(std::string_view text) { return "`" + std::string{text} + "`"; }
std::string codes(const std::vector<Name>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + code(name.text);
  return out;
}

JsonTree json_content(JsonTree schema) {
  return JsonTree::object().add("application/json",
                                JsonTree::object().add("schema", std::move(schema)));
}

JsonTree parameter(const std::string& name, const std::string& in, const std::string& description,
                   JsonTree schema) {
  JsonTree out = JsonTree::object().add("name", name).add("in", in);
  if (in == "path") out.add("required", yes());
  if (!description.empty()) out.add("description", description);
  out.add("schema", std::move(schema));
  return out;
}

/// The GETs of a schema as one OpenAPI document: what is asked, and what comes back.
class OpenApi {
 public:
  explicit OpenApi(const Schema& schema)
      : schema_{schema},
        api_{schema.api},
        tree_{schema, {.refs = schemas, .named_enums = true, .of_answers = true}} {}

  JsonTree build() {
    JsonTree paths = JsonTree::object();
    std::set<std::string> taken;
    for (const auto& endpoint : schema_.endpoints) {
      // One path may be read in two ways; what follows a # is not sent.
      const bool is_first = taken.insert(endpoint.path.text).second;
      paths.add(endpoint.path.text + (is_first ? "" : "#" + endpoint.name.text),
                JsonTree::object().add("get", operation(endpoint)));
    }
    JsonTree out = JsonTree::object();
    out.add("openapi", "3.1.0");
    out.add("x-comment", banner(schema_));
    out.add("info", info());
    if (!api_.docs.empty()) out.add("externalDocs", JsonTree::object().add("url", api_.docs));
    out.add("servers", JsonTree::array().push(JsonTree::object().add("url", api_.url)));
    out.add("security",
            JsonTree::array().push(JsonTree::object().add("api_key", JsonTree::array())));
    out.add("paths", std::move(paths));
    out.add("components", components());
    return out;
  }

 private:
  JsonTree info() const {
    JsonTree out = JsonTree::object();
    out.add("title", api_.name);
    out.add("description", "The part of the API that " + schema_.file + " describes.");
    out.add("version", "1");
    if (api_.keeps_months != 0) out.add("x-keeps-months", number(api_.keeps_months));
    JsonTree limits = JsonTree::array();
    for (const auto& limit : api_.limits)
      limits.push(JsonTree::object()
                      .add("requests", number(limit.requests))
                      .add("seconds", number(limit.seconds)));
    if (!limits.empty()) out.add("x-limits", std::move(limits));
    return out;
  }

  JsonTree operation(const Endpoint& endpoint) {
    JsonTree out = JsonTree::object();
    out.add("operationId", endpoint.name.text);
    if (!endpoint.doc.empty()) out.add("summary", endpoint.doc);
    if (const auto text = description(endpoint); !text.empty()) out.add("description", text);
    if (const auto docs = docs_address(schema_, endpoint); !docs.empty())
      out.add("externalDocs", JsonTree::object().add("url", docs));
    JsonTree parameters = parameters_of(endpoint);
    if (!parameters.empty()) out.add("parameters", std::move(parameters));
    JsonTree responses = JsonTree::object();
    responses.add("200", JsonTree::object()
                             .add("description", is_row(endpoint) ? "The row." : "Rows.")
                             .add("content", json_content(answer(endpoint))));
    for (const auto& refusal : refusals)
      responses.add(refusal.status,
                    endpoint.not_found_empty && refusal.status == std::string_view{"404"}
                        ? JsonTree::object().add("description", "There are no rows.")
                        : ref_to(std::string{"#/components/responses/"} + refusal.name));
    out.add("responses", std::move(responses));
    return out;
  }

  static bool is_row(const Endpoint& endpoint) { return endpoint.rows == Endpoint::row_itself; }

  std::string description(const Endpoint& endpoint) const {
    std::string out;
    const auto say = [&](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
    if (!endpoint.opt_in.empty()) say("Read only when named: " + endpoint.opt_in + ".");
    if (!endpoint.cursor.empty()) say("Dates select on " + code(endpoint.cursor.text) + ".");
    if (!endpoint.dates.empty()) say("Dates say which days the answer is about.");
    if (!endpoint.step.empty())
      say("At most " + std::to_string(endpoint.most_points) + " rows an answer, each as long as " +
          code(endpoint.step.text) + " says.");
    if (!endpoint.newest_first.empty())
      say("Newest first by " + code(endpoint.newest_first.text) + " when not asked otherwise.");
    if (!endpoint.hidden_by.empty())
      say("Rows in which " + code(endpoint.hidden_by.text) + " is true leave the list.");
    if (!endpoint.disabled_by.empty())
      say("Deleted rows stay listed, with " + code(endpoint.disabled_by.text) + ".");
    for (const auto& media : endpoint.media)
      say("Where " + code(media.field.text) + " is not null, " + code("GET " + media.path.text) +
          " answers with the address of the " + code(media.type.text) + " in " +
          code(media.address) + ".");
    return out;
  }

  /// The envelope, then the rows in their member of it.
  JsonTree answer(const Endpoint& endpoint) {
    if (is_row(endpoint)) return ref_to(schemas + endpoint.record.text);
    JsonTree rows = typed("array").add("items", ref_to(schemas + endpoint.record.text));
    JsonTree list = typed("object")
                        .add("properties", JsonTree::object().add(endpoint.rows, std::move(rows)))
                        .add("required", one(endpoint.rows));
    std::vector<std::string> names;
    for (const auto& style : endpoint.paging) {
      if (style.text == "whole") continue;
      names.push_back(style.text + "_page");
      envelopes_.insert({names.back(), style.text == "offset" ? offset_page() : relative_page()});
    }
    if (names.empty()) return list;
    JsonTree styles = JsonTree::array();
    for (const auto& name : names) styles.push(ref_to(schemas + name));
    JsonTree all = JsonTree::array();
    all.push(names.size() == 1 ? ref_to(schemas + names.front())
                               : JsonTree::object().add("anyOf", std::move(styles)));
    all.push(std::move(list));
    return JsonTree::object().add("allOf", std::move(all));
  }

  JsonTree offset_page() const {
    JsonTree properties = JsonTree::object();
    std::vector<std::string> names;
    for (const auto& name :
         {api_.offset.page, api_.offset.size, api_.offset.pages, api_.offset.total}) {
      properties.add(name, typed("integer"));
      names.push_back(name);
    }
    return typed("object")
        .add("properties", std::move(properties))
        .add("required", json_texts(names));
  }

  JsonTree relative_page() const {
    JsonTree next =
        JsonTree::object().add("type", json_texts(std::vector<std::string>{"string", "null"}));
    next.add("description", "The address of the page behind this one.");
    JsonTree properties = JsonTree::object();
    properties.add(api_.relative.next, std::move(next));
    properties.add(api_.relative.more, typed("boolean"));
    return typed("object")
        .add("properties", std::move(properties))
        .add("required", one(api_.relative.more));
  }

  /// A reference to a parameter that several endpoints take.
  JsonTree shared(const std::string& name, JsonTree parameter) {
    parameters_.insert({name, std::move(parameter)});
    return ref_to("#/components/parameters/" + name);
  }

  JsonTree parameters_of(const Endpoint& endpoint) {
    JsonTree out = JsonTree::array();
    for (const auto& name : endpoint.path_parameters)
      out.push(shared(name, key_parameter(name, "path")));
    if (!endpoint.per.empty())
      out.push(key_parameter(endpoint.per.text, "query").add("required", yes()));
    for (const auto& filter : endpoint.filters) {
      JsonTree type = JsonTree::object();
      tree_.type(type, filter.type.alternatives);
      std::string text = filter.doc;
      bool has_words = false;  // to be asked with: the rows are those of one word
      for (const auto& each : endpoint.each) {
        if (each.name.text != filter.name.text) continue;
        has_words = true;
        text += (text.empty() ? "" : " ") + std::string{"Asked for one at a time: "} +
                codes(each.words) + ".";
      }
      JsonTree filtered = parameter(filter.name.text, "query", text, std::move(type));
      if (has_words) filtered.add("required", yes());
      out.push(std::move(filtered));
    }
    if (endpoint.takes_dates()) dates(out);
    if (!endpoint.sort.empty()) order(out, endpoint);
    if (!endpoint.select.empty()) out.push(select(endpoint));
    for (const auto& style : endpoint.paging)
      if (style.text == "offset")
        offset_parameters(out, endpoint);
      else if (style.text == "relative")
        relative_parameters(out);
    return out;
  }

  /// A parameter whose values are the keys of other rows.
  JsonTree key_parameter(const std::string& name, const std::string& in) const {
    std::string source;
    for (const auto& [given, from] : api_.parameters)
      if (given.text == name) source = from.text;
    const Endpoint& rows = *schema_.find_endpoint(source);
    const Field& key = *find_field(rows.fields, rows.key.front().text);
    JsonTree type = JsonTree::object();
    tree_.type(type, key.type.alternatives);
    JsonTree out = parameter(name, in, code(key.name.text) + " of a row of " + code(source) + ".",
                             std::move(type));
    if (!key.examples.empty()) out.add("example", JsonTree::raw(key.examples.front().json));
    return out;
  }

  void dates(JsonTree& out) {
    const auto& names = api_.dates;
    const auto moment = [&](const std::string& name, const std::string& which) {
      out.push(shared(name, parameter(name, "query", which + ": a day, or an instant; inclusive.",
                                      typed("string").add("examples", one("2026-02-10")))));
    };
    moment(names.from, "Begin");
    moment(names.to, "End");
    if (!names.zone.empty())
      out.push(shared(names.zone,
                      parameter(names.zone, "query", "In which days are meant, by its IANA name.",
                                typed("string").add("examples", one("Etc/UTC")))));
    if (names.preset.empty()) return;
    JsonTree type = typed("string");
    std::string text = "A span by name, instead of dates.";
    if (!names.preset_default.empty()) {
      type.add("default", names.preset_default);
      text += " Without either, the last " + std::to_string(names.preset_days) +
              " days and today, without a word.";
    }
    out.push(shared(names.preset, parameter(names.preset, "query", text, std::move(type))));
  }

  void order(JsonTree& out, const Endpoint& endpoint) {
    out.push(parameter(api_.order.by, "query", "",
                       typed("string").add("examples", one(endpoint.sort.text))));
    out.push(shared(api_.order.direction,
                    parameter(api_.order.direction, "query", "",
                              typed("string").add("examples", one(api_.order.ascending)))));
  }

  /// A list in one value: `fields=a,b`.
  JsonTree select(const Endpoint& endpoint) const {
    std::vector<std::string> names;
    for (const auto& field : endpoint.fields)
      if ((field.sent == "on_request" || (field.sent == "always" && endpoint.select_limits)) &&
          field.until.empty())
        names.push_back(field.name.text);
    JsonTree items = typed("string");
    if (!names.empty()) items.add("enum", json_texts(names));
    std::string text = endpoint.select_limits
                           ? "The fields that are to come; without it, those that always do."
                           : "Fields that come only when they are named here.";
    if (!endpoint.refuses.empty()) text += " Refused with 400: " + codes(endpoint.refuses) + ".";
    return parameter(endpoint.select.text, "query", text,
                     typed("array").add("items", std::move(items)))
        .add("style", "form")
        .add("explode", JsonTree::raw("false"));
  }

  void offset_parameters(JsonTree& out, const Endpoint& endpoint) {
    const auto& names = api_.offset;
    const auto bounded = [](int least, int fallback) {
      return typed("integer").add("minimum", number(least)).add("default", number(fallback));
    };
    const auto size = [&](int most) {
      return parameter(names.size, "query", "Rows a page.",
                       bounded(1, std::min(names.default_size, most)).add("maximum", number(most)));
    };
    out.push(shared(names.page, parameter(names.page, "query", "",
                                          bounded(names.first_page, names.first_page))));
    out.push(endpoint.page_size == 0 ? shared(names.size, size(names.most))
                                     : size(endpoint.page_size));
  }

  void relative_parameters(JsonTree& out) {
    const auto& names = api_.relative;
    out.push(shared(names.ask,
                    parameter(names.ask, "query", "Pages by address: " + code(names.next) + ".",
                              typed("boolean"))));
    if (!names.offset.empty())
      out.push(shared(names.offset, parameter(names.offset, "query",
                                              "Of a page by address: its number, counted from 0.",
                                              typed("integer").add("minimum", number(0)))));
  }

  JsonTree components() const {
    JsonTree out = JsonTree::object();
    JsonTree named = JsonTree::object();
    for (const auto& endpoint : schema_.endpoints) {
      JsonTree row = JsonTree::object();
      if (!endpoint.doc.empty()) row.add("description", endpoint.doc);
      tree_.members(row, endpoint.fields, endpoint.select_limits);
      named.add(endpoint.record.text, std::move(row));
    }
    for (const auto& shape : schema_.shapes) named.add(shape.name.text, tree_.shape(shape));
    for (const auto& words : schema_.enums) named.add(words.name.text, tree_.enumeration(words));
    for (const auto& [name, envelope] : envelopes_) named.add(name, envelope);
    named.add("error", error());
    out.add("schemas", std::move(named));
    if (!parameters_.empty()) {
      JsonTree shared = JsonTree::object();
      for (const auto& [name, parameter] : parameters_) shared.add(name, parameter);
      out.add("parameters", std::move(shared));
    }
    out.add("responses", responses());
    JsonTree key = typed("apiKey").add("in", "header").add("name", api_.auth_header);
    key.add("description", "The value is " + code(api_.auth_value) + ".");
    out.add("securitySchemes", JsonTree::object().add("api_key", std::move(key)));
    return out;
  }

  /// The members in which APIs of this kind say what is wrong; error_message.cpp reads them.
  static JsonTree error() {
    JsonTree either = JsonTree::object();
    either.add("error", JsonTree::object()).add("errors", JsonTree::object());
    return typed("object")
        .add("description", "A text, or texts by parameter; it may also be HTML, or empty.")
        .add("properties", std::move(either));
  }

  static JsonTree responses() {
    JsonTree out = JsonTree::object();
    for (const auto& refusal : refusals) {
      JsonTree response = JsonTree::object().add("description", refusal.description);
      if (std::string_view{refusal.name} == "try_later") {
        JsonTree wait = JsonTree::object();
        wait.add("description", "Seconds, or a date; may be missing.");
        wait.add("schema", typed("string"));
        response.add("headers", JsonTree::object().add("Retry-After", std::move(wait)));
      }
      response.add("content", json_content(ref_to(schemas + "error")));
      out.add(refusal.name, std::move(response));
    }
    return out;
  }

  const Schema& schema_;
  const Api& api_;
  SchemaTree tree_;
  std::map<std::string, JsonTree> parameters_, envelopes_;
};

}  // namespace

File emit_openapi(const Schema& schema) {
  return {"openapi.json", OpenApi{schema}.build().print() + "\n"};
}

}  // namespace callrail::codegen
