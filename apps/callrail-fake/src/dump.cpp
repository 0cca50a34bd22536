#include <callrail/fake/fake_api.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

/// ",\"company_id\":\"COM…\"" for each field that only the request knows.
std::string from_request(const World& world, const Row& row) {
  const Model& model = world.model();
  std::string out;
  for (const FieldPlan& field : row.plan->fields) {
    if (field.field->sent != Sent::of_request) continue;
    const bool of_group = field.field->parameter == model.group_parameter && row.group >= 0;
    if (!of_group && model.root < 0) continue;
    const int of = of_group ? model.group : model.root;
    const auto& parent = model.endpoints[static_cast<std::size_t>(of)];
    const Row named = world.row(parent, row.account,
                                of_group ? static_cast<std::uint64_t>(row.group) : row.account);
    out += ',' + field.name;
    world.append_field(out, named, parent.key);
  }
  return out;
}

}  // namespace

std::vector<std::size_t> dumped_fields(const World& world, const EndpointPlan& plan) {
  std::vector<std::size_t> fields;
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const Field& field = *plan.fields[i].field;
    if (field.gone) continue;
    const bool refused = std::ranges::count(plan.facts->refused, field.name) != 0 ||
                         world.quirks().refused_fields().contains(field.name);
    if (field.sent == Sent::always || (field.sent == Sent::on_request && !refused) ||
        (field.sent == Sent::unseen && world.quirks().has(Quirk::unseen_sent)))
      fields.push_back(i);
  }
  return fields;
}

void append_dumped(std::string& out, const World& world, const Row& row,
                   std::span<const std::size_t> fields) {
  World::Patch patch;
  patch.more = from_request(world, row);
  world.append_row(out, row, fields, &patch);
}

void dump(const World& world, const Listing& listing, const EndpointPlan& plan,
          std::optional<std::uint32_t> only, const std::function<void(Text line)>& out) {
  constexpr std::uint64_t at_once = 250;
  const std::vector<std::size_t> fields = dumped_fields(world, plan);
  const auto reading = world.reading();
  const std::uint32_t accounts = world.model().is_root(plan) ? 1 : world.accounts();
  for (std::uint32_t account = 0; account < accounts; ++account) {
    if (only && *only != account && !world.model().is_root(plan)) continue;
    Wanted wanted;
    wanted.plan = &plan;
    wanted.account = account;
    for (std::uint64_t first = 0;; first += at_once) {
      const auto slice = listing.slice(wanted, first, at_once);
      for (const Row& row : slice.rows) {
        std::string line;
        append_dumped(line, world, row, fields);
        out(line);
      }
      if (first + at_once >= slice.total) break;
    }
  }
}

}  // namespace callrail::fake
