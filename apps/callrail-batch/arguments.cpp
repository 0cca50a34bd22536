// The only file that includes CLI11: it costs more to compile than the rest of the program.
#include "arguments.hpp"

#include "closest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace callrail::cli {
namespace {

std::string unknown_option(const std::string& given, std::span<const OptionGroup> groups) {
  const std::string name = given.substr(0, given.find('='));
  if (name.find("key") != name.npos || name.find("token") != name.npos)
    return name +
           ": no such option; the key is never one, because everybody on a machine sees "
           "them: set CALLRAIL_API_KEY";
  std::vector<std::string> spelled;
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options) {
      spelled.push_back("--" + option.name);
      if (option.letter != 0) spelled.push_back({'-', option.letter});
    }
  const std::vector<std::string_view> known{spelled.begin(), spelled.end()};
  const std::string near = near_suggestion(name, known);
  return name + ": no such option; " + near + (near.empty() ? "" : " ") +
         "callrail-batch --help lists all";
}

}  // namespace

Arguments parse_arguments(std::vector<std::string> arguments, std::span<const OptionGroup> groups) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  Arguments parsed;
  app.add_option("words", parsed.words);
  std::vector<std::pair<const Option*, CLI::Option*>> added;
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options) {
      const std::string names =
          (option.letter != 0 ? std::string{'-', option.letter} + "," : "") + "--" + option.name;
      CLI::Option* made = nullptr;
      if (option.value.empty()) {
        made = app.add_flag(names)->disable_flag_override();
      } else {
        made = app.add_option(names)->expected(1)->multi_option_policy(
            option.repeatable ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast);
        if (option.repeatable) made->allow_extra_args(false);
      }
      added.emplace_back(&option, made);
    }

  // CLI11 takes them from the end.
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ArgumentMismatch& error) {
    // Its text begins with the name, and has a colon behind it or a blank.
    const std::string_view text = error.what();
    const std::string name{text.substr(0, text.find_first_of(": "))};
    const bool is_switch = !name.starts_with('-');
    parsed.mistakes.push_back((is_switch ? "--" : "") + name +
                              (is_switch ? ": takes no value" : ": needs a value behind it") +
                              "; callrail-batch --help tells more");
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.mistakes.push_back(std::string{error.what()} + " (callrail-batch --help tells more)");
    return parsed;
  }
  const auto is_option = [&](std::string_view word) {
    return std::ranges::any_of(added, [&](const auto& one) {
      const Option& option = *one.first;
      return (word.starts_with("--") && word.substr(2, word.find('=') - 2) == option.name) ||
             (option.letter != 0 && word == std::string{'-', option.letter});
    });
  };
  for (const auto& [option, made] : added) {
    if (made->count() == 0) continue;
    auto values = made->results();
    // CLI11 takes whatever stands behind for the value.
    for (const std::string& value : option->value.empty() ? std::vector<std::string>{} : values)
      if (is_option(value))
        parsed.mistakes.push_back("--" + option->name + ": needs a value behind it, and " + value +
                                  " is an option; callrail-batch --help tells more");
    if (option->value.empty()) std::ranges::fill(values, std::string{});
    parsed.options.emplace(option->name, std::move(values));
  }
  for (const std::string& extra : app.remaining())
    parsed.mistakes.push_back(unknown_option(extra, groups));
  // What stands behind an unknown option may have been meant as its value.
  if (!parsed.mistakes.empty()) parsed.words.clear();
  return parsed;
}

}  // namespace callrail::cli
