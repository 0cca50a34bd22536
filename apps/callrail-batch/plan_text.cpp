#include "plan_text.hpp"

#include "dates.hpp"
#include "texts.hpp"

#include <callrail/retry.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace callrail::cli {
namespace {

using std::chrono::milliseconds;
using Json = nlohmann::ordered_json;

double seconds_of(milliseconds time) { return static_cast<double>(time.count()) / 1000; }

std::string spell_instant(Clock::Wall when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const auto minutes = std::chrono::floor<std::chrono::minutes>(when - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     minutes / 60, minutes % 60);
}

bool at_least(const Plan& plan) {
  return std::ranges::any_of(
      plan.endpoints, [](const PlannedEndpoint& e) { return e.at_least || e.refused.has_value(); });
}

std::uint64_t rows_in(const Plan& plan) {
  std::uint64_t rows = 0;
  for (const PlannedEndpoint& endpoint : plan.endpoints)
    if (endpoint.wanted) rows += endpoint.rows.value_or(0);
  return rows;
}

using Row = std::array<std::string, 6>;
void add_table(std::string& out, const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], columns(row[c]));
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string blanks(widths[c] - columns(row[c]), ' ');
      const bool number = c > 0 && c + 1 < row.size();
      line += (number ? blanks + row[c] : row[c] + blanks) + "  ";
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
}

std::string remark(const PlannedEndpoint& endpoint) {
  if (endpoint.refused) return "not counted: " + endpoint.refused->what;
  std::string out = endpoint.wanted ? "" : "for its keys";
  if (!endpoint.price.empty())
    out += (out.empty() ? "" : ", ") + endpoint.price;
  else if (endpoint.each_list)
    out += std::string{out.empty() ? "" : ", "} + "one request a list";
  if (endpoint.at_least)
    out += std::string{out.empty() ? "" : ", "} + "one request a list at least";
  if (!endpoint.from.empty()) out += (out.empty() ? "" : ", ") + endpoint.from + ".." + endpoint.to;
  return out;
}

}  // namespace

int days_in(const PlannedEndpoint& endpoint) {
  const auto from = parse_moment(endpoint.from), to = parse_moment(endpoint.to);
  if (!from || !to || to->last < from->first) return 0;
  const auto days = std::chrono::floor<std::chrono::days>(to->last) -
                    std::chrono::floor<std::chrono::days>(from->first);
  return static_cast<int>(days.count()) + 1;
}

Plan in_proportion(const Plan& plan, int days, int page_size) {
  Plan out = plan;
  for (PlannedEndpoint& endpoint : out.endpoints) {
    const int all = days_in(endpoint);
    if (all != 0 && endpoint.lists_by_days) {
      endpoint.lists = (endpoint.lists * static_cast<std::uint64_t>(days) +
                        static_cast<std::uint64_t>(all) - 1) /
                       static_cast<std::uint64_t>(all);
      endpoint.requests = endpoint.lists;
      continue;
    }
    if (all == 0 || !endpoint.rows || days == all) continue;
    const std::uint64_t lists = std::max<std::uint64_t>(endpoint.lists, 1);
    *endpoint.rows =
        (*endpoint.rows * static_cast<std::uint64_t>(days) + static_cast<std::uint64_t>(all) - 1) /
        static_cast<std::uint64_t>(all);
    // The lists may differ in size; their rows together are what is known.
    endpoint.requests = lists * requests_for((*endpoint.rows + lists - 1) / lists, page_size);
  }
  return out;
}

Timing timing(const Plan& plan, const Limiter& limiter, Clock::Steady now) {
  Timing out;
  Limiter rehearsal = limiter.rehearsal();
  constexpr milliseconds patience = std::chrono::hours{1};
  Clock::Steady at = now;
  std::uint64_t ticket = 1'000'000'000'000;  // above those of the real ones
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    for (std::uint64_t n = 0; n < plan.endpoints[i].requests; ++n) {
      const auto next = rehearsal.next(at);
      if (!out.stop && next - at > patience)
        if (const auto limit = rehearsal.blocking(at); limit && limit->seconds >= 86400)
          out.stop =
              Timing::Stop{*limit, out.requests, i, std::chrono::ceil<milliseconds>(at - now),
                           std::chrono::ceil<milliseconds>(next - at)};
      at = std::max(at, next);
      rehearsal.sent(ticket, at);
      rehearsal.answered(ticket++, at);
      ++out.requests;
    }
    out.ready.push_back(std::chrono::ceil<milliseconds>(at - now));
  }
  out.total = std::chrono::ceil<milliseconds>(at - now);
  return out;
}

