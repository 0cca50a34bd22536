#pragma once

#include <callrail/key_hash.hpp>
#include <callrail/types.hpp>

#include <cstdint>
#include <limits>
#include <span>

/// The facts of an API as the generator writes them down: plain data, no decisions. Everything the
/// runtime, the fake server and the command line know about CallRail they read from here.
namespace callrail {

/// Raised when generated code has to be regenerated to fit this runtime.
inline constexpr int reflect_version = 1;

enum class Type : std::uint8_t {
  id,
  text,
  integer,
  number,
  boolean,
  timestamp,
  enumeration,
  object,  ///< known members, `Field::members`
  map,     ///< free members: the names are data
  list,
  any,  ///< several shapes, or one nobody has described
};

/// The JSON values a field may hold, as a set of bits.
enum Accept : std::uint8_t {
  accept_null = 1,
  accept_boolean = 2,
  accept_number = 4,
  accept_text = 8,
  accept_object = 16,
  accept_array = 32,
  accept_any = 63,
};

enum class Sent : std::uint8_t {
  always,      ///< with every row
  on_request,  ///< when the select parameter names it
  single,      ///< only when one row is asked for by its id; lists refuse the name
  unseen,      ///< named by somebody, shape never seen: kept if it comes, not asked for by default
  of_request,  ///< not sent at all: the value the request was made with
  ordinal,     ///< not sent at all: the place of the row in its list, from 1 on the first page
};

/// The shapes of text the API documents. Checked on the way in, never rewritten.
enum class Format : std::uint8_t {
  any,
  e164,
  email,
  uri,
  zone,
  color,
  uuid,
  hex,
  date_time,
  display_phone,
  country,
  money,
};

/// What a value reveals about a person.
enum class Pii : std::uint8_t { none, name, phone, email, place, free_text, audio, online_id };

/// Who saw the field: the vendor's reference, a stored answer, or other people's code.
enum class Evidence : std::uint8_t { documented = 1, real = 2, inferred = 4 };
constexpr Evidence operator|(Evidence a, Evidence b) {
  return static_cast<Evidence>(static_cast<int>(a) | static_cast<int>(b));
}

struct Field {
  Text name = {};
  Type type = Type::any;
  std::uint8_t accepts = accept_any;
  Sent sent = Sent::always;
  bool may_be_absent = false;  ///< Leaving it out is no drift although `sent` says it comes.
  bool gone = false;           ///< The API stopped sending it: asked for only when it is named.
  bool secret = false;         ///< Redacted in logs; a credential.
  Pii pii = Pii::none;
  Format format = Format::any;
  std::uint8_t item_accepts = accept_any;  ///< for lists: what an element may be
  bool open = false;                       ///< for objects: members beyond `members` are data
  std::span<const Text> values = {};       ///< for enumerations, also of a list's elements
  std::span<const Field> members = {};     ///< for objects, and lists of objects
  Text parameter = {};                     ///< for Sent::of_request: which parameter
  /// A number below or above is none of this field. Infinite: whatever comes.
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();

