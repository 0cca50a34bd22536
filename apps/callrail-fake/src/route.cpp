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
    if (part != last && part != stem) return std::nullopt;
    route.bare = part != last;
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
  for (const EndpointPlan& plan : model.endpoints)
    if (auto route = match(plan, parts)) return route;
  return std::nullopt;
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
