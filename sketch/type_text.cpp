#include <callrail/sketch/type_text.hpp>

#include <algorithm>
#include <array>

namespace callrail::sketch {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

bool contains(std::string_view name, std::string_view part) { return name.find(part) != name.npos; }

/// The words of programs: snake_case, kebab-case, or CAPITALS; `Atlanta` and `GA` are display text.
bool is_code(std::string_view word) {
  const auto small = [](char c) {
    return (c >= 'a' && c <= 'z') || digit(c) || c == '_' || c == '-';
  };
  const auto capital = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
  return std::ranges::all_of(word, small) ||
         (word.size() >= 3 && std::ranges::all_of(word, capital));
}

/// An id with digits in it, such as `k8mc8`, is no word.
bool is_id(std::string_view word) { return id_form(word) != "text"; }

bool is_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '_';
  };
  return !name.empty() && !digit(name[0]) && std::ranges::all_of(name, good) &&
         id_form(name).find("hex") == std::string::npos;
}

std::string items_text(const Sketch& list, const TypeNames& names) {
  if (list.items.empty()) return "any";
  const Sketch& items = list.items.front();
  // Elements are never null, and lists of lists have no notation.
  if (items.null > 0 || items.array > 0 || items.total() == 0) return "any";
  return type_text(items, names);
}

}  // namespace

bool all_instants(const Sketch& sketch) {
  return sketch.text > 0 && sketch.texts.of(Format::date_time) == sketch.text;
}

bool enum_candidate(const Sketch& sketch) {
  const Texts& texts = sketch.texts;
  if (texts.words.empty() || texts.many_words || texts.worded != sketch.text) return false;
  std::uint64_t kept = 0;
  for (const auto& word : texts.words) {
    if (!is_code(word.text) || is_id(word.text)) return false;
    kept += word.count;
  }
  return kept == texts.worded && texts.words.size() <= 20 && sketch.text >= 4 &&
         sketch.text >= 2 * texts.words.size();
}

bool looks_like_map(const Sketch& sketch) {
  if (sketch.object == 0) return false;
  if (sketch.members.empty() || sketch.more_members) return true;
  if (!std::ranges::all_of(sketch.members, [](const Member& m) { return is_name(m.name); }))
    return true;
  std::uint64_t present = 0;
  for (const auto& member : sketch.members) present += member.value.total();
  const std::uint64_t places = sketch.object * sketch.members.size();
  return sketch.members.size() >= 8 && present * 4 < places;
}

std::string type_text(const Sketch& sketch, const TypeNames& names) {
  struct Alternative {
    std::uint64_t count;
    std::string text;
  };
  std::vector<Alternative> found;
  const auto one = [&](std::uint64_t count, std::string text) {
    const auto rarer = std::ranges::find_if(found, [&](const auto& a) { return a.count < count; });
    if (count > 0) found.insert(rarer, {count, std::move(text)});
  };
  if (names.id && sketch.integer + sketch.text > 0) {
    one(sketch.integer + sketch.text, "id");
    one(sketch.number, "number");
  } else {
    // A whole number among others is one of them.
    one(sketch.integer + sketch.number, sketch.number > 0 ? "number" : "integer");
    const bool words = !names.enumeration.empty() && sketch.texts.blank == 0;
    one(sketch.text, all_instants(sketch) ? "timestamp"
                     : words              ? "enum " + names.enumeration
                                          : "text");
  }
  one(sketch.boolean, "boolean");
  const bool map = names.map || (names.shape.empty() && looks_like_map(sketch));
  one(sketch.object, map ? "map" : "object " + (names.shape.empty() ? "…" : names.shape));
  one(sketch.array, "list<" + items_text(sketch, names) + ">");

  std::string out;
  for (const auto& alternative : found) out += (out.empty() ? "" : " or ") + alternative.text;
  if (sketch.null > 0) out += out.empty() ? "null" : " or null";
  return out;
}

std::optional<Format> format_of(const Sketch& sketch, std::string_view name) {
  if (sketch.array > 0 && sketch.text == 0 && !sketch.items.empty())
    return format_of(sketch.items.front(), name);
  const std::uint64_t texts = sketch.text - std::min(sketch.text, sketch.texts.blank);
  if (texts == 0) return std::nullopt;
  static constexpr std::array order{Format::uuid,          Format::e164,  Format::email,
                                    Format::uri,           Format::money, Format::zone,
                                    Format::display_phone, Format::hex};
  for (const Format format : order)
    if (sketch.texts.of(format) == texts) return format;
  if (sketch.texts.of(Format::color) == texts && contains(name, "color")) return Format::color;
  if (sketch.texts.of(Format::country) == texts && contains(name, "country"))
    return Format::country;
  return std::nullopt;
}

}  // namespace callrail::sketch
