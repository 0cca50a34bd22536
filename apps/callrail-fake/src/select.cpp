#include <callrail/fake/answers.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::fake {
namespace {

bool may_be_named(const EndpointPlan& plan, const Field& field, bool single, const Quirks& quirks) {
  if (field.gone || field.sent == Sent::of_request || field.sent == Sent::ordinal ||
      (field.sent == Sent::single && !single))
    return false;
  if (quirks.refused_fields().contains(field.name)) return false;
  return single || std::ranges::count(plan.facts->refused, field.name) == 0;
}

}  // namespace

std::expected<std::vector<std::size_t>, std::string> fields_for(const EndpointPlan& plan,
                                                                const std::string* named,
                                                                bool single, const Quirks& quirks) {
  const Endpoint& facts = *plan.facts;
  std::vector<bool> asked(facts.fields.size());
  if (named != nullptr && !facts.select.empty()) {
    std::string bad;
    Text rest = *named;
    while (!rest.empty()) {
      const Text name = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(name.size() + 1, rest.size()));
      if (name.empty()) continue;
      const std::size_t field = facts.find(name);
      if (field != Endpoint::npos && may_be_named(plan, facts.fields[field], single, quirks)) {
        asked[field] = true;
      } else {
        if (!bad.empty()) bad += ", ";
        bad += name;
      }
    }
    if (!bad.empty()) {
      std::string allowed;
      for (const Field& field : facts.fields) {
        if (!may_be_named(plan, field, single, quirks)) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += field.name;
      }
      return std::unexpected(
          fmt::format("field values not allowed: {}; must be: '{}'", bad, allowed));
    }
  }
  const bool limited = facts.select_limits && std::ranges::count(asked, true) != 0;
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < facts.fields.size(); ++i) {
    const Field& field = facts.fields[i];
    if (field.gone) continue;
    if (limited && !asked[i]) continue;
    const bool unseen = quirks.has(Quirk::unseen_sent) && (asked[i] || facts.select.empty());
    if (field.sent == Sent::always || (field.sent == Sent::on_request && asked[i]) ||
        (field.sent == Sent::single && single) || (field.sent == Sent::unseen && unseen))
      out.push_back(i);
  }
  return out;
}

}  // namespace callrail::fake
