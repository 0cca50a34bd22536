#include "json_text.hpp"

#include <callrail/sketch/sketch.hpp>

#include <simdjson.h>

#include <algorithm>

namespace callrail::sketch {
namespace {

namespace dom = simdjson::dom;

/// How many places may still be added below the sketch somebody adds to.
struct Room {
  std::size_t left;
  bool take() { return left > 0 && left-- > 0; }
};

std::size_t nodes(const Sketch& sketch) {
  std::size_t count = 1;
  for (const auto& member : sketch.members) count += nodes(member.value);
  for (const auto& item : sketch.items) count += nodes(item);
  return count;
}

Room room_of(const Sketch& sketch) {
  const std::size_t used = nodes(sketch);
  return {used < Sketch::most_nodes ? Sketch::most_nodes - used : 0};
}

/// False if the text is new and there is no room for another.
bool count(std::vector<Counted>& counted, std::string_view text, std::uint64_t by,
           std::size_t most) {
  for (auto& known : counted)
    if (known.text == text) return known.count += by, true;
  if (counted.size() == most) return false;
  counted.push_back({std::string{text}, by});
  return true;
}

void count_word(Texts& texts, std::string_view word, std::uint64_t by) {
  if (texts.many_words || count(texts.words, word, by, Sketch::most_words)) return;
  // Too many for a list of words: then they are data, and not kept.
  texts.many_words = true;
  texts.words = {};
}

void count_form(Sketch& sketch, std::string_view form, std::uint64_t by) {
  if (!count(sketch.forms, form, by, Sketch::most_forms)) sketch.many_forms = true;
}

/// An address or a header that carries a credential.
bool holds_credential(std::string_view text) {
  for (const std::string_view word : {"key=", "token=", "secret=", "password=", "signature=",
                                      "sig=", "Bearer ", "Basic ", "://user:"})
    if (text.find(word) != text.npos) return true;
  const auto host = text.find("://");
  return host != text.npos && text.find('@', host) != text.npos;
}

/// Walks a value that is known to be good.
class Adding {
 public:
  explicit Adding(Room room) : room_{room} {}

  // `keep`: whether examples and words may be kept.
  void add(Sketch& to, dom::element value, bool keep) {
    switch (value.type()) {
      case dom::element_type::NULL_VALUE: ++to.null; break;
      case dom::element_type::BOOL: {
        ++to.boolean;
        example(to, value.get_bool().value_unsafe() ? "true" : "false", keep);
        break;
      }
      case dom::element_type::INT64: integer(to, value.get_int64().value_unsafe(), keep); break;
      case dom::element_type::UINT64: {
        // Beyond the largest signed one; counted, and without a place in the range.
        ++to.integer;
        count_form(to, number_form, 1);
        break;
      }
      case dom::element_type::DOUBLE: {
        ++to.number;
        example(to, simdjson::minify(value), keep);
        break;
      }
      case dom::element_type::STRING: text(to, value.get_string().value_unsafe(), keep); break;
      case dom::element_type::OBJECT: object(to, value.get_object().value_unsafe(), keep); break;
      case dom::element_type::ARRAY: array(to, value.get_array().value_unsafe(), keep); break;
    }
  }

 private:
  static void example(Sketch& to, std::string json, bool keep) {
    if (keep && to.example.empty()) to.example = std::move(json);
  }

  static void integer(Sketch& to, std::int64_t value, bool keep) {
    ++to.integer;
    to.least = std::min(to.least, value);
    to.most = std::max(to.most, value);
    count_form(to, number_form, 1);
    example(to, std::to_string(value), keep);
  }

  static void text(Sketch& to, std::string_view value, bool keep) {
    ++to.text;
    if (value.empty()) {
      ++to.texts.blank;
      return;
    }
    to.texts.longest = std::max<std::uint64_t>(to.texts.longest, value.size());
    count_form(to, id_form(value), 1);
    // The formats are those of short texts; addresses alone are long.
    for (std::size_t i = 0; i < format_count; ++i)
      if (value.size() <= 64 || static_cast<Format>(i) == Format::uri)
        to.texts.formats[i] += fits(static_cast<Format>(i), value) ? 1 : 0;
    if (to.texts.formats[static_cast<std::size_t>(Format::date_time)] > 0) step(to.texts, value);
    if (is_word(value)) {
      ++to.texts.worded;
      if (keep) count_word(to.texts, value, 1);
    }
    if (keep && to.example.empty() && !holds_credential(value))
      to.example = json_quoted(cut(value, Sketch::most_example));
  }

  static void step(Texts& texts, std::string_view value) {
    const auto time = instant(value);
    if (!time) return;
    if (texts.last) {
      texts.rises += *texts.last < *time ? 1 : 0;
      texts.falls += *texts.last > *time ? 1 : 0;
    }
    texts.last = time;
  }

  void object(Sketch& to, dom::object value, bool keep) {
    ++to.object;
    std::size_t expected = 0;  // members mostly come in the order of the object before
    for (const auto& [name, member] : value) {
      Member* place = find(to, name, expected);
      if (!place) {
        to.more_members = true;
        continue;
      }
      expected = static_cast<std::size_t>(place - to.members.data()) + 1;
      if (place->last_in == to.object) continue;  // twice in one object: the first counts
      place->last_in = to.object;
      add(place->value, member, keep && !sounds_like_credential(name));
    }
  }

