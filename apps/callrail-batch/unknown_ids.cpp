#include "unknown_ids.hpp"

#include <callrail/rows_sink.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace callrail::cli {
namespace {

/// The keys of all rows of an endpoint without parents.
std::vector<std::string> keys_of(const Api& api, const Endpoint& endpoint, const Config& config,
                                 Client& client, const Clock& clock,
                                 const std::function<bool()>& stop) {
  std::vector<std::string> keys;
  const std::size_t key = endpoint.find(endpoint.key);
  if (key == Endpoint::npos) return keys;
  ExtractOptions options;
  options.base_url = config.extract.base_url;
  options.endpoints.push_back({&endpoint, {}, false});
  options.endpoints.front().fields.add(key);
  RowsSink rows{[&](const Table&, const Rows& page) -> Status {
    for (std::size_t i = 0; i < page.count; ++i) keys.emplace_back(page.at(i, key).text());
    return {};
  }};
  Events silent;
  extract(api, options, client, rows, clock, silent, stop);
  return keys;
}

}  // namespace

std::string unknown_ids(const Api& api, const Config& config, const Summary& summary,
                        Client& client, const Clock& clock, const std::function<bool()>& stop) {
  const bool all_read = std::ranges::all_of(summary.endpoints, [](const EndpointSummary& each) {
    return each.outcome == Outcome::complete && (!each.proof || is_complete(*each.proof));
  });
  if (all_read || summary.ended) return {};
  for (const Wanted& wanted : config.extract.endpoints)
    for (const Parent& parent : wanted.endpoint->parents) {
      const auto named = config.extract.fixed.find(parent.parameter);
      const Endpoint* const rows = api.find(parent.endpoint);
      if (named == config.extract.fixed.end() || rows == nullptr || !rows->parents.empty())
        continue;
      const auto seen = keys_of(api, *rows, config, client, clock, stop);
      if (seen.empty()) return {};
      for (const std::string& id : named->second)
        if (std::ranges::find(seen, id) == seen.end())
          return fmt::format("{} {}: not one of the {} this key can see: {}", parent.parameter, id,
                             parent.endpoint, fmt::join(seen, ", "));
      return {};
    }
  return {};
}

}  // namespace callrail::cli
