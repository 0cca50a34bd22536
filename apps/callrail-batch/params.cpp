#include "params.hpp"

#include "closest.hpp"
#include "numbers.hpp"

#include <algorithm>
#include <optional>

namespace callrail::cli {
namespace {

/// The words an endpoint takes for a parameter, empty if any will do; nothing if it has none of
/// that name.
std::optional<std::span<const Text>> words_of(const Endpoint& endpoint, std::string_view name) {
  const auto filter = std::ranges::find(endpoint.filters, name, &Filter::name);
  if (filter != endpoint.filters.end()) return filter->values;
  const auto parent = std::ranges::find(endpoint.parents, name, &Parent::parameter);
  if (parent != endpoint.parents.end() && parent->endpoint.empty()) return parent->values;
  return std::nullopt;
}

std::vector<std::string_view> parameter_names(const Api& api) {
  std::vector<std::string_view> names;
  const auto add = [&](std::string_view name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const Endpoint* endpoint : api.endpoints) {
    for (const Filter& filter : endpoint->filters) add(filter.name);
    for (const Parent& parent : endpoint->parents) add(parent.parameter);
  }
  return names;
}

std::string join(std::span<const Text> words) {
  std::string out;
  for (const Text word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

class Params {
 public:
  Params(const Settings& settings, const Api& api, Mistakes& mistakes, ExtractOptions& extract)
      : settings_{settings}, api_{api}, mistakes_{mistakes}, extract_{extract} {}

  void read(std::string_view value) {
    const std::size_t equals = value.find('=');
    const std::string_view name = trim(value.substr(0, equals));
    if (equals == value.npos || name.empty())
      return wrong(value, "write NAME=WORD, or NAME=WORD,WORD");
    if (const Option* own = option_of(name))
      return wrong(name, "has an option of its own: --" + own->name);
    if (extract_.endpoints.empty()) return;  // that has been told
    if (!find_holders(name)) return;
    const auto words = split_list(value.substr(equals + 1));
    if (words.empty()) return wrong(value, "names no word");
    auto& fixed = extract_.fixed[std::string{name}];
    extract_.narrow_written.emplace(name);
    for (const std::string_view word : words) {
      check(name, word);
      if (std::ranges::find(fixed, word) == fixed.end()) fixed.emplace_back(word);
    }
  }

 private:
  void wrong(std::string_view what, const std::string& why) {
    mistakes_.push_back("--param " + std::string{what} + ": " + why);
  }

  const Option* option_of(std::string_view parameter) const {
    for (const auto& [name, setting] : settings_.all())
      if (setting.option->parameter == parameter) return setting.option;
    return nullptr;
  }

  bool find_holders(std::string_view name) {
    holders_.clear();
    for (const Wanted& wanted : extract_.endpoints)
      if (words_of(*wanted.endpoint, name)) holders_.push_back(wanted.endpoint);
    if (!holders_.empty()) return true;
    for (const Endpoint* endpoint : api_.endpoints)
      if (words_of(*endpoint, name)) {
        wrong(name, "no endpoint to read has it, but " + std::string{endpoint->name} +
                        " does; add that to --endpoints, or leave it out");
        return false;
      }
    wrong(name, "no such parameter; " + suggestion(name, parameter_names(api_)));
    return false;
  }

  void check(std::string_view name, std::string_view word) {
    const std::string what = std::string{name} + "=" + std::string{word};
    for (const Endpoint* endpoint : holders_) {
      const auto known = *words_of(*endpoint, name);
      if (known.empty() || std::ranges::find(known, word) != known.end()) continue;
      return wrong(what, "no such word for " + std::string{endpoint->name} + "; " +
                             suggestion(word, known) + " Known: " + join(known));
    }
    if (std::ranges::any_of(word, [](char c) { return static_cast<unsigned char>(c) < ' '; }))
      wrong(what, "has a control character");
  }

  const Settings& settings_;
  const Api& api_;
  Mistakes& mistakes_;
  ExtractOptions& extract_;
  std::vector<const Endpoint*> holders_;
};

}  // namespace

void read_params(const Settings& settings, const Api& api, Mistakes& mistakes,
                 ExtractOptions& extract) {
  Params params{settings, api, mistakes, extract};
  for (const std::string& value : settings["param"].values) params.read(value);
}

}  // namespace callrail::cli