  Member* find(Sketch& to, std::string_view name, std::size_t expected) {
    if (expected < to.members.size() && to.members[expected].name == name)
      return &to.members[expected];
    const auto known = std::ranges::find(to.members, name, &Member::name);
    if (known != to.members.end()) return &*known;
    if (name.size() > Sketch::most_name || to.members.size() == Sketch::most_members ||
        !room_.take())
      return nullptr;
    return &to.members.emplace_back(Member{.name = std::string{name}, .value = {}});
  }

  void array(Sketch& to, dom::array value, bool keep) {
    ++to.array;
    std::uint64_t length = 0;
    for (const dom::element item : value) {
      ++length;
      if (to.items.empty()) {
        if (!room_.take()) continue;
        to.items.emplace_back();
      }
      add(to.items.front(), item, keep);
    }
    to.longest_array = std::max(to.longest_array, length);
  }

  Room room_;
};

/// Adds a sketch to a sketch, as far as there is room.
class Merging {
 public:
  explicit Merging(Room room) : room_{room} {}

  void add(Sketch& to, const Sketch& from) {
    to.null += from.null;
    to.boolean += from.boolean;
    to.integer += from.integer;
    to.number += from.number;
    to.text += from.text;
    to.object += from.object;
    to.array += from.array;
    to.least = std::min(to.least, from.least);
    to.most = std::max(to.most, from.most);
    to.longest_array = std::max(to.longest_array, from.longest_array);
    if (to.example.empty()) to.example = from.example;
    texts(to.texts, from.texts);
    for (const auto& form : from.forms) count_form(to, form.text, form.count);
    to.many_forms = to.many_forms || from.many_forms;
    members(to, from);
    for (const auto& item : from.items) {
      if (to.items.empty()) {
        if (!room_.take()) continue;
        to.items.emplace_back();
      }
      add(to.items.front(), item);
    }
  }

 private:
  static void texts(Texts& to, const Texts& from) {
    to.blank += from.blank;
    to.longest = std::max(to.longest, from.longest);
    to.worded += from.worded;
    to.rises += from.rises;
    to.falls += from.falls;
    if (from.last) to.last = from.last;
    for (std::size_t i = 0; i < format_count; ++i) to.formats[i] += from.formats[i];
    for (const auto& word : from.words) count_word(to, word.text, word.count);
    if (from.many_words) {
      to.many_words = true;
      to.words = {};
    }
  }

  void members(Sketch& to, const Sketch& from) {
    to.more_members = to.more_members || from.more_members;
    for (const auto& member : from.members) {
      auto known = std::ranges::find(to.members, member.name, &Member::name);
      if (known == to.members.end()) {
        if (to.members.size() == Sketch::most_members || !room_.take()) {
          to.more_members = true;
          continue;
        }
        known = to.members.insert(known, Member{.name = member.name, .value = {}});
      }
      add(known->value, member.value);
    }
    // Numbers of objects mean nothing in another sketch.
    for (auto& member : to.members) member.last_in = 0;
  }

  Room room_;
};

/// The parts of a name between underscores and before capitals: `accessToken` has two.
std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts(1);
  bool was_small = false;
  for (const char c : name) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (c == '_' || c == '-' || c == '.' || c == ' ' || (capital && was_small))
      parts.emplace_back();
    was_small = c >= 'a' && c <= 'z';
    if (c != '_' && c != '-' && c != '.' && c != ' ')
      parts.back() += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return parts;
}

}  // namespace

bool sounds_like_credential(std::string_view name) {
  static constexpr std::array alone{"token",      "secret",     "password",    "passwd",
                                    "passphrase", "credential", "credentials", "authorization",
                                    "apikey",     "pin",        "otp"};
  const auto parts = parts_of(name);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (std::ranges::find(alone, parts[i]) != alone.end()) return true;
    // A key alone is that of a menu or a map; an api_key and a signing_key are not.
    if (i > 0 && parts[i] == "key") return true;
    if (i > 0 && parts[i] == "code" && parts[i - 1].starts_with("v") &&
        parts[i - 1].ends_with("ation"))
      return true;  // validation, verification
  }
  return false;
}

std::uint64_t Sketch::absent(const Member& member) const {
  const std::uint64_t seen = member.value.total();
  return seen < object ? object - seen : 0;
}

const Member* Sketch::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &Member::name);
  return found == members.end() ? nullptr : &*found;
}

std::expected<void, std::string> Sketch::add(std::string_view json) {
  const auto refuse = [](simdjson::error_code why) {
    return std::unexpected(why == simdjson::NUMBER_ERROR
                               ? std::string{"a number is none, or beyond 64 bits"}
                               : std::string{simdjson::error_message(why)});
  };
  dom::parser parser;
  if (const auto wrong = parser.allocate(std::max<std::size_t>(json.size(), 64), deepest))
    return refuse(wrong);
  const auto value = parser.parse(json);
  if (value.error()) return refuse(value.error());
  Adding{room_of(*this)}.add(*this, value.value_unsafe(), true);
  return {};
}

void Sketch::add(const Sketch& other) {
  if (&other == this) return add(Sketch{other});
  Merging{room_of(*this)}.add(*this, other);
}

}  // namespace callrail::sketch
