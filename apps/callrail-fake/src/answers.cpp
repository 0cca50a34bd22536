#include <callrail/fake/answers.hpp>
#include <callrail/fake/dates.hpp>
#include <callrail/fake/number.hpp>
#include <callrail/fake/sums.hpp>
#include <callrail/fake/vocabulary.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace callrail::fake {
namespace {

Reply json_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  reply.body = std::move(body);
  return reply;
}

bool is(const Fault* fault, Trouble t) { return fault != nullptr && fault->trouble == t; }

/// A row that is the whole answer, with what a fault puts around it.
std::string alone(std::string row, const Fault* fault) {
  if (is(fault, Trouble::wrong_envelope)) return R"({"items":[)" + row + "]}";
  return is(fault, Trouble::top_array) ? '[' + row + ']' : row;
}

bool truthy(const std::string* value) { return value != nullptr && *value == "true"; }

}  // namespace

/// All that is known about the page that is being written.
struct Answers::Page {
  const Route& route;
  const Ask& ask;
  const Row& root;
  const Fault* fault;
  Wanted wanted;
  Size size;
  bool relative = false;
  std::vector<std::size_t> fields;
  const Zone* zone = nullptr;  ///< null: every row in its own
  Listing::Slice slice;
  World::Patch patch;

  bool has(Trouble t) const { return is(fault, t); }
  bool more() const { return (size.page + 1) * size.per_page < slice.total; }
};

Reply Answers::error(int status, Text text) const {
  const std::string quoted = json_string(text);
  const std::string& shape = world_.quirks().argument(Quirk::error_body);
  if (shape == "object")
    return json_reply(status,
                      fmt::format(R"({{"error":{{"message":{},"code":{}}}}})", quoted, status));
  if (shape == "list" || (shape.empty() && status == 422))
    return json_reply(status, fmt::format(R"({{"errors":[{}]}})", quoted));
  if (shape == "fields")
    return json_reply(status, fmt::format(R"({{"errors":{{"base":[{}]}}}})", quoted));
  if (shape == "nothing") return json_reply(status, R"({"errors":{}})");
  if (shape == "html" || shape == "empty") {
    Reply reply;
    reply.status = status;
    reply.headers.emplace_back("Content-Type", "text/html");
    if (shape == "html")
      reply.body = fmt::format("<html><body><h1>{} {}</h1></body></html>\n", status, text);
    return reply;
  }
  return json_reply(status, fmt::format(R"({{"error":{}}})", quoted));
}

std::expected<std::uint32_t, Reply> Answers::account(const Route& route) const {
  const Model& model = world_.model();
  if (model.root < 0) return 0;
  const auto& root = model.endpoints[static_cast<std::size_t>(model.root)];
  for (const auto& [name, value] : route.parameters)
    for (const Parent& parent : route.plan->facts->parents)
      if (parent.parameter == name && parent.endpoint == root.facts->name) {
        const auto row = world_.find(root, 0, value);
        if (!row) return std::unexpected(error(404, error_text(404)));
        return row->account;
      }
  return 0;
}

Answer Answers::answer(const Route& route, const Ask& ask, const Fault* fault) const {
  const auto account = this->account(route);
  if (!account) return {account.error()};
  if (route.id) return one(route, ask, *account, fault);
  if (route.plan->counted >= 0) return sums(route, ask, *account, fault);
  const Model& model = world_.model();
  const Row root =
      model.root < 0
          ? Row{}
          : world_.row(model.endpoints[static_cast<std::size_t>(model.root)], *account, *account);
  return list(route, ask, root, fault);
}

Answer Answers::one(const Route& route, const Ask& ask, std::uint32_t account,
                    const Fault* fault) const {
  const auto row = world_.find(*route.plan, account, *route.id);
  if (!row) return {error(404, error_text(404))};
  const Text select = route.plan->facts->select;
  auto fields =
      fields_for(*route.plan, select.empty() ? nullptr : ask.find(select), true, world_.quirks());
  if (!fields) return {error(400, fields.error())};
  World::Patch patch;
  if (fault != nullptr) patch = patch_for(*fault, *route.plan, *fields);
  std::string body;
  world_.append_row(body, *row, *fields, &patch);
  return {json_reply(200, alone(std::move(body), fault)), 1};
}

std::optional<Row> Answers::parent(const Route& route, std::uint32_t account) const {
  const auto& of = world_.model().endpoints[static_cast<std::size_t>(route.plan->parent)];
  for (const auto& [name, value] : route.parameters)
    if (name == route.plan->parent_parameter) return world_.find(of, account, value);
  return std::nullopt;
}

