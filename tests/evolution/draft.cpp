#include "draft.hpp"

#include <algorithm>
#include <array>

namespace callrail::test {
namespace {

std::string inside(const Words& words) {
  std::string out;
  for (const auto& [word, value] : words) out += ", " + word + ": " + value;
  return out;
}

void append_fields(std::string& out, const std::vector<DraftField>& fields) {
  out += "    fields:\n";
  for (const auto& field : fields)
    out += "      " + field.name + ": { type: " + field.type + ", evidence: real" +
           inside(field.words) + " }\n";
}

/// Types that no mutation is about.
std::string some_type(fake::Dice& dice) {
  static constexpr std::array<const char*, 14> types{"id",          "text",
                                                     "integer",     "number",
                                                     "boolean",     "timestamp",
                                                     "map",         "any",
                                                     "enum Level",  "integer or text",
                                                     "list<text>",  "list<object Listed or text>",
                                                     "object Flat", "list<object Listed>"};
  std::string type = types[dice.below(types.size())];
  if (type != "any" && dice.one_in(2)) type += " or null";
  return type;
}

Words some_words(fake::Dice& dice, bool member) {
  Words out;
  if (!member) switch (dice.below(8)) {
      case 0:
      case 1: set(out, "on_request", "true"); break;
      case 2: set(out, "unseen", "true"); break;
      case 3: set(out, "single", "true"); break;
      default: break;
    }
  if (dice.one_in(5)) set(out, "optional", "true");
  if (dice.one_in(5)) set(out, "doc", "\"Made up.\"");
  return out;
}

}  // namespace

void set(Words& words, const std::string& word, const std::string& value) {
  drop(words, word);
  words.emplace_back(word, value);
}

void drop(Words& words, const std::string& word) {
  std::erase_if(words, [&](const auto& one) { return one.first == word; });
}

std::string value_of(const Words& words, const std::string& word) {
  for (const auto& [name, value] : words)
    if (name == word) return value;
  return {};
}

std::string Draft::text() const {
  std::string out = R"(format: 1
api:
  name: Toys
  url: https://api.example.com
  auth: { header: Authorization, value: "key {api_key}" }
)";
  out += "  limits: [{ " + inside(limits).substr(2) + " }]\n";
  out += R"(  paging:
    offset: { page: page, size: per_page, pages: total_pages, total: total_records }
    relative: { ask: ask, next: next, more: more, offset: offset }
  dates: { from: from, to: to }
  order: { by: by, direction: direction, ascending: asc }
enums:
)";
  for (const auto& e : enums) {
    std::string values;
    for (const auto& value : e.values) values += (values.empty() ? "" : ", ") + value;
    out += "  " + e.name + ": { values: [" + values + "]" + inside(e.words) + " }\n";
  }
  out += "shapes:\n";
  for (const auto& shape : shapes) {
    out += "  " + shape.name + ":\n";
    for (const auto& [word, value] : shape.words) out += "    " + word + ": " + value + "\n";
    append_fields(out, shape.fields);
  }
  out += "endpoints:\n";
  for (const auto& endpoint : endpoints) {
    out += "  " + endpoint.name + ":\n";
    for (const auto& [word, value] : endpoint.words) out += "    " + word + ": " + value + "\n";
    append_fields(out, endpoint.fields);
  }
  return out;
}

Draft random_draft(fake::Dice& dice) {
  Draft out;
  out.enums = {{"Level", {"low", "middle", "high"}}, {"Colour", {"red", "green"}}};
  out.shapes = {{"Inner", {{"deep", "text or null"}}},
                {"Flat", {{"first", "text"}, {"inner", "object Inner or null"}}},
                {"Listed", {{"name", "text"}}}};
  for (auto& shape : out.shapes)
    for (std::size_t i = dice.below(3); i > 0; --i) {
      std::string type = some_type(dice);
      // No circles, and no other place for shapes than the one that their names tell.
      if (type.find("object") != std::string::npos) type = "text or null";
      shape.fields.push_back(
          {"m" + std::to_string(shape.fields.size()), type, some_words(dice, true)});
    }
  DraftEndpoint toys{"toys",
                     {{"record", "Toy"},
                      {"path", "/v1/toys"},
                      {"rows", "toys"},
                      {"key", "id"},
                      {"select", "{ parameter: fields }"},
                      {"paging", "[offset, relative]"},
                      {"filters", "{ level: enum Level, near: text }"}},
                     {{"id", "id"}}};
  toys.fields.push_back({"flat", "object Flat or null"});
  for (std::size_t i = 3 + dice.below(6); i > 0; --i)
    toys.fields.push_back(
        {"f" + std::to_string(toys.fields.size()), some_type(dice), some_words(dice, false)});
  toys.fields.push_back({"made_at", "timestamp"});
  toys.fields.push_back({"anchor", "text"});
  const DraftEndpoint shelf{"shelf",
                            {{"record", "Board"},
                             {"path", "/v1/shelf"},
                             {"rows", "boards"},
                             {"key", "id"},
                             {"paging", "[offset]"}},
                            {{"id", "id"},
                             {"level", "enum Level"},
                             {"colour", "list<enum Colour>"},
                             {"listed", "list<object Listed>"},
                             {"flats", "list<object Flat>"}}};
  out.endpoints = {toys, shelf};
  return out;
}

}  // namespace callrail::test
