#pragma once

#include "config.hpp"
#include "shop_api.hpp"

#include <map>
#include <sstream>

namespace callrail::cli {

using Variables = std::map<std::string, std::string>;

inline Environment environment_of(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

/// A command line as one types it, without quotes, and what the program makes of it.
struct CommandLine {
  explicit CommandLine(const std::string& typed, Variables variables = {},
                       std::string_view env = {}, Verb verb = Verb::run,
                       const Api& api = shop_api())
      : groups{option_groups(api)} {
    std::istringstream in{typed};
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    arguments = parse_arguments(words, groups);
    mistakes = arguments.mistakes;
    env_file = parse_env_file(env, ".env").value_or(EnvFile{});
    settings = std::make_unique<Settings>(groups, arguments, environment_of(std::move(variables)),
                                          env_file);
    // 21 November 2026, 02:09 UTC
    const Clock::Wall today{std::chrono::milliseconds{1795226940000}};
    if (mistakes.empty()) config = configure(*settings, api, verb, today, mistakes);
  }

  std::string mistake() const { return mistakes.empty() ? "" : mistakes.front(); }

  std::vector<OptionGroup> groups;
  Arguments arguments;
  EnvFile env_file;
  std::unique_ptr<Settings> settings;
  Config config;
  Mistakes mistakes;
};

}  // namespace callrail::cli