std::expected<std::vector<std::size_t>, Reply> Answers::beside(const Ask& ask,
                                                               const EndpointPlan& plan,
                                                               const Row& parent) const {
  const PagingFacts& paging = world_.model().api->paging;
  const Text select = parent.plan->facts->select;
  auto fields =
      fields_for(*parent.plan, select.empty() ? nullptr : ask.find(select), true, world_.quirks());
  if (!fields) return std::unexpected(error(400, fields.error()));
  std::erase_if(*fields, [&](std::size_t i) {
    const Text name = parent.plan->facts->fields[i].name;
    return name == plan.facts->rows || name == paging.page || name == paging.size ||
           name == paging.pages || name == paging.total;
  });
  return *std::move(fields);
}

std::string Answers::members(const Row& row, std::span<const std::size_t> fields,
                             const World::Patch* patch) const {
  std::string out;
  world_.append_row(out, row, fields, patch);
  return out.substr(1, out.size() - 2);
}

/// A row as lists do not have it: all that is said of it where it is asked for alone, and what is
/// said nowhere else.
Answer Answers::details(const Route& route, const Ask& ask, const Row& parent,
                        const Fault* fault) const {
  const EndpointPlan& plan = *route.plan;
  auto of_parent = beside(ask, plan, parent);
  if (!of_parent) return {of_parent.error()};
  const auto is_of_parent = [&](std::size_t i) {
    return plan.fields[i].origin == Origin::of_parent;
  };
  std::vector<std::size_t> sent;
  for (std::size_t i = 0; i < plan.fields.size(); ++i)
    if (is_of_parent(i) ? std::ranges::count(*of_parent, plan.fields[i].of) != 0
                        : plan.facts->fields[i].sent == Sent::always)
      sent.push_back(i);
  World::Patch patch, above;
  if (fault != nullptr) {
    const auto whole = sent;
    patch = patch_for(*fault, plan, sent);
    for (const std::size_t i : whole)
      if (is_of_parent(i) && std::ranges::count(sent, i) == 0)
        std::erase(*of_parent, plan.fields[i].of);
    if (patch.field != Endpoint::npos && is_of_parent(patch.field)) {
      above.field = plan.fields[patch.field].of;
      above.value = std::move(patch.value);
      patch.field = Endpoint::npos;
    }
  }
  std::erase_if(sent, is_of_parent);
  std::string body = members(parent, *of_parent, &above);
  if (const std::string more = members(world_.child(plan, parent, 0), sent, &patch); !more.empty())
    body += (body.empty() ? "" : ",") + more;
  return {json_reply(200, alone('{' + body + '}', fault)), 1};
}

Answer Answers::sums(const Route& route, const Ask& ask, std::uint32_t account,
                     const Fault* fault) const {
  const Endpoint& facts = *route.plan->facts;
  if (route.bare) return {error(404, error_text(404))};
  Summing summing{route.plan, account, {}, {}, {}};
  for (const Parent& parent : facts.parents) {
    if (parent.in_path) continue;
    // The API has sums without any of them too: of no use to somebody who wants rows.
    const std::string* word = ask.find(parent.parameter);
    const auto filter = std::ranges::find(facts.filters, parent.parameter, &Filter::name);
    if (word == nullptr || filter == facts.filters.end() ||
        std::ranges::count(filter->values, *word) == 0)
      return {error(400, fmt::format("{} is not valid", parent.parameter))};
    summing.words.emplace_back(parent.parameter, *word);
  }
  const auto& counted = world_.model().endpoints[static_cast<std::size_t>(route.plan->counted)];
  for (const auto& [name, value] : ask.query)
    if (!value.empty() && std::ranges::count(facts.filters, name, &Filter::name) != 0 &&
        can_filter(world_.model(), counted, name))
      summing.filters.emplace_back(name, value);
  auto fields = fields_for(*route.plan, facts.select.empty() ? nullptr : ask.find(facts.select),
                           false, world_.quirks());
  if (!fields) return {error(400, fields.error())};
  const auto window = this->window(ask, facts.dates);
  if (!window) return {window.error()};
  summing.window = *window;
  if (const auto most = static_cast<std::uint64_t>(facts.dates.most_points);
      most != 0 && points(summing) > most)
    return {error(400, fmt::format("at most {} data points are returned; ask for fewer days or a "
                                   "longer {}",
                                   most, facts.dates.step))};
  World::Patch patch;
  if (fault != nullptr) patch = patch_for(*fault, *route.plan, *fields);
  auto rows = sum_up(world_, listing_, summing, *fields, patch);
  if (is(fault, Trouble::duplicate) && !rows.empty()) rows.insert(rows.begin(), rows.front());
  std::string list = "[";
  for (const std::string& row : rows) list += (&row == &rows.front() ? "" : ",") + row;
  list += ']';
  if (is(fault, Trouble::top_array)) return {json_reply(200, std::move(list)), rows.size()};
  std::string body = "{";
  for (const auto& [name, at] :
       {std::pair{facts.dates.from, window->from}, std::pair{facts.dates.to, window->to}}) {
    body += json_string(name) + ":\"";
    append_instant(body, at, window->zone->offset(at), {'T', 0, Spelling::Offset::plain});
    body += "\",";
  }
  body += json_string(is(fault, Trouble::wrong_envelope) ? Text{"items"} : facts.rows) + ':';
  return {json_reply(200, body + list + '}'), rows.size()};
}

