#include "read.hpp"

#include <algorithm>

namespace callrail::codegen {
namespace {

/// Holds one endpoint against its own fields and the facts of the API.
class EndpointCheck {
 public:
  EndpointCheck(const Schema& schema, const Endpoint& endpoint, Mistakes& mistakes)
      : schema_{schema}, endpoint_{endpoint}, mistakes_{mistakes} {}

  void run() {
    fields_named();
    key();
    parameters();
    each();
    whole();
    api_facts();
    disabled_by();
    select();
    media();
    for (const auto& filter : endpoint_.filters)
      check_type(schema_, filter.type, endpoint_.name.text + ".filters." + filter.name.text,
                 mistakes_);
    for (const auto& field : endpoint_.fields) {
      check_field(schema_, field, endpoint_.name.text, mistakes_);
      of_request(field);
    }
  }

 private:
  void complain(Place place, const std::string& what) {
    mistakes_.add(place, endpoint_.name.text, what);
  }

  /// Words whose value is a field of the endpoint, of a certain type.
  void fields_named() {
    const struct {
      const char* word;
      const Name& name;
      std::vector<Base> wants;
      const char* what;
    } words[] = {
        {"cursor", endpoint_.cursor, {Base::timestamp}, "a timestamp"},
        {"sort", endpoint_.sort, {Base::timestamp}, "a timestamp"},
        {"newest_first", endpoint_.newest_first, {Base::timestamp}, "a timestamp"},
        {"hidden_by", endpoint_.hidden_by, {Base::boolean}, "a boolean"},
    };
    for (const auto& [word, name, wants, what] : words) {
      if (name.empty()) continue;
      const Field* field = find_field(endpoint_.fields, name.text);
      const std::string quoted = "\"" + std::string{word} + "\"";
      if (!field)
        complain(name.place,
                 quoted + " names an " + unknown("field", name.text, names_of(endpoint_.fields)));
      else if (field->type.understood &&
               std::find(wants.begin(), wants.end(), field->type.main().base) == wants.end())
        complain(name.place,
                 quoted + " wants " + what + ", " + name.text + " is " + field->type.text);
      if (field && !field->until.empty())
        complain(name.place,
                 quoted + " names " + name.text + ", which is not sent since " + field->until);
    }
  }

  void key() {
    for (const auto& name : endpoint_.key) {
      const Field* field = find_field(endpoint_.fields, name.text);
      if (!field) {
        complain(name.place,
                 "\"key\" names an " + unknown("field", name.text, names_of(endpoint_.fields)));
        continue;
      }
      const Base base = field->type.main().base;
      const bool alone = endpoint_.key.size() == 1;
      const bool fits = base == Base::id || base == Base::text || base == Base::integer ||
                        (!alone && (base == Base::enumeration || base == Base::timestamp));
      if (field->type.understood && !fits)
        complain(name.place,
                 "\"key\" wants an id, text or integer, " + name.text + " is " + field->type.text);
      if (!field->until.empty())
        complain(name.place,
                 "\"key\" names " + name.text + ", which is not sent since " + field->until);
      if (alone && (field->sent == "of_request" || field->sent == "ordinal"))
        complain(name.place, "\"key\" wants a field that is sent, or several fields");
    }
  }

  void parameters() {
    std::vector<std::string> declared;
    for (const auto& [parameter, _] : schema_.api.parameters) declared.push_back(parameter.text);
    const auto check = [&](const std::string& name, Place place) {
      if (std::find(declared.begin(), declared.end(), name) == declared.end())
        complain(place, unknown("parameter", name, declared) + " (api.parameters)");
    };
    for (const auto& name : endpoint_.path_parameters) check(name, endpoint_.path.place);
    if (!endpoint_.per.empty()) check(endpoint_.per.text, endpoint_.per.place);
  }

