#include "scopes.hpp"

#include <algorithm>

namespace callrail {

namespace {

/// Whether `inner` was read in a scope that agrees with `outer`.
bool within(const Scope& inner, const Scope& outer) {
  return std::ranges::all_of(inner, [&](const auto& value) {
    return std::ranges::all_of(outer, [&](const auto& other) {
      return other.first != value.first || other.second == value.second;
    });
  });
}

}  // namespace

Scopes::Scopes(const Endpoint& endpoint, const ExtractOptions& options, const ParentKeys& keys) {
  for (const Parent& parent : endpoint.parents) {
    Level level{.parameter = parent.parameter};
    const auto given = options.fixed.find(parent.parameter);
    const auto rows = keys.by_endpoint.find(parent.endpoint);
    if (given != options.fixed.end())
      level.fixed = &given->second;
    else if (parent.endpoint.empty())
      level.words = parent.values;
    else if (rows != keys.by_endpoint.end())
      level.keys = rows->second;
    levels_.push_back(level);
  }
  const bool written = std::ranges::any_of(options.endpoints, [&](const Wanted& wanted) {
    return wanted.endpoint == &endpoint && wanted.written;
  });
  for (const auto& [parameter, values] : options.fixed) {
    if (!written && options.narrow_written.contains(parameter)) continue;
    const bool is_parent = std::ranges::any_of(
        endpoint.parents, [&](const Parent& p) { return p.parameter == parameter; });
    const bool is_filter =
        std::ranges::any_of(endpoint.filters, [&](const Filter& f) { return f.name == parameter; });
    if (is_filter && !is_parent) levels_.push_back({.parameter = parameter, .fixed = &values});
  }
}

std::string_view Scopes::Level::value() const {
  if (fixed != nullptr) return (*fixed)[at];
  return keys != nullptr ? (*keys)[at] : words[at];
}

/// The stretch at or behind `stretch` whose keys belong to the values before them.
bool Scopes::find_stretch(Level& level) {
  const auto& stretches = level.keys->stretches();
  while (level.stretch < stretches.size() && !within(stretches[level.stretch].scope, scope_))
    ++level.stretch;
  if (level.stretch == stretches.size()) return false;
  level.at = stretches[level.stretch].first;
  level.behind = stretches[level.stretch].behind;
  return true;
}

bool Scopes::enter(std::size_t number) {
  Level& level = levels_[number];
  scope_.resize(number);
  level.at = level.stretch = 0;
  if (level.keys != nullptr) return find_stretch(level);
  level.behind = level.fixed != nullptr ? level.fixed->size() : level.words.size();
  return level.behind != 0;
}

bool Scopes::step(std::size_t number) {
  Level& level = levels_[number];
  scope_.resize(number);
  if (++level.at < level.behind) return true;
  if (level.keys == nullptr) return false;
  ++level.stretch;
  return find_stretch(level);
}

/// The first values of this level and those behind it, of so many in all.
bool Scopes::first_from(std::size_t level, std::size_t levels) {
  if (level == levels) return true;
  for (bool more = enter(level); more; more = step(level)) {
    scope_.emplace_back(levels_[level].parameter, levels_[level].value());
    if (first_from(level + 1, levels)) return true;
  }
  return false;
}

bool Scopes::advance(std::size_t levels) {
  if (over_) return false;
  if (!begun_) {
    begun_ = true;
    over_ = !first_from(0, levels);
    return !over_;
  }
  for (std::size_t level = levels; level-- > 0;)
    while (step(level)) {
      scope_.emplace_back(levels_[level].parameter, levels_[level].value());
      if (first_from(level + 1, levels)) return true;
    }
  over_ = true;
  return false;
}

std::optional<Scope> Scopes::next() {
  if (!advance(levels_.size())) return std::nullopt;
  return scope_;
}

std::uint64_t Scopes::count() const {
  if (levels_.empty()) return 1;
  Scopes outer = *this;
  outer.begun_ = outer.over_ = false;
  const std::size_t last = levels_.size() - 1;
  std::uint64_t sum = 0;
  while (outer.advance(last)) {
    Level& level = outer.levels_[last];
    if (!outer.enter(last)) continue;
    do {
      sum += level.behind - level.at;
      level.at = level.behind - 1;
    } while (outer.step(last));
  }
  return sum;
}

}  // namespace callrail
