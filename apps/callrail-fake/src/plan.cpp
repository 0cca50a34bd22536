#include <callrail/fake/plan.hpp>
#include <callrail/fake/random.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <algorithm>
#include <bit>

namespace callrail::fake {
namespace {

using Json = nlohmann::ordered_json;

std::uint8_t kind_of(const Json& value) {
  if (value.is_boolean()) return accept_boolean;
  if (value.is_number()) return accept_number;
  if (value.is_string()) return accept_text;
  if (value.is_object()) return accept_object;
  if (value.is_array()) return accept_array;
  return accept_null;
}

std::uint8_t natural_kind(Type type) {
  switch (type) {
    case Type::id:
    case Type::text:
    case Type::timestamp:
    case Type::enumeration: return accept_text;
    case Type::integer:
    case Type::number: return accept_number;
    case Type::boolean: return accept_boolean;
    case Type::object:
    case Type::map: return accept_object;
    case Type::list: return accept_array;
    case Type::any: return accept_text;
  }
  return accept_text;
}

std::string spelled(const Json& value) {
  if (value.is_string()) return json_string(value.get_ref<const std::string&>());
  if (value.is_array() || value.is_object()) {
    std::string out(1, value.is_array() ? '[' : '{');
    for (auto it = value.begin(); it != value.end(); ++it) {
      if (out.size() > 1) out += ',';
      if (value.is_object()) out += json_string(it.key()) + ':';
      out += spelled(it.value());
    }
    return out += value.is_array() ? ']' : '}';
  }
  return value.dump();
}

/// What stands in lists, and in the member of objects, one level down.
Examples items_of(const Examples& examples) {
  Examples out;
  for (const Json& e : examples) {
    if (e.is_array())
      out.insert(out.end(), e.begin(), e.end());
    else if (e.is_object())
      out.push_back(e);
  }
  return out;
}

std::uint8_t first_bit(std::uint8_t bits) { return static_cast<std::uint8_t>(bits & -bits); }

}  // namespace

Examples parse_examples(std::span<const Text> texts) {
  Examples out;
  for (const Text text : texts) {
    auto value = Json::parse(text, nullptr, false);
    if (!value.is_discarded()) out.push_back(std::move(value));
  }
  return out;
}

Look look_of(const Field& field) {
  if (!field.values.empty() && field.type != Type::object) return Look::choice;
  if (field.type == Type::timestamp) return Look::instant;
  switch (field.format) {
    case Format::e164: return Look::phone;
    case Format::display_phone: return Look::display_phone;
    case Format::email: return Look::email;
    case Format::uri: return Look::uri;
    case Format::zone: return Look::zone;
    case Format::uuid: return Look::uuid;
    case Format::hex: return Look::hex;
    case Format::country: return Look::country;
    case Format::money: return Look::money;
    case Format::color: return Look::color;
    case Format::date_time: return Look::instant;
    case Format::any: break;
  }
  if (field.type == Type::id || field.secret) return Look::token;
  switch (field.pii) {
    case Pii::name: return Look::person;
    case Pii::phone: return Look::phone;
    case Pii::email: return Look::email;
    case Pii::place: return Look::place;
    case Pii::free_text: return Look::prose;
    case Pii::audio: return Look::uri;
    case Pii::online_id: return Look::token;
    case Pii::none: break;
  }
  return Look::phrase;
}

Pattern Planner::pattern(std::string_view text) const {
  std::string json = json_string(text);
  json = json.substr(1, json.size() - 2);
  Pattern out;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) out.push_back({Piece::What::literal, std::exchange(literal, {}), -1});
  };
  const std::string legacy =
      model_.root < 0
          ? std::string{}
          : std::to_string(model_.endpoints[static_cast<std::size_t>(model_.root)].legacy_base);
  for (std::size_t i = 0; i < json.size();) {
    const std::string_view rest = std::string_view{json}.substr(i);
    if (is_hex_key(rest.substr(0, 35))) {
      flush();
      const auto prefix = rest.substr(0, 3);
      const auto owner = std::ranges::find_if(model_.endpoints, [&](const EndpointPlan& e) {
        return e.stands_alone() && e.keys.form() == Keys::Form::hex && e.keys.prefix() == prefix;
      });
      if (owner == model_.endpoints.end())
        out.push_back({Piece::What::random_key, std::string{prefix}, -1});
      else
        out.push_back({Piece::What::key, {}, owner->number});
      i += 35;
    } else if (!legacy.empty() && legacy != "0" && rest.starts_with(legacy)) {
      flush();
      out.push_back({Piece::What::legacy, {}, -1});
      i += legacy.size();
    } else {
      literal += json[i++];
    }
  }
  flush();
  return out;
}

