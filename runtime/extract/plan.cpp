#include "lists.hpp"
#include "window.hpp"

#include <callrail/page.hpp>
#include <callrail/plan.hpp>
#include <callrail/url.hpp>

#include <algorithm>

namespace callrail {
namespace {

constexpr std::uint64_t pages_a_proof = 8;

std::uint64_t divided_up(std::uint64_t rows, std::uint64_t by) { return (rows + by - 1) / by; }

class Planner {
 public:
  Planner(const Api& api, const ExtractOptions& options, Client& client, const Clock& clock,
          const std::function<bool()>& stop)
      : api_{api}, options_{options}, client_{client}, clock_{clock}, stop_{stop} {}

  Plan make() {
    lay_out();
    for (const Part& part : parts_)
      if (part.is_parent && part.endpoint->parents.empty()) list_keys(*part.endpoint);
    for (Part& part : parts_) ask(part);
    gather();
    for (Part& part : parts_) plan_.endpoints.push_back(sum_up(part));
    return std::move(plan_);
  }

 private:
  struct Part {
    const Endpoint* endpoint = nullptr;
    bool wanted = true, is_parent = false;
    Window window = {};
    std::vector<std::string> counts = {};  ///< addresses of the requests that count its rows
    /// Or of those that count its lists.
    std::vector<std::string> counts_of_lists = {};
    std::uint64_t lists = 0;
    std::uint64_t lists_a_row = 1;       ///< of those counted: one for each word
    std::uint64_t pieces = 0;            ///< of all lists, where an answer holds a whole one
    std::optional<Window> of_rows = {};  ///< the days whose rows were counted
    std::size_t position = 0;
    std::optional<Error> error = {};
  };
  struct Count {
    std::optional<std::uint64_t> rows;
    std::optional<Error> error;
  };

  Part* find(Text name) {
    const auto at =
        std::ranges::find_if(parts_, [&](const Part& part) { return part.endpoint->name == name; });
    return at == parts_.end() ? nullptr : &*at;
  }

  /// As a run does it: parents first.
  void lay_out() {
    for (const Wanted& wanted : options_.endpoints) parts_.push_back({.endpoint = wanted.endpoint});
    for (std::size_t i = 0; i < parts_.size(); ++i)
      for (const Text name : parents_needed(api_, *parts_[i].endpoint, options_)) {
        const Endpoint* const parent = api_.find(name);
        if (parent == nullptr) continue;
        if (find(name) == nullptr) parts_.push_back({.endpoint = parent, .wanted = false});
        find(name)->is_parent = true;
      }
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].position = i;
    std::ranges::sort(parts_, {}, [&](const Part& part) {
      return std::pair{parents_needed(api_, *part.endpoint, options_).size(), part.position};
    });
  }

  std::optional<Answer> next() {
    auto answer = client_.next(stop_);
    if (!answer && !plan_.ended && stop_())
      plan_.ended = Error{Code::cancelled, "stopped on request"};
    return answer;
  }

  static Query first_page(const PagingFacts& paging, int size) {
    return {{std::string{paging.page}, std::to_string(paging.first_page)},
            {std::string{paging.size}, std::to_string(size)}};
  }

  /// All pages of a list without parents.
  void list_keys(const Endpoint& endpoint) {
    const std::size_t key = endpoint.find(endpoint.key);
    if (plan_.ended || key == Endpoint::npos) return;
    const std::string name{endpoint.name};
    Count& count = counts_[name];
    count.rows = 0;
    Selection wanted;
    wanted.add(key);
    for (int page = api_.paging.first_page;; ++page) {
      Query query = first_page(api_.paging, api_.paging.most);
      query.front().second = std::to_string(page);
      client_.get({make_url(options_.base_url, endpoint.path, query),
                   name + " page " + std::to_string(page)});
      auto answer = next();
      if (!answer) return;
      Drift drift;
      auto rows = answer->result
                      ? decoder_.decode(endpoint, api_.paging, std::move(answer->result->body),
                                        wanted, {}, drift)
                      : Result<Page>{std::unexpected(answer->result.error())};
      if (!rows) return missed(count, std::move(rows).error().in(name));
      for (std::size_t row = 0; row < rows->size(); ++row)
        keys_[name].add({}, rows->rows().at(row, key).text());
      *count.rows += rows->size();
      if (rows->size() < static_cast<std::size_t>(api_.paging.most)) break;
    }
    for (const auto& part : parts_)
      for (const Parent& parent : part.endpoint->parents)
        if (parent.endpoint == endpoint.name && !plan_.keys.contains(parent.parameter))
          for (std::size_t i = 0; i < keys_[name].size(); ++i)
            plan_.keys[std::string{parent.parameter}].emplace_back(keys_[name][i]);
    parents_.by_endpoint[name] = &keys_[name];
  }

