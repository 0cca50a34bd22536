#include <callrail/fake/model.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/plan.hpp>
#include <callrail/fake/random.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

std::string snake_case(Text record) {
  std::string out;
  for (const char c : record) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty()) out += '_';
    out += upper ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return out;
}

const Note* note_of(const Endpoint& facts, std::size_t field) {
  return field < facts.notes.size() ? &facts.notes[field] : nullptr;
}

std::span<const Text> examples_of(const Endpoint& facts, std::size_t field) {
  const Note* note = note_of(facts, field);
  return note == nullptr ? std::span<const Text>{} : note->examples;
}

std::size_t first_where(const Endpoint& facts, auto wanted) {
  for (std::size_t i = 0; i < facts.fields.size(); ++i)
    if (wanted(facts.fields[i])) return i;
  return Endpoint::npos;
}

/// The number in the examples of a field that looks like an older id; 0 if there is none.
std::int64_t legacy_base(const Endpoint& facts) {
  for (std::size_t i = 0; i < facts.fields.size(); ++i) {
    const Field& field = facts.fields[i];
    if (field.name == facts.key || !field.name.ends_with("_id") ||
        (field.accepts & accept_number) == 0 || note_of(facts, i) == nullptr ||
        !note_of(facts, i)->refers_to.empty())
      continue;
    for (const Text example : examples_of(facts, i)) {
      const auto value = whole_number(example);
      if (value && *value > 0) return static_cast<std::int64_t>(*value);
    }
  }
  return 555'000'001;
}

void find_columns(EndpointPlan& plan) {
  const Endpoint& facts = *plan.facts;
  plan.key = facts.find(facts.key);
  // Of several fields the one that is sent tells the rows of one list apart.
  if (facts.key.empty())
    plan.key = first_where(facts, [&](const Field& f) {
      return f.type == Type::id && f.sent == Sent::always &&
             std::ranges::count(facts.keys, f.name) != 0;
    });
  plan.hidden = facts.hidden_by.empty() ? Endpoint::npos : facts.find(facts.hidden_by);
  plan.zone = first_where(facts, [](const Field& f) { return f.format == Format::zone; });
  plan.label = first_where(facts, [&](const Field& f) {
    return f.type == Type::text && f.sent == Sent::always && f.format == Format::any;
  });
  plan.instant =
      facts.dates ? facts.find(facts.dates.cursor) : first_where(facts, [](const Field& f) {
        return f.type == Type::timestamp && !f.nullable();
      });
  const auto equals = facts.disabled_by.find('=');
  if (equals != Text::npos) {
    plan.disabled = facts.find(facts.disabled_by.substr(0, equals));
    plan.disabled_value = facts.disabled_by.substr(equals + 1);
  }
}

/// Accounts and companies: what lists are asked for once for each of.
void find_owners(Model& model) {
  // What stands in the query divides one list; in paths there are also single rows.
  for (const bool in_path : {false, true})
    for (const EndpointPlan& plan : model.endpoints)
      for (const Parent& parent : plan.facts->parents) {
        const int target = model.named(parent.endpoint);
        if (target < 0) continue;
        const bool top = model.endpoints[static_cast<std::size_t>(target)].facts->parents.empty();
        if (top && model.root < 0) model.root = target;
        if (!top && model.group < 0 && parent.in_path == in_path) {
          model.group = target;
          model.group_parameter = parent.parameter;
        }
      }
}

void find_parent(const Model& model, EndpointPlan& plan) {
  for (const Parent& parent : plan.facts->parents) {
    const int target = model.named(parent.endpoint);
    if (!parent.in_path || target < 0 || target == model.root || target == model.group) continue;
    plan.parent = target;
    plan.parent_parameter = parent.parameter;
    const Text list = model.endpoints[static_cast<std::size_t>(target)].facts->path;
    const std::string one =
        std::string{list.substr(0, list.rfind('.'))} + "/{" + std::string{parent.parameter} + '}';
    plan.beside_parent = plan.facts->path.substr(0, plan.facts->path.rfind('.')) == one;
  }
}

/// Sums are of the dated list whose path is most like theirs.
void find_counted(const Model& model, EndpointPlan& plan) {
  if (!plan.facts->dates.whole) return;
  std::ptrdiff_t longest = 0;
  for (const EndpointPlan& other : model.endpoints) {
    if (other.facts->dates.cursor.empty()) continue;
    const auto same =
        std::ranges::mismatch(other.facts->path, plan.facts->path).in1 - other.facts->path.begin();
    if (same <= longest) continue;
    longest = same;
    plan.counted = other.number;
  }
}

void find_group(const Model& model, EndpointPlan& plan) {
  if (model.group < 0 || model.is_root(plan) || model.is_group(plan)) return;
  if (!plan.stands_alone()) return;
  for (const Parent& parent : plan.facts->parents)
    if (parent.parameter == model.group_parameter) {
      plan.grouped = true;
      return;
    }
  const auto& group = model.endpoints[static_cast<std::size_t>(model.group)];
  for (const FieldPlan& field : plan.fields) {
    if (field.endpoint != model.group || field.main == accept_array) continue;
    const bool short_form = !field.members.empty();
    if (!short_form && field.of != group.key) continue;
    plan.grouped = true;
    plan.group_optional = field.field->nullable();
    return;
  }
}

}  // namespace

Model::Model(const Api& described, std::uint64_t seed) : api{&described} {
  for (const Endpoint* facts : described.endpoints) {
    EndpointPlan plan;
    plan.facts = facts;
    plan.number = static_cast<int>(endpoints.size());
    plan.noun = snake_case(facts->record);
    plan.salt = join(mix(seed + 1), facts->name);
    find_columns(plan);
    const auto examples =
        plan.key == Endpoint::npos ? std::span<const Text>{} : examples_of(*facts, plan.key);
    plan.keys = Keys{examples, facts->record, plan.salt, static_cast<bool>(facts->dates)};
    endpoints.push_back(std::move(plan));
  }
  find_owners(*this);
  for (EndpointPlan& plan : endpoints) {
    find_parent(*this, plan);
    find_counted(*this, plan);
  }
  for (const int parent : {root, group})
    if (parent >= 0) {
      auto& plan = endpoints[static_cast<std::size_t>(parent)];
      plan.legacy_base = legacy_base(*plan.facts);
    }

  const Planner planner{*this};
  for (EndpointPlan& plan : endpoints) {
    for (std::size_t i = 0; i < plan.facts->fields.size(); ++i) {
      const Field& field = plan.facts->fields[i];
      const Note* note = note_of(*plan.facts, i);
      plan.fields.push_back(planner.plan(plan, field, parse_examples(examples_of(*plan.facts, i)),
                                         note == nullptr ? Text{} : note->refers_to,
                                         join(plan.salt, field.name)));
    }
    find_group(*this, plan);
    planner.assign_origins(plan);
  }
}

const EndpointPlan* Model::find(Text endpoint) const {
  const auto found =
      std::ranges::find(endpoints, endpoint, [](const EndpointPlan& e) { return e.facts->name; });
  return found == endpoints.end() ? nullptr : &*found;
}

int Model::named(Text name) const {
  for (const EndpointPlan& e : endpoints)
    if (e.facts->name == name || e.noun == name) return e.number;
  return -1;
}

}  // namespace callrail::fake