void Planner::learn_examples(FieldPlan& plan, const Examples& examples) const {
  const auto learn = [&](const Json& value) {
    if (value.is_string()) {
      const auto& text = value.get_ref<const std::string&>();
      plan.texts.push_back(pattern(text));
      if (const auto spelling = learn_spelling(text)) plan.spellings.push_back(*spelling);
    } else if (value.is_number()) {
      plan.numbers.push_back(value.dump());
    }
  };
  for (const Json& value : examples) {
    learn(value);
    if (value.is_array()) {
      plan.most_items = std::clamp<std::size_t>(value.size(), plan.most_items, 12);
      for (const Json& item : value) learn(item);
    }
    if (value.is_array() || value.is_object()) plan.wholes.push_back(spelled(value));
  }
  for (const Json& value : items_of(examples)) {
    if (!value.is_object()) continue;
    for (const auto& [name, item] : value.items()) {
      std::string key = json_string(name) + ':';
      if (std::ranges::find(plan.entries, key, &std::pair<std::string, std::string>::first) ==
          plan.entries.end())
        plan.entries.emplace_back(std::move(key), spelled(item));
    }
  }
  if (plan.spellings.empty()) plan.spellings.push_back({});
}

void Planner::choose_kinds(FieldPlan& plan, const Examples& examples) const {
  const auto without_null = [](int bits) { return static_cast<std::uint8_t>(bits & ~accept_null); };
  const auto& field = *plan.field;
  const std::uint8_t accepted = without_null(field.accepts);
  plan.main = natural_kind(field.type);
  // Ids accept both forms, and every list has its own one; of `any` the examples know more.
  if (field.type == Type::id || field.type == Type::any) {
    for (const Json& e : examples)
      if (const auto kind = without_null(kind_of(e)); (kind & accepted) != 0) {
        plan.main = kind;
        break;
      }
  }
  if ((plan.main & accepted) == 0 && accepted != 0) plan.main = first_bit(accepted);
  plan.others = static_cast<std::uint8_t>(accepted & ~plan.main);
  if (field.type == Type::id || field.type == Type::any) plan.others = 0;

  const std::uint8_t items = without_null(field.item_accepts);
  std::uint8_t seen = 0;
  for (const Json& e : examples)
    if (e.is_array())
      for (const Json& item : e) seen |= without_null(kind_of(item));
  if (field.item_accepts == accept_any) {
    // Nothing is known of the items but the examples.
    plan.item_main = seen != 0 ? first_bit(seen) : std::uint8_t{accept_text};
    if (!field.members.empty()) plan.item_main = accept_object;
    return;
  }
  plan.item_main = (items & accept_object) != 0 ? std::uint8_t{accept_object}
                   : items != 0                 ? first_bit(items)
                                                : std::uint8_t{accept_text};
  plan.item_others = static_cast<std::uint8_t>(items & ~plan.item_main);
  // Ids are of one form, though either would be read.
  if (items == (accept_text | accept_number) && (items & seen) != 0) {
    plan.item_main = first_bit(items & seen);
    plan.item_others = 0;
    plan.look = Look::token;
  }
}

void Planner::find_reference(const EndpointPlan& of, FieldPlan& plan, Text refers_to) const {
  const Field& field = *plan.field;
  if (!refers_to.empty()) {
    const auto dot = refers_to.find('.');
    const int target = model_.named(refers_to.substr(0, dot));
    if (target >= 0) {
      const auto& facts = *model_.endpoints[static_cast<std::size_t>(target)].facts;
      const std::size_t index =
          dot == Text::npos ? facts.find(facts.key) : facts.find(refers_to.substr(dot + 1));
      if (index != Endpoint::npos) {
        plan.endpoint = target;
        plan.of = index;
        plan.origin = Origin::copied;
        return;
      }
    }
  }
  // A name that begins with the noun of another record and ends with a field of it means that
  // field; an object or list called like a record or endpoint holds its rows in short form.
  for (const EndpointPlan& other : model_.endpoints) {
    if (other.number == of.number || !other.stands_alone()) continue;
    if (!field.members.empty() && (field.name == other.noun || field.name == other.facts->name)) {
      plan.endpoint = other.number;
      return;
    }
    if (field.members.empty() && field.name.size() > other.noun.size() + 1 &&
        field.name.starts_with(other.noun) && field.name[other.noun.size()] == '_') {
      const std::size_t index = other.facts->find(field.name.substr(other.noun.size() + 1));
      if (index == Endpoint::npos) continue;
      plan.endpoint = other.number;
      plan.of = index;
      plan.origin = Origin::copied;
      return;
    }
  }
}

