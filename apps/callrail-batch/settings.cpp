#include "settings.hpp"

namespace callrail::cli {
namespace {

Setting resolve(const Option& option, const Arguments& arguments, const Environment& environment,
                const EnvFile& env_file) {
  if (const auto given = arguments.options.find(option.name); given != arguments.options.end())
    return {&option, given->second, Origin::option, {}};
  if (!option.environment.empty()) {
    // Schedulers write VARIABLE= for "no value", so an empty one counts as not set.
    if (const auto value = environment(option.environment)) {
      if (!value->empty()) return {&option, {*value}, Origin::environment, {}};
    } else if (const auto line = env_file.values.find(option.environment);
               line != env_file.values.end() && !line->second.text.empty()) {
      return {&option,
              {line->second.text},
              Origin::env_file,
              env_file.place + ":" + std::to_string(line->second.line)};
    }
  }
  Setting setting{&option, {}, Origin::fallback, {}};
  if (!option.fallback.empty()) setting.values.push_back(option.fallback);
  return setting;
}

}  // namespace

std::string Setting::name() const {
  const std::string dashed = "--" + option->name;
  if (origin == Origin::environment)
    return dashed + " (" + option->environment + " in the environment)";
  if (origin == Origin::env_file) return dashed + " (" + option->environment + ", " + place + ")";
  if (origin == Origin::recording) return dashed + " (recorded in " + place + ")";
  return dashed;
}

Settings::Settings(std::span<const OptionGroup> groups, const Arguments& arguments,
                   const Environment& environment, const EnvFile& env_file) {
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options)
      settings_.emplace(option.name, resolve(option, arguments, environment, env_file));
}

void Settings::set(const Option& option, std::vector<std::string> values, Origin origin,
                   std::string place) {
  if (values.empty()) {
    origin = Origin::fallback;
    if (!option.fallback.empty()) values.push_back(option.fallback);
  }
  settings_.insert_or_assign(option.name,
                             Setting{&option, std::move(values), origin, std::move(place)});
}

std::string origin_text(const Setting& setting) {
  switch (setting.origin) {
    case Origin::option: return "option";
    case Origin::environment: return "environment " + setting.option->environment;
    case Origin::env_file: return setting.place + " " + setting.option->environment;
    case Origin::recording: return "the recording";
    case Origin::fallback: break;
  }
  return "default";
}

}  // namespace callrail::cli
