#include "draft.hpp"

#include "guess.hpp"
#include "known.hpp"
#include "model/json_text.hpp"
#include "model/read.hpp"
#include "names.hpp"

#include <callrail/sketch/type_text.hpp>

#include <algorithm>
#include <map>

namespace callrail::codegen {
namespace {

using sketch::Member;
using sketch::Sketch;

/// Below so many values, one that was never null proves nothing.
constexpr std::uint64_t enough_to_rule_out_null = 100;

std::string count_of(std::uint64_t n, std::string_view thing) {
  return std::to_string(n) + " " + (n == 1 ? std::string{thing} : std::string{thing} + "s");
}

void say(std::string& note, const std::string& what) { note += (note.empty() ? "" : "; ") + what; }

/// Whether the notation can name a member: like_this, and not only by a _ unlike another, which is
/// what C++ keywords get.
bool is_nameable(const Sketch& objects, const std::string& name) {
  return is_field_name(name) &&
         !(name.ends_with('_') && objects.find(name.substr(0, name.size() - 1)));
}

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

class Drafting {
 public:
  Drafting(const List& list, const Schema& known, const DraftOptions& options)
      : list_{list}, known_{known}, options_{options} {}

  Draft make() {
    names();
    collect(list_.row);
    for (const auto& member : list_.row.members) {
      if (is_nameable(list_.row, member.name)) {
        draft_.fields.push_back(field(member, list_.row, "row", draft_.record));
        DraftField& made = draft_.fields.back();
        made.on_request = list_.selected.contains(member.name);
      } else {
        draft_.notes.push_back("the rows have a member " + json_quoted(member.name) +
                               ", which the notation cannot name");
      }
    }
    key();
    paging();
    parameters();
    cursor();
    for (const auto& name : list_.selected)
      if (list_.row.find(name)) draft_.select = select_parameter();
    return std::move(draft_);
  }

 private:
  void names() {
    draft_.rows = list_.rows;
    draft_.name = options_.name;
    if (draft_.name.empty()) draft_.name = name_of_path();
    draft_.record = free_name(pascal(singular(draft_.name)), "Row");
    taken_.push_back(draft_.record);
    draft_.seen = count_of(list_.row.object, "row") + " of " + count_of(list_.pages, "page");
    if (list_.again > 0)
      draft_.seen += "; " + count_of(list_.again, "row") + " came again and count once";
    if (known_.find_endpoint(draft_.name))
      draft_.notes.push_back(
          "the schema has an endpoint of this name: choose another, or take from "
          "this draft what that one lacks");
  }

  std::string name_of_path() const {
    if (list_.rows != row_itself && is_field_name(field_name(list_.rows)))
      return field_name(list_.rows);
    const auto slash = list_.path.rfind('/');
    return field_name(slash == std::string::npos ? "" : list_.path.substr(slash + 1));
  }

  /// Merges the objects that have the same members, wherever they stand.
  void collect(const Sketch& objects) {
    for (const auto& member : objects.members) {
      const Sketch inner = objects_of(member.value);
      if (!has_shape(inner, member.name)) continue;
      merged_[signature(inner)].add(inner);
      collect(inner);
    }
  }

  bool is_taken(const std::string& name) const {
    return std::ranges::find(taken_, name) != taken_.end() || known_.find_enum(name) ||
           known_.find_shape(name) || is_type_of_runtime(name) ||
           std::ranges::any_of(known_.endpoints,
                               [&](const Endpoint& e) { return e.record.text == name; });
  }
  std::string free_name(const std::string& wanted, const std::string& behind) const {
    std::string name = wanted;
    while (is_taken(name)) name += behind;
    return name;
  }
  /// The field's own name if it says enough, else with its owner before it.
  std::string type_name(const std::string& field, const std::string& owner, bool is_enum) {
    const std::string alone = pascal(is_enum ? field : singular(field));
    const bool plain = parts_of(field).size() == 1;
    const std::string name = is_taken(alone) || (is_enum && plain) ? owner + alone : alone;
    taken_.push_back(free_name(name, is_enum ? "Word" : "Shape"));
    return taken_.back();
  }

