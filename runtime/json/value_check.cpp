#include "value_check.hpp"

#include "escapes.hpp"
#include "formats.hpp"

#include <callrail/timestamp.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace callrail {

namespace {

constexpr bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
constexpr bool digit(char c) { return c >= '0' && c <= '9'; }

std::uint8_t accept_bit(char first) {
  switch (first) {
    case 'n': return accept_null;
    case 't':
    case 'f': return accept_boolean;
    case '"': return accept_text;
    case '{': return accept_object;
    case '[': return accept_array;
    default: return accept_number;
  }
}

/// Walks a nested value once: validates, compares, and notices blanks.
class Walk {
 public:
  Walk(Text text, bool secret, Drift& drift)
      : begin_{text.data()},
        at_{begin_},
        end_{begin_ + text.size()},
        drift_{drift},
        secret_{secret} {}

  bool value(const Field* field, const Place& place, int depth) {
    skip_blanks();
    if (at_ == end_ || depth > deepest) return false;
    const char* const from = at_;
    const char first = *at_;
    bool good = false;
    if (first == '{')
      good = object(field, place, depth);
    else if (first == '[')
      good = array(field, place, depth);
    else
      good = scalar(first);
    if (good && field != nullptr)
      compare(*field, place, first, {from, static_cast<std::size_t>(at_ - from)});
    return good;
  }

  Checked seen() const { return {{begin_, static_cast<std::size_t>(at_ - begin_)}, compact_}; }

 private:
  void skip_blanks() {
    for (; at_ < end_ && blank(*at_); ++at_) compact_ = false;
  }

  bool take(char c) {
    skip_blanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool word(std::string_view w) {
    if (static_cast<std::size_t>(end_ - at_) < w.size() ||
        std::memcmp(at_, w.data(), w.size()) != 0)
      return false;
    at_ += w.size();
    return true;
  }

  /// The text between the quotes, as sent.
  std::optional<Text> string() {
    if (!take('"')) return std::nullopt;
    const char* const from = at_;
    for (; at_ < end_; ++at_) {
      if (*at_ == '"') return Text{from, static_cast<std::size_t>(at_++ - from)};
      if (*at_ == '\\' && !escape()) return std::nullopt;
    }
    return std::nullopt;
  }

  /// Leaves `at_` on the last character of the escape.
  bool escape() {
    if (end_ - at_ < 2) return false;
    ++at_;
    if (*at_ != 'u') return std::strchr("\"\\/bfnrt", *at_) != nullptr && *at_ != 0;
    if (end_ - at_ < 5) return false;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (!is_hex(*at_)) return false;
    }
    return true;
  }

  bool scalar(char first) {
    switch (first) {
      case '"': return string().has_value();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: {
        const std::size_t n = number_length({at_, static_cast<std::size_t>(end_ - at_)});
        at_ += n;
        return n != 0;
      }
    }
  }

  bool array(const Field* field, const Place& place, int depth) {
    ++at_;
    if (take(']')) return true;
    const bool known =
        field != nullptr && field->accepts != accept_any && (field->accepts & accept_array) != 0;
    const Field element = known ? element_of(*field) : Field{};
    const Place inside{&place, {}};
    do {
      if (!value(known ? &element : nullptr, inside, depth + 1)) return false;
    } while (take(','));
    return take(']');
  }

  bool object(const Field* field, const Place& place, int depth) {
    ++at_;
    const std::span<const Field> members =
        field != nullptr ? field->members : std::span<const Field>{};
    std::array<bool, Endpoint::most_members> seen{};
    std::size_t hint = 0;
    if (!take('}')) {
      do {
        const auto key = string();
        if (!key || !take(':')) return false;
        skip_blanks();
        const std::size_t i = find(members, *key, hint);
        const char* const from = at_;
        const bool known = i < members.size();
        const Place inside{&place, *key};
        if (!value(known ? &members[i] : nullptr, inside, depth + 1)) return false;
        if (known) {
          if (seen[i]) Drift::note(drift_.repeated_fields, inside.text(), {});
          seen[i] = true;
          hint = i + 1;
        } else if (!members.empty() && !field->open) {
          Drift::note(drift_.unknown_fields, inside.text(), example(*key, from));
        }
      } while (take(','));
      if (!take('}')) return false;
    }
    for (std::size_t i = 0; i < members.size(); ++i)
      if (!seen[i] && must_come(members[i]))
        Drift::note(drift_.missing_fields, Place{&place, members[i].name}.text(), {});
    return true;
  }

  /// What may be shown of a value that ends here.
  Text example(Text key, const char* from) const {
    if (secret_ || sounds_secret(key)) return {};
    return {from, static_cast<std::size_t>(at_ - from)};
  }

  static std::size_t find(std::span<const Field> members, Text key, std::size_t hint) {
    if (hint < members.size() && members[hint].name == key) return hint;
    for (std::size_t i = 0; i < members.size(); ++i)
      if (members[i].name == key) return i;
    return Endpoint::npos;
  }

