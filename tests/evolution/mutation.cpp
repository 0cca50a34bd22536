#include "mutation.hpp"

#include <algorithm>
#include <functional>

namespace callrail::test {
namespace {

using codegen::Verdict;
using enum codegen::Verdict;

constexpr auto today = "2026-11-26";

/// A list of fields in both versions.
struct Lists {
  std::vector<DraftField>*old, *now;
  std::string owner;
  bool record, spread;
};

DraftField* find(std::vector<DraftField>& in, const std::string& name) {
  const auto at = std::ranges::find(in, name, &DraftField::name);
  return at == in.end() ? nullptr : &*at;
}

Lists lists_of(Evolution& e, fake::Dice& dice) {
  // Of an object that is not spread any more the members are no columns.
  switch (std::max<std::uint64_t>(dice.below(5), e.touched.contains("toys.flat") ? 1 : 0)) {
    case 0: return {&e.old.shapes[1].fields, &e.now.shapes[1].fields, "Flat", false, true};
    case 1: return {&e.old.shapes[2].fields, &e.now.shapes[2].fields, "Listed", false, false};
    default: return {&e.old.endpoints[0].fields, &e.now.endpoints[0].fields, "toys", true, false};
  }
}

bool is(const DraftField& field, const char* word) { return !value_of(field.words, word).empty(); }
bool is_column(const DraftField& field) { return !is(field, "single"); }

bool takes(Evolution& e, const std::string& thing) { return e.touched.insert(thing).second; }

std::string fresh_name(Evolution& e) { return "n" + std::to_string(e.touched.size()); }

/// A field of both versions that nothing has happened to.
DraftField* some_field(Evolution& e, const Lists& lists, fake::Dice& dice) {
  std::vector<DraftField*> all;
  for (auto& field : *lists.now)
    if (field.name != "id" && field.name != "anchor" && field.name != "inner" &&
        field.name != "flat" && field.name != "made_at" && find(*lists.old, field.name) &&
        !e.touched.contains(lists.owner + "." + field.name))
      all.push_back(&field);
  if (all.empty()) return nullptr;
  DraftField* field = all[dice.below(all.size())];
  e.touched.insert(lists.owner + "." + field->name);
  return field;
}

std::string where(const Lists& lists, const std::string& field) {
  return lists.owner + "." + field;
}

std::optional<Verdict> when(bool concerned, Verdict verdict) {
  return concerned ? std::optional{verdict} : std::nullopt;
}

std::optional<Mutation> add_field(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField field{fresh_name(e), dice.one_in(2) ? "text or null" : "list<text>"};
  e.touched.insert(where(lists, field.name));
  const bool asked = lists.record && dice.one_in(2);
  if (asked) set(field.words, "on_request", "true");
  const bool last = dice.one_in(2);
  auto at = lists.now->end();
  if (!last)
    at = lists.record ? std::ranges::find(*lists.now, "anchor", &DraftField::name) : at - 1;
  lists.now->insert(at, field);
  const bool moves = lists.record ? !last : lists.spread;
  return Mutation{.what = std::string{"a new "} + (lists.record ? "field" : "member") +
                          (last ? " at the end" : " elsewhere"),
                  .where = where(lists, field.name),
                  .source = when(lists.record, ok),
                  .columns = moves ? migrate : ok,
                  .requests = when(asked, ok)};
}

std::optional<Mutation> close_field(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField* field = some_field(e, lists, dice);
  if (!field) return std::nullopt;
  set(field->words, "until", today);
  return Mutation{.what = "until",
                  .where = where(lists, field->name),
                  .columns = when(!lists.record || is_column(*field), ok),
                  .requests = when(lists.record && is(*field, "on_request"), ok)};
}

std::optional<Mutation> remove_field(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField* field = some_field(e, lists, dice);
  if (!field) return std::nullopt;
  if (lists.now->size() < 2) return std::nullopt;
  const DraftField gone = *field;
  const bool announced = dice.one_in(2);
  if (announced) set(find(*lists.old, gone.name)->words, "until", "2026-02-01");
  std::erase_if(*lists.now, [&](const DraftField& one) { return one.name == gone.name; });
  const Verdict verdict = announced ? migrate : breaks;
  return Mutation{.what = announced ? "removed after until" : "removed",
                  .where = where(lists, gone.name),
                  .source = when(lists.record, verdict),
                  .columns = when(!lists.record || is_column(gone), verdict),
                  .requests = when(lists.record && is(gone, "on_request"), verdict),
                  .spoken = announced};
}

std::optional<Mutation> rename_field(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField* field = some_field(e, lists, dice);
  if (!field) return std::nullopt;
  const std::string before = field->name;
  field->name = fresh_name(e);
  e.touched.insert(where(lists, field->name));
  const bool said = dice.one_in(2);
  if (said) set(field->words, "was", before);
  const Verdict verdict = said ? migrate : breaks;
  return Mutation{.what = said ? "renamed with was" : "renamed without a word",
                  .where = where(lists, said ? field->name : before),
                  .source = when(lists.record, verdict),
                  .columns = when(!lists.record || is_column(*field), verdict),
                  .requests = when(lists.record && is(*field, "on_request"), verdict)};
}

std::optional<Mutation> move_field(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField* field = some_field(e, lists, dice);
  if (!field || !is_column(*field) || field == &lists.now->back()) return std::nullopt;
  const DraftField moved = *field;
  // Of a shape no field is sure to stay behind which this one could move.
  if (!lists.record)
    for (const auto& other : *lists.now)
      if (!takes(e, where(lists, other.name)) && other.name != moved.name) return std::nullopt;
  lists.now->erase(lists.now->begin() + (field - lists.now->data()));
  lists.now->push_back(moved);
  const bool columns = lists.record || lists.spread;
  return Mutation{.what = "moved to the end",
                  .where = where(lists, "fields"),
                  .source = when(lists.record, ok),
                  .columns = columns ? migrate : ok};
}

struct TypeRule {
  const char *old, *now;
  Verdict source, columns;
};
constexpr TypeRule type_rules[] = {
    {"text", "text or integer", ok, ok},
    {"integer", "integer or text", ok, ok},
    {"enum Level", "enum Level or integer", ok, ok},
    {"list<text>", "list<text or integer>", ok, ok},
    {"list<integer>", "list<number>", ok, ok},
    {"list<enum Level>", "list<text>", ok, ok},
    {"text", "id", breaks, ok},
    {"text", "enum Level", breaks, ok},
    {"enum Level", "text", breaks, ok},
    {"enum Level", "enum Colour", breaks, ok},
    {"integer", "number", breaks, migrate},
    {"integer", "id", breaks, migrate},
    {"timestamp", "text", breaks, migrate},
    {"boolean", "any", breaks, migrate},
    {"text", "any", breaks, migrate},
    {"text", "text or map", breaks, migrate},
    {"list<text>", "list<text> or text", breaks, migrate},
    {"text or integer", "text", ok, breaks},
    {"text or null", "text", ok, breaks},
    {"list<id>", "list<text>", ok, breaks},
    {"list<text or integer>", "list<text>", ok, breaks},
    {"map", "object Listed", ok, breaks},
    {"any", "text", breaks, breaks},
    {"text", "timestamp", breaks, breaks},
    {"integer", "text", breaks, breaks},
    {"integer or text", "text or integer", breaks, breaks},
    {"number", "integer", breaks, breaks},
    {"id", "text", breaks, breaks},
    {"id", "integer", breaks, breaks},
    {"boolean", "text or boolean", breaks, breaks},
    {"text", "list<text>", breaks, breaks},
};

std::optional<Mutation> change_type(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField* field = some_field(e, lists, dice);
  if (!field) return std::nullopt;
  const TypeRule& rule = type_rules[dice.below(std::size(type_rules))];
  if (std::string{rule.now} == "enum Colour" && e.touched.contains("Colour")) return std::nullopt;
  // `object Listed` in a column would be spread, which is another rule.
  if (lists.record && std::string{rule.now} == "object Listed") return std::nullopt;
  if (lists.owner == "Listed" && std::string{rule.now} == "object Listed") return std::nullopt;
  DraftField& old = *find(*lists.old, field->name);
  old.type = rule.old;
  field->type = rule.now;
  const bool null_matters = old.type.find("null") != std::string::npos;
  if (!null_matters && old.type != "any" && dice.one_in(2)) {
    if (dice.one_in(2)) old.type += " or null";
    if (field->type != "any") field->type += " or null";
  }
  Mutation out{.what = std::string{rule.old} + " → " + rule.now,
               .where = where(lists, field->name),
               .source = when(lists.record, rule.source),
               .columns = rule.columns};
  const std::uint64_t word = dice.below(3);
  if (word != 0) set(field->words, "changed", today);
  // A word that was there before is about another change.
  if (word == 1) set(old.words, "changed", today);
  if (word == 2 && (out.columns == breaks || out.source == breaks)) {
    out.spoken = true;
    out.what += ", changed";
    if (out.columns == breaks) out.columns = migrate;
    if (out.source == breaks) out.source = migrate;
  }
  if (lists.record && !is_column(*field)) out.columns.reset();
  return out;
}

std::optional<Mutation> change_sending(Evolution& e, fake::Dice& dice) {
  Lists lists{&e.old.endpoints[0].fields, &e.now.endpoints[0].fields, "toys", true, false};
  DraftField* field = some_field(e, lists, dice);
  if (!field) return std::nullopt;
  DraftField& old = *find(*lists.old, field->name);
  constexpr struct {
    const char *old, *now;
    Verdict columns;
    std::optional<Verdict> requests;
  } rules[] = {{"", "on_request", ok, ok},       {"on_request", "", ok, ok},
               {"", "single", breaks, {}},       {"on_request", "single", breaks, migrate},
               {"single", "", migrate, {}},      {"on_request", "unseen", ok, migrate},
               {"unseen", "on_request", ok, ok}, {"", "unseen", ok, {}}};
  const auto& rule = rules[dice.below(std::size(rules))];
  for (const char* word : {"on_request", "single", "unseen"}) {
    drop(old.words, word);
    drop(field->words, word);
  }
  if (*rule.old != 0) set(old.words, rule.old, "true");
  if (*rule.now != 0) set(field->words, rule.now, "true");
  const auto said = [](const char* word) { return std::string{*word == 0 ? "always" : word}; };
  return Mutation{.what = said(rule.old) + " → " + said(rule.now),
                  .where = where(lists, field->name),
                  .columns = rule.columns,
                  .requests = rule.requests};
}

std::optional<Mutation> change_meaning(Evolution& e, fake::Dice& dice) {
  const Lists lists = lists_of(e, dice);
  DraftField* field = some_field(e, lists, dice);
  if (!field) return std::nullopt;
  DraftField& old = *find(*lists.old, field->name);
  if (lists.record && !is_column(*field)) return std::nullopt;
  const std::string at = where(lists, field->name);
  const bool said = dice.one_in(2);
  switch (dice.below(10)) {
    case 0: {
      set(old.words, "unit", "seconds");
      set(field->words, "unit", "minutes");
      if (said) set(field->words, "changed", today);
      return Mutation{.what = said ? "another unit, changed" : "another unit",
                      .where = at,
                      .columns = said ? migrate : breaks,
                      .spoken = said,
                      .unseen = true};
    }
    case 1:
      set(field->words, "unit", "seconds");
      return Mutation{.what = "a unit", .where = at, .columns = ok};
    case 2:
      if (is(old, "optional")) return std::nullopt;
      set(field->words, "optional", "true");
      return Mutation{.what = "optional", .where = at, .columns = ok};
    case 3:
      set(field->words, "pii", "name");
      return Mutation{.what = "pii", .where = at, .columns = ok};
    case 4: {
      set(field->words, "secret", "true");
      const bool unasked = lists.record && is(*field, "on_request");
      return Mutation{
          .what = "secret", .where = at, .columns = ok, .requests = when(unasked, migrate)};
    }
    case 5:
    case 6:
      if (!field->type.starts_with("integer") && !field->type.starts_with("number"))
        return std::nullopt;
      set(said ? old.words : field->words, "min", "0");
      // Rows that a table took are none any more; files have never looked.
      return Mutation{.what = said ? "more numbers" : "fewer numbers",
                      .where = at,
                      .columns = said ? ok : migrate,
                      .unseen = true};
    case 7:
    case 8: {
      if (!lists.record || field->type.find("list<") == std::string::npos) return std::nullopt;
      const bool lost = dice.one_in(2);
      set(lost ? old.words : field->words, "table", "those_of_" + field->name);
      if (lost && said) set(field->words, "changed", today);
      return Mutation{.what = !lost  ? "a table of elements"
                              : said ? "a table of elements lost, changed"
                                     : "a table of elements lost",
                      .where = at,
                      .columns = !lost  ? ok
                                 : said ? migrate
                                        : breaks,
                      .spoken = lost && said,
                      .unseen = true};
    }
    default:
      set(field->words, "doc", "\"In other words.\"");
      return Mutation{.what = "doc", .where = at};
  }
}

std::optional<Mutation> change_enum(Evolution& e, fake::Dice& dice) {
  if (!takes(e, "Colour")) return std::nullopt;
  DraftEnum& now = e.now.enums[1];
  switch (dice.below(4)) {
    case 0:
      now.values.push_back("blue");
      return Mutation{
          .what = "an enum word at the end", .where = "Colour.blue", .source = ok, .columns = ok};
    case 1:
      now.values.insert(now.values.begin(), "blue");
      return Mutation{
          .what = "an enum word in front", .where = "Colour", .source = migrate, .columns = ok};
    case 2: {
      now.values.pop_back();
      const bool said = dice.one_in(2);
      if (said) set(now.words, "changed", today);
      return Mutation{.what = said ? "an enum word less, changed" : "an enum word less",
                      .where = "Colour.green",
                      .source = said ? migrate : breaks,
                      .columns = ok,
                      .spoken = said};
    }
    default: {
      now.name = "Shade";
      set(now.words, "was", "Colour");
      for (auto& endpoint : e.now.endpoints)
        for (auto& field : endpoint.fields)
          if (const auto at = field.type.find("enum Colour"); at != std::string::npos)
            field.type.replace(at, 11, "enum Shade");
      for (auto& shape : e.now.shapes)
        for (auto& field : shape.fields)
          if (const auto at = field.type.find("enum Colour"); at != std::string::npos)
            field.type.replace(at, 11, "enum Shade");
      return Mutation{
          .what = "an enum renamed with was", .where = "Shade", .source = migrate, .spoken = true};
    }
  }
}

std::optional<Mutation> change_endpoint(Evolution& e, fake::Dice& dice) {
  Words &old = e.old.endpoints[0].words, &now = e.now.endpoints[0].words;
  const bool said = dice.one_in(2);
  const Verdict word = said ? migrate : breaks;
  const auto change = [&](const char* what, const char* value) {
    if (!takes(e, std::string{"toys: "} + what)) return false;
    if (*value == 0)
      drop(now, what);
    else
      set(now, what, value);
    return true;
  };
  // One word speaks for all of an endpoint.
  const auto with_word = [&](Mutation mutation) -> std::optional<Mutation> {
    if (!takes(e, "toys: changed")) return std::nullopt;
    if (said) set(now, "changed", today);
    mutation.spoken = said;
    if (said) mutation.what += ", changed";
    return mutation;
  };
  switch (dice.below(10)) {
    case 0:
      if (e.touched.contains("toys: changed") || !change("record", "Plaything")) return {};
      return with_word({.what = "another record", .where = "toys.record", .source = word});
    case 1:
      if (e.touched.contains("toys: changed") || !change("key", "anchor")) return {};
      return with_word({.what = "another key",
                        .where = "toys.key",
                        .columns = word,
                        .requests = migrate,
                        .unseen = true});
    case 2:
      if (e.touched.contains("toys: changed") || !change("cursor", "made_at")) return {};
      return with_word({.what = "a cursor",
                        .where = "toys.cursor",
                        .columns = word,
                        .requests = word,
                        .unseen = true});
    case 3:
      if (e.touched.contains("toys: changed") || !change("filters", "{ level: enum Level }"))
        return {};
      return with_word({.what = "a filter less", .where = "toys.filters.near", .requests = word});
    case 4:
      if (!change("path", "/v2/toys")) return {};
      return Mutation{.what = "another path", .where = "toys.path", .requests = migrate};
    case 5:
      if (!change("rows", "playthings")) return {};
      return Mutation{.what = "other rows", .where = "toys.rows", .requests = migrate};
    case 6:
      if (!change("paging", "[relative, offset]")) return {};
      return Mutation{.what = "paging", .where = "toys.paging", .requests = ok};
    case 7:
      if (!change("disabled_by", "anchor=off")) return {};
      set(old, "disabled_by", "anchor=away");
      return Mutation{.what = "another disabled_by",
                      .where = "toys.disabled_by",
                      .columns = migrate,
                      .unseen = true};
    case 8:
      if (!change("newest_first", "made_at")) return {};
      return Mutation{.what = "newest_first", .where = "toys.newest_first", .requests = ok};
    default:
      if (!change("select", "{ parameter: columns }")) return {};
      return Mutation{.what = "another select", .where = "toys.select", .requests = ok};
  }
}

std::optional<Mutation> change_lists(Evolution& e, fake::Dice& dice) {
  const DraftEndpoint extra{"extra",
                            {{"record", "Extra"},
                             {"path", "/v1/extra"},
                             {"rows", "rows"},
                             {"key", "id"},
                             {"paging", "[offset]"}},
                            {{"id", "id"}, {"note", "text"}}};
  if (!takes(e, "extra")) return std::nullopt;
  switch (dice.below(4)) {
    case 0:
      e.now.endpoints.push_back(extra);
      return Mutation{
          .what = "a new endpoint", .where = "extra", .source = ok, .columns = ok, .requests = ok};
    case 1:
      e.old.endpoints.push_back(extra);
      return Mutation{.what = "an endpoint removed",
                      .where = "extra",
                      .source = breaks,
                      .columns = breaks,
                      .requests = breaks};
    case 2: {
      e.old.endpoints.push_back(extra);
      e.now.endpoints.push_back(extra);
      e.now.endpoints.back().name = "spare";
      set(e.now.endpoints.back().words, "was", "extra");
      return Mutation{.what = "an endpoint renamed with was",
                      .where = "spare",
                      .source = migrate,
                      .columns = migrate,
                      .requests = migrate,
                      .spoken = true};
    }
    default:
      set(e.now.limits, "requests", "5");
      return Mutation{.what = "other limits", .where = "api.limits", .requests = ok};
  }
}

/// What --nested flatten makes of one field.
std::optional<Mutation> change_flat(Evolution& e, fake::Dice& dice) {
  const bool members = std::ranges::any_of(
      e.touched, [](const std::string& thing) { return thing.starts_with("Flat."); });
  if (members || !takes(e, "toys.flat")) return std::nullopt;
  DraftField& flat = *find(e.now.endpoints[0].fields, "flat");
  switch (dice.below(4)) {
    case 0:
      flat.type = "object Flat or text or null";
      return Mutation{.what = "object → object or text",
                      .where = "toys.flat",
                      .source = breaks,
                      .columns = breaks};
    case 1:
      flat.type = "map or null";
      return Mutation{
          .what = "object → map", .where = "toys.flat", .source = ok, .columns = breaks};
    case 2: {
      // The flattened column of that name becomes flat_first_2.
      if (!takes(e, "toys: changed")) return std::nullopt;
      e.now.endpoints[0].fields.push_back({"flat_first", "text or null"});
      return Mutation{.what = "a new field takes a flattened name",
                      .where = "toys.flat.first",
                      .source = ok,
                      .columns = breaks};
    }
    default:
      e.now.shapes[1].name = "Even";
      e.now.shapes[1].words.emplace_back("was", "Flat");
      for (auto& endpoint : e.now.endpoints)
        for (auto& field : endpoint.fields)
          if (const auto at = field.type.find("object Flat"); at != std::string::npos)
            field.type.replace(at, 11, "object Even");
      return Mutation{
          .what = "a shape renamed with was", .where = "Even", .source = migrate, .spoken = true};
  }
}

}  // namespace

std::optional<Mutation> mutate(Evolution& e, fake::Dice& dice) {
  switch (dice.below(14)) {
    case 0:
    case 1: return add_field(e, dice);
    case 2: return close_field(e, dice);
    case 3: return remove_field(e, dice);
    case 4: return rename_field(e, dice);
    case 5: return move_field(e, dice);
    case 6:
    case 7:
    case 8: return change_type(e, dice);
    case 9: return change_sending(e, dice);
    case 10: return change_meaning(e, dice);
    case 11: return change_enum(e, dice);
    case 12: return dice.one_in(2) ? change_endpoint(e, dice) : change_lists(e, dice);
    default: return change_flat(e, dice);
  }
}

}  // namespace callrail::test
