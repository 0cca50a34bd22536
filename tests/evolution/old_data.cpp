#include "old_data.hpp"

#include "emit/emit.hpp"
#include "tables.hpp"

#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>
#include <callrail/timestamp.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

namespace callrail::test {
namespace {

using codegen::Base;
using Json = nlohmann::ordered_json;

constexpr int row_count = 24;
const PagingFacts paging{.page = "page", .size = "per_page", .pages = "pages", .total = "total"};

/// Rows in which each alternative of a type comes in each of its forms, null and absence among
/// them.
class Rows {
 public:
  explicit Rows(const codegen::Schema& schema) : schema_{schema} {}

  Json row(const codegen::Endpoint& endpoint) {
    return object(endpoint.fields, endpoint.name.text);
  }

 private:
  Json object(const std::vector<codegen::Field>& fields, const std::string& path) {
    Json out = Json::object();
    for (const auto& field : fields) {
      const std::string at = path + "." + field.name.text;
      if (field.sent == "single") continue;
      if (field.may_be_absent() && turn(at + "?", 3) == 0) continue;
      out[field.name.text] = value(field.type.alternatives, at);
    }
    return out;
  }

  Json value(const std::vector<codegen::Alternative>& alternatives, const std::string& path) {
    const auto which = turn(path, alternatives.size());
    const auto& a = alternatives[which];
    const std::string at = path + "/" + std::to_string(which);
    switch (a.base) {
      case Base::null: return nullptr;
      case Base::id: return one_of(at, {"COM01", 17, "17"});
      case Base::text: return one_of(at, {"word", "12", "1.5", "2026-02-10T09:22:21-05:00", ""});
      case Base::integer: return one_of(at, {61, -3});
      case Base::number: return one_of(at, {1.5, 7});
      case Base::boolean: return one_of(at, {true, false});
      case Base::timestamp: return one_of(at, {"2026-02-10T09:22:21.049-05:00"});
      case Base::map: return Json{{"free", "x"}};
      case Base::any:
        return one_of(at, {"word", 2.5, true, Json{{"free", 1}}, Json::array({1, "a"})});
      case Base::object: return object(schema_.find_shape(a.name)->fields, at);
      case Base::enumeration: {
        const auto& words = schema_.find_enum(a.name)->values;
        const auto word = turn(at, words.size() + 1);
        return word == words.size() ? Json("never_heard_of") : Json(words[word].text);
      }
      case Base::list: {
        Json list = Json::array();
        for (std::size_t n = turn(at, 3); n > 0; --n) list.push_back(value(a.items, at + "[]"));
        return list;
      }
    }
    return nullptr;
  }

  Json one_of(const std::string& path, std::initializer_list<Json> values) {
    return *(values.begin() + static_cast<std::ptrdiff_t>(turn(path, values.size())));
  }

  std::size_t turn(const std::string& path, std::size_t of) { return turns_[path]++ % of; }

