#include <callrail/fake/mutations.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/random.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace callrail::fake {
namespace {

Text next_word(Text& rest) {
  const Text word = rest.substr(0, rest.find(':'));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

/// A listed row; nothing if the list is empty.
std::optional<Row> pick(const World& world, const Listing& listing, const EndpointPlan& plan,
                        std::uint32_t account, Mutation::Where where, Dice& dice) {
  const auto reading = world.reading();
  Wanted wanted;
  wanted.plan = &plan;
  wanted.account = account;
  wanted.newest_first = where == Mutation::Where::newest;
  std::uint64_t rank = 0;
  if (where == Mutation::Where::any) rank = dice.below(listing.slice(wanted, 0, 0).total);
  auto rows = listing.slice(wanted, rank, 1).rows;
  if (rows.empty()) return std::nullopt;
  return rows.front();
}

Instant new_instant(const World& world, const EndpointPlan& plan, std::uint32_t account,
                    Mutation::Where where, Instant now, Dice& dice) {
  const auto reading = world.reading();
  const Timeline& timeline = world.timeline(plan, account);
  const Instant oldest = timeline.rows() == 0 ? now : timeline.at(0);
  switch (where) {
    case Mutation::Where::newest: return now;
    case Mutation::Where::oldest: return oldest;
    case Mutation::Where::any: break;
  }
  const auto span = std::max<std::int64_t>((now - oldest).count(), 1);
  return oldest + std::chrono::milliseconds{dice.below(static_cast<std::uint64_t>(span))};
}

}  // namespace

Result<Mutation> read_mutation(Text text, const Api& api) {
  auto split = read_trigger(text, api);
  if (!split) return std::unexpected(split.error());
  Mutation out;
  out.trigger = std::move(split->first);
  Text rest = split->second;
  const Text action = next_word(rest);
  if (action == "insert")
    out.action = Mutation::Action::insert;
  else if (action == "hide")
    out.action = Mutation::Action::hide;
  else if (action == "edit")
    out.action = Mutation::Action::edit;
  else if (action == "delete")
    out.action = Mutation::Action::remove;
  else
    return fail(Code::bad_request, fmt::format("{} is none of insert, hide, edit, delete", action));
  const Text where = next_word(rest);
  if (where == "oldest")
    out.where = Mutation::Where::oldest;
  else if (where == "any")
    out.where = Mutation::Where::any;
  else if (!where.empty() && where != "newest")
    return fail(Code::bad_request, fmt::format("{} is none of newest, oldest, any", where));
  if (out.action == Mutation::Action::edit) {
    const auto equals = rest.find('=');
    if (equals == Text::npos || equals == 0)
      return fail(Code::bad_request,
                  fmt::format("{}: an edit needs a field, as in edit:any:FIELD=JSON", text));
    out.field = rest.substr(0, equals);
    out.value = rest.substr(equals + 1);
    if (!nlohmann::json::accept(out.value))
      return fail(Code::bad_request, fmt::format("{} is not JSON", out.value));
  } else if (!rest.empty()) {
    out.count = whole_number(rest).value_or(0);
    if (out.count == 0)
      return fail(Code::bad_request, fmt::format("{} is no number of rows", rest));
  }
  return out;
}

Status mutate(World& world, const Listing& listing, const EndpointPlan& plan, std::uint32_t account,
              const Mutation& mutation, std::uint64_t nth, Instant now) {
  const Text name = plan.facts->name;
  Dice dice{join(join(world.options().seed, name), nth)};
  for (std::uint64_t i = 0; i < mutation.count; ++i) {
    if (mutation.action == Mutation::Action::insert) {
      const Instant at = new_instant(world, plan, account, mutation.where, now, dice);
      if (auto made = world.insert(name, account, at); !made) return std::unexpected(made.error());
      continue;
    }
    const auto row = pick(world, listing, plan, account, mutation.where, dice);
    if (!row) return {};
    const std::string key = world.key(*row);
    Status done;
    switch (mutation.action) {
      case Mutation::Action::hide: done = world.hide(name, account, key); break;
      case Mutation::Action::remove: done = world.remove(name, account, key, now); break;
      case Mutation::Action::edit:
        done = world.edit(name, account, key, mutation.field, mutation.value);
        break;
      case Mutation::Action::insert: break;
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace callrail::fake
