#include "lists.hpp"

#include <callrail/url.hpp>

#include <algorithm>

namespace callrail {

namespace {

bool fixed(const ExtractOptions& options, Text parameter) {
  return options.fixed.contains(parameter);
}

/// Whether `inner` was read in a scope that agrees with `outer`.
bool within(const Scope& inner, const Scope& outer) {
  return std::ranges::all_of(inner, [&](const auto& value) {
    return std::ranges::all_of(outer, [&](const auto& other) {
      return other.first != value.first || other.second == value.second;
    });
  });
}

std::vector<std::string> values_of(const Parent& parent, const Scope& scope,
                                   const ExtractOptions& options, const ParentKeys& keys) {
  if (const auto given = options.fixed.find(parent.parameter); given != options.fixed.end())
    return given->second;
  std::vector<std::string> values;
  if (const auto rows = keys.by_endpoint.find(parent.endpoint); rows != keys.by_endpoint.end())
    for (const auto& key : rows->second)
      if (within(key.scope, scope)) values.push_back(key.value);
  return values;
}

std::vector<Scope> multiply(const std::vector<Scope>& scopes, Text parameter, auto values_in) {
  std::vector<Scope> product;
  for (const Scope& scope : scopes)
    for (const std::string& value : values_in(scope)) {
      product.push_back(scope);
      product.back().emplace_back(parameter, value);
    }
  return product;
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
  std::vector<Scope> scopes{Scope{}};
  for (const Parent& parent : endpoint.parents)
    scopes = multiply(scopes, parent.parameter,
                      [&](const Scope& scope) { return values_of(parent, scope, options, keys); });
  for (const auto& [parameter, values] : options.fixed) {
    const bool is_parent = std::ranges::any_of(
        endpoint.parents, [&](const Parent& p) { return p.parameter == parameter; });
    const bool is_filter =
        std::ranges::any_of(endpoint.filters, [&](const Filter& f) { return f.name == parameter; });
    if (is_filter && !is_parent)
      scopes = multiply(scopes, parameter, [&](const Scope&) { return values; });
  }
  return scopes;
}

std::vector<Text> parents_needed(const Api& api, const Endpoint& endpoint,
                                 const ExtractOptions& options) {
  std::vector<Text> needed;
  for (const Parent& parent : endpoint.parents) {
    if (fixed(options, parent.parameter)) continue;
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
    add_parameter(url, endpoint.dates.zone, list.window.zone);
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
