#include "check.hpp"

#include "dates.hpp"
#include "exit_code.hpp"
#include "folder.hpp"
#include "output_config.hpp"

#include <callrail/page.hpp>
#include <callrail/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <database.hpp>
#include <map>
#include <migrate.hpp>

namespace callrail::cli {
namespace {

/// What one small request told about an endpoint.
struct Finding {
  enum State { ok, refused, out_of_reach, not_asked } state = ok;
  std::string text;
  std::vector<std::string> keys;  ///< of the rows that came
};

class Checker {
 public:
  Checker(const Api& api, const Config& config, Client& client, const Clock& clock,
          const std::function<bool()>& stop)
      : api_{api}, config_{config}, client_{client}, clock_{clock}, stop_{stop} {}

  /// The endpoint, after those whose keys it needs.
  const Finding& look_at(const Endpoint& endpoint) {
    if (const auto known = found_.find(endpoint.name); known != found_.end()) return known->second;
    Finding finding = ask(endpoint);
    return found_.emplace(endpoint.name, std::move(finding)).first->second;
  }

  const std::optional<Error>& ended() const { return ended_; }

 private:
  bool is_root(const Endpoint& endpoint) const { return endpoint.parents.empty(); }

  /// The value an endpoint is asked with; nothing if there is none, and then `why`.
  std::optional<std::string> value_for(const Parent& parent, std::string& why) {
    if (const auto fixed = config_.extract.fixed.find(parent.parameter);
        fixed != config_.extract.fixed.end() && !fixed->second.empty())
      return fixed->second.front();
    if (parent.endpoint.empty() && !parent.values.empty())
      return std::string{parent.values.front()};
    const Endpoint* owner = api_.find(parent.endpoint);
    if (owner == nullptr) return std::nullopt;
    const Finding& rows = look_at(*owner);
    if (!rows.keys.empty()) return rows.keys.front();
    why = std::string{parent.endpoint};
    switch (rows.state) {
      case Finding::ok: why += " has no rows"; break;
      case Finding::refused: why += " is refused"; break;
      case Finding::out_of_reach: why += " is out of reach"; break;
      case Finding::not_asked: why += " is not asked either"; break;
    }
    return std::nullopt;
  }

  Finding ask(const Endpoint& endpoint) {
    if (ended_) return {Finding::not_asked, "not asked", {}};
    std::string path{endpoint.path};
    Query query;
    for (const Parent& parent : endpoint.parents) {
      std::string why;
      const auto value = value_for(parent, why);
      if (!value) {
        const bool reached = found_.contains(parent.endpoint) &&
                             found_.find(parent.endpoint)->second.state != Finding::out_of_reach;
        return {reached ? Finding::not_asked : Finding::out_of_reach, "not asked: " + why, {}};
      }
      const std::string mark = fmt::format("{{{}}}", parent.parameter);
      if (const std::size_t at = path.find(mark); at != path.npos)
        path.replace(at, mark.size(), encode_segment(*value));
      else
        query.emplace_back(parent.parameter, *value);
    }
    // The keys of those without parents are what a person wants to see: all of the first page.
    const int rows = is_root(endpoint) ? endpoint.page_size(api_.paging.most) : 1;
    const auto& styles = endpoint.paging;
    if (std::ranges::find(styles, Paging::whole) == styles.end())
      query.emplace_back(api_.paging.size, std::to_string(rows));
    if (endpoint.dates) {
      const auto today = today_in("UTC", clock_.today());
      query.emplace_back(endpoint.dates.from, days_before(today, 1));
      query.emplace_back(endpoint.dates.to, days_before(today, 0));
    }
    client_.get(
        {make_url(config_.extract.base_url, path, query), fmt::format("{} check", endpoint.name)});
    auto answer = client_.next(stop_);
    if (!answer) {
      ended_ = Error{Code::cancelled, "stopped on request"};
      return {Finding::not_asked, "not asked", {}};
    }
    if (!answer->result && answer->result.error().code == Code::not_found &&
        endpoint.not_found_is_empty)
      return {Finding::ok, "ok, no rows", {}};
    if (!answer->result) return failure(answer->result.error());
    return decode(endpoint, std::move(answer->result->body));
  }

  Finding failure(const Error& error) {
    if (error.code == Code::bad_key) ended_ = error;
    if (error.code == Code::try_later)
      return {Finding::out_of_reach, "out of reach: " + error.what, {}};
    return {Finding::refused, "refused: " + error.what, {}};
  }

