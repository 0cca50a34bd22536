#include <callrail/fake/number.hpp>
#include <callrail/fake/random.hpp>
#include <callrail/fake/world.hpp>
#include <callrail/fake/writer.hpp>

namespace callrail::fake {
namespace {

using std::chrono::days;
using std::chrono::months;

constexpr std::uint64_t hidden_every = 40, disabled_every = 8, group_less_every = 4,
                        childless_every = 4;

/// The oldest row of a dated list. Two days inside what the API keeps, so that a client that stays
/// a day clear of the border, in whatever zone, still sees all of them.
Instant first_kept(Instant until, int keeps_months) {
  using namespace std::chrono;
  const auto day = floor<days>(until);
  year_month_day date{day};
  date -= months{keeps_months};
  if (!date.ok()) date = date.year() / date.month() / last;
  return sys_days{date} + (until - day) + days{2};
}

}  // namespace

std::uint64_t default_rows(const Model& model, const EndpointPlan& plan) {
  if (model.is_root(plan)) return 2;
  if (model.is_group(plan)) return 3;
  if (plan.parent >= 0) return 5;
  return plan.dated() ? 500 : 20;
}

World::World(const Api& api, const WorldOptions& options, const Quirks& quirks)
    : model_{api, options.seed}, options_{options}, quirks_{quirks} {
  owner_zone_ = zones_.find(options.zone);
  if (owner_zone_ == nullptr) owner_zone_ = zones_.find("UTC");
  const auto rows_of = [&](const EndpointPlan& plan) {
    const auto given = options_.rows.find(plan.facts->name);
    return given == options_.rows.end() ? default_rows(model_, plan) : given->second;
  };
  accounts_ = model_.root < 0 ? 1
                              : static_cast<std::uint32_t>(rows_of(
                                    model_.endpoints[static_cast<std::size_t>(model_.root)]));
  for (EndpointPlan& plan : model_.endpoints) {
    // Lists below rows take their number for the most they have; sums have no rows of their own.
    if (plan.parent >= 0 && !plan.is_one_row())
      plan.most_children = std::max<std::uint64_t>(rows_of(plan), 1);
    const std::uint64_t rows = plan.stands_alone() ? rows_of(plan) : 0;
    plan.keys.expect(accounts_, rows);
    plan.keys.with_large_numbers(options.nasty);
    const Instant from =
        plan.dated() ? first_kept(options.until, api.keeps_months) : options.until - days{5 * 365};
    // At least one table, also of a world without accounts.
    for (std::uint32_t a = 0; a < std::max(accounts_, 1U); ++a)
      tables_.push_back({Timeline{from, options.until, model_.is_root(plan) ? accounts_ : rows,
                                  join(plan.salt, a), *owner_zone_},
                         {}});
  }
  for (const EndpointPlan& plan : model_.endpoints)
    tomorrow_.push_back(options_.tomorrow.contains(plan.facts->name) ? std::optional<Tomorrow>{plan}
                                                                     : std::nullopt);
  zones_of_groups_.resize(std::max(accounts_, 1U));
  if (model_.group < 0) return;
  const auto& group = model_.endpoints[static_cast<std::size_t>(model_.group)];
  if (group.zone == Endpoint::npos) return;
  for (std::uint32_t a = 0; a < accounts_; ++a) {
    std::string name;
    for (std::uint64_t g = 0; g < groups(a); ++g) {
      name.clear();
      append_field(name, row(group, a, g), group.zone);
      const Zone* zone =
          name.size() > 2 ? zones_.find(Text{name}.substr(1, name.size() - 2)) : nullptr;
      zones_of_groups_[a].push_back(zone);
    }
  }
}

const Tomorrow* World::tomorrow(const EndpointPlan& plan) const {
  const auto& found = tomorrow_[static_cast<std::size_t>(plan.number)];
  return found ? &*found : nullptr;
}

std::size_t World::table_index(const EndpointPlan& plan, std::uint32_t account) const {
  const std::uint32_t per_endpoint = std::max(accounts_, 1U);
  // The accounts themselves are one list, whoever asks.
  return static_cast<std::size_t>(plan.number) * per_endpoint +
         (model_.is_root(plan) ? 0 : account);
}

const Timeline& World::timeline(const EndpointPlan& plan, std::uint32_t account) const {
  return tables_[table_index(plan, account)].timeline;
}

const World::Changes& World::changes(const EndpointPlan& plan, std::uint32_t account) const {
  return tables_[table_index(plan, account)].changes;
}

std::uint64_t World::first_rows(const EndpointPlan& plan, std::uint32_t account) const {
  return timeline(plan, account).rows();
}

std::uint64_t World::groups(std::uint32_t account) const {
  return model_.group < 0
             ? 0
             : first_rows(model_.endpoints[static_cast<std::size_t>(model_.group)], account);
}

std::uint64_t World::rotation(const EndpointPlan& plan, std::uint32_t account,
                              std::uint64_t block) const {
  return join(join(plan.salt, account), block) % groups(account);
}

std::int64_t World::group_of(const EndpointPlan& plan, std::uint32_t account,
                             std::uint64_t number) const {
  if (model_.is_group(plan)) return static_cast<std::int64_t>(number);
  const std::uint64_t count = groups(account);
  if (!plan.grouped || count == 0) return -1;
  if (plan.group_optional && join(plan.salt ^ 0x67, number) % group_less_every == 0) return -1;
  // Each block of as many rows as there are companies has one row of each, in a turned order: rows
  // of one company are spread over time and can still be counted off.
  return static_cast<std::int64_t>((number + rotation(plan, account, number / count)) % count);
}

Instant World::instant_of(const EndpointPlan& plan, std::uint32_t account,
                          std::uint64_t number) const {
  const Table& table = tables_[table_index(plan, account)];
  if (number < table.timeline.rows()) return table.timeline.at(number);
  for (const Extra& extra : table.changes.extras)
    if (extra.number == number) return extra.at;
  return options_.until;
}

const Zone* World::zone_of(const EndpointPlan&, std::uint32_t account, std::int64_t group) const {
  if (group >= 0 && account < zones_of_groups_.size()) {
    const auto& zones = zones_of_groups_[account];
    if (static_cast<std::size_t>(group) < zones.size() && zones[static_cast<std::size_t>(group)])
      return zones[static_cast<std::size_t>(group)];
  }
  return owner_zone_;
}

std::uint64_t World::children(const EndpointPlan& plan, const Row& parent) const {
  if (plan.is_one_row()) return 1;
  Dice dice{join(parent.seed, plan.salt)};
  return dice.one_in(childless_every) ? 0 : 1 + dice.below(plan.most_children);
}

Row World::child(const EndpointPlan& plan, const Row& parent, std::uint64_t place) const {
  const std::uint64_t number = parent.number * plan.most_children + place;
  Row row{&plan,        parent.account, number,     join(join(plan.salt, parent.account), number),
          parent.group, parent.at,      parent.zone};
  // The latest first, and all of them before what the row above is about.
  Dice dice{join(parent.seed, plan.salt + 1)};
  row.at -= std::chrono::seconds{(place + 1) * (1 + dice.below(900))};
  return row;
}

Row World::parent_of(const Row& row) const {
  return this->row(model_.endpoints[static_cast<std::size_t>(row.plan->parent)], row.account,
                   row.number / row.plan->most_children);
}

Row World::row(const EndpointPlan& plan, std::uint32_t account, std::uint64_t number) const {
  if (model_.is_root(plan)) account = static_cast<std::uint32_t>(number);
  Row row{&plan,
          account,
          number,
          join(join(plan.salt, account), number),
          group_of(plan, account, number),
          instant_of(plan, account, number),
          nullptr};
  row.zone = zone_of(plan, account, row.group);
  return row;
}

std::string World::key(const Row& row) const {
  std::string out;
  row.plan->keys.append(out, {row.account, row.number}, row.at);
  return out;
}

std::int64_t World::legacy_id(const Row& row) const {
  if (model_.is_root(*row.plan)) return row.plan->legacy_base + row.account;
  return row.plan->legacy_base + std::int64_t{row.account} * 100'000 +
         static_cast<std::int64_t>(row.number);
}

std::optional<Row> World::find(const EndpointPlan& plan, std::uint32_t account, Text key) const {
  std::optional<Place> place;
  const auto number = whole_number(key);
  const bool legacy = number && plan.legacy_base != 0 && plan.keys.form() == Keys::Form::hex;
  if (legacy) {
    const auto base = static_cast<std::uint64_t>(plan.legacy_base);
    if (*number < base) return std::nullopt;
    const std::uint64_t offset = *number - base;
    place = model_.is_root(plan)
                ? Place{static_cast<std::uint32_t>(offset), offset}
                : Place{static_cast<std::uint32_t>(offset / 100'000), offset % 100'000};
  } else {
    place = plan.keys.find(key);
  }
  if (!place) return std::nullopt;
  if (model_.is_root(plan)) {
    if (place->row >= accounts_) return std::nullopt;
  } else if (place->account != account || account >= accounts_) {
    return std::nullopt;
  }
  const Changes& changed = changes(plan, account);
  if (place->row >= first_rows(plan, account) + changed.extras.size()) return std::nullopt;
  Row found = row(plan, account, place->row);
  if (legacy) {
    if (static_cast<std::uint64_t>(legacy_id(found)) != *number) return std::nullopt;
  } else if (this->key(found) != key) {
    return std::nullopt;
  }
  if (!exists(found)) return std::nullopt;
  return found;
}

bool World::exists(const Row& row) const {
  const Changes& changed = changes(*row.plan, row.account);
  return changed.gone.empty() || !changed.gone.contains(row.number);
}

bool World::is_listed(const Row& row) const {
  if (!exists(row)) return false;
  const std::size_t hidden = row.plan->hidden;
  if (hidden == Endpoint::npos || quirks_.has(Quirk::hidden_shown)) return true;
  const Changes& changed = changes(*row.plan, row.account);
  if (!changed.edits.empty())
    if (const auto edits = changed.edits.find(row.number); edits != changed.edits.end())
      if (const auto edit = edits->second.find(hidden); edit != edits->second.end())
        return edit->second != "true";
  return join(row.seed, 0x5b) % hidden_every != 0;
}

void World::append_row(std::string& out, const Row& row, std::span<const std::size_t> fields,
                       const Patch* patch) const {
  const Tomorrow* changed = tomorrow(*row.plan);
  out += '{';
  const std::size_t begin = out.size();
  for (const std::size_t field : fields) {
    if (changed != nullptr && changed->gone == field) continue;
    const std::size_t before = out.size();
    if (before != begin) out += ',';
    out += row.plan->fields[field].name;
    const std::size_t value = out.size();
    if (patch != nullptr && patch->field == field)
      out += patch->value;
    else if (!append_field(out, row, field))
      out.resize(before);
    else if (changed != nullptr)
      changed->respell(out, value, field, row);
  }
  if (changed != nullptr) {
    if (out.size() != begin) out += ',';
    changed->append_new(out, row);
  }
  if (patch != nullptr && !patch->more.empty())
    out += out.size() == begin ? Text{patch->more}.substr(1) : Text{patch->more};
  out += '}';
}

bool World::append_field(std::string& out, const Row& row, std::size_t field) const {
  const Changes& changed = changes(*row.plan, row.account);
  if (!changed.edits.empty())
    if (const auto edits = changed.edits.find(row.number); edits != changed.edits.end())
      if (const auto edit = edits->second.find(field); edit != edits->second.end()) {
        out += edit->second;
        return true;
      }
  const FieldPlan& plan = row.plan->fields[field];
  if (plan.origin == Origin::of_parent) return append_field(out, parent_of(row), plan.of);
  if (plan.origin == Origin::hidden) {
    out += join(row.seed, 0x5b) % hidden_every == 0 ? "true" : "false";
    return true;
  }
  if (plan.origin == Origin::disabled || plan.origin == Origin::disabled_at) {
    const bool disabled = join(row.seed, 0xd1) % disabled_every == 0;
    if (plan.origin == Origin::disabled && disabled) {
      out += '"' + row.plan->disabled_value + '"';
      return true;
    }
    if (plan.origin == Origin::disabled_at && !disabled && plan.field->nullable()) {
      out += "null";
      return true;
    }
  }
  return Writer{out, *this, row}.field(plan);
}

std::optional<Row> World::referred(const Row& from, const EndpointPlan& to,
                                   std::uint64_t seed) const {
  if (model_.is_root(to)) return row(to, from.account, from.account);
  const std::uint64_t count = first_rows(to, from.account);
  if (quirks_.has(Quirk::orphans) && join(from.seed, to.salt) % 16 == 0)
    return row(to, from.account, count + 1'000'000 + from.number % 1000);
  if (model_.is_group(to)) {
    if (from.plan->grouped || model_.is_group(*from.plan))
      return from.group < 0
                 ? std::nullopt
                 : std::optional{row(to, from.account, static_cast<std::uint64_t>(from.group))};
    if (count == 0) return std::nullopt;
    return row(to, from.account, seed % count);
  }
  if (count == 0) return std::nullopt;
  const std::uint64_t companies = groups(from.account);
  if (!to.grouped || from.group < 0 || companies == 0) return row(to, from.account, seed % count);
  // The row of this company in some block; the last block may lack it.
  const std::uint64_t blocks = (count + companies - 1) / companies;
  for (std::uint64_t tried = 0; tried < blocks; ++tried) {
    const std::uint64_t block = (seed + tried) % blocks;
    const std::uint64_t turned = rotation(to, from.account, block);
    const auto group = static_cast<std::uint64_t>(from.group);
    const std::uint64_t start = block * companies;
    // group = (number + turned) % companies, number in [start, start + companies)
    const std::uint64_t in_block =
        (group + 2 * companies - (start + turned) % companies) % companies;
    if (start + in_block < count) return row(to, from.account, start + in_block);
  }
  return std::nullopt;
}

}  // namespace callrail::fake
