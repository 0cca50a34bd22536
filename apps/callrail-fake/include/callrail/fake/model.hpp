#pragma once

#include <callrail/endpoint.hpp>
#include <callrail/fake/keys.hpp>
#include <callrail/fake/spelling.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// What the tables of facts mean to somebody who has to make rows up: worked out once, so that
/// writing a row is only appending.
namespace callrail::fake {

/// Where the value of a field comes from.
enum class Origin : std::uint8_t {
  own,  ///< made up by type, format and examples
  key,
  instant,   ///< what the row is sorted by
  legacy,    ///< the older, numeric id of an account or company
  copied,    ///< a field of the row that this one refers to
  sibling,   ///< another field of this row, spelled for display
  hidden,    ///< true takes the row out of the lists
  disabled,  ///< an enumeration that says whether the row is deleted
  disabled_at,
  level,      ///< an enumeration that says whether the row is the account's or a company's
  aside,      ///< an instant near or after that of the row
  of_parent,  ///< the same field of the row that this one tells more about
};

/// How made-up text looks.
enum class Look : std::uint8_t {
  choice,  ///< of Field::values
  instant,
  phone,
  display_phone,
  email,
  uri,
  zone,
  uuid,
  hex,
  country,
  money,
  color,
  person,
  place,
  prose,
  token,  ///< ids of browsers and clicks
  phrase,
};

/// Part of an example text. Ids inside it are replaced by those of the row and its account.
struct Piece {
  enum class What : std::uint8_t { literal, key, random_key, legacy };
  What what = What::literal;
  std::string text;   ///< of a random key: its letters
  int endpoint = -1;  ///< of a key
};
using Pattern = std::vector<Piece>;  ///< spelled as inside a JSON string

struct FieldPlan {
  const Field* field = nullptr;
  std::string name;        ///< "\"name\":"
  std::uint64_t salt = 0;  ///< of its path
  Origin origin = Origin::own;
  Look look = Look::phrase;
  std::uint8_t main = 0;    ///< the JSON type it usually has, one bit of Accept
  std::uint8_t others = 0;  ///< the further ones, without null
  std::uint8_t item_main = 0, item_others = 0;
  std::size_t most_items = 3;
  bool numbered = false;  ///< the name of a thing: differs from row to row
  std::vector<Pattern> texts;
  std::vector<std::string> numbers;  ///< as spelled in the examples
  std::vector<std::string> wholes;   ///< objects and arrays of the examples, compact
  std::vector<std::pair<std::string, std::string>> entries;  ///< of maps: name, value
  std::vector<Spelling> spellings;
  std::vector<FieldPlan> members;
  int endpoint = -1;                ///< whose rows it refers to, or is a short form of
  std::size_t of = Endpoint::npos;  ///< the field there, or the sibling here

  bool accepts(std::uint8_t kind) const { return ((main | others) & kind) != 0; }
};

struct EndpointPlan {
  const Endpoint* facts = nullptr;
  int number = 0;
  std::string noun;  ///< "form_submission" for the record FormSubmission
  Keys keys;
  std::uint64_t salt = 0;
  std::vector<FieldPlan> fields;  ///< parallel to those of the endpoint
  std::size_t key = Endpoint::npos, instant = Endpoint::npos, hidden = Endpoint::npos;
  std::size_t disabled = Endpoint::npos, zone = Endpoint::npos, label = Endpoint::npos;
  std::string disabled_value;
  std::int64_t legacy_base = 0;
  bool grouped = false;         ///< its rows belong to a row of the group endpoint
  bool group_optional = false;  ///< some belong to the account as a whole
  int parent = -1;              ///< below each of whose rows there is a list of these
  Text parent_parameter;
  std::uint64_t most_children = 1;  ///< of these, below one row
  bool beside_parent = false;       ///< the list stands in the answer to a request for that one row
  int counted = -1;                 ///< whose rows these are sums of

  bool dated() const { return static_cast<bool>(facts->dates); }
  /// Whether the rows are those of a list of their own, neither below others nor sums of them.
  bool stands_alone() const { return parent < 0 && counted < 0; }
  bool is_one_row() const { return facts->rows == Endpoint::row_itself; }
};

/// The endpoints of an API. `root` holds the accounts: what paths begin with; `group` the
/// companies: what else a request may be made once for each of.
class Model {
 public:
  Model(const Api&, std::uint64_t seed);

  const Api* api;
  std::vector<EndpointPlan> endpoints;
  int root = -1;
  int group = -1;
  Text group_parameter;

  const EndpointPlan* find(Text endpoint) const;
  /// By the name of the endpoint or of one of its records; -1.
  int named(Text name) const;
  bool is_root(const EndpointPlan& e) const { return e.number == root; }
  bool is_group(const EndpointPlan& e) const { return e.number == group; }
};

}  // namespace callrail::fake
