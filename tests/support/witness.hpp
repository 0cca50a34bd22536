#pragma once

#include <callrail/fake/fake_api.hpp>
#include <callrail/fake/random.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace callrail::test {

/// What the world held while a run went on: of every row the instant, every value it ever had
/// while it was listed, and whether it was listed all the time.
class Witness {
 public:
  struct Seen {
    std::uint32_t account = 0;
    std::int64_t group = -1;
    fake::Instant at{};
    bool throughout = true;
    std::vector<std::string> versions;  ///< JSON; none: never listed
  };
  using Rows = std::map<std::string, Seen>;  ///< by key

  /// `sends`: whether an extraction asks for a field.
  using Sends = std::function<bool(const fake::EndpointPlan&, std::size_t field)>;
  Witness(const fake::World& world, const fake::Listing& listing,
          const std::vector<const fake::EndpointPlan*>& plans, const Sends& sends)
      : world_{world} {
    for (const fake::EndpointPlan* plan : plans) {
      auto fields = dumped_fields(world, *plan);
      std::erase_if(fields, [&](std::size_t field) { return !sends(*plan, field); });
      Watched& watched = watched_[plan];
      watched.fields = std::move(fields);
      const auto reading = world.reading();
      const std::uint32_t accounts = world.model().is_root(*plan) ? 1 : world.accounts();
      for (std::uint32_t account = 0; account < accounts; ++account) {
        fake::Wanted wanted;
        wanted.plan = plan;
        wanted.account = account;
        const auto total = listing.slice(wanted, 0, 0).total;
        for (const fake::Row& row : listing.slice(wanted, 0, total).rows)
          append_dumped(seen(watched, row).versions.emplace_back(), world, row, watched.fields);
      }
    }
  }

  /// A row may have changed, come or gone; nothing if nobody watches its endpoint.
  void changed(const fake::EndpointPlan& plan, std::uint32_t account, std::uint64_t number) {
    const auto found = watched_.find(&plan);
    if (found == watched_.end()) return;
    const auto reading = world_.reading();
    const fake::Row row = world_.row(plan, account, number);
    const bool known = found->second.rows.contains(world_.key(row));
    Seen& seen = this->seen(found->second, row);
    const bool listed = world_.is_listed(row);
    if (!known || !listed) seen.throughout = false;
    if (!listed) return;
    std::string now;
    append_dumped(now, world_, row, found->second.fields);
    if (std::ranges::find(seen.versions, now) == seen.versions.end())
      seen.versions.push_back(std::move(now));
  }

  const Rows& rows(const fake::EndpointPlan& plan) const { return watched_.at(&plan).rows; }

 private:
  struct Watched {
    std::vector<std::size_t> fields;
    Rows rows;
  };

  Seen& seen(Watched& watched, const fake::Row& row) {
    const auto [at, fresh] = watched.rows.try_emplace(world_.key(row));
    if (fresh) {
      at->second.account = row.account;
      at->second.group = row.group;
      at->second.at = row.at;
    }
    return at->second;
  }

  const fake::World& world_;
  std::map<const fake::EndpointPlan*, Watched> watched_;
};

