#include "lists.hpp"

#include <callrail/url.hpp>

#include <algorithm>

namespace callrail {

namespace {

bool fixed(const ExtractOptions& options, Text parameter) {
  return options.fixed.contains(parameter);
}

void add_parameter(std::string& url, Text name, std::string_view value) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += percent_encode(name);
  url += '=';
  url += percent_encode(value);
}

}  // namespace

std::vector<Scope> scopes_of(const Endpoint& endpoint, const ExtractOptions& options,
                             const ParentKeys& keys) {
  std::vector<Scope> all;
  Scopes scopes{endpoint, options, keys};
  while (auto scope = scopes.next()) all.push_back(*std::move(scope));
  return all;
}

std::vector<Text> parents_needed(const Api& api, const Endpoint& endpoint,
                                 const ExtractOptions& options) {
  std::vector<Text> needed;
  for (const Parent& parent : endpoint.parents) {
    if (parent.endpoint.empty() || fixed(options, parent.parameter)) continue;
    if (const Endpoint* const rows = api.find(parent.endpoint))
      for (const Text grandparent : parents_needed(api, *rows, options))
        if (std::ranges::find(needed, grandparent) == needed.end()) needed.push_back(grandparent);
    if (std::ranges::find(needed, parent.endpoint) == needed.end())
      needed.push_back(parent.endpoint);
  }
  return needed;
}

std::string List::label() const {
  std::string text;
  for (const auto& [parameter, value] : scope) text += (text.empty() ? "" : " ") + value;
  return text;
}

std::string list_address(const ExtractOptions& options, const Endpoint& endpoint, const List& list,
                         const std::vector<std::string>& fields) {
  std::string url = options.base_url + std::string{endpoint.path};
  std::string query;
  for (const auto& [parameter, value] : list.scope) {
    const std::string hole = '{' + parameter + '}';
    if (const auto at = url.find(hole); at != std::string::npos)
      url.replace(at, hole.size(), encode_segment(value));
    else
      add_parameter(query, parameter, value);
  }
  url += query;
  if (endpoint.dates) {
    add_parameter(url, endpoint.dates.from, list.window.from);
    add_parameter(url, endpoint.dates.to, list.window.to);
    if (!endpoint.dates.zone.empty()) add_parameter(url, endpoint.dates.zone, list.window.zone);
  }
  if (endpoint.order) {
    add_parameter(url, endpoint.order.by, endpoint.order.field);
    add_parameter(url, endpoint.order.direction, endpoint.order.ascending);
  }
  if (!fields.empty()) {
    std::string names;
    for (const auto& field : fields) names += (names.empty() ? "" : ",") + field;
    add_parameter(url, endpoint.select, names);
  }
  return url;
}

}  // namespace callrail