Answer Answers::list(const Route& route, const Ask& ask, const Row& root,
                     const Fault* fault) const {
  const Endpoint& facts = *route.plan->facts;
  const PagingFacts& paging = world_.model().api->paging;
  Page page{route, ask, root, fault, {}, {}, false, {}, nullptr, {}, {}};
  page.wanted.plan = route.plan;
  page.wanted.account = root.account;
  page.relative =
      std::ranges::count(facts.paging, Paging::relative) != 0 && truthy(ask.find(paging.relative));
  // Only the address a relative page gives for the next one lacks the ending.
  if (route.bare && !page.relative) return {error(404, error_text(404))};

  std::string beside;
  if (route.plan->parent >= 0) {
    page.wanted.parent = parent(route, root.account);
    if (!page.wanted.parent) return {error(404, error_text(404))};
    if (route.plan->is_one_row()) return details(route, ask, *page.wanted.parent, fault);
    if (route.plan->beside_parent) {
      const auto shown = this->beside(ask, *route.plan, *page.wanted.parent);
      if (!shown) return {shown.error()};
      beside = members(*page.wanted.parent, *shown) + ',';
    }
  }
  if (auto ok = scope(route, ask, page.wanted); !ok) return {ok.error()};
  const std::string* named = facts.select.empty() ? nullptr : ask.find(facts.select);
  auto fields = fields_for(*route.plan, named, false, world_.quirks());
  if (!fields) return {error(400, fields.error())};
  page.fields = std::move(*fields);
  if (facts.dates)
    if (auto ok = dates(ask, page.wanted, page.zone); !ok) return {ok.error()};
  if (auto ok = order(ask, page.wanted); !ok) return {ok.error()};
  const auto size = this->size(ask, facts, page.relative);
  if (!size) return {size.error()};
  page.size = *size;

  const std::uint64_t shown =
      page.has(Trouble::repeated_page) && page.size.page > 0 ? page.size.page - 1 : page.size.page;
  page.slice = listing_.slice(page.wanted, shown * page.size.per_page, page.size.per_page);
  if (page.slice.total == 0 && facts.not_found_is_empty) return {error(404, error_text(404))};
  if (fault != nullptr) page.patch = patch_for(*fault, *route.plan, page.fields);
  if (page.has(Trouble::duplicate) && !page.slice.rows.empty())
    page.slice.rows.insert(page.slice.rows.begin(), page.slice.rows.front());

  std::string body;
  body.reserve(1024 + page.slice.rows.size() * page.fields.size() * 48);
  if (page.has(Trouble::top_array)) {
    rows(body, page);
  } else {
    body += '{';
    body += beside;
    envelope_before(body, page);
    body += json_string(page.has(Trouble::wrong_envelope) ? Text{"items"} : facts.rows);
    body += ':';
    rows(body, page);
    if (world_.quirks().has(Quirk::sibling))
      body += fmt::format(",{}:[1]", json_string(world_.quirks().argument(Quirk::sibling)));
    body += '}';
  }
  Answer answer{json_reply(200, std::move(body)), page.slice.rows.size()};
  if (world_.quirks().has(Quirk::link_header) && page.more())
    answer.reply.headers.emplace_back(
        "Link", '<' + next_address(page, page.size.page + 1) + ">; rel=\"next\"");
  return answer;
}