  /// Which words there are for a parameter of `each` is the filter's to say.
  void each() {
    for (const auto& [name, words] : endpoint_.each) {
      const auto filter = std::find_if(endpoint_.filters.begin(), endpoint_.filters.end(),
                                       [&](const Filter& f) { return f.name.text == name.text; });
      if (filter == endpoint_.filters.end()) {
        complain(name.place,
                 "\"each\" names an " + unknown("filter", name.text, names_of(endpoint_.filters)));
        continue;
      }
      const Enum* e = schema_.find_enum(filter->type.enum_name());
      if (!e) {
        complain(name.place, "\"each\" wants a filter that is an enum, " + name.text + " is " +
                                 filter->type.text);
        continue;
      }
      std::vector<std::string> known;
      for (const auto& value : e->values) known.push_back(value.text);
      for (const auto& word : words)
        if (std::find(known.begin(), known.end(), word.text) == known.end())
          complain(word.place, unknown("value of " + e->name.text, word.text, known));
    }
  }

  /// Lists that come in one piece: what else is said must not need pages or windows.
  void whole() {
    const bool pages = std::any_of(endpoint_.paging.begin(), endpoint_.paging.end(),
                                   [](const Name& style) { return style.text != "whole"; });
    if (pages && endpoint_.rows == Endpoint::row_itself)
      complain(endpoint_.name.place, "\"rows: .\" is one row: it wants \"paging: [whole]\"");
    if (endpoint_.rows == Endpoint::row_itself && endpoint_.key.size() != 1)
      complain(endpoint_.name.place,
               "\"rows: .\" wants one key field, or an error would pass for a row");
    const bool relative = std::any_of(endpoint_.paging.begin(), endpoint_.paging.end(),
                                      [](const Name& style) { return style.text == "relative"; });
    for (const auto& field : endpoint_.fields)
      if (field.sent == "ordinal" && relative)
        complain(field.name.place,
                 "\"ordinal\" counts the rows of a list from its first page: it wants "
                 "\"paging: [offset]\" or \"[whole]\"");
    if (endpoint_.page_size != 0 && !pages)
      complain(endpoint_.name.place, "\"page_size\" is for lists with pages");
    if (!endpoint_.dates.empty() && !endpoint_.cursor.empty())
      complain(endpoint_.dates.place, "\"dates\" is for endpoints without a \"cursor\"");
    if (endpoint_.step.empty()) return;
    if (endpoint_.dates.empty())
      complain(endpoint_.step.place, "\"points\" needs \"dates: whole\"");
    const auto step =
        std::find_if(endpoint_.each.begin(), endpoint_.each.end(),
                     [&](const Each& e) { return e.name.text == endpoint_.step.text; });
    if (step == endpoint_.each.end()) {
      complain(endpoint_.step.place,
               "\"points\" is per an " +
                   unknown("parameter of each", endpoint_.step.text, names_of(endpoint_.each)));
      return;
    }
    for (const auto& word : step->words)
      if (std::find(step_words.begin(), step_words.end(), word.text) == step_words.end())
        complain(word.place, unknown("length of a point", word.text, step_words));
  }

  /// Words that use names the API section must have.
  void api_facts() {
    if (!endpoint_.cursor.empty() && schema_.api.dates.from.empty())
      complain(endpoint_.cursor.place, "\"cursor\" needs \"dates\" in the api section");
    if (!endpoint_.dates.empty() && schema_.api.dates.from.empty())
      complain(endpoint_.dates.place, "\"dates\" needs \"dates\" in the api section");
    if (!endpoint_.sort.empty() && schema_.api.order.by.empty())
      complain(endpoint_.sort.place, "\"sort\" needs \"order\" in the api section");
    for (const auto& style : endpoint_.paging)
      if (style.text == "relative" && schema_.api.relative.ask.empty())
        complain(style.place, "\"relative\" needs \"relative\" in api.paging");
  }

