#include <callrail/fake/world.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>

/// Changes while the fake runs.
namespace callrail::fake {

Result<Row> World::changeable(Text endpoint, std::uint32_t account, Text key) const {
  const EndpointPlan* plan = model_.find(endpoint);
  if (plan == nullptr)
    return fail(Code::bad_request, fmt::format("no endpoint is called {}", endpoint));
  if (account >= accounts_)
    return fail(Code::bad_request, fmt::format("there is no account {}", account));
  const auto row = find(*plan, account, key);
  if (!row)
    return fail(Code::not_found,
                fmt::format("{}: account {} has no row {}", endpoint, account, key));
  return *row;
}

void World::change(const Row& row, std::size_t field, std::string value) {
  Changes& changed = tables_[table_index(*row.plan, row.account)].changes;
  changed.edits[row.number][field] = std::move(value);
  changed.journal.push_back(row.number);
}

Result<std::string> World::insert(Text endpoint, std::uint32_t account, Instant at) {
  const std::unique_lock lock{mutex_};
  const EndpointPlan* plan = model_.find(endpoint);
  if (plan == nullptr)
    return fail(Code::bad_request, fmt::format("no endpoint is called {}", endpoint));
  if (account >= accounts_)
    return fail(Code::bad_request, fmt::format("there is no account {}", account));
  if (!plan->stands_alone())
    return fail(Code::bad_request,
                fmt::format("{}: its rows are made from those of other lists", endpoint));
  if (model_.is_root(*plan) || model_.is_group(*plan))
    return fail(Code::bad_request,
                fmt::format("{}: other rows are made to belong to these; set their number before "
                            "the start with --rows",
                            endpoint));
  Table& table = tables_[table_index(*plan, account)];
  const Extra extra{at, table.timeline.rows() + table.changes.extras.size()};
  auto& extras = table.changes.extras;
  extras.insert(std::ranges::upper_bound(extras, at, {}, &Extra::at), extra);
  // New rows are seen, or an insert could go unnoticed by chance.
  if (plan->hidden != Endpoint::npos) table.changes.edits[extra.number][plan->hidden] = "false";
  return key(row(*plan, account, extra.number));
}

Status World::hide(Text endpoint, std::uint32_t account, Text key) {
  const std::unique_lock lock{mutex_};
  const auto row = changeable(endpoint, account, key);
  if (!row) return std::unexpected(row.error());
  if (row->plan->hidden != Endpoint::npos) {
    change(*row, row->plan->hidden, "true");
  } else {
    Changes& changed = tables_[table_index(*row->plan, row->account)].changes;
    changed.gone.insert(row->number);
    changed.journal.push_back(row->number);
  }
  return {};
}

Status World::edit(Text endpoint, std::uint32_t account, Text key, Text field, Text value,
                   Editing how) {
  const std::unique_lock lock{mutex_};
  const auto row = changeable(endpoint, account, key);
  if (!row) return std::unexpected(row.error());
  const EndpointPlan& plan = *row->plan;
  const std::size_t index = plan.facts->find(field);
  if (index == Endpoint::npos)
    return fail(Code::bad_request, fmt::format("{} has no field {}", endpoint, field));
  const bool places_row =
      plan.grouped && plan.fields[index].endpoint == model_.group &&
      plan.fields[index].of == model_.endpoints[static_cast<std::size_t>(model_.group)].key;
  if (how == Editing::told && (index == plan.key || index == plan.instant || places_row))
    return fail(Code::bad_request,
                fmt::format("{}.{} says where the row belongs; insert another row instead",
                            endpoint, field));
  if (!nlohmann::json::accept(value))
    return fail(Code::bad_request, fmt::format("{}.{}: {} is not JSON", endpoint, field, value));
  change(*row, index, std::string{value});
  return {};
}

Status World::remove(Text endpoint, std::uint32_t account, Text key, Instant when) {
  const std::unique_lock lock{mutex_};
  const auto row = changeable(endpoint, account, key);
  if (!row) return std::unexpected(row.error());
  const EndpointPlan& plan = *row->plan;
  if (plan.disabled == Endpoint::npos) {
    Changes& changed = tables_[table_index(plan, row->account)].changes;
    changed.gone.insert(row->number);
    changed.journal.push_back(row->number);
    return {};
  }
  change(*row, plan.disabled, '"' + plan.disabled_value + '"');
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].origin != Origin::disabled_at) continue;
    std::string spelled = "\"";
    append_instant(spelled, when, row->zone->offset(when), plan.fields[i].spellings.front());
    change(*row, i, spelled + '"');
  }
  return {};
}

void World::forget_changes() {
  const std::unique_lock lock{mutex_};
  for (Table& table : tables_) {
    const std::uint64_t generation = table.changes.generation + 1;
    table.changes = {};
    table.changes.generation = generation;
  }
}

}  // namespace callrail::fake