  constexpr bool nullable() const { return (accepts & accept_null) != 0; }
};

/// What a person wants to know about a field; beside `Field` because decoding does not need it.
struct Note {
  Text doc = {};
  Text unit = {};  ///< "seconds"
  Evidence evidence = Evidence::documented;
  Text since = {};                      ///< YYYY-MM-DD
  Text until = {};                      ///< YYYY-MM-DD, of a field that is gone
  Text refers_to = {};                  ///< "companies.id"
  std::span<const Text> examples = {};  ///< JSON values
};

/// A query parameter that narrows a list.
struct Filter {
  Text name = {};
  std::span<const Text> values = {};  ///< of an enumeration; empty: free
};

enum class Paging : std::uint8_t {
  offset,    ///< page=N until there are no more
  relative,  ///< follow the address each page gives for the next one
  whole,     ///< no pages: the answer holds all rows
};

/// The names and limits of both paging styles; the same on every endpoint.
struct PagingFacts {
  Text page = {}, size = {};    ///< of the request: page, per_page
  Text pages = {}, total = {};  ///< of the answer: total_pages, total_records
  int first_page = 1;
  int most = 250;             ///< rows a page
  int default_size = 100;     ///< without a size parameter
  Text relative = {};         ///< of the request: relative_pagination=true
  Text next = {}, more = {};  ///< of the answer: next_page, has_next_page
  Text relative_offset = {};  ///< index of a relative page, counted from 0
};

/// The parameters that select rows by time; empty names for endpoints that are read whole.
struct Dates {
  Text from = {}, to = {}, zone = {};  ///< start_date, end_date, time_zone: inclusive on both sides
  Text preset = {};                    ///< date_range
  /// What the API takes when no date is sent, without a word: the last seven days and today.
  Text preset_default = {};
  int preset_default_days = 0;
  Text cursor = {};     ///< the field the dates select on; empty: they say what is summed up
  bool whole = false;   ///< the answer is about all of the days, so they cannot be cut anywhere
  int most_points = 0;  ///< of an answer, each as long as the word in the parameter `step` says
  Text step = {};
  bool moves = false;  ///< its value grows when a row changes, so the row turns up again later
  int look_back_days = 0;
  constexpr explicit operator bool() const { return !from.empty(); }
};

struct Order {
  Text by = {}, direction = {};     ///< the parameters: sort, order
  Text field = {}, ascending = {};  ///< the values that list rows oldest first
  constexpr explicit operator bool() const { return !by.empty(); }
};

/// A request parameter with a list for each of its values: the keys of another endpoint's rows, or
/// words.
struct Parent {
  Text parameter = {};                ///< "company_id"
  Text endpoint = {};                 ///< "companies"; empty: `values` are all there are
  bool in_path = false;               ///< else in the query
  std::span<const Text> values = {};  ///< "source", "campaign"
};

/// Bytes that belong to a row and are fetched by themselves, such as what was said in a call.
struct Media {
  Text field = {};      ///< there is something to fetch where it is not null
  Text path = {};       ///< whose answer holds the address
  Text parameter = {};  ///< of the path, filled with the key of the row; the others as for its list
  Text address = {};    ///< the member of the answer
  Text type = {};       ///< "audio/mpeg"
  Text extension = {};  ///< "mp3"
};

struct StoredTable;

struct Endpoint {
  Text name = {};
  Text record = {};  ///< the C++ type
  Text doc = {};
  Text docs = {};  ///< address of the reference
  Text path = {};  ///< "/v3/a/{account_id}/calls.json"
  Text rows = {};  ///< the member of the answer that holds the rows; `row_itself`: it is the row
  Text key = {};   ///< the field that identifies a row, if it is one
  std::span<const Text> keys = {};  ///< the fields that do so together, those of the request too
  std::span<const Field> fields = {};
  std::span<const Note> notes = {};      ///< parallel to `fields`
  std::span<const Parent> parents = {};  ///< in the order of nesting: account, then company
  std::span<const Filter> filters = {};
  Text select = {};                     ///< the parameter that names fields on request; empty: none
  std::span<const Text> refused = {};   ///< names `select` is known to refuse
  bool select_limits = false;           ///< once it names fields, the others do not come
  std::span<const Paging> paging = {};  ///< the styles it offers, the preferred one first
  int most_rows = 0;                    ///< of a page, if fewer than `PagingFacts::most`
  Dates dates = {};
  Order order = {};
  Text order_default = {};  ///< the field the API sorts by, newest first, when not asked otherwise
  Text hidden_by = {};      ///< a boolean field; rows in which it is true leave the list
  Text disabled_by = {};    ///< "status=disabled": deleted rows stay listed with this value
  std::span<const Media> media = {};
  Text opt_in = {};  ///< why it is read only when it is named; empty: it is one of all
  bool not_found_is_empty = false;     ///< 404 is how the API says "no rows"
  bool frozen = false;                 ///< drift ends the endpoint, unless the user says otherwise
  const StoredTable* table = nullptr;  ///< how a database keeps its rows (stored_table.hpp)
  std::uint32_t key_seed = 0;
  std::span<const std::uint8_t> key_table =
      {};  ///< key_hash % size → index into `fields`, 255: none

  /// Of so many rows a page as many as may be asked for here.
  constexpr int page_size(int wanted) const {
    return most_rows != 0 && wanted > most_rows ? most_rows : wanted;
  }
  /// Index of a field, or `npos`.
  constexpr std::size_t find(Text wanted) const {
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (fields[i].name == wanted) return i;
    return npos;
  }
  /// The same by one hash and one comparison.
  constexpr std::size_t find_key(Text wanted) const {
    if (key_table.empty()) return find(wanted);  // nobody generated it
    const std::uint8_t i = key_table[key_hash(wanted, key_seed) % key_table.size()];
    return i < fields.size() && fields[i].name == wanted ? i : npos;
  }
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  static constexpr Text row_itself = ".";
  static constexpr std::size_t most_members =
      64;  ///< of one nested object; the generator checks it
};

struct RateLimit {
  int requests = 0;
  int seconds = 0;
};

struct RetryFacts {
  std::span<const int> statuses = {};
  int attempts = 4;            ///< the first try included
  int wait_seconds = 1;        ///< doubled each time
  int at_most_seconds = 3600;  ///< the longest wait the server may ask for
};

struct Api {
  Text name = {};
  Text url = {};  ///< "https://api.callrail.com"
  Text docs = {};
  Text auth_header = {};  ///< "Authorization"
  Text auth_value = {};   ///< "Token token=\"{api_key}\""
  int keeps_months = 0;
  std::span<const RateLimit> limits = {};
  RetryFacts retry = {};
  PagingFacts paging = {};
  std::span<const Endpoint* const> endpoints = {};

  constexpr const Endpoint* find(Text wanted) const {
    for (const Endpoint* e : endpoints)
      if (e->name == wanted) return e;
    return nullptr;
  }
};

}  // namespace callrail
