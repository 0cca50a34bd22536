#include <callrail/fake/answers.hpp>
#include <callrail/fake/dates.hpp>
#include <callrail/fake/number.hpp>

#include <fmt/format.h>

#include <algorithm>

/// What a request for a list asks for, and what of it is refused.
namespace callrail::fake {
namespace {

/// The name of a parameter that is repeated, as in x[]=1&x[]=2.
Text without_brackets(Text name) {
  return name.ends_with("[]") ? name.substr(0, name.size() - 2) : name;
}

/// How lists are ordered, by the first endpoint that says so: the words are the same everywhere.
const Order& order_words(const Api& api, const Endpoint& facts) {
  if (facts.order) return facts.order;
  for (const Endpoint* e : api.endpoints)
    if (e->order) return e->order;
  return facts.order;
}

}  // namespace

/// The company a request is for, and the filters it names.
std::expected<void, Reply> Answers::scope(const Route& route, const Ask& ask,
                                          Wanted& wanted) const {
  const Model& model = world_.model();
  const Endpoint& facts = *wanted.plan->facts;
  for (const Parent& parent : facts.parents) {
    if (parent.in_path) {
      for (const auto& [name, value] : route.parameters)
        if (name == parent.parameter && name == model.group_parameter)
          wanted.filters.emplace_back(name, value);
      continue;
    }
    if (parent.endpoint.empty()) continue;
    const std::string* value = ask.find(parent.parameter);
    if (value == nullptr || value->empty())
      return std::unexpected(error(400, fmt::format("{} parameter is required", parent.parameter)));
    const EndpointPlan* of = model.find(parent.endpoint);
    if (of == nullptr || !world_.find(*of, wanted.account, *value))
      return std::unexpected(error(404, error_text(404)));
    wanted.filters.emplace_back(parent.parameter, *value);
  }
  for (const auto& [name, value] : ask.query) {
    const Text plain = without_brackets(name);
    if (value.empty() ||
        std::ranges::find(facts.filters, plain, &Filter::name) == facts.filters.end())
      continue;
    if (can_filter(model, *wanted.plan, plain)) wanted.filters.emplace_back(plain, value);
  }
  return {};
}

std::expected<Window, Reply> Answers::window(const Ask& ask, const Dates& dates) const {
  const Quirks& quirks = world_.quirks();
  DateRules rules;
  rules.keeps_months = world_.model().api->keeps_months;
  rules.owner = &world_.owner_zone();
  rules.zones = &world_.zones();
  rules.short_last_second = quirks.has(Quirk::short_last_second);
  rules.both_dates = quirks.has(Quirk::both_dates);
  if (quirks.has(Quirk::default_days))
    rules.default_days =
        static_cast<int>(whole_number(quirks.argument(Quirk::default_days)).value_or(7));
  const auto window = read_window(dates, ask, rules);
  if (!window) return std::unexpected(error(400, window.error()));
  return *window;
}

std::expected<void, Reply> Answers::dates(const Ask& ask, Wanted& wanted, const Zone*& zone) const {
  const auto window = this->window(ask, wanted.plan->facts->dates);
  if (!window) return std::unexpected(window.error());
  wanted.from = window->from;
  wanted.to = window->to;
  if (world_.quirks().has(Quirk::zone_moves_output)) zone = window->zone;
  return {};
}

std::expected<void, Reply> Answers::order(const Ask& ask, Wanted& wanted) const {
  const EndpointPlan& plan = *wanted.plan;
  const Endpoint& facts = *plan.facts;
  const Order& words = order_words(*world_.model().api, facts);
  const auto by = [&](std::size_t field) {
    wanted.order_by = field == plan.instant ? Endpoint::npos : field;
  };
  wanted.newest_first = plan.dated() || !facts.order_default.empty();
  if (!facts.order_default.empty()) by(facts.find(facts.order_default));
  if (!words) return {};
  if (const std::string* field = ask.find(words.by); field != nullptr && !field->empty()) {
    const std::size_t index = facts.find(*field);
    if (index == Endpoint::npos || facts.fields[index].sent == Sent::of_request ||
        facts.fields[index].sent == Sent::ordinal)
      return std::unexpected(error(400, fmt::format("{} is not valid", words.by)));
    by(index);
    wanted.newest_first = false;
  }
  if (const std::string* direction = ask.find(words.direction);
      direction != nullptr && !direction->empty()) {
    const bool ascending =
        words.ascending.empty() ? *direction == "asc" : *direction == words.ascending;
    if (!ascending && *direction != "desc")
      return std::unexpected(error(400, fmt::format("{} is not valid", words.direction)));
    wanted.newest_first = !ascending;
  }
  if (wanted.order_by != Endpoint::npos &&
      listing_.slice({wanted.plan, wanted.account, wanted.filters, wanted.from, wanted.to,
                      Endpoint::npos, false, wanted.parent},
                     0, 0)
              .total > most_sorted)
    return std::unexpected(error(
        400,
        fmt::format("the fake sorts at most {} rows by anything but their time", most_sorted)));
  return {};
}

std::expected<Answers::Size, Reply> Answers::size(const Ask& ask, const Endpoint& facts,
                                                  bool relative) const {
  const PagingFacts& paging = world_.model().api->paging;
  const auto most =
      static_cast<std::uint64_t>(facts.most_rows != 0 ? facts.most_rows : paging.most);
  Size out{0, std::min(static_cast<std::uint64_t>(paging.default_size), most)};
  if (const std::string* given = ask.find(paging.size); given != nullptr && !given->empty()) {
    auto size = whole_number(*given);
    if (size && *size > most && world_.quirks().has(Quirk::clamp_page_size)) size = most;
    if (!size || *size == 0 || *size > most)
      return std::unexpected(
          error(400, fmt::format("{} must be between 1 and {}", paging.size, most)));
    out.per_page = *size;
  }
  const Text parameter = relative ? paging.relative_offset : paging.page;
  const std::uint64_t first = relative ? 0 : static_cast<std::uint64_t>(paging.first_page);
  if (const std::string* given = ask.find(parameter); given != nullptr && !given->empty()) {
    const auto page = whole_number(*given);
    // Far enough for any list, and the product with the size still fits.
    if (!page || *page < first || *page > 1'000'000'000)
      return std::unexpected(error(400, fmt::format("{} is not valid", parameter)));
    out.page = *page - first;
  }
  return out;
}

}  // namespace callrail::fake
