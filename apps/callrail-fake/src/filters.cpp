#include <callrail/fake/listing.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

using Json = nlohmann::json;

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Whether a value is the one wanted, or holds it: a list of tags the name of one.
bool holds(const Json& value, Text wanted) {
  if (value.is_array() || value.is_object())
    return std::any_of(value.begin(), value.end(),
                       [&](const Json& item) { return holds(item, wanted); });
  return !value.is_null() && as_text(value) == wanted;
}

const Filter* declared(const Endpoint& facts, Text name) {
  const auto found = std::ranges::find(facts.filters, name, &Filter::name);
  return found == facts.filters.end() ? nullptr : &*found;
}

/// The object and the member whose names a filter joins with an underscore.
std::pair<std::size_t, Text> member_path(const Endpoint& facts, Text filter) {
  for (std::size_t i = 0; i < facts.fields.size(); ++i) {
    const Field& field = facts.fields[i];
    if (field.members.empty() || filter.size() <= field.name.size() + 1 ||
        !filter.starts_with(field.name) || filter[field.name.size()] != '_')
      continue;
    const Text rest = filter.substr(field.name.size() + 1);
    if (std::ranges::find(field.members, rest, &Field::name) != field.members.end())
      return {i, rest};
  }
  return {Endpoint::npos, {}};
}

/// A list of short forms of companies, for a filter by company.
std::size_t list_of_groups(const Model& model, const EndpointPlan& plan) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i)
    if (plan.fields[i].endpoint == model.group && !plan.fields[i].members.empty()) return i;
  return Endpoint::npos;
}

}  // namespace

bool can_filter(const Model& model, const EndpointPlan& plan, Text filter) {
  if (filter == model.group_parameter && model.group >= 0)
    return plan.grouped || list_of_groups(model, plan) != Endpoint::npos ||
           plan.facts->find(filter) != Endpoint::npos;
  return plan.facts->find(filter) != Endpoint::npos ||
         member_path(*plan.facts, filter).first != Endpoint::npos;
}

bool Listing::lets_through(const Wanted& wanted, const Row& row) const {
  return world_.is_listed(row) && std::ranges::all_of(wanted.filters, [&](const auto& filter) {
           return matches(row, filter.first, filter.second);
         });
}

bool Listing::matches_group(const Row& row, Text value) const {
  const Model& model = world_.model();
  const auto& group = model.endpoints[static_cast<std::size_t>(model.group)];
  const auto wanted = world_.find(group, row.account, value);
  if (!wanted) return false;
  if (row.plan->grouped) return row.group == static_cast<std::int64_t>(wanted->number);
  std::string json;
  world_.append_field(json, row, list_of_groups(model, *row.plan));
  return holds(Json::parse(json, nullptr, false), world_.key(*wanted));
}

bool Listing::matches(const Row& row, Text filter, Text value) const {
  const Model& model = world_.model();
  const Endpoint& facts = *row.plan->facts;
  if (model.group >= 0 && filter == model.group_parameter &&
      (row.plan->grouped || list_of_groups(model, *row.plan) != Endpoint::npos))
    return matches_group(row, value);

  std::string json;
  std::size_t field = facts.find(filter);
  Text member;
  if (field == Endpoint::npos) std::tie(field, member) = member_path(facts, filter);
  if (field == Endpoint::npos) return true;
  if (!world_.append_field(json, row, field)) return false;

  // A word of the filter that the field does not have stands for rows without a word.
  const auto& words = facts.fields[field].values;
  if (const Filter* known = declared(facts, filter);
      known != nullptr && !words.empty() && std::ranges::count(known->values, value) != 0 &&
      std::ranges::count(words, value) == 0)
    return json == "null";

  if (member.empty() && !json.starts_with('[') && !json.starts_with('{') &&
      json.find('\\') == std::string::npos) {
    const Text plain = json.starts_with('"') ? Text{json}.substr(1, json.size() - 2) : Text{json};
    return plain == value;
  }
  const Json parsed = Json::parse(json, nullptr, false);
  if (member.empty()) return holds(parsed, value);
  return parsed.is_object() && holds(parsed.value(std::string{member}, Json{}), value);
}

}  // namespace callrail::fake
