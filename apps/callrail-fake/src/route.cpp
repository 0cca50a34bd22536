#include <callrail/fake/route.hpp>

#include <vector>

namespace callrail::fake {
namespace {

constexpr Text ending = ".json";

std::vector<Text> split(Text path) {
  std::vector<Text> out;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == Text::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

bool is_parameter(Text part) {
  return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

bool matches(Text pattern, Text part, Pairs& parameters) {
  if (!is_parameter(pattern)) return pattern == part;
  if (part.empty() || part.ends_with(ending)) return false;
  parameters.emplace_back(pattern.substr(1, pattern.size() - 2), part);
  return true;
}

std::optional<Route> match(const EndpointPlan& plan, const std::vector<Text>& parts) {
  const std::vector<Text> pattern = split(plan.facts->path);
  if (parts.size() != pattern.size() && parts.size() != pattern.size() + 1) return std::nullopt;
  Route route{&plan, {}, {}, false};
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i)
    if (!matches(pattern[i], parts[i], route.parameters)) return std::nullopt;
  const Text last = pattern.back();
  const Text stem = last.ends_with(ending) ? last.substr(0, last.size() - ending.size()) : last;
  const Text part = parts[pattern.size() - 1];
  if (parts.size() == pattern.size()) {
    route.bare = !part.ends_with(ending);
    const Text named = route.bare ? part : part.substr(0, part.size() - ending.size());
    if (!matches(stem, named, route.parameters)) return std::nullopt;
    return route;
  }
  const Text id = parts.back();
  if (part != stem || !id.ends_with(ending) || id.size() == ending.size()) return std::nullopt;
  route.id = id.substr(0, id.size() - ending.size());
  return route;
}

}  // namespace

std::optional<Route> find_route(const Model& model, Text path) {
  const std::vector<Text> parts = split(path);
  std::optional<Route> best;
  // /calls/summary.json is no call of that name: the fewest made-up parts count, then a list of
  // its own before the row of another one.
  const auto made_up = [](const Route& route) {
    return std::pair{route.parameters.size() + (route.id ? 1U : 0U), route.id.has_value()};
  };
  for (const EndpointPlan& plan : model.endpoints)
    if (auto route = match(plan, parts))
      if (!best || made_up(*route) < made_up(*best)) best = std::move(route);
  return best;
}

std::string list_path(const Endpoint& facts, const Pairs& parameters, bool bare) {
  std::string out{facts.path};
  for (const auto& [name, value] : parameters)
    if (const auto at = out.find('{' + name + '}'); at != std::string::npos)
      out.replace(at, name.size() + 2, value);
  if (bare && out.ends_with(ending)) out.resize(out.size() - ending.size());
  return out;
}

}  // namespace callrail::fake