/// People at work while somebody reads: rows are inserted (new ones and late ones), hidden, shown
/// again, edited and removed at random moments, as long as `left` lasts.
class Churn {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::chrono::milliseconds every{100};  ///< on average
    int left = 0;                          ///< changes in all
  };

  Churn(fake::FakeApi& api, Witness& witness, std::vector<const fake::EndpointPlan*> plans,
        Options options, fake::Instant begin)
      : api_{api},
        witness_{witness},
        plans_{std::move(plans)},
        options_{options},
        dice_{options.seed},
        due_{begin} {
    for (const fake::EndpointPlan& plan : api.world().model().endpoints)
      for (const fake::FieldPlan& field : plan.fields) note_copies(field, -1);
    put_off();
  }

  std::vector<std::string> trace;  ///< what was done, for a person

  /// Does what is due by now. After a long wait no more than a few changes happen at once.
  void until(fake::Instant now) {
    for (int at_once = 0; options_.left > 0 && due_ <= now; ++at_once) {
      if (at_once == 4) due_ = now;
      if (at_once < 4) change(now);
      put_off();
    }
  }

 private:
  /// A value that stands in rows of other endpoints too: changing it would change those.
  void note_copies(const fake::FieldPlan& field, int endpoint) {
    if (field.endpoint >= 0) endpoint = field.endpoint;
    if (endpoint >= 0) {
      copied_.emplace(endpoint, field.of);
      copied_.emplace(endpoint,
                      api_.world().model().endpoints[static_cast<std::size_t>(endpoint)].label);
    }
    for (const fake::FieldPlan& member : field.members) note_copies(member, endpoint);
  }
  bool is_copied(const fake::EndpointPlan& plan, std::size_t field) const {
    return copied_.contains({plan.number, field});
  }

  void put_off() {
    due_ += std::chrono::milliseconds{
        1 + dice_.below(static_cast<std::uint64_t>(2 * options_.every.count()))};
  }

  void change(fake::Instant now) {
    fake::World& world = api_.world();
    const fake::EndpointPlan& plan = *plans_[dice_.below(plans_.size())];
    const auto account = static_cast<std::uint32_t>(dice_.below(world.accounts()));
    const Text name = plan.facts->name;
    const bool parent = world.model().is_root(plan) || world.model().is_group(plan);
    const std::uint64_t count =
        world.first_rows(plan, account) + world.changes(plan, account).extras.size();
    const auto done = [&](const char* what, std::uint64_t number) {
      --options_.left;
      trace.push_back(std::string{what} + ' ' + std::string{name} + ' ' +
                      world.key(world.row(plan, account, number)));
      witness_.changed(plan, account, number);
    };

    const std::uint64_t what = dice_.below(10);
    if (what < 4 && !parent) {
      fake::Instant at = now;
      if (dice_.one_in(2) && count != 0 && plan.dated()) {  // late: reported long after it was
        const fake::Instant oldest =
            world.timeline(plan, account).rows() == 0 ? now : world.timeline(plan, account).at(0);
        at = oldest + std::chrono::milliseconds{
                          dice_.below(static_cast<std::uint64_t>((now - oldest).count()) + 1)};
      }
      if (world.insert(name, account, at)) done(at == now ? "insert" : "insert late", count);
      return;
    }
    if (count == 0) return;
    const std::uint64_t number = dice_.below(count);
    const std::string key = world.key(world.row(plan, account, number));
    if (what < 7 && !parent) {
      if (world.hide(name, account, key)) done("hide", number);
    } else if (what == 7 && plan.hidden != Endpoint::npos) {
      if (world.edit(name, account, key, plan.facts->fields[plan.hidden].name, "false"))
        done("show", number);
    } else if (what == 8) {
      const bool disables = plan.disabled != Endpoint::npos;
      if (disables ? is_copied(plan, plan.disabled) : parent) return;
      if (world.remove(name, account, key, now)) done("remove", number);
    } else if (const std::size_t field = editable(plan); field != Endpoint::npos) {
      const std::string value = "\"edited " + std::to_string(options_.left) + '"';
      if (world.edit(name, account, key, plan.facts->fields[field].name, value))
        done("edit", number);
    }
  }

  std::size_t editable(const fake::EndpointPlan& plan) {
    std::vector<std::size_t> fields;
    for (std::size_t i = 0; i < plan.fields.size(); ++i) {
      const Field& field = *plan.fields[i].field;
      if (field.type == Type::text && field.format == Format::any && !is_copied(plan, i) &&
          plan.fields[i].origin == fake::Origin::own && plan.fields[i].endpoint < 0 &&
          (field.sent == Sent::always || field.sent == Sent::on_request))
        fields.push_back(i);
    }
    return fields.empty() ? Endpoint::npos : fields[dice_.below(fields.size())];
  }

  fake::FakeApi& api_;
  Witness& witness_;
  std::vector<const fake::EndpointPlan*> plans_;
  Options options_;
  fake::Dice dice_;
  fake::Instant due_;
  std::set<std::pair<int, std::size_t>> copied_;
};

}  // namespace callrail::test