  DraftField field(const Member& member, const Sketch& parent, const std::string& thing,
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

  void type(DraftField& out, const Sketch& value, const Known& known, const std::string& owner) {
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

  bool is_key(const std::string& name) const { return name == key_name(); }

  static void say_of_map(DraftField& out, const Sketch& objects) {
    if (objects.members.empty())
      say(out.note, "only empty objects");
    else if (objects.more_members || objects.members.size() > 3)
      say(out.note, "a map because of its many names");
    else
      say(out.note, "a map because of its names");
  }

  std::string enumeration(DraftField& out, const Sketch& texts, const Known& known,
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
    for (const auto& other : draft_.enums)
      if (std::ranges::is_permutation(other.values, made.values) && made.values.size() > 1 &&
          enum_of_[other.name] == out.name)
        return other.name;
    made.name = type_name(out.name, owner, true);
    enum_of_[made.name] = out.name;
    draft_.enums.push_back(std::move(made));
    return draft_.enums.back().name;
  }

  std::string shape(DraftField& out, const Sketch& objects, const Known& known,
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
    draft_.shapes.push_back(std::move(made));
    return draft_.shapes.back().name;
  }

  /// What the notation says of a field beside its type.
  void words(DraftField& out, const Sketch& value, const Known& known) {
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
      say(out.note,
          join(guesses, " and ") + (guesses.size() == 1 ? " is a guess" : " are guesses"));
    example(out, value, model);
    if (value.many_forms || value.forms.size() < 2 || !is_id_name(out.name)) return;
    std::vector<std::string> forms;
    for (const auto& form : value.forms) forms.push_back(form.text);
    say(out.note, "ids of " + std::to_string(forms.size()) + " forms: " + join(forms, ", "));
  }

  void example(DraftField& out, const Sketch& value, const Field* model) {
    if (out.secret || value.total() == value.null) return;
    if (options_.examples) {
      if (value.text + value.integer + value.number + value.boolean > 0)
        out.example = value.example;
      else if (!value.items.empty() && !value.items.front().example.empty() &&
               out.type.starts_with("list<") && !out.type.starts_with("list<object"))
        out.example = "[" + value.items.front().example + "]";
      return;
    }
    for (const auto& made : draft_.enums)
      if (out.type.starts_with("enum " + made.name)) out.example = json_quoted(made.values.front());
    if (!out.example.empty()) return;
    if (const Enum* e = known_.find_enum(enum_named(out.type)))
      out.example = json_quoted(e->values.front().text);
    else if (const Example* given = model ? example_of(*model, out.type) : nullptr)
      out.example = given->json;
    else
      out.example = invented(out, value);
  }

  /// An example of the schema, which is invented too, if it is of the type. The `name` and the
  /// `created_at` of something else show nothing.
  static const Example* example_of(const Field& model, const std::string& type) {
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

  static std::string enum_named(const std::string& type) {
    if (!type.starts_with("enum ")) return {};
    return type.substr(5, type.find(' ', 5) - 5);
  }

  /// `id`, or what looks most like one.
  std::string key_name() const {
    const auto& unique = list_.keys;
    const auto has = [&](const std::string& name) {
      return std::ranges::find(unique, name) != unique.end();
    };
    const auto usable = [&](const std::string& name) {
      const Member* member = list_.row.find(name);
      return is_nameable(list_.row, name) && member &&
             member->value.integer + member->value.text == list_.row.object &&
             !sketch::all_instants(member->value);
    };
    if (has("id") && usable("id")) return "id";
    for (const auto& name : unique)
      if (is_id_name(name) && usable(name)) return name;
    for (const auto& name : unique)
      if (last_part(name) == "uuid" && usable(name)) return name;
    for (const auto& name : unique)
      if (usable(name)) return name;
    return {};
  }

  void key() {
    draft_.key = key_name();
    if (!draft_.key.empty()) {
      if (list_.row.object == 1)
        draft_.key_note = "there was one row, so any field would do";
      else
        draft_.key_note = "another one in each of " + count_of(list_.row.object, "row");
      return;
    }
    for (const auto& field : draft_.fields)
      if (draft_.key.empty() && (field.type.starts_with("id") || field.type.starts_with("text") ||
                                 field.type.starts_with("integer")))
        draft_.key = field.name;
    draft_.key_note = "no field had another value in each row: a person must choose";
  }

  void paging() {
    const auto& offset = known_.api.offset;
    const auto& relative = known_.api.relative;
    const auto has = [&](const std::string& name) {
      return !name.empty() && list_.answer.find(name) != nullptr;
    };
    // Totals prove that a list is whole, so pages with numbers come first.
    if (has(offset.page) || has(offset.pages)) draft_.paging.emplace_back("offset");
    if (has(relative.next) || has(relative.more)) draft_.paging.emplace_back("relative");
    std::vector<std::string> others;
    for (const auto& member : list_.answer.members) {
      const auto is = [&](const std::string& name) { return member.name == name; };
      if (!is(offset.page) && !is(offset.size) && !is(offset.pages) && !is(offset.total) &&
          !is(relative.next) && !is(relative.more))
        others.push_back(member.name);
    }
    if (const auto more = others.size(); more > 6) {
      others.resize(5);
      others.push_back(std::to_string(more - 5) + " more");
    }
    if (!others.empty()) draft_.rows_note = "beside them: " + join(others);
    if (list_.rows == row_itself) draft_.rows_note = "the answer itself is the one row";
    if (!draft_.paging.empty()) return;
    draft_.paging.emplace_back("whole");
    draft_.paging_note = "no page numbers and no next page in the answer";
  }

  /// Fills the path's gaps with parameters, as other paths of the schema have them.
  void parameters() {
    draft_.path = options_.path.empty() ? list_.path : options_.path;
    if (draft_.path.empty()) {
      draft_.path = usual_folder() + hyphenated(draft_.name) + ".json";
      draft_.path_note = "a saved page does not say what was asked: this is a guess";
    }
    for (auto gap = draft_.path.find("{}"); gap != std::string::npos; gap = draft_.path.find("{}"))
      draft_.path.replace(gap + 1, 0, parameter_at(gap));
    for (const auto& [parameter, source] : known_.api.parameters)
      if (list_.asked.contains(parameter.text) &&
          draft_.path.find("{" + parameter.text + "}") == std::string::npos) {
        draft_.per = parameter.text;
        draft_.per_note = "every request had it";
      }
  }

  static std::string hyphenated(std::string name) {
    std::ranges::replace(name, '_', '-');
    return name;
  }

  /// Where most paths of the schema are: /v3/a/{account_id}/
  std::string usual_folder() const {
    std::map<std::string, int> folders;
    for (const auto& endpoint : known_.endpoints)
      ++folders[endpoint.path.text.substr(0, endpoint.path.text.rfind('/') + 1)];
    const auto most = std::ranges::max_element(folders, {}, [](const auto& folder) {
      return std::pair{folder.second, folder.first.size()};
    });
    return most == folders.end() ? "/" : most->first;
  }

  std::string parameter_at(std::size_t gap) {
    const std::string before = draft_.path.substr(0, gap);
    for (const auto& endpoint : known_.endpoints) {
      const std::string& path = endpoint.path.text;
      if (path.starts_with(before + "{"))
        return path.substr(gap + 1, path.find('}', gap) - gap - 1);
    }
    // /calls/{}/page_views.json: one of the rows of calls.
    const auto slash = before.rfind('/', before.size() - 2);
    const std::string segment = before.substr(slash + 1, before.size() - slash - 2);
    const std::string list = field_name(segment);
    const std::string name = singular(list) + "_id";
    const auto declared = [&](const auto& p) { return p.first.text == name; };
    if (std::ranges::none_of(known_.api.parameters, declared)) {
      std::string source = list;
      for (const auto& endpoint : known_.endpoints)
        if (endpoint.path.text.ends_with("/" + segment + ".json")) source = endpoint.name.text;
      draft_.parameters.emplace_back(name, source);
    }
    return name;
  }

  std::string select_parameter() const {
    for (const auto& endpoint : known_.endpoints)
      if (!endpoint.select.empty()) return endpoint.select.text;
    return {};
  }

  /// Which instant the rows are sorted by, and whether days were asked for.
  void cursor() {
    std::string found;
    bool falls = false;
    for (const auto& member : list_.row.members) {
      const sketch::Texts& texts = member.value.texts;
      const bool sorted = (texts.rises == 0) != (texts.falls == 0);
      if (!sketch::all_instants(member.value) || !is_field_name(member.name)) continue;
      if (!found.empty() && !sorted) continue;
      if (found.empty() || sorted) {
        found = member.name;
        falls = sorted && texts.falls > 0;
        if (sorted) {
          draft_.cursor_note = std::string{"the rows came "} + (falls ? "newest" : "oldest") +
                               " first by " + member.name + " (" +
                               count_of(texts.rises + texts.falls, "step") + ")";
          break;
        }
      }
    }
    if (found.empty()) return;
    const std::string& from = known_.api.dates.from;
    if (!from.empty() && list_.asked.contains(from)) {
      draft_.cursor = found;
      return;
    }
    say(draft_.cursor_note, "if the API takes dates here: cursor: " + found +
                                (falls ? ", and newest_first: " + found : ""));
  }

  const List& list_;
  const Schema& known_;
  const DraftOptions& options_;
  Draft draft_;
  std::vector<std::string> taken_;
  std::map<std::string, Sketch> merged_;         ///< by signature
  std::map<std::string, std::string> shape_of_;  ///< name by signature
  std::map<std::string, std::string> enum_of_;   ///< field by name of the enum
};

}  // namespace

Draft make_draft(const List& list, const Schema& known, const DraftOptions& options) {
  return Drafting{list, known, options}.make();
}

}  // namespace callrail::codegen