std::string plan_text(const PlanFacts& facts) {
  const Plan& plan = facts.plan;
  const Timing& timing = facts.timing;
  std::vector<Row> rows{{"endpoint", "lists", "rows", "requests", "ready after", "remark"}};
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    const PlannedEndpoint& e = plan.endpoints[i];
    rows.push_back({e.name, std::to_string(e.lists), e.rows ? std::to_string(*e.rows) : "?",
                    (e.at_least ? "≥ " : "") + std::to_string(e.requests),
                    e.refused ? "" : spell_duration(timing.ready[i]), remark(e)});
  }
  const std::string least = at_least(plan) ? "≥ " : "";
  rows.push_back({"all", "", std::to_string(rows_in(plan)), least + std::to_string(timing.requests),
                  spell_duration(timing.total), ""});
  std::string out;
  add_table(out, rows);
  out += "\n";
  if (!facts.source.empty()) out += facts.source + "\n";
  const std::string limits = to_string(facts.limits);
  out += fmt::format("{}{} requests take {}{} within the limits {}: done {} if begun now\n", least,
                     timing.requests, least.empty() ? "" : "at least ",
                     spell_duration(timing.total), limits, spell_instant(facts.now + timing.total));
  for (const auto& [limit, used] : timing.used)
    out += fmt::format("used already: {} of {}\n", used, to_string(limit));
  if (const auto& stop = timing.stop)
    out += fmt::format(
        "limit {} ends the run after {} of them, in {}, {}; there is room again {} later: run "
        "again then\n",
        to_string(stop->limit), stop->after, plan.endpoints[stop->endpoint].name,
        spell_instant(facts.now + stop->at), spell_duration(stop->pause));
  if (!facts.choices.empty()) {
    out += fmt::format("\nfewer days ({}):\n", facts.choices_counted
                                                   ? "counted"
                                                   : "in proportion to the days; --compare counts");
    for (const Choice& choice : facts.choices)
      out += fmt::format("  {:<10} {:>9} rows {:>7} requests  {}\n", choice.words, choice.rows,
                         choice.requests, spell_duration(choice.takes));
  }
  if (facts.fields_named)
    out +=
        "--fields makes answers smaller; it saves no requests, because pages are counted in rows\n";
  if (facts.recordings)
    out += fmt::format(
        "--recordings: {} requests more at most, one for each row that has something to fetch; "
        "none for what is there\n",
        *facts.recordings);
  for (const std::string& note : facts.notes) out += note + "\n";
  return out;
}

std::string plan_json(const PlanFacts& facts) {
  const Plan& plan = facts.plan;
  const Timing& timing = facts.timing;
  Json json{{"requests", timing.requests},
            {"seconds", seconds_of(timing.total)},
            {"at_least", at_least(plan)},
            {"basis", facts.source}};
  Json& limits = json["limits"] = Json::array();
  for (const RateLimit& limit : facts.limits) {
    limits.push_back({{"limit", to_string(limit)}, {"used", nullptr}});
    for (const auto& [of, used] : timing.used)
      if (of.seconds == limit.seconds) limits.back()["used"] = used;
  }
  json["day_ends"] = nullptr;
  if (const auto& stop = timing.stop)
    json["day_ends"] = {{"limit", to_string(stop->limit)},
                        {"after_requests", stop->after},
                        {"endpoint", plan.endpoints[stop->endpoint].name},
                        {"at", spell_instant(facts.now + stop->at)},
                        {"pause_seconds", seconds_of(stop->pause)}};
  Json& endpoints = json["endpoints"] = Json::array();
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    const PlannedEndpoint& e = plan.endpoints[i];
    Json& one = endpoints.emplace_back(Json{{"name", e.name},
                                            {"wanted", e.wanted},
                                            {"lists", e.lists},
                                            {"rows", nullptr},
                                            {"requests", e.requests},
                                            {"at_least", e.at_least},
                                            {"ready_seconds", seconds_of(timing.ready[i])},
                                            {"from", nullptr},
                                            {"to", nullptr},
                                            {"price", nullptr},
                                            {"refused", nullptr}});
    if (!e.price.empty()) one["price"] = e.price;
    if (e.rows) one["rows"] = *e.rows;
    if (!e.from.empty()) one["from"] = e.from, one["to"] = e.to;
    if (e.refused) one["refused"] = e.refused->what;
  }
  Json& choices = json["choices"] = Json::array();
  for (const Choice& choice : facts.choices)
    choices.push_back({{"words", choice.words},
                       {"rows", choice.rows},
                       {"requests", choice.requests},
                       {"seconds", seconds_of(choice.takes)}});
  json["choices_counted"] = facts.choices_counted;
  json["recordings_at_most"] = nullptr;
  if (facts.recordings) json["recordings_at_most"] = *facts.recordings;
  json["remarks"] = facts.notes;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace callrail::cli
