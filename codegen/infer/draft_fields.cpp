#include "draft_fields.hpp"

#include "guess.hpp"
#include "known.hpp"
#include "model/json_text.hpp"
#include "model/read.hpp"
#include "names.hpp"

#include <callrail/sketch/type_text.hpp>

#include <algorithm>

namespace callrail::codegen {
namespace {

using sketch::Member;
using sketch::Sketch;

/// Below so many values, one that was never null proves nothing.
constexpr std::uint64_t enough_to_rule_out_null = 100;

/// Whether a field's objects get a shape: their names are words, and as many as a shape may have.
bool has_shape(const Sketch& objects, std::string_view name) {
  if (objects.object == 0 || sketch::looks_like_map(objects) || objects.members.size() > 64)
    return false;
  const auto nested = [](const Member& m) { return m.value.object + m.value.array > 0; };
  if (is_map_name(name) && std::ranges::none_of(objects.members, nested)) return false;
  return std::ranges::all_of(objects.members,
                             [&](const Member& m) { return is_nameable(objects, m.name); });
}

/// The objects of a field and of its lists, which share one shape.
Sketch objects_of(const Sketch& sketch) {
  Sketch out;
  if (sketch.object > 0) out.add(sketch);
  for (const auto& items : sketch.items)
    if (items.object > 0 && items.array + items.null == 0) out.add(items);
  return out;
}

/// The texts of a field and of its lists, which share one enum.
Sketch texts_of(const Sketch& sketch) {
  Sketch out;
  if (sketch.text > 0) out.add(sketch);
  for (const auto& items : sketch.items)
    if (items.text > 0 && items.array + items.null == 0) out.add(items);
  return out;
}

/// Equal for objects with the same members, nested ones included.
std::string signature(const Sketch& objects) {
  std::vector<std::string> parts;
  for (const auto& member : objects.members) {
    std::string part = member.name;
    const Sketch inner = objects_of(member.value);
    if (has_shape(inner, member.name)) part += signature(inner);
    parts.push_back(std::move(part));
  }
  std::ranges::sort(parts);
  return "{" + join(parts, ",") + "}";
}

void say_of_map(DraftField& out, const Sketch& objects) {
  if (objects.members.empty())
    say(out.note, "only empty objects");
  else if (objects.more_members || objects.members.size() > 3)
    say(out.note, "a map because of its many names");
  else
    say(out.note, "a map because of its names");
}

/// An example of the schema, which is invented too, if it is of the type. The `name` and the
/// `created_at` of something else show nothing.
const Example* example_of(const Field& model, const std::string& type) {
  if (model.refers_to.empty() && (parts_of(model.name.text).size() < 2 ||
                                  type.starts_with("timestamp") || type.starts_with("id")))
    return nullptr;
  Mistakes ignored;
  const Accepts accepts = parse_type(type, {}, {}, ignored).accepts();
  for (const auto& example : model.examples) {
    const char first = example.json.front();
    const bool text = first == '"', number = first == '-' || (first >= '0' && first <= '9');
    const bool boolean = first == 't' || first == 'f';
    if ((text && accepts.text) || (number && accepts.number) || (boolean && accepts.boolean))
      return &example;
  }
  return nullptr;
}

std::string enum_named(const std::string& type) {
  if (!type.starts_with("enum ")) return {};
  return type.substr(5, type.find(' ', 5) - 5);
}

}  // namespace

std::string count_of(std::uint64_t n, std::string_view thing) {
  return std::to_string(n) + " " + (n == 1 ? std::string{thing} : std::string{thing} + "s");
}

void say(std::string& note, const std::string& what) { note += (note.empty() ? "" : "; ") + what; }

bool is_nameable(const Sketch& objects, const std::string& name) {
  return is_field_name(name) &&
         !(name.ends_with('_') && objects.find(name.substr(0, name.size() - 1)));
}

std::string free_type_name(std::string wanted, const std::string& behind, const Schema& known,
                           const std::vector<std::string>& taken) {
  const auto is_taken = [&](const std::string& name) {
    return std::ranges::find(taken, name) != taken.end() || known.find_enum(name) ||
           known.find_shape(name) || is_type_of_runtime(name) ||
           std::ranges::any_of(known.endpoints,
                               [&](const Endpoint& e) { return e.record.text == name; });
  };
  while (is_taken(wanted)) wanted += behind;
  return wanted;
}

FieldDrafts::FieldDrafts(const Schema& known, const Sketch& rows, Options options)
    : known_{known}, rows_{rows}, options_{std::move(options)}, taken_{options_.record} {
  collect(rows);
}

/// Merges the objects that have the same members, wherever they stand.
void FieldDrafts::collect(const Sketch& objects) {
  for (const auto& member : objects.members) {
    const Sketch inner = objects_of(member.value);
    if (!has_shape(inner, member.name)) continue;
    merged_[signature(inner)].add(inner);
    collect(inner);
  }
}

/// The field's own name if it says enough, else with its owner before it.
std::string FieldDrafts::type_name(const std::string& field, const std::string& owner,
                                   bool is_enum) {
  const std::string alone = pascal(is_enum ? field : singular(field));
  const bool plain = parts_of(field).size() == 1;
  const std::string name = free_type_name(alone, "_", known_, taken_) != alone || (is_enum && plain)
                               ? owner + alone
                               : alone;
  taken_.push_back(free_type_name(name, is_enum ? "Word" : "Shape", known_, taken_));
  return taken_.back();
}

DraftField FieldDrafts::field(const Member& member, const Sketch& parent, const std::string& thing,
                              const std::string& owner) {
  const Sketch& value = member.value;
  DraftField out;
  out.name = member.name;
  out.null_seen = value.null > 0;
  out.optional = parent.absent(member) > 0;
  // How often comes first: it is what the rest rests on.
  out.note = std::to_string(value.total()) + " of " + count_of(parent.object, thing);
  if (value.null > 0) out.note += ", null in " + std::to_string(value.null);
  const Known known{known_, member.name};
  type(out, value, known, owner);
  words(out, value, known);
  return out;
}

void FieldDrafts::type(DraftField& out, const Sketch& value, const Known& known,
                       const std::string& owner) {
  sketch::TypeNames names;
  const Sketch texts = texts_of(value);
  names.id = is_id_name(out.name) ||
             (known.is_id() && texts.text + value.integer > 0 && !sketch::all_instants(texts));
  if (!names.id && !is_key(out.name)) names.enumeration = enumeration(out, texts, known, owner);
  const Sketch objects = objects_of(value);
  const bool shaped = has_shape(objects, out.name) && !known.is_map();
  if (shaped) names.shape = shape(out, objects, known, owner);
  names.map = !shaped;
  out.type = sketch::type_text(value, names);
  if (!shaped && objects.object > 0) say_of_map(out, objects);
  if (out.type == "null") {
    const bool time = last_part(out.name) == "at", id_name = is_id_name(out.name);
    out.type = time ? "timestamp or null" : id_name ? "id or null" : "text or null";
    say(out.note, std::string{"only null was seen: the type is a guess"} +
                      (time || id_name ? " by the name" : ""));
  }
  if (value.array > 0 && value.items.empty()) say(out.note, "only empty lists");
  if (out.type.ends_with(" or null") || value.total() >= enough_to_rule_out_null) return;
  if (!is_key(out.name)) out.type += " or null";
}

std::string FieldDrafts::enumeration(DraftField& out, const Sketch& texts, const Known& known,
                                     const std::string& owner) {
  if (texts.text == 0 || texts.texts.blank > 0 || texts.texts.words.empty()) return {};
  if (const Enum* e = known.enum_for(texts)) {
    say(out.note, "the words are those of " + e->name.text);
    return e->name.text;
  }
  if (!sketch::enum_candidate(texts) || sketch::format_of(texts, out.name)) return {};
  DraftEnum made;
  for (const auto& word : texts.texts.words) {
    made.values.push_back(word.text);
    made.note += (made.note.empty() ? "" : ", ") + std::to_string(word.count);
  }
  made.note =
      "seen " + made.note + (made.values.size() > 1 ? " times" : " times, and no other word");
  for (const auto& other : enums_)
    if (std::ranges::is_permutation(other.values, made.values) && made.values.size() > 1 &&
        enum_of_[other.name] == out.name)
      return other.name;
  made.name = type_name(out.name, owner, true);
  enum_of_[made.name] = out.name;
  enums_.push_back(std::move(made));
  return enums_.back().name;
}

std::string FieldDrafts::shape(DraftField& out, const Sketch& objects, const Known& known,
                               const std::string& owner) {
  if (const Shape* s = known.shape_for(objects)) {
    say(out.note, "the members are those of " + s->name.text);
    return s->name.text;
  }
  const std::string same = signature(objects);
  if (const auto made = shape_of_.find(same); made != shape_of_.end()) return made->second;
  DraftShape made;
  made.name = type_name(out.name, owner, false);
  const auto everywhere = merged_.find(same);
  const Sketch& all = everywhere == merged_.end() ? objects : everywhere->second;
  made.note = "in " + count_of(all.object, "object");
  for (const auto& member : all.members)
    made.fields.push_back(field(member, all, "object", made.name));
  shape_of_[same] = made.name;
  shapes_.push_back(std::move(made));
  return shapes_.back().name;
}

/// What the notation says of a field beside its type.
void FieldDrafts::words(DraftField& out, const Sketch& value, const Known& known) {
  const bool texts = value.text > 0 || (!value.items.empty() && value.items.front().text > 0);
  const bool text_type = out.type.find("text") != std::string::npos;
  if (const auto format = sketch::format_of(value, out.name); format && text_type)
    out.format = sketch::name_of(*format);
  std::vector<std::string> guesses;
  const Field* model = known.field_like(value);
  if (const Field* hidden = known.hidden()) {
    out.secret = true;
    say(out.note, "secret as in " + known.place_of(*hidden));
  }
  if (!out.secret && (texts || value.object > 0) && sketch::sounds_like_credential(out.name))
    out.secret = true, guesses.emplace_back("secret");
  if (const Field* personal = known.personal())
    out.pii = personal->pii, say(out.note, "pii as in " + known.place_of(*personal));
  else if (!model && out.type.find("enum") == std::string::npos)
    if (out.pii = guess_pii(out.name, value); !out.pii.empty()) guesses.emplace_back("pii");
  if (model && !model->refers_to.empty()) out.refers_to = model->refers_to.text;
  out.unit = model && !model->unit.empty() ? model->unit : guess_unit(out.name, value);
  if (!out.unit.empty() && (!model || model->unit.empty())) guesses.emplace_back("unit");
  if (model && !model->refers_to.empty()) say(out.note, "refers as " + known.place_of(*model));
  if (!guesses.empty())
    say(out.note, join(guesses, " and ") + (guesses.size() == 1 ? " is a guess" : " are guesses"));
  example(out, value, model);
  if (value.many_forms || value.forms.size() < 2 || !is_id_name(out.name)) return;
  std::vector<std::string> forms;
  for (const auto& form : value.forms) forms.push_back(form.text);
  say(out.note, "ids of " + std::to_string(forms.size()) + " forms: " + join(forms, ", "));
}

void FieldDrafts::example(DraftField& out, const Sketch& value, const Field* model) {
  if (out.secret || value.total() == value.null) return;
  if (options_.examples) {
    if (value.text + value.integer + value.number + value.boolean > 0)
      out.example = value.example;
    else if (!value.items.empty() && !value.items.front().example.empty() &&
             out.type.starts_with("list<") && !out.type.starts_with("list<object"))
      out.example = "[" + value.items.front().example + "]";
    return;
  }
  for (const auto& made : enums_)
    if (enum_named(out.type) == made.name) out.example = json_quoted(made.values.front());
  if (!out.example.empty()) return;
  if (const Enum* e = known_.find_enum(enum_named(out.type)))
    out.example = json_quoted(e->values.front().text);
  else if (const Example* given = model ? example_of(*model, out.type) : nullptr)
    out.example = given->json;
  else
    out.example = invented(out, value);
}

}  // namespace callrail::codegen