  Finding decode(const Endpoint& endpoint, Body body) {
    const std::size_t key = endpoint.find(endpoint.key);
    Selection wanted;
    if (key != Endpoint::npos) wanted.add(key);
    Drift drift;
    const auto page = decoder_.decode(endpoint, api_.paging, std::move(body), wanted, {}, drift);
    if (!page) return {Finding::refused, "not understood: " + page.error().what, {}};
    Finding finding{Finding::ok, "ok", {}};
    for (std::size_t row = 0; row < page->size() && key != Endpoint::npos; ++row)
      finding.keys.emplace_back(page->rows().at(row, key).text());
    const auto total = page->envelope.total;
    // Of a list with dates it asked for the last days only: a count would be taken for all of it.
    if (total && !endpoint.dates) finding.text += fmt::format(", {} rows", *total);
    if (is_root(endpoint)) finding.text += ": " + some(finding.keys);
    return finding;
  }

  static std::string some(const std::vector<std::string>& keys) {
    constexpr std::size_t most = 10;
    std::string out = keys.empty() ? "none" : "";
    for (std::size_t i = 0; i < std::min(keys.size(), most); ++i)
      out += (i == 0 ? "" : ", ") + keys[i];
    return keys.size() > most ? out + ", …" : out;
  }

  const Api& api_;
  const Config& config_;
  Client& client_;
  const Clock& clock_;
  const std::function<bool()>& stop_;
  PageDecoder decoder_;
  std::map<Text, Finding> found_;
  std::optional<Error> ended_;
};

}  // namespace

CheckResult check(const Api& api, const Config& config, Client& client, const Clock& clock,
                  const std::function<bool()>& stop,
                  const std::function<void(const std::string&)>& print) {
  Checker checker{api, config, client, clock, stop};
  std::size_t asked = 0, refused = 0, out_of_reach = 0;
  std::string first_failure, advice;
  std::vector<std::string> lines;
  for (const Wanted& wanted : config.extract.endpoints) {
    const Finding finding = checker.look_at(*wanted.endpoint);
    if (checker.ended()) break;
    ++asked;
    refused += finding.state == Finding::refused ? 1 : 0;
    out_of_reach += finding.state == Finding::out_of_reach ? 1 : 0;
    if (first_failure.empty() &&
        (finding.state == Finding::refused || finding.state == Finding::out_of_reach)) {
      first_failure = fmt::format("{}: {}", wanted.endpoint->name, finding.text);
      advice = finding.state == Finding::refused
                   ? "; ask for the permission, or leave it out of --endpoints"
                   : "; run again later, or leave it out of --endpoints";
    }
    lines.push_back(fmt::format("{:<20} {}", wanted.endpoint->name, finding.text));
  }
  if (const auto& ended = checker.ended()) {
    if (ended->code == Code::cancelled) return {exit_signal + SIGINT, "interrupted"};
    print("key                  refused: " + ended->what);
    return {exit_bad_key,
            ended->what + "; the key was refused: check CALLRAIL_API_KEY, then run again"};
  }
  const bool unreachable = asked != 0 && out_of_reach == asked;
  print(unreachable ? "key                  not known: the API is out of reach"
                    : "key                  accepted");
  for (const std::string& line : lines) print(line);

  std::string output;
  for (const std::string& address : config.output.databases) {
    auto database = open_database(address, false);
    const auto ready = database ? check_tables(**database, api)
                                : Status{std::unexpected(std::move(database).error())};
    print(fmt::format("output               {} {}", public_address(address),
                      ready ? "ready" : "not ready: " + ready.error().what));
    if (!ready && output.empty()) output = ready.error().what;
  }
  if (!output.empty() && !unreachable) return {exit_destination, output};
  if (config.output.has_folder()) {
    output = why_not_writable(config.output.folder);
    print(fmt::format("output               {} {}", config.output.folder.string(),
                      output.empty() ? "writable" : "not writable: " + output));
  }
  if (unreachable) return {exit_out_of_reach, first_failure + "; run again later"};
  if (!output.empty())
    return {exit_destination, "output " + config.output.folder.string() + ": " + output +
                                  "; name another folder with --output"};
  if (refused + out_of_reach != 0) return {exit_incomplete, first_failure + advice};
  return {};
}

}  // namespace callrail::cli