  void missed(Count& count, Error error) {
    if (error.code == Code::bad_key) plan_.ended = error;
    if (error.code == Code::not_found)  // a run takes it for an empty list
      count.rows = 0;
    else
      count.error = std::move(error);
  }

  bool is_fixed(const Parent& parent) const { return options_.fixed.contains(parent.parameter); }
  /// Whose rows can be told apart without listing them: those the user named, and those without
  /// parents, which are few.
  bool is_told(const Parent& parent) const {
    const Endpoint* const rows = api_.find(parent.endpoint);
    return is_fixed(parent) || parent.endpoint.empty() ||
           (rows != nullptr && rows->parents.empty());
  }

  static bool is_whole(const Endpoint& endpoint) {
    return !endpoint.paging.empty() && endpoint.paging.front() == Paging::whole;
  }

  static std::uint64_t pieces_of(const Part& part, const Scope& scope) {
    const Dates& dates = part.endpoint->dates;
    if (dates.most_points == 0) return 1;
    const auto step = std::ranges::find(scope, dates.step, &Scope::value_type::first);
    return cut_by_points(part.window, dates.most_points,
                         step == scope.end() ? std::string_view{} : step->second)
        .size();
  }

  void ask(Part& part) {
    const Endpoint& endpoint = *part.endpoint;
    if (plan_.ended) return;
    if (endpoint.dates) {
      auto window = resolve_window(options_.range, api_.keeps_months, clock_.today());
      if (!window) {
        part.error = window.error();
        return;
      }
      part.window = *std::move(window);
      if (part.window.empty) return;
    }
    if (endpoint.parents.empty()) {
      part.lists = part.pieces = 1;
      if (!is_whole(endpoint) && !counts_.contains(endpoint.name))
        part.counts.push_back(count(endpoint, {}, part.window));
      return;
    }
    for (const Parent& parent : endpoint.parents)
      if (!is_fixed(parent))
        if (const auto keys = counts_.find(parent.endpoint);
            keys != counts_.end() && keys->second.error) {
          part.error = Error{*keys->second.error}.in(std::string{parent.endpoint} + " not listed");
          return;
        }
    const auto unknown =
        std::ranges::find_if(endpoint.parents, [&](const Parent& p) { return !is_told(p); });
    if (unknown == endpoint.parents.end()) {
      const auto scopes = scopes_of(endpoint, options_, parents_);
      part.lists = scopes.size();
      if (is_whole(endpoint)) {
        for (const Scope& scope : scopes) part.pieces += pieces_of(part, scope);
        return;
      }
      // Lists of companies the user named are many and small: not worth a request each.
      const bool many = std::ranges::any_of(endpoint.parents, [&](const Parent& parent) {
        const Endpoint* const rows = api_.find(parent.endpoint);
        return is_fixed(parent) && rows != nullptr && !rows->parents.empty();
      });
      if (many) return;
      std::string earliest;
      for (const Scope& scope : scopes) {
        const Window days = days_of(endpoint, scope, part.window);
        if (earliest.empty() || days.from < earliest) earliest = days.from;
        part.counts.push_back(count(endpoint, scope, days));
      }
      if (endpoint.dates && !earliest.empty()) part.window.from = earliest;
    } else if (const Endpoint* const rows = api_.find(unknown->endpoint)) {
      Window window;
      if (rows->dates) {
        auto resolved = resolve_window(options_.range, api_.keeps_months, clock_.today());
        if (!resolved) {
          part.error = resolved.error();
          return;
        }
        window = *std::move(resolved);
        part.of_rows = window;
        if (window.empty) return;
      }
      for (const Scope& scope : scopes_of(*rows, options_, parents_))
        part.counts_of_lists.push_back(count(*rows, scope, days_of(*rows, scope, window)));
      for (const Parent& parent : endpoint.parents)
        if (parent.endpoint.empty())
          part.lists_a_row *= is_fixed(parent)
                                  ? options_.fixed.find(parent.parameter)->second.size()
                                  : parent.values.size();
    }
  }

  /// The days a run would ask this list for.
  Window days_of(const Endpoint& endpoint, const Scope& scope, const Window& range) const {
    if (!endpoint.dates || !options_.read_from) return range;
    const auto from = options_.read_from(endpoint, scope);
    return from ? begin_at(range, *from) : range;
  }

