#pragma once

#include "field_type.hpp"
#include "mistakes.hpp"
#include "yaml_tree.hpp"

#include <optional>
#include <string>
#include <vector>

/// The schema as checked plain data: what emitters read. Whoever holds a `Schema` from
/// `load_schema` without mistakes may rely on every name in it naming something.
namespace callrail::codegen {

/// A text of the schema that a message may have to point at.
struct Name {
  std::string text{};
  Place place{};
  bool empty() const { return text.empty(); }
};

/// A value of the schema file as JSON.
struct Example {
  std::string json;
  yaml::Value value;
};

/// A number of the schema, and how it stands there.
struct Bound {
  double value = 0;
  std::string text{};
  Place place{};
};

/// What a person says about a change, so that `diff` need not take it for an accident.
struct Said {
  Name was;             ///< the name it had before
  std::string changed;  ///< the day somebody meant what is different since then
};

struct Field {
  Name name;
  FieldType type;
  std::string doc;
  std::string sent = "always";  ///< an enumerator of the runtime's Sent
  Name parameter;               ///< for sent == "of_request"
  bool optional = false;
  bool secret = false;
  std::string format = "any";
  std::string pii = "none";
  std::string unit;
  std::vector<std::string> evidence;
  std::string since;
  std::string until;  ///< the API stopped sending it; empty: it has not
  Name refers_to;
  std::optional<Bound> min{}, max{};  ///< of its numbers; both belong to them
  Name table{};                       ///< where a database keeps the elements of the list
  std::vector<Example> examples;
  Said said{};

  bool may_be_absent() const { return optional || !until.empty(); }
};

struct Enum {
  Name name;
  std::string doc;
  std::vector<Name> values;
  Said said{};
};

struct Shape {
  Name name;
  std::string doc;
  bool open = false;
  std::vector<Field> fields;
  Said said{};
};

struct Filter {
  Name name;
  FieldType type;
  std::string doc;
};

/// A parameter that is given one of these words at a time: a list for each.
struct Each {
  Name name;
  std::vector<Name> words;
};

/// Bytes that belong to a row, behind an address that has to be asked for.
struct Media {
  Name field;
  Name path;
  std::vector<std::string> path_parameters;
  std::string address;  ///< the member of the answer
  Name type;            ///< "audio/mpeg"
  Name extension;
};

struct Endpoint {
  Name name;
  Name record;
  std::string doc;
  std::string docs;
  Name path;
  std::vector<std::string> path_parameters;  ///< as they stand in the path
  Name per;
  std::vector<Each> each;
  std::string opt_in;  ///< why it is read only when named
  std::string rows;    ///< `row_itself`: the answer is the one row
  std::vector<Name> key;
  Name select;
  std::vector<Name> refuses;
  bool select_limits = false;    ///< fields that are not named do not come
  bool not_found_empty = false;  ///< 404 says that there are no rows
  bool frozen = false;           ///< what the schema does not know ends the endpoint
  std::vector<Name> paging;
  int page_size = 0;  ///< most rows a page; 0: as everywhere
  std::vector<Filter> filters;
  Name cursor;
  Name dates;           ///< `whole`: selects by time, but rows are not of one moment
  int most_points = 0;  ///< of a list; 0: any number
  Name step;            ///< the parameter whose words say how long a point is
  int look_back_days = 0;
  bool cursor_moves = false;
  Name sort;
  Name newest_first;
  Name hidden_by;
  Name disabled_by;  ///< "status=disabled"
  std::vector<Media> media;
  std::vector<Field> fields;
  Said said{};

  static constexpr std::string_view row_itself = ".";

  /// The path's parameters, then `per`, then those of `each`.
  std::vector<std::string> parameters() const;
  bool takes_dates() const { return !cursor.empty() || !dates.empty(); }
};

struct Limit {
  int requests = 0;
  int seconds = 0;
};

struct Api {
  std::string name, url, docs;
  std::string auth_header, auth_value;
  int keeps_months = 0;
  std::vector<Limit> limits;
  struct {
    std::vector<int> statuses;
    int attempts = 4, wait_seconds = 1, at_most_seconds = 3600;
  } retry;
  struct {
    std::string page, size, pages, total;
    int first_page = 1, most = 250, default_size = 100;
  } offset;
  struct {
    std::string ask, next, more, offset;
  } relative;
  struct {
    std::string from, to, zone, preset, preset_default;
    int preset_days = 0;
  } dates;
  struct {
    std::string by, direction, ascending;
  } order;
  std::vector<std::pair<Name, Name>> parameters;  ///< parameter, endpoint whose keys are its values
};

struct Schema {
  std::string file;  ///< as generated files name it: "schema/endpoints.yaml"
  Api api;
  std::vector<Enum> enums;
  std::vector<Shape> shapes;  ///< each after those it uses
  std::vector<Endpoint> endpoints;

  const Enum* find_enum(std::string_view name) const;
  const Shape* find_shape(std::string_view name) const;
  const Endpoint* find_endpoint(std::string_view name) const;
};

const Field* find_field(const std::vector<Field>& fields, std::string_view name);

/// The names of things, for messages.
template <class Things>
std::vector<std::string> names_of(const Things& things) {
  std::vector<std::string> names;
  for (const auto& thing : things) names.push_back(thing.name.text);
  return names;
}

// The words of the notation that are also enumerators of the runtime (endpoint.hpp).
extern const std::vector<std::string> format_words, pii_words, evidence_words, paging_words;
/// How long a point of a series may be; the runtime knows them too.
extern const std::vector<std::string> step_words;

/// What the loader makes of a file; `schema` means something only without mistakes.
struct Loaded {
  Schema schema;
  Mistakes mistakes;
};

/// `file` is only named, in messages by the caller and in the banner of generated files.
Loaded load_schema(std::string_view source, std::string_view file);

}  // namespace callrail::codegen
