#include <callrail/fake/fake_api.hpp>
#include <callrail/fake/sums.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <algorithm>

namespace callrail::fake {
namespace {

/// The row whose key a parameter of the request is, for a request that gets this row.
std::optional<Row> asked_for(const World& world, const Row& row, Text parameter) {
  const Model& model = world.model();
  if (row.plan->parent >= 0 && parameter == row.plan->parent_parameter) return world.parent_of(row);
  const bool of_group = parameter == model.group_parameter && row.group >= 0;
  if (!of_group && model.root < 0) return std::nullopt;
  return world.row(model.endpoints[static_cast<std::size_t>(of_group ? model.group : model.root)],
                   row.account, of_group ? static_cast<std::uint64_t>(row.group) : row.account);
}

/// ",\"company_id\":\"COM…\"" for each field that only the request knows, or that is counted.
std::string not_sent(const World& world, const Row& row, const Pairs& words) {
  std::string out;
  for (const FieldPlan& field : row.plan->fields) {
    if (field.field->sent == Sent::ordinal)
      out += ',' + field.name + std::to_string(row.number % row.plan->most_children + 1);
    if (field.field->sent != Sent::of_request) continue;
    const Text parameter = field.field->parameter;
    const auto word =
        std::ranges::find(words, parameter, [](const auto& w) { return Text{w.first}; });
    if (word != words.end()) {
      out += ',' + field.name + json_string(word->second);
    } else if (const auto named = asked_for(world, row, parameter)) {
      out += ',' + field.name;
      world.append_field(out, *named, named->plan->key);
    }
  }
  return out;
}

/// Whether a field of details comes with the row they are about, asked for or not.
bool comes_along(const World& world, const EndpointPlan& plan, std::size_t field) {
  return plan.fields[field].origin == Origin::of_parent &&
         world.model()
                 .endpoints[static_cast<std::size_t>(plan.parent)]
                 .facts->fields[plan.fields[field].of]
                 .sent == Sent::single;
}

/// Each listed row of an account, oldest first.
void each_row(const Listing& listing, Wanted wanted, const std::function<void(const Row&)>& out) {
  constexpr std::uint64_t at_once = 250;
  for (std::uint64_t first = 0;; first += at_once) {
    const auto slice = listing.slice(wanted, first, at_once);
    for (const Row& row : slice.rows) out(row);
    if (first + at_once >= slice.total) return;
  }
}

void dump_sums(const World& world, const Listing& listing, const EndpointPlan& plan,
               std::uint32_t account, const Days& days, const std::function<void(Text line)>& out) {
  const EndpointPlan& of = world.model().endpoints[static_cast<std::size_t>(plan.counted)];
  const Timeline& timeline = world.timeline(of, account);
  const Instant until = world.options().until;
  const Row row{&plan, account, 0, 0, -1, until, &world.owner_zone()};
  for (const Pairs& words : all_words(*plan.facts)) {
    const Summing summing{&plan,
                          account,
                          words,
                          {},
                          {days.from.value_or(timeline.rows() == 0 ? until : timeline.at(0)),
                           days.to.value_or(until), &world.owner_zone()}};
    const std::string more = not_sent(world, row, words);
    for (std::string& line : sum_up(world, listing, summing, dumped_fields(world, plan))) {
      line.pop_back();
      out(line + more + '}');
    }
  }
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
        (field.sent == Sent::unseen && world.quirks().has(Quirk::unseen_sent)) ||
        comes_along(world, plan, i))
      fields.push_back(i);
  }
  return fields;
}

void append_dumped(std::string& out, const World& world, const Row& row,
                   std::span<const std::size_t> fields) {
  World::Patch patch;
  patch.more = not_sent(world, row, {});
  world.append_row(out, row, fields, &patch);
}

void dump(const World& world, const Listing& listing, const EndpointPlan& plan,
          std::optional<std::uint32_t> only, const std::function<void(Text line)>& out,
          const Days& days) {
  const std::vector<std::size_t> fields = dumped_fields(world, plan);
  const Model& model = world.model();
  const auto reading = world.reading();
  const auto write = [&](const Row& row) {
    std::string line;
    append_dumped(line, world, row, fields);
    out(line);
  };
  const std::uint32_t accounts = model.is_root(plan) ? 1 : world.accounts();
  for (std::uint32_t account = 0; account < accounts; ++account) {
    if (only && *only != account && !model.is_root(plan)) continue;
    if (plan.counted >= 0) {
      dump_sums(world, listing, plan, account, days, out);
      continue;
    }
    Wanted wanted;
    wanted.plan = plan.parent < 0 ? &plan : &model.endpoints[static_cast<std::size_t>(plan.parent)];
    wanted.account = account;
    if (wanted.plan->dated()) {
      wanted.from = days.from;
      wanted.to = days.to;
    }
    each_row(listing, wanted, [&](const Row& row) {
      if (plan.parent < 0) return write(row);
      for (std::uint64_t i = 0; i < world.children(plan, row); ++i)
        write(world.child(plan, row, i));
    });
  }
}

}  // namespace callrail::fake