  void disabled_by() {
    const Name& written = endpoint_.disabled_by;
    if (written.empty()) return;
    const auto equals = written.text.find('=');
    const std::string name = written.text.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == written.text.size()) {
      complain(written.place, "\"disabled_by\" wants field=value, got \"" + written.text + "\"");
      return;
    }
    const Field* field = find_field(endpoint_.fields, name);
    if (!field) {
      complain(written.place,
               "\"disabled_by\" names an " + unknown("field", name, names_of(endpoint_.fields)));
      return;
    }
    const Enum* e = schema_.find_enum(field->type.enum_name());
    if (!e) return;
    std::vector<std::string> words;
    for (const auto& value : e->values) words.push_back(value.text);
    const std::string value = written.text.substr(equals + 1);
    if (std::find(words.begin(), words.end(), value) == words.end())
      complain(written.place,
               "\"disabled_by\" names an " + unknown("value of " + e->name.text, value, words));
  }

  void select() {
    for (const auto& refused : endpoint_.refuses) {
      const Field* field = find_field(endpoint_.fields, refused.text);
      if (field && field->sent == "on_request" && field->until.empty())
        complain(refused.place, "\"" + refused.text + "\" is refused here and on_request below");
    }
    if (!endpoint_.select.empty()) return;
    for (const auto& field : endpoint_.fields)
      if (field.sent == "on_request")
        mistakes_.add(field.name.place, endpoint_.name.text + "." + field.name.text,
                      "\"on_request\" needs \"select\" on the endpoint");
  }

  /// What is read of a row must come with every row, and tell the address that is asked for.
  void media() {
    for (const auto& one : endpoint_.media) {
      const Field* field = find_field(endpoint_.fields, one.field.text);
      if (!field) {
        complain(one.field.place, "\"media\" names an " +
                                      unknown("field", one.field.text, names_of(endpoint_.fields)));
        continue;
      }
      if (field->sent != "always" || endpoint_.select_limits)
        complain(one.field.place,
                 "\"media\" wants a field that comes with every row, asked for or not");
      if (endpoint_.key.size() != 1)
        complain(one.field.place, "\"media\" wants rows that one key field identifies");
      media_path(one);
      const auto slash = one.type.text.find('/');
      if (!one.type.empty() &&
          (slash == 0 || slash == std::string::npos || slash + 1 == one.type.text.size()))
        complain(one.type.place, "\"type\" wants kind/name, got \"" + one.type.text + "\"");
      if (one.extension.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") !=
          std::string::npos)
        complain(one.extension.place, "\"extension\" has small letters and digits only");
      for (const auto& other : endpoint_.media)
        if (&other < &one && other.extension.text == one.extension.text)
          complain(one.extension.place, "\"extension\" has to differ from that of " +
                                            other.field.text +
                                            ": files are named by the key of the row");
    }
  }

  /// Besides the parameters of the list exactly one: that which the key of a row fills.
  void media_path(const Media& media) {
    const auto own = endpoint_.parameters();
    std::vector<std::string> allowed = own;
    std::size_t of_row = 0;
    for (const auto& [parameter, source] : schema_.api.parameters)
      if (source.text == endpoint_.name.text) {
        allowed.push_back(parameter.text);
        of_row += static_cast<std::size_t>(
            std::count(media.path_parameters.begin(), media.path_parameters.end(), parameter.text));
      }
    for (const auto& parameter : media.path_parameters)
      if (std::find(allowed.begin(), allowed.end(), parameter) == allowed.end())
        complain(media.path.place, unknown("parameter", parameter, allowed));
    if (!media.path.empty() && of_row != 1)
      complain(media.path.place,
               "\"path\" wants the key of the row once: a parameter that api.parameters fills "
               "from " +
                   endpoint_.name.text);
  }

  void of_request(const Field& field) {
    if (field.parameter.empty()) return;
    const auto parameters = endpoint_.parameters();
    if (std::find(parameters.begin(), parameters.end(), field.parameter.text) == parameters.end())
      mistakes_.add(
          field.parameter.place, endpoint_.name.text + "." + field.name.text,
          "\"of_request\" names an " + unknown("parameter", field.parameter.text, parameters));
  }

  const Schema& schema_;
  const Endpoint& endpoint_;
  Mistakes& mistakes_;
};

}  // namespace

void check_endpoint(const Schema& schema, const Endpoint& endpoint, Mistakes& mistakes) {
  EndpointCheck{schema, endpoint, mistakes}.run();
}

}  // namespace callrail::codegen