  void compare(const Field& field, const Place& place, char first, Text as_sent) {
    Cell cell = Cell::of(as_sent, Kind::json);
    switch (accept_bit(first)) {
      case accept_null: cell = Cell::null(); break;
      case accept_boolean: cell.kind = Kind::boolean; break;
      case accept_number: cell.kind = Kind::number; break;
      case accept_text: cell = Cell::of(as_sent.substr(1, as_sent.size() - 2)); break;
      default: break;
    }
    check_value(field, cell, place, secret_ ? Text{} : as_sent, drift_);
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  Drift& drift_;
  bool secret_;  ///< nothing of the value may be shown
  bool compact_ = true;
};

std::uint8_t accept_bit(const Cell& cell) {
  switch (cell.kind) {
    case Kind::null: return accept_null;
    case Kind::boolean: return accept_boolean;
    case Kind::number: return accept_number;
    case Kind::text: return accept_text;
    case Kind::json: return accept_bit(*cell.data);
    case Kind::absent: break;
  }
  return accept_any;
}

}  // namespace

Field element_of(const Field& list) {
  Field element{.name = list.name, .accepts = list.item_accepts, .open = list.open};
  element.values = list.values;
  element.members = list.members;
  return element;
}

std::string Place::text() const {
  if (outer == nullptr) return std::string{name};
  const std::string before = outer->text();
  return name.empty() ? before + "[]" : before + '.' + std::string{name};
}

std::size_t number_length(Text text) {
  std::size_t i = 0;
  const auto at = [&](std::size_t k) { return k < text.size() ? text[k] : '\0'; };
  const auto digits = [&] {
    const std::size_t from = i;
    while (digit(at(i))) ++i;
    return i > from;
  };
  if (at(i) == '-') ++i;
  if (at(i) == '0')
    ++i;
  else if (!digits())
    return 0;
  if (at(i) == '.') {
    ++i;
    if (!digits()) return 0;
  }
  if (at(i) == 'e' || at(i) == 'E') {
    ++i;
    if (at(i) == '+' || at(i) == '-') ++i;
    if (!digits()) return 0;
  }
  return i;
}

void check_value(const Field& field, const Cell& cell, const Place& place, Text as_sent,
                 Drift& drift) {
  if (field.secret) as_sent = {};
  if ((accept_bit(cell) & field.accepts) == 0) {
    Drift::note(drift.changed_types, place.text(), as_sent);
    return;
  }
  const Text text = cell.text();
  if (cell.kind == Kind::number) {
    if (field.type == Type::integer && text.find_first_of(".eE") != Text::npos)
      Drift::note(drift.changed_types, place.text(), as_sent);
    return;
  }
  if (cell.kind != Kind::text) return;
  // Beside a list or an object the values and the format are those of its elements or members.
  const bool scalar = (field.accepts & (accept_object | accept_array)) == 0;
  if (!field.values.empty() && scalar &&
      std::ranges::find(field.values, text) == field.values.end())
    Drift::note(drift.unknown_values,
                place.text().append(1, '=').append(field.secret ? Text{"…"} : text), as_sent);
  if (field.type == Type::timestamp && !parse_timestamp(text))
    Drift::note(drift.changed_types, place.text(), as_sent);
  else if (field.format != Format::any && scalar && !fits(field.format, text))
    Drift::note(drift.broken_formats, place.text(), as_sent);
}

std::optional<Checked> check_nested(Text text, const Field& field, const Place& place,
                                    Drift& drift) {
  Walk walk{text, field.secret, drift};
  if (!walk.value(&field, place, level_in_row)) return std::nullopt;
  return walk.seen();
}

bool is_value(Text json, int level) {
  const char first = json.empty() ? '\0' : json.front();
  if (first == '"')
    return json.size() > 1 && json.back() == '"' &&
           has_good_escapes(json.substr(1, json.size() - 2));
  if (first != '{' && first != '[')
    return json == "null" || json == "true" || json == "false" ||
           (!json.empty() && number_length(json) == json.size());
  // Nothing is compared, so nothing is noted.
  const Place nowhere;
  Drift none;
  Walk walk{json, true, none};
  return walk.value(nullptr, nowhere, level) && walk.seen().text.size() == json.size();
}

bool is_enclosed(Text json) {
  int open = 0, braces = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      for (++i; i < json.size() && json[i] != '"'; ++i)
        if (json[i] == '\\') ++i;
    } else if (c == '\\') {
      // Wrong here, but to simdjson a quote behind it is none.
      if (i + 1 < json.size() && (json[i + 1] == '"' || json[i + 1] == '\\')) ++i;
    } else if (c == '{' || c == '[') {
      ++open;
      braces += c == '{' ? 1 : 0;
      if (open > deepest_enclosed) return false;
    } else if (c == '}' || c == ']') {
      --open;
      braces -= c == '}' ? 1 : 0;
      if (open == 0)
        return braces == 0 && c == (json.front() == '{' ? '}' : ']') && i + 1 == json.size();
    }
  }
  return false;
}

bool has_good_escapes(Text quoted) {
  for (std::size_t i = quoted.find('\\'); i != Text::npos; i = quoted.find('\\', i)) {
    const char kind = i + 1 < quoted.size() ? quoted[i + 1] : '\0';
    i += 2;
    if (kind == 'u') {
      if (i + 4 > quoted.size()) return false;
      for (const char c : quoted.substr(i, 4))
        if (!is_hex(c)) return false;
    } else if (Text{"\"\\/bfnrt"}.find(kind) == Text::npos) {
      return false;
    }
  }
  return true;
}

Text compact(Text json, char* out) {
  char* to = out;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!in_string && blank(c)) continue;
    *to++ = c;
    if (c == '"') {
      in_string = !in_string;
    } else if (c == '\\' && in_string) {
      *to++ = json[++i];
    }
  }
  return {out, static_cast<std::size_t>(to - out)};
}

}  // namespace callrail