  const codegen::Schema& schema_;
  std::map<std::string, std::size_t> turns_;
};

enum class Value { text, integer, number, boolean, timestamp, json, any };

/// What a `Maybe` of the field gives out. Its own word on the matter, not the generator's.
Value value_of(const Field& field) {
  const int scalars = field.accepts & (accept_boolean | accept_number | accept_text);
  const int nested = field.accepts & (accept_object | accept_array);
  if (field.type == Type::any || (nested != 0 && scalars != 0)) return Value::any;
  if (nested != 0) return Value::json;
  switch (field.type) {
    case Type::integer: return Value::integer;
    case Type::number: return Value::number;
    case Type::boolean: return Value::boolean;
    case Type::timestamp: return Value::timestamp;
    default: return Value::text;
  }
}

template <class T>
bool reads(const Cell& cell) {
  T value{};
  return read(cell, value);
}

bool readable(const Field& field, const Cell& cell) {
  switch (value_of(field)) {
    case Value::integer: return reads<std::int64_t>(cell);
    case Value::number: return reads<double>(cell);
    case Value::boolean: return reads<bool>(cell);
    case Value::timestamp: return reads<Timestamp>(cell);
    case Value::json: return reads<callrail::Json>(cell);
    case Value::any: return reads<Any>(cell);
    case Value::text: return field.type == Type::id ? reads<Id>(cell) : reads<Text>(cell);
  }
  return false;
}

/// The same for a cell of CSV, which does not tell texts from others.
bool readable(const Field& field, const std::string& cell) {
  switch (value_of(field)) {
    case Value::integer: return reads<std::int64_t>(Cell::of(cell));
    case Value::number: return reads<double>(Cell::of(cell));
    case Value::boolean: return cell == "true" || cell == "false";
    case Value::timestamp: return parse_timestamp(cell).has_value();
    case Value::json: return Json::accept(cell);
    default: return true;
  }
}

std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> out{{}};
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        cell += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        cell += text[++i];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      out.back().push_back(std::exchange(cell, {}));
      if (c == '\n') out.emplace_back();
    } else if (c != '\r') {
      cell += c;
    }
  }
  out.pop_back();
  return out;
}

class OldData {
 public:
  OldData(const codegen::Schema& old, const codegen::Schema& now)
      : old_{old}, now_{now}, old_tables_{old}, new_tables_{now} {}

  Reading read() {
    for (const auto& endpoint : old_.endpoints) {
      const codegen::Endpoint* now = now_.find_endpoint(endpoint.name.text);
      if (!now)
        for (const auto& other : now_.endpoints)
          if (other.said.was.text == endpoint.name.text) now = &other;
      if (!now) {
        lost(endpoint.name.text + " is gone");
        continue;
      }
      if (now->name.text != endpoint.name.text) moved(endpoint.name.text + " has another name");
      read(endpoint, *now);
    }
    return std::move(reading_);
  }

 private:
  void moved(const std::string& what) {
    reading_.by_position = false;
    if (reading_.trouble.empty()) reading_.trouble = what;
  }
  void lost(const std::string& what) {
    moved(what);
    reading_.by_name = false;
  }

  void read(const codegen::Endpoint& old, const codegen::Endpoint& now) {
    const Endpoint &facts = *old_tables_.find(old.name.text),
                   &new_facts = *new_tables_.find(now.name.text);
    Rows rows{old_};
    Json page{{old.rows, Json::array()}};
    for (int i = 0; i < row_count; ++i) page[old.rows].push_back(rows.row(old));
    PageDecoder decoder;
    Drift drift;
    const auto decoded =
        decoder.decode(facts, paging, Body{page.dump()}, Selection::everything(facts), {}, drift);
    if (!decoded) return lost("the old schema does not read its own page");
    for (const Nested nested : {Nested::json, Nested::flatten})
      columns(old, now, facts, new_facts, nested, *decoded);
    lines(old, now, facts, new_facts, *decoded);
  }

  static std::string written(FileFormat format, const Table& table, const Page& page) {
    const auto text = make_text_format({.format = format});
    std::string out;
    text->begin(table, out);
    text->rows(table, page.rows(), out);
    text->end(table, out);
    return out;
  }

  void columns(const codegen::Endpoint& old, const codegen::Endpoint& now, const Endpoint& facts,
               const Endpoint& new_facts, Nested nested, const Page& page) {
    const Table before = table_of(facts, Selection::everything(facts), nested);
    const Table after = table_of(new_facts, Selection::everything(new_facts), nested);
    const auto csv = read_csv(written(FileFormat::csv, before, page));
    for (std::size_t i = 0; i < before.columns.size(); ++i) {
      const Column& column = before.columns[i];
      const std::string& name = csv[0][i];
      const Column* same =
          i < after.columns.size() && after.columns[i].name == name ? &after.columns[i] : nullptr;
      if (!same) moved(name + " is not in its place");
      const Column* named = find(after, name, old, now, facts, column);
      if (!named) {
        lost(name + " is no column");
        continue;
      }
      if (column.rest) continue;
      if (same && value_of(*same->facts) != value_of(*column.facts))
        moved(name + " is of another type");
      for (std::size_t row = 1; row < csv.size(); ++row) {
        const std::string& cell = csv[row][i];
        if (!cell.empty() && readable(*column.facts, cell) && !readable(*named->facts, cell))
          lost(name + " does not read \"" + cell + "\"");
      }
    }
  }