void Answers::envelope_before(std::string& out, Page& page) const {
  const PagingFacts& paging = world_.model().api->paging;
  const Quirks& quirks = world_.quirks();
  if (page.relative) {
    const bool loop = page.has(Trouble::next_loop);
    const bool more = page.more() || loop;
    if (more)
      out +=
          fmt::format("{}:{},", json_string(paging.next),
                      json_string(next_address(page, loop ? page.size.page : page.size.page + 1)));
    else if (!quirks.has(Quirk::next_absent))
      out += json_string(paging.next) + ":null,";
    out += fmt::format("{}:{},", json_string(paging.more), more);
    return;
  }
  std::uint64_t total = page.slice.total;
  const std::uint64_t lie =
      page.fault == nullptr ? 0 : whole_number(page.fault->argument).value_or(7);
  if (page.has(Trouble::totals_high)) total += lie;
  if (page.has(Trouble::totals_low)) total -= std::min(total, lie);
  std::uint64_t pages = (total + page.size.per_page - 1) / page.size.per_page;
  if (quirks.has(Quirk::totals_zero)) total = pages = 0;
  out += fmt::format("{}:{},{}:{},", json_string(paging.page),
                     page.size.page + static_cast<std::uint64_t>(paging.first_page),
                     json_string(paging.size), page.size.per_page);
  if (!quirks.has(Quirk::totals_missing))
    out += fmt::format("{}:{},{}:{},", json_string(paging.pages), pages, json_string(paging.total),
                       total);
}

void Answers::rows(std::string& out, const Page& page) const {
  out += '[';
  for (std::size_t i = 0; i < page.slice.rows.size(); ++i) {
    Row row = page.slice.rows[i];
    if (page.zone != nullptr) row.zone = page.zone;
    if (i != 0) out += ',';
    world_.append_row(out, row, page.fields, i == 0 ? &page.patch : nullptr);
  }
  out += ']';
}

std::string Answers::next_address(const Page& page, std::uint64_t number) const {
  const Model& model = world_.model();
  const Api& api = *model.api;
  const PagingFacts& paging = api.paging;
  const Endpoint& facts = *page.route.plan->facts;
  const Text host = page.ask.header("Host");
  std::string out = host.empty() ? std::string{api.url} : "http://" + std::string{host};
  if (page.has(Trouble::next_other_host))
    out = "http://" + (page.fault->argument.empty() ? std::string{"elsewhere.example.com"}
                                                    : page.fault->argument);
  Pairs parameters = page.route.parameters;
  if (!page.relative) {
    Pairs query;
    for (const auto& one : page.ask.query)
      if (one.first != paging.page) query.push_back(one);
    query.emplace_back(paging.page,
                       std::to_string(number + static_cast<std::uint64_t>(paging.first_page)));
    return out + list_path(facts, parameters, false) + '?' + encode_query(query);
  }
  // As the server writes it: the older account id, no ending, its own keys between the caller's.
  std::string account;
  if (page.root.plan != nullptr) {
    account = std::to_string(world_.legacy_id(page.root));
    for (auto& [name, value] : parameters)
      for (const Parent& parent : facts.parents)
        if (parent.parameter == name && parent.endpoint == page.root.plan->facts->name)
          value = account;
  }
  const std::string path = list_path(facts, parameters, true);
  const std::size_t by =
      page.wanted.order_by == Endpoint::npos ? page.route.plan->instant : page.wanted.order_by;
  const std::string sorted_by{by == Endpoint::npos ? facts.key : facts.fields[by].name};
  Pairs query{{"action", "index"},
              {"agency_id", account},
              {"api_sort[]", sorted_by},
              {"api_sort[][" + sorted_by + "]", page.wanted.newest_first ? "desc" : "asc"},
              {"controller", "api/v3" + path.substr(path.rfind('/'))},
              {"format", "json"},
              {"no_one_to_many_associations", "true"},
              {std::string{paging.relative_offset}, std::to_string(number)},
              {std::string{paging.page}, std::to_string(paging.first_page)},
              {std::string{paging.size}, std::to_string(page.size.per_page)},
              {std::string{paging.relative}, "true"}};
  const std::size_t own = query.size();
  for (const auto& one : page.ask.query)
    if (!one.first.starts_with("api_sort") &&
        std::none_of(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(own),
                     [&](const auto& q) { return q.first == one.first; }))
      query.push_back(one);
  std::ranges::sort(query);
  return out + path + '?' + encode_query(query);
}

}  // namespace callrail::fake