  /// Asks for one row, once, and tells the address by which the answer will be known.
  std::string count(const Endpoint& endpoint, const Scope& scope, const Window& window) {
    const std::string address = list_address(options_, endpoint, {scope, window}, {});
    if (const auto [_, is_new] = counts_.try_emplace(address); !is_new) return address;
    const auto ticket = client_.get(
        {make_url({}, address, first_page(api_.paging, 1)), std::string{endpoint.name} + " count"});
    tickets_[ticket] = {&endpoint, address};
    return address;
  }

  void gather() {
    while (!plan_.ended && !tickets_.empty()) {
      auto answer = next();
      if (!answer) break;
      const auto found = tickets_.find(answer->ticket);
      if (found == tickets_.end()) continue;
      const auto [endpoint, address] = found->second;
      tickets_.erase(found);
      Count& count = counts_[address];
      if (!answer->result) {
        missed(count, std::move(answer->result).error());
        continue;
      }
      Drift drift;
      const auto page =
          decoder_.decode(*endpoint, api_.paging, std::move(answer->result->body), {}, {}, drift);
      if (!page)
        missed(count, page.error());
      else if (page->envelope.total && *page->envelope.total >= 0)
        count.rows = static_cast<std::uint64_t>(*page->envelope.total);
    }
    if (plan_.ended) client_.cancel_all();
  }

  PlannedEndpoint sum_up(const Part& part) {
    PlannedEndpoint out{.name = std::string{part.endpoint->name},
                        .wanted = part.wanted,
                        .lists = part.lists,
                        .rows = {},
                        .from = part.window.from,
                        .to = part.window.to,
                        .zone = part.window.zone,
                        .refused = part.error,
                        .price = std::string{part.endpoint->opt_in},
                        .each_list = is_whole(*part.endpoint),
                        .lists_by_days = part.of_rows.has_value()};
    if (part.of_rows) {
      out.from = part.of_rows->from;
      out.to = part.of_rows->to;
      out.zone = part.of_rows->zone;
    }
    if (part.error || part.window.empty) {
      if (part.window.empty) out.rows = 0;
      return out;
    }
    bool unknown = !out.each_list;
    for (const std::string& address : part.counts_of_lists) {
      const Count& count = counts_[address];
      if (count.error) out.refused = count.error;
      out.lists += count.rows.value_or(1) * part.lists_a_row;
      unknown = unknown || !count.rows;
    }
    std::vector<const Count*> counts;
    for (const std::string& address : part.counts) counts.push_back(&counts_[address]);
    if (const auto listed = counts_.find(out.name); listed != counts_.end())
      counts.push_back(&listed->second);
    if (!counts.empty()) out.rows = 0;
    std::uint64_t left = part.is_parent ? UINT64_MAX : options_.limit.value_or(UINT64_MAX);
    for (const Count* count : counts) {
      if (count->error) out.refused = count->error;
      if (!count->rows || !out.rows) {
        out.rows.reset();
        ++out.requests;
        continue;
      }
      if (left == 0) break;
      const std::uint64_t rows = std::min(*count->rows, left);
      *out.rows += rows;
      out.requests += requests_for(rows, part.endpoint->page_size(options_.page_size));
      left -= rows;
    }
    if (counts.empty()) out.requests = std::max(out.lists, part.pieces);
    out.at_least = unknown && !out.rows.has_value() && out.requests != 0;
    return out;
  }

  const Api& api_;
  const ExtractOptions& options_;
  Client& client_;
  const Clock& clock_;
  const std::function<bool()>& stop_;
  PageDecoder decoder_;
  Plan plan_;
  std::vector<Part> parts_;
  std::map<std::string, KeyList> keys_;
  ParentKeys parents_;
  std::map<std::string, Count, std::less<>> counts_;  ///< by address; listed ones by name
  std::map<std::uint64_t, std::pair<const Endpoint*, std::string>> tickets_;
};

}  // namespace

std::uint64_t requests_for(std::uint64_t rows, int page_size) {
  const auto size = static_cast<std::uint64_t>(std::max(page_size, 1));
  if (rows <= size) return 1;
  return divided_up(rows, size) + divided_up(rows, size * pages_a_proof);
}

Plan plan(const Api& api, const ExtractOptions& options, Client& client, const Clock& clock,
          const std::function<bool()>& stop) {
  return Planner{api, options, client, clock, stop}.make();
}

}  // namespace callrail