  /// The new column that holds what the old one does, by the name a reader looks for.
  const Column* find(const Table& after, const std::string& name, const codegen::Endpoint& old,
                     const codegen::Endpoint& now, const Endpoint& facts, const Column& column) {
    std::vector<std::string> path{std::string{facts.fields[column.field].name}};
    for (const Text member : column.path) path.emplace_back(member);
    bool renamed = false;
    const std::vector<codegen::Field>*before = &old.fields, *fields = &now.fields;
    for (auto& step : path) {
      if (!before || !fields) return nullptr;
      const auto* field = codegen::find_field(*before, step);
      const codegen::Field* same = renamed_to(*fields, step);
      if (!field || !same) return nullptr;
      renamed = renamed || same->name.text != step;
      step = same->name.text;
      before = members_of(old_, *field);
      fields = members_of(now_, *same);
    }
    for (const Column& other : after.columns) {
      if (other.rest != column.rest) continue;
      if (other.path.size() + 1 != path.size()) continue;
      if (new_tables_.find(now.name.text)->fields[other.field].name != path[0]) continue;
      if (!std::equal(other.path.begin(), other.path.end(), path.begin() + 1)) continue;
      return renamed || other.name == name ? &other : nullptr;
    }
    return nullptr;
  }

  static const codegen::Field* renamed_to(const std::vector<codegen::Field>& in,
                                          const std::string& name) {
    for (const auto& field : in)
      if (field.name.text == name || field.said.was.text == name) return &field;
    return nullptr;
  }

  static const std::vector<codegen::Field>* members_of(const codegen::Schema& schema,
                                                       const codegen::Field& field) {
    const auto* shape = schema.find_shape(field.type.shape_name());
    return shape ? &shape->fields : nullptr;
  }

  /// The old rows as if the API of the new schema sent them.
  void lines(const codegen::Endpoint& old, const codegen::Endpoint& now, const Endpoint& facts,
             const Endpoint& new_facts, const Page& page) {
    const Table before = table_of(facts, Selection::everything(facts), Nested::json);
    std::istringstream jsonl{written(FileFormat::jsonl, before, page)};
    Json answer{{now.rows, Json::array()}};
    for (std::string line; std::getline(jsonl, line);) {
      const Json row = Json::parse(line);
      compare(row, facts.fields, new_facts.fields, old.fields, now.fields);
      answer[now.rows].push_back(renamed(row, now.fields));
    }
    PageDecoder decoder;
    Drift drift;
    const auto decoded = decoder.decode(new_facts, paging, Body{answer.dump()},
                                        Selection::everything(new_facts), {}, drift);
    if (!decoded || decoded->size() != row_count) return lost("the page does not read");
    for (const auto& [path, finding] : drift.changed_types)
      lost(path + " is of no type it may be: " + finding.example);
    for (const auto& [path, finding] : drift.unknown_fields) lost(path + " is unknown");
  }

  Json renamed(const Json& value, const std::vector<codegen::Field>& fields) const {
    Json out = Json::object();
    for (const auto& [name, member] : value.items()) {
      const codegen::Field* field = renamed_to(fields, name);
      const auto* members = field ? members_of(now_, *field) : nullptr;
      Json inner = member;
      if (members && member.is_object()) {
        inner = renamed(member, *members);
      } else if (members && member.is_array()) {
        for (auto& item : inner)
          if (item.is_object()) item = renamed(item, *members);
      }
      out[field ? field->name.text : name] = inner;
    }
    return out;
  }

