#include "line_diff.hpp"
#include "model/json_text.hpp"
#include "model/schema.hpp"
#include "new_fields.hpp"
#include "proposal.hpp"
#include "source.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <variant>

namespace callrail::codegen {
namespace {

/// Longer ones are data that happen to stand where a word was expected.
constexpr std::size_t longest_word = 60;
constexpr std::size_t most_columns = 140;

/// What comes of one proposal.
struct Nothing {};
struct LeftOut {
  std::string why;
};
using Outcome = std::variant<Nothing, std::vector<Edit>, LeftOut>;

bool is_field_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), good);
}

/// A text of the API in a message: in one line, and not without end.
std::string shown(std::string_view text) {
  std::string out{text.substr(0, 80)};
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return out;
}

struct Step {
  std::string name;
  bool element = false;  ///< of a list
};

std::vector<Step> steps_of(std::string_view path) {
  std::vector<Step> out;
  while (!path.empty()) {
    Step step{std::string{path.substr(0, path.find('.'))}};
    path.remove_prefix(std::min(path.size(), step.name.size() + 1));
    while (step.name.ends_with("[]")) {
      step.name.resize(step.name.size() - 2);
      step.element = true;
    }
    out.push_back(std::move(step));
  }
  return out;
}

/// Alternatives of a type as they are written, cut at " or " outside of <…>.
std::vector<std::string> alternatives_in(std::string_view type) {
  std::vector<std::string> out{""};
  int depth = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {
    if (type[i] == '<') ++depth;
    if (type[i] == '>') --depth;
    if (depth == 0 && type.substr(i, 4) == " or ") {
      out.emplace_back();
      i += 3;
    } else {
      out.back() += type[i];
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& alternatives) {
  return join(alternatives, " or ");
}

std::optional<std::vector<Alternative>> parsed(std::string_view type) {
  Mistakes mistakes;
  auto out = parse_type(type, {}, "", mistakes);
  // Null alone is no type, but something that can be seen.
  if (type == "null") return out.alternatives;
  if (!mistakes.empty()) return std::nullopt;
  return out.alternatives;
}

bool covers(const Accepts& has, const Accepts& wants) {
  return (has.null || !wants.null) && (has.boolean || !wants.boolean) &&
         (has.number || !wants.number) && (has.text || !wants.text) &&
         (has.object || !wants.object) && (has.array || !wants.array);
}

bool has_base(const std::vector<Alternative>& alternatives, Base base) {
  return std::any_of(alternatives.begin(), alternatives.end(),
                     [&](const Alternative& a) { return a.base == base; });
}

/// `has` with what `seen` needs at its end; null stays last. Both are parsed elsewhere.
std::string widened(const std::string& has, const std::string& seen) {
  auto out = alternatives_in(has);
  const auto types = parsed(has), more = parsed(seen);
  if (!types || !more) return has;
  const auto written = alternatives_in(seen);
  for (std::size_t i = 0; i < more->size(); ++i) {
    const Alternative& one = (*more)[i];
    const auto now = parsed(joined(out));
    if (!now || has_base(*now, Base::any)) break;
    if (one.base == Base::number && has_base(*now, Base::integer) &&
        !has_base(*now, Base::number)) {
      // A column of whole numbers cannot have one with a fraction.
      *std::find(out.begin(), out.end(), "integer") = "number";
      continue;
    }
    if (covers(accepts_of(*now), accepts_of({one}))) {
      if (one.base != Base::list || has_base(one.items, Base::any)) continue;
      for (std::size_t k = 0; k < now->size(); ++k) {
        if ((*now)[k].base != Base::list) continue;
        const auto inside = [](const std::string& list) { return list.substr(5, list.size() - 6); };
        out[k] = "list<" + widened(inside(out[k]), inside(written[i])) + ">";
      }
      continue;
    }
    const bool null_last = out.back() == "null" && one.base != Base::null;
    out.insert(out.end() - (null_last ? 1 : 0), written[i]);
  }
  return joined(out);
}

/// One schema as text, tree and model, and the edits that proposals ask of it.
class Editor {
 public:
  Editor(std::string_view text, const Schema& schema) : source_{text}, schema_{schema} {}

  /// How wide the names and types of the new fields of one owner are, to align them.
  using Widths = std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>>;

  Outcome edits(const Proposal& proposal, const Widths& widths, bool with_example) {
    const auto steps = steps_of(proposal.path);
    if (steps.empty()) return LeftOut{"names no field"};
    Place at;
    if (auto trouble = find(proposal, steps, at); !trouble.empty()) return LeftOut{trouble};
    if (at.data) return Nothing{};
    if (proposal.kind == Proposal::Kind::new_field && !at.field)
      return new_field(proposal, at, steps.back(), widths, with_example);
    if (!at.field) return LeftOut{"is not in the schema"};
    switch (proposal.kind) {
      case Proposal::Kind::new_field: return sent_again(proposal, at);
      case Proposal::Kind::gone: return gone(proposal, at);
      case Proposal::Kind::all_null: return all_null(proposal, at);
      case Proposal::Kind::type: return type(proposal, at, steps.back().element, proposal.type);
      case Proposal::Kind::enum_word: return enum_word(proposal, at);
      case Proposal::Kind::id_form: return id_form(proposal, at);
    }
    return Nothing{};
  }

  /// The key of `Widths`: the endpoint or shape the field belongs to, if it can be found.
  std::string owner(const Proposal& proposal) {
    Place at;
    const auto steps = steps_of(proposal.path);
    if (steps.empty() || !find(proposal, steps, at).empty()) return {};
    return at.owner;
  }

 private:
  /// Where a proposal's field stands, or would.
  struct Place {
    std::string owner;  ///< endpoint or shape
    bool in_endpoint = true;
    bool data = false;  ///< a member of what has free ones: no field is missing
    const Field* field = nullptr;
    const yaml::Value* list = nullptr;  ///< `fields` of the owner
    const yaml::Value* value = nullptr;
  };

  std::string find(const Proposal& proposal, const std::vector<Step>& steps, Place& at) const {
    const Endpoint* endpoint = schema_.find_endpoint(proposal.endpoint);
    if (!endpoint) return "there is no such endpoint";
    at.owner = proposal.endpoint;
    const std::vector<Field>* fields = &endpoint->fields;
    bool open = false;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      at.field = find_field(*fields, steps[i].name);
      if (i + 1 == steps.size()) break;
      if (!at.field) return "belongs to " + shown(steps[i].name) + ", which is not in the schema";
      const Shape* shape = schema_.find_shape(at.field->type.shape_name());
      if (!shape) {
        const Accepts accepts =
            steps[i].element ? at.field->type.item_accepts() : at.field->type.accepts();
        if (!accepts.object)
          return "belongs to " + shown(steps[i].name) + ", which is " + at.field->type.text;
        at.data = true;
        return {};
      }
      at.owner = shape->name.text;
      at.in_endpoint = false;
      fields = &shape->fields;
      open = shape->open;
    }
    at.data = open && !at.field;
    const yaml::Value* section =
        find_member(source_.root(), at.in_endpoint ? "endpoints" : "shapes");
    const yaml::Value* owner = section ? find_member(*section, at.owner) : nullptr;
    at.list = owner ? find_member(*owner, "fields") : nullptr;
    if (!at.list) return "stands where this program does not find it";
    if (at.field) at.value = find_member(*at.list, at.field->name.text);
    return {};
  }

  static std::string by_hand(std::string_view what) {
    return "the " + std::string{what} + " is spelled in a way that only a person should edit";
  }

  Outcome new_field(const Proposal& proposal, const Place& at, const Step& step,
                    const Widths& widths, bool with_example) {
    if (!is_field_name(step.name)) return LeftOut{"is no name a field can have here"};
    if (auto bad = bad_name(proposal.members); !bad.empty())
      return LeftOut{"has a member \"" + shown(bad) + "\", which is no name a field can have here"};
    std::vector<NewShape> shapes;
    const std::string seen = seen_text(proposal);
    const std::string record =
        at.in_endpoint ? schema_.find_endpoint(at.owner)->record.text : at.owner;
    NewField field;
    field.name = step.name;
    field.doc = seen;
    std::string type =
        new_type(proposal.type, proposal.members, step.name, record, schema_, seen, shapes);
    if (step.element) type = "list<" + type + ">";
    if (type != "null" && !type.empty() && !parsed(type))
      return LeftOut{"\"" + shown(proposal.type) + "\" is no type"};
    for (const auto& shape : shapes)
      for (const auto& member : shape.fields)
        if (!parsed(member.type))
          return LeftOut{"its member " + member.name + " is \"" + shown(member.type) +
                         "\", which is no type"};
    field.type = or_null(type);
    field.optional = proposal.rows < proposal.of_rows;
    if (with_example) {
      field.example = yaml_example(proposal.example);
    } else {
      for (auto& shape : shapes)
        for (auto& member : shape.fields) member.example.clear();
    }

    std::vector<Edit> edits;
    if (auto trouble = put_shapes(shapes, edits); !trouble.empty()) return LeftOut{trouble};
    const auto end = source_.end(*at.list);
    if (!end || at.list->members.empty()) return LeftOut{by_hand("list of fields")};
    const yaml::Value& last = at.list->members.back().second;
    if (source_.in_braces(*at.list)) {
      edits.push_back({*source_.end(last), 0, ", " + field_in_braces(field)});
      return edits;
    }
    const std::size_t behind = source_.line_end(*end);
    const std::string indent = source_.indent(source_.begin(at.list->members.front().first));
    std::string lines;
    if (!source_.text().substr(0, behind).ends_with('\n')) lines = "\n";
    const std::string head = indent + "# New in answers" +
                             (proposal.date.empty() ? "" : " of " + proposal.date) +
                             "; `pii` is a guess, on the safe side.\n";
    const std::size_t first = source_.begin(at.list->members.front().first);
    if (source_.text().substr(first, behind - first).find(head) == std::string_view::npos)
      lines += head;
    const auto width = widths.find(at.owner);
    lines += field_lines(field, indent, width == widths.end() ? 0 : width->second.first,
                         width == widths.end() ? 0 : width->second.second);
    edits.push_back({behind, 0, lines});
    return edits;
  }

  static std::string bad_name(const std::vector<NewMember>& members) {
    for (const auto& member : members) {
      if (!is_field_name(member.name)) return member.name.empty() ? " " : member.name;
      if (auto inner = bad_name(member.members); !inner.empty()) return inner;
    }
    return {};
  }

  /// Behind the last shape, or in a new section in front of the endpoints.
  std::string put_shapes(const std::vector<NewShape>& shapes, std::vector<Edit>& edits) const {
    if (shapes.empty()) return {};
    std::string text;
    for (const auto& shape : shapes) text += "\n" + shape_lines(shape);
    const yaml::Value* section = find_member(source_.root(), "shapes");
    if (section && source_.in_braces(*section)) return by_hand("list of shapes");
    if (section && !section->members.empty()) {
      const auto end = source_.end(*section);
      if (!end) return by_hand("last shape");
      edits.push_back({source_.line_end(*end), 0, text});
      return {};
    }
    for (const auto& [key, value] : source_.root().members)
      if (key.text == "endpoints") {
        edits.push_back({source_.line_begin(source_.begin(key)), 0, "shapes:\n" + text + "\n"});
        return {};
      }
    return "there is no place for a shape";
  }

  Outcome sent_again(const Proposal& proposal, const Place& at) {
    if (find_member(*at.value, "until"))
      return LeftOut{"is sent again, and has an `until`: take it away if this is the same field"};
    return type(proposal, at, false, proposal.type);
  }

  Outcome gone(const Proposal& proposal, const Place& at) {
    // What lists do not send anyway cannot be missed in them.
    const std::string& sent = at.field->sent;
    if (sent != "always" && sent != "on_request") return Nothing{};
    if (find_member(*at.value, "until")) return Nothing{};
    if (proposal.date.empty()) return LeftOut{"is gone, but nobody says since when"};
    return insert(*at.value, "until: " + proposal.date);
  }

  Outcome all_null(const Proposal& proposal, const Place& at) {
    if (at.field->type.nullable())
      return LeftOut{"is null in all " + std::to_string(proposal.of_rows) +
                     " rows seen; its type allows that, so there is nothing to change"};
    return type(proposal, at, false, "null");
  }

  /// Every alternative of `seen` that the type lacks.
  Outcome type(const Proposal& proposal, const Place& at, bool element, const std::string& seen) {
    const FieldType& has = at.field->type;
    std::vector<NewShape> shapes;
    // A type has room for one shape.
    std::string wanted = has.shape_name().empty()
                             ? new_type(seen, proposal.members, at.field->name.text, at.owner,
                                        schema_, seen_text(proposal), shapes)
                             : with_objects(seen, "object " + has.shape_name());
    if (wanted.empty() || !parsed(wanted)) return LeftOut{"\"" + shown(seen) + "\" is no type"};
    if (auto bad = bad_name(proposal.members); !bad.empty())
      return LeftOut{"has a member \"" + shown(bad) + "\", which is no name a field can have here"};
    if (element) wanted = "list<" + wanted + ">";
    const std::string now = widened(has.text, wanted);
    if (now == has.text) {
      const auto more = parsed(wanted);
      if (has.main().base == Base::timestamp && has_base(*more, Base::text))
        return LeftOut{"holds a text that is no time; whether it becomes a text a person must say"};
      return Nothing{};
    }
    std::vector<Edit> edits;
    if (now.find("object ") != std::string::npos && has.shape_name().empty())
      if (auto trouble = put_shapes(shapes, edits); !trouble.empty()) return LeftOut{trouble};
    const yaml::Value* written = find_member(*at.value, "type");
    const auto end = written ? source_.end(*written) : std::nullopt;
    if (!end) return LeftOut{by_hand("type")};
    const std::size_t quote = written->quoted ? 1 : 0;
    const std::size_t begin = source_.begin(*written) + quote;
    if (source_.text().substr(begin, *end - quote - begin) != has.text)
      return LeftOut{by_hand("type")};
    edits.push_back({begin, has.text.size(), now});
    if (now.size() > has.text.size()) take_padding(*end, now.size() - has.text.size(), edits);
    return edits;
  }

  Outcome enum_word(const Proposal& proposal, const Place& at) const {
    const Enum* known = schema_.find_enum(at.field->type.enum_name());
    if (!known) return LeftOut{"has no enum that could take \"" + shown(proposal.word) + "\""};
    const auto same = [&](const Name& value) { return value.text == proposal.word; };
    if (std::any_of(known->values.begin(), known->values.end(), same)) return Nothing{};
    if (proposal.word.empty() || proposal.word.size() > longest_word ||
        shown(proposal.word) != proposal.word)
      return LeftOut{"\"" + shown(proposal.word) + "\" does not look like a word of an enum"};
    const yaml::Value* section = find_member(source_.root(), "enums");
    const yaml::Value* written = section ? find_member(*section, known->name.text) : nullptr;
    const yaml::Value* values = written ? find_member(*written, "values") : nullptr;
    if (!values || values->items.empty()) return LeftOut{by_hand("list of words")};
    return append_item(*values, yaml_text(proposal.word));
  }

  Outcome id_form(const Proposal& proposal, const Place& at) const {
    if (!has_base(at.field->type.alternatives, Base::id))
      return LeftOut{"is no id; its type is " + at.field->type.text};
    const bool text = proposal.word == "text";
    if (!text && proposal.word != "number")
      return LeftOut{"\"" + shown(proposal.word) + "\" is no form of an id"};
    std::string digits;  // of an id that is known; schemas hold invented ones only
    for (const auto& example : at.field->examples) {
      if (example.json.starts_with('"') == text && example.json != "null") return Nothing{};
      if (is_json_number(example.json)) digits = example.json;
    }
    if (digits.empty()) digits = "555000001";
    const std::string added = text ? json_quoted(digits) : digits;
    std::vector<Edit> edits;
    const yaml::Value* one = find_member(*at.value, "example");
    const yaml::Value* several = find_member(*at.value, "examples");
    const std::string note =
        "A " + proposal.word + (proposal.date.empty() ? " now." : " since " + proposal.date + ".");
    if (several) {
      const Outcome more = append_item(*several, added);
      if (!std::holds_alternative<std::vector<Edit>>(more)) return more;
      edits = std::get<std::vector<Edit>>(more);
    } else if (one) {
      const auto end = source_.end(*one);
      if (!end) return LeftOut{by_hand("example")};
      for (const auto& [key, value] : at.value->members)
        if (&value == one) edits.push_back({source_.begin(key), key.text.size(), "examples"});
      edits.push_back({source_.begin(*one), 0, "["});
      edits.push_back({*end, 0, ", " + added + "]"});
    }
    if (const yaml::Value* doc = find_member(*at.value, "doc")) {
      const auto end = source_.end(*doc);
      if (end) {
        std::size_t more = note.size();
        for (const auto& edit : edits) more += edit.text.size();
        break_before(*at.value, *doc, *end, more, edits);
        edits.push_back(
            {*end - (doc->quoted ? 1 : 0), 0, (doc->text.ends_with('.') ? " " : ". ") + note});
      }
    } else {
      const bool needs_example = !one && !several;
      auto more = insert_last(*at.value, needs_example ? "example: " + added : "doc: " + note);
      if (!more) return LeftOut{by_hand("field")};
      edits.push_back(*more);
    }
    return edits;
  }

  /// A word behind those that are facts, in front of examples and doc.
  Outcome insert(const yaml::Value& field, const std::string& word) const {
    static const std::set<std::string, std::less<>> last_words{"example", "examples", "doc"};
    const yaml::Value* before = nullptr;
    for (const auto& [key, value] : field.members) {
      if (last_words.contains(key.text)) break;
      before = &value;
    }
    if (!before) return LeftOut{by_hand("field")};
    const auto end = source_.end(*before);
    if (!end) return LeftOut{by_hand("field")};
    if (!source_.in_braces(field)) return std::vector{below(*end, field, word)};
    std::vector<Edit> edits{{*end, 0, ", " + word}};
    take_padding(*end, word.size() + 2, edits);
    return edits;
  }

  std::optional<Edit> insert_last(const yaml::Value& field, const std::string& word) const {
    const auto end = source_.end(field.members.back().second);
    if (!end) return std::nullopt;
    if (!source_.in_braces(field)) return below(*end, field, word);
    return Edit{*end, 0, ", " + word};
  }

  /// A line of its own in a map without braces.
  Edit below(std::size_t end, const yaml::Value& map, const std::string& word) const {
    const std::string indent = source_.indent(source_.begin(map.members.front().first));
    const std::size_t at = source_.line_end(end);
    const bool closed = source_.text().substr(0, at).ends_with('\n');
    return {at, 0, (closed ? "" : "\n") + indent + word + "\n"};
  }

  Outcome append_item(const yaml::Value& list, const std::string& item) const {
    if (list.kind != yaml::Kind::list || list.items.empty()) return LeftOut{by_hand("list")};
    const auto end = source_.end(list.items.back());
    if (!end) return LeftOut{by_hand("list")};
    if (!source_.in_braces(list)) {
      const std::size_t at = source_.line_end(*end);
      const bool closed = source_.text().substr(0, at).ends_with('\n');
      return std::vector{Edit{at, 0,
                              (closed ? "" : "\n") +
                                  source_.indent(source_.begin(list.items.back())) + "- " + item +
                                  "\n"}};
    }
    const std::size_t first = source_.begin(list.items.front());
    const bool fits =
        source_.line_end(*end) - source_.line_begin(*end) + item.size() <= most_columns;
    const std::string blanks(first - source_.line_begin(first), ' ');
    return std::vector{Edit{*end, 0, (fits ? ", " : ",\n" + blanks) + item}};
  }

  /// Puts a member of a map in braces on a line of its own, if its line would become too long.
  void break_before(const yaml::Value& map, const yaml::Value& member, std::size_t end,
                    std::size_t more, std::vector<Edit>& edits) const {
    const std::size_t first = source_.begin(map.members.front().first);
    for (const auto& [key, value] : map.members) {
      if (&value != &member) continue;
      const std::size_t at = source_.begin(key);
      const std::size_t line = source_.line_begin(at);
      const bool leads = source_.text().find_first_not_of(' ', line) == at;
      if (!source_.in_braces(map) || leads || source_.line_begin(end) != line ||
          source_.line_end(end) - line + more <= most_columns)
        return;
      const std::string blanks(first - source_.line_begin(first), ' ');
      edits.push_back({at - 1, 1, "\n" + blanks});
    }
  }

  void take_padding(std::size_t end, std::size_t most, std::vector<Edit>& edits) const {
    if (const std::size_t n = source_.padding(end, most)) edits.push_back({end + 1, n, ""});
  }

  Source source_;
  const Schema& schema_;
};

std::string name_of(const Proposal& proposal) {
  return shown(proposal.endpoint) + "." + shown(proposal.path);
}

/// The schema while it is being changed.
class Draft {
 public:
  Draft(std::string text, std::string_view file)
      : file_{file}, text_{std::move(text)}, loaded_{load_schema(text_, file_)} {}

  const std::string& text() const { return text_; }
  bool good() const { return loaded_.mistakes.empty(); }
  std::string first_mistake() const {
    const auto lines = loaded_.mistakes.lines(file_);
    return lines.empty() ? std::string{} : lines.front();
  }

  Editor::Widths widths(const std::vector<Proposal>& proposals) const {
    Editor editor{text_, loaded_.schema};
    Editor::Widths out;
    for (const auto& proposal : proposals) {
      if (proposal.kind != Proposal::Kind::new_field) continue;
      const std::string owner = editor.owner(proposal);
      if (owner.empty()) continue;
      const std::string name = steps_of(proposal.path).back().name;
      std::vector<NewShape> shapes;
      const std::string type = or_null(
          new_type(proposal.type, proposal.members, name, owner, loaded_.schema, "", shapes));
      auto& [names, types] = out[owner];
      names = std::max(names, std::min<std::size_t>(name.size(), 40));
      types = std::max(types, std::min<std::size_t>(type.size(), 40));
    }
    return out;
  }

  /// Why it is left out; empty: done, or nothing to do.
  std::string take(const Proposal& proposal, const Editor::Widths& widths) {
    std::string mistake;
    for (const bool with_example : {true, false}) {
      const auto outcome = Editor{text_, loaded_.schema}.edits(proposal, widths, with_example);
      if (const auto* left = std::get_if<LeftOut>(&outcome)) return left->why;
      const auto* edits = std::get_if<std::vector<Edit>>(&outcome);
      if (!edits) return {};
      std::string next = edited(text_, *edits);
      Loaded loaded = load_schema(next, file_);
      if (loaded.mistakes.empty()) {
        text_ = std::move(next);
        loaded_ = std::move(loaded);
        return {};
      }
      mistake = loaded.mistakes.lines(file_).front();
      if (proposal.kind != Proposal::Kind::new_field) break;
    }
    return "the schema would no longer hold together: " + mistake;
  }

 private:
  std::string file_;
  std::string text_;
  Loaded loaded_;
};

}  // namespace

SchemaPatch propose_patch(std::string_view schema_text, std::string_view file,
                          const std::vector<Proposal>& proposals) {
  SchemaPatch out;
  Draft draft{std::string{schema_text}, file};
  if (!draft.good()) {
    out.left_out.push_back("the schema has mistakes of its own, so nothing is proposed: " +
                           draft.first_mistake());
    return out;
  }
  const auto widths = draft.widths(proposals);
  for (const auto& proposal : proposals)
    if (auto why = draft.take(proposal, widths); !why.empty()) {
      std::string line = name_of(proposal) + " " + why;
      // One shape in many places says the same of each.
      if (std::find(out.left_out.begin(), out.left_out.end(), line) == out.left_out.end())
        out.left_out.push_back(std::move(line));
    }
  out.diff = unified_diff(file, schema_text, draft.text());
  return out;
}

}  // namespace callrail::codegen