void Planner::plan_members(const EndpointPlan& of, FieldPlan& plan,
                           const Examples& examples) const {
  const Examples objects = items_of(examples);
  for (const Field& member : plan.field->members) {
    Examples inner;
    for (const Json& object : objects)
      if (object.is_object())
        if (const auto it = object.find(std::string{member.name}); it != object.end())
          inner.push_back(*it);
    FieldPlan planned = this->plan(of, member, inner, {}, join(plan.salt, member.name));
    if (plan.endpoint >= 0) {
      // A short form of another endpoint's row: what both have is the same.
      const auto& facts = *model_.endpoints[static_cast<std::size_t>(plan.endpoint)].facts;
      planned.of = facts.find(member.name);
      planned.origin = planned.of == Endpoint::npos ? Origin::own : Origin::copied;
      planned.endpoint = plan.endpoint;
    }
    plan.members.push_back(std::move(planned));
  }
}

FieldPlan Planner::plan(const EndpointPlan& of, const Field& field, const Examples& examples,
                        Text refers_to, std::uint64_t salt) const {
  FieldPlan plan;
  plan.field = &field;
  plan.name = json_string(field.name) + ':';
  plan.salt = salt;
  plan.look = look_of(field);
  learn_examples(plan, examples);
  choose_kinds(plan, examples);
  find_reference(of, plan, refers_to);
  plan_members(of, plan, examples);
  return plan;
}

void Planner::assign_origins(EndpointPlan& plan) const {
  const Endpoint& facts = *plan.facts;
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    FieldPlan& field = plan.fields[i];
    const Text name = field.field->name;
    field.numbered = i == plan.label && !plan.dated() && field.look == Look::phrase;
    const std::size_t above =
        plan.parent < 0 || !plan.is_one_row()
            ? Endpoint::npos
            : model_.endpoints[static_cast<std::size_t>(plan.parent)].facts->find(name);
    if (above != Endpoint::npos) {
      field.origin = Origin::of_parent;
      field.of = above;
    } else if (i == plan.key) {
      field.origin = Origin::key;
    } else if (i == plan.instant) {
      field.origin = Origin::instant;
    } else if (i == plan.hidden) {
      field.origin = Origin::hidden;
    } else if (i == plan.disabled) {
      field.origin = Origin::disabled;
    } else if (field.field->type == Type::timestamp) {
      field.origin = !plan.disabled_value.empty() && name.starts_with(plan.disabled_value) &&
                             name.substr(plan.disabled_value.size()) == "_at"
                         ? Origin::disabled_at
                         : Origin::aside;
    } else if (plan.legacy_base != 0 && field.origin == Origin::own && name.ends_with("_id") &&
               (field.field->type == Type::integer || field.field->type == Type::id) &&
               (field.field->accepts & accept_number) != 0 && !field.numbers.empty()) {
      field.origin = Origin::legacy;
    } else if (plan.grouped && field.look == Look::choice && model_.root >= 0 &&
               std::ranges::count(
                   field.field->values,
                   Text{model_.endpoints[static_cast<std::size_t>(model_.group)].noun}) &&
               std::ranges::count(
                   field.field->values,
                   Text{model_.endpoints[static_cast<std::size_t>(model_.root)].noun})) {
      field.origin = Origin::level;
    } else if (constexpr Text display = "formatted_";
               field.origin == Origin::own && name.starts_with(display)) {
      const std::size_t sibling = facts.find(name.substr(display.size()));
      if (sibling != Endpoint::npos && plan.fields[sibling].main == accept_text &&
          (field.look == Look::display_phone) == (plan.fields[sibling].look == Look::phone)) {
        field.origin = Origin::sibling;
        field.of = sibling;
      }
    }
  }
}

}  // namespace callrail::fake
