#include "field_type.hpp"

#include <algorithm>
#include <array>

namespace callrail::codegen {
namespace {

struct BaseWord {
  std::string_view word;
  Base base;
};
constexpr std::array<BaseWord, 9> base_words{{
    {"id", Base::id},
    {"text", Base::text},
    {"integer", Base::integer},
    {"number", Base::number},
    {"boolean", Base::boolean},
    {"timestamp", Base::timestamp},
    {"map", Base::map},
    {"any", Base::any},
    {"null", Base::null},
}};

std::vector<std::string> type_words() {
  std::vector<std::string> words;
  for (const auto& known : base_words) words.emplace_back(known.word);
  words.insert(words.end(), {"enum Name", "object Name", "list<…>"});
  return words;
}

std::string_view trim(std::string_view s) {
  while (s.starts_with(' ')) s.remove_prefix(1);
  while (s.ends_with(' ')) s.remove_suffix(1);
  return s;
}

class TypeParser {
 public:
  TypeParser(Place place, std::string_view where, Mistakes& mistakes)
      : place_{place}, where_{where}, mistakes_{mistakes} {}

  std::vector<Alternative> alternatives(std::string_view text, bool in_list) {
    std::vector<Alternative> out;
    for (const auto part : split(text)) {
      auto alternative = one(trim(part), in_list);
      const auto same = [&](const Alternative& a) {
        return a.base == alternative.base && a.name == alternative.name;
      };
      if (std::any_of(out.begin(), out.end(), same))
        complain("the type names \"" + std::string{trim(part)} + "\" twice");
      out.push_back(std::move(alternative));
    }
    return out;
  }

  void complain(const std::string& what) { mistakes_.add(place_, where_, what); }

 private:
  /// Cuts at " or " outside of <…>.
  static std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '<') ++depth;
      if (text[i] == '>') --depth;
      if (depth == 0 && text.substr(i, 4) == " or ") {
        parts.push_back(text.substr(begin, i - begin));
        begin = i + 4;
        i += 3;
      }
    }
    parts.push_back(text.substr(begin));
    return parts;
  }

  Alternative one(std::string_view text, bool in_list) {
    for (const auto& known : base_words) {
      if (known.word != text) continue;
      if (in_list && known.base == Base::null)
        complain("null cannot stand inside list<…>; elements are never null");
      return {.base = known.base};
    }
    if (text.starts_with("enum ")) return {.base = Base::enumeration, .name = name(text.substr(5))};
    if (text.starts_with("object ")) return {.base = Base::object, .name = name(text.substr(7))};
    if (text.starts_with("list<") && text.ends_with(">")) {
      if (in_list) complain("a list of lists has no notation; use list<any>");
      return {.base = Base::list, .items = alternatives(text.substr(5, text.size() - 6), true)};
    }
    if (text == "list") {
      complain("a list says of what: list<any>");
      return {.base = Base::list, .items = {{.base = Base::any}}};
    }
    const auto words = type_words();
    complain("unknown type \"" + std::string{text} + "\"; allowed: " + join(words) +
             ", joined by \" or \"" + did_you_mean(text, words));
    return {};
  }

  static std::string name(std::string_view text) { return std::string{trim(text)}; }

  Place place_;
  std::string_view where_;
  Mistakes& mistakes_;
};

/// The one name among the alternatives and the elements of their lists.
std::string named(const std::vector<Alternative>& alternatives, Base base) {
  for (const auto& a : alternatives) {
    if (a.base == base) return a.name;
    if (auto inside = named(a.items, base); !inside.empty()) return inside;
  }
  return {};
}

void collect(const std::vector<Alternative>& alternatives, Base base,
             std::vector<std::string>& names) {
  for (const auto& a : alternatives) {
    if (a.base == base && std::find(names.begin(), names.end(), a.name) == names.end())
      names.push_back(a.name);
    collect(a.items, base, names);
  }
}

}  // namespace

Accepts accepts_of(const std::vector<Alternative>& alternatives) {
  Accepts out;
  for (const auto& a : alternatives) {
    switch (a.base) {
      case Base::any: return Accepts::any();
      case Base::null: out.null = true; break;
      case Base::boolean: out.boolean = true; break;
      case Base::integer:
      case Base::number: out.number = true; break;
      case Base::id: out.number = out.text = true; break;
      case Base::text:
      case Base::timestamp:
      case Base::enumeration: out.text = true; break;
      case Base::object:
      case Base::map: out.object = true; break;
      case Base::list: out.array = true; break;
    }
  }
  return out;
}

const Alternative& FieldType::main() const {
  static const Alternative none{};
  for (const auto& a : alternatives)
    if (a.base != Base::null) return a;
  return none;
}

const Alternative* FieldType::find(Base base) const {
  for (const auto& a : alternatives)
    if (a.base == base) return &a;
  return nullptr;
}

Accepts FieldType::accepts() const { return accepts_of(alternatives); }

Accepts FieldType::item_accepts() const {
  const auto* list = find(Base::list);
  return list ? accepts_of(list->items) : Accepts::any();
}

std::string FieldType::enum_name() const { return named(alternatives, Base::enumeration); }

std::string FieldType::shape_name() const { return named(alternatives, Base::object); }

FieldType parse_type(std::string_view text, Place place, std::string_view where,
                     Mistakes& mistakes) {
  const std::size_t before = mistakes.count();
  TypeParser parser{place, where, mistakes};
  FieldType type{std::string{text}, place, parser.alternatives(trim(text), false)};
  const auto is_null = [](const Alternative& a) { return a.base == Base::null; };
  if (std::all_of(type.alternatives.begin(), type.alternatives.end(), is_null))
    parser.complain("null alone is no type; use \"any\" if nothing else was ever seen");
  for (const auto& [base, what] :
       {std::pair{Base::enumeration, "enum"}, {Base::object, "object"}}) {
    std::vector<std::string> names;
    collect(type.alternatives, base, names);
    if (names.size() > 1)
      parser.complain(std::string{"a type has room for one "} + what + ", not " +
                      join(names, " and "));
  }
  type.understood = mistakes.count() == before;
  return type;
}

}  // namespace callrail::codegen