  /// Each value has to give out what it gave out before, also inside of objects.
  void compare(const Json& object, std::span<const Field> facts, std::span<const Field> new_facts,
               const std::vector<codegen::Field>& old, const std::vector<codegen::Field>& now) {
    for (const auto& [name, value] : object.items()) {
      const codegen::Field *before = codegen::find_field(old, name), *after = renamed_to(now, name);
      if (!before || !after) continue;  // no column, and unknown on the page
      const Field& field = facts[static_cast<std::size_t>(before - old.data())];
      const Field& new_field = new_facts[static_cast<std::size_t>(after - now.data())];
      if (value_of(field) != value_of(new_field)) moved(name + " is of another type");
      if (after->name.text != name) moved(name + " has another name");
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      const Kind kind = value.is_null()      ? Kind::null
                        : value.is_boolean() ? Kind::boolean
                        : value.is_number()  ? Kind::number
                        : value.is_string()  ? Kind::text
                                             : Kind::json;
      const Cell cell = Cell::of(text, kind);
      if (readable(field, cell) && !readable(new_field, cell))
        lost(name + " does not give out " + text);
      const auto *members = members_of(old_, *before), *new_members = members_of(now_, *after);
      if (!members || !new_members) continue;
      if (value.is_object())
        compare(value, field.members, new_field.members, *members, *new_members);
      if (value.is_array())
        for (const auto& item : value)
          if (item.is_object())
            compare(item, field.members, new_field.members, *members, *new_members);
    }
  }

  const codegen::Schema &old_, &now_;
  Tables old_tables_, new_tables_;
  Reading reading_;
};

/// `Toy: Maybe<Id> id;` for each line of a struct.
std::set<std::string> members_in(const codegen::Schema& schema) {
  std::set<std::string> out;
  for (const auto& endpoint : schema.endpoints) {
    std::istringstream header{emit_record(schema, endpoint).text};
    bool inside = false;
    for (std::string line; std::getline(header, line);) {
      if (line == "};") inside = false;
      const auto end = line.find(';');
      if (inside && line.starts_with("  Maybe<"))
        out.insert(endpoint.name.text + ".hpp: " + endpoint.record.text + ": " +
                   line.substr(2, end - 2));
      if (line == "struct " + endpoint.record.text + " {") inside = true;
    }
  }
  return out;
}

/// `Level::low` with its number, and the tables of shapes.
std::map<std::string, int> names_in(const codegen::Schema& schema) {
  std::map<std::string, int> out;
  std::string text = emit_enums(schema).text;
  for (std::size_t at = 0; (at = text.find("enum class ", at)) != std::string::npos;) {
    at += 11;
    const std::string name = text.substr(at, text.find(' ', at) - at);
    const auto begin = text.find('{', at), end = text.find('}', at);
    std::istringstream words{text.substr(begin + 1, end - begin - 1)};
    int number = 0;
    for (std::string word; std::getline(words, word, ',');) {
      std::erase_if(word, [](char c) { return c == ' ' || c == '\n'; });
      if (!word.empty()) out[name + "::" + word] = number++;
    }
  }
  text = emit_shapes(schema).text;
  for (std::size_t at = 0; (at = text.find("> ", at)) != std::string::npos; ++at)
    if (const auto brace = text.find('{', at); brace < text.find('\n', at))
      out["shapes::" + text.substr(at + 2, brace - at - 2)] = 0;
  return out;
}

}  // namespace

Reading read_old_data(const codegen::Schema& old, const codegen::Schema& now) {
  return OldData{old, now}.read();
}

Source use_old_headers(const codegen::Schema& old, const codegen::Schema& now) {
  Source out;
  const auto members = members_in(now);
  for (const auto& member : members_in(old))
    if (!members.contains(member)) out = {false, out.same_numbers, member};
  const auto names = names_in(now);
  for (const auto& [name, number] : names_in(old)) {
    const auto found = names.find(name);
    if (found == names.end())
      out = {false, out.same_numbers, name};
    else if (found->second != number)
      out.same_numbers = false;
  }
  return out;
}

}  // namespace callrail::test
