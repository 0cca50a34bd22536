#include "program.hpp"

#include "closest.hpp"
#include "completion.hpp"
#include "console.hpp"
#include "database_verbs.hpp"
#include "exit_code.hpp"
#include "extraction.hpp"
#include "replay.hpp"
#include "terminal.hpp"
#include "texts.hpp"
#include "verify.hpp"
#include "version.hpp"

#include <callrail/parquet.hpp>
#include <callrail/redact.hpp>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace callrail::cli {
namespace {

int print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return exit_destination;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return exit_complete;
}

int refuse(const Mistakes& mistakes, const std::string& key = {}) {
  Screen screen{standard_error(ProgressMode::never, process_environment())};
  Console console{screen, {.key = key, .secret_names = {}, .mask_people = false}, false};
  for (const std::string& mistake : mistakes) console.error(mistake);
  return exit_usage;
}

/// What to do, and the words behind it.
struct Command {
  Verb verb = Verb::run;
  std::vector<std::string> words;
};

Command understand(const Arguments& arguments, Mistakes& mistakes) {
  if (arguments.has("endpoint-info"))
    return {Verb::endpoints, {arguments.options.find("endpoint-info")->second.back()}};
  if (arguments.has("list-endpoints")) return {Verb::endpoints, {}};
  if (arguments.words.empty()) return {};
  Command command;
  command.words.assign(arguments.words.begin() + 1, arguments.words.end());
  const std::string& name = arguments.words.front();
  std::vector<std::string_view> known;
  for (const VerbFacts& verb : verbs()) known.push_back(verb.name);
  const auto found = std::ranges::find(known, name);
  if (found == known.end()) {
    const std::string near = near_suggestion(name, known);
    mistakes.push_back(name + ": no such verb; " + near + (near.empty() ? "" : " ") +
                       "callrail-batch --help lists all");
    return command;
  }
  command.verb = static_cast<Verb>(found - known.begin());
  if (command.verb == Verb::replay && command.words.size() != 1)
    mistakes.push_back("replay: name one recording, as --record made it");
  const bool takes_words = command.verb == Verb::endpoints || command.verb == Verb::verify ||
                           command.verb == Verb::replay || command.verb == Verb::completion;
  if (!takes_words && !command.words.empty())
    mistakes.push_back(command.words.front() + ": nothing is expected behind " + name +
                       "; endpoints are named with --endpoints");
  return command;
}

/// The endpoints of --all, one name a line; or those it leaves out.
int list_endpoints(const Api& api, bool opt_in) {
  const std::string others = opt_in_text(api);
  if (opt_in) return print(others);
  const int printed = print(endpoint_names_text(api));
  if (!others.empty())
    std::fputs("others are read only when named: callrail-batch endpoints --opt-in\n", stderr);
  return printed;
}

int endpoints_verb(const Api& api, const std::vector<std::string>& names, bool verbose, bool opt_in,
                   const std::string& key) {
  std::vector<std::string_view> known;
  for (const Endpoint* endpoint : api.endpoints) known.push_back(endpoint->name);
  Mistakes mistakes;
  std::string out;
  std::vector<std::string_view> shown{names.begin(), names.end()};
  if (names.empty() && verbose)
    for (const Endpoint* endpoint : api.endpoints)
      if (endpoint->opt_in.empty() != opt_in) shown.push_back(endpoint->name);
  if (shown.empty()) return list_endpoints(api, opt_in);
  for (const std::string_view name : shown) {
    const Endpoint* endpoint = api.find(name);
    if (endpoint == nullptr)
      mistakes.push_back("endpoints " + std::string{name} + ": no such endpoint; " +
                         suggestion(name, known));
    else
      out += (out.empty() ? "" : "\n") + endpoint_text(*endpoint, api);
  }
  if (!mistakes.empty()) return refuse(mistakes, key);
  return print(out);
}

int completion_verb(const Api& api, std::span<const OptionGroup> groups,
                    const std::vector<std::string>& words) {
  const std::string shell = words.size() == 1 ? words.front() : "";
  if (shell == "bash") return print(bash_completion(api, groups));
  if (shell == "zsh") return print(zsh_completion(api, groups));
  if (shell == "fish") return print(fish_completion(api, groups));
  return refuse({"completion: name one shell: bash, zsh or fish"});
}

int verify_verb(const std::vector<std::string>& words, bool strict,
                const Environment& environment) {
  if (words.size() != 1) return refuse({"verify: name one folder that a run wrote into"});
  std::string error;
  const auto say = [](const std::string& line) { print(escape_controls(line) + "\n"); };
  const int code =
      verify(words.front(), strict, say, error, environment(duckdb_variable).value_or(""));
  if (!error.empty()) refuse({error});
  return code;
}

Result<EnvFile> env_file(const Arguments& arguments) {
  if (arguments.has("no-env-file")) {
    if (arguments.has("env-file"))
      return fail(Code::bad_request,
                  "--no-env-file cannot stand beside --env-file; leave one of them out");
    return EnvFile{};
  }
  const auto named = arguments.options.find("env-file");
  if (named != arguments.options.end()) return read_env_file(named->second.back(), true);
  return read_env_file(".env", false);
}

int replay_verb(const Arguments& arguments, const std::string& file, Settings& settings,
                std::span<const OptionGroup> groups, const Environment& environment,
                const Api& api) {
  const auto recording = Recording::open(file);
  if (!recording) return refuse({recording.error().what});
  Mistakes mistakes;
  const auto written = ask_as_recorded(settings, groups, *recording, mistakes);
  Config config = configure(settings, api, Verb::replay, recording->header().began_at, mistakes);
  write_only(written, config, mistakes);
  if (arguments.has("print-config")) {
    const int printed = print(config_text(groups, settings, ApiKey{}));
    return mistakes.empty() ? printed : refuse(mistakes);
  }
  if (!mistakes.empty()) return refuse(mistakes);
  return extraction(api, config, Verb::replay, ApiKey{}, environment, &*recording);
}

/// The key as far as it is known before anything was checked, so that no message repeats it: people
/// put it where a verb or a name belongs.
std::string key_to_hide(const Arguments& arguments, const Environment& environment) {
  const auto file = env_file(arguments);
  const auto key = find_api_key(environment, file ? *file : EnvFile{});
  return key ? key->text : std::string{};
}

/// Verbs about databases alone: without a key.
int about_database(const Arguments& arguments, Verb verb, std::span<const OptionGroup> groups,
                   const Environment& environment, const Api& api) {
  const std::string key = key_to_hide(arguments, environment);
  const auto file = env_file(arguments);
  if (!file) return refuse({file.error().what}, key);
  const Settings settings{groups, arguments, environment, *file};
  if (arguments.has("print-config")) return print(config_text(groups, settings, ApiKey{}));
  Mistakes mistakes;
  std::string error;
  const int code = database_verb(verb, api, settings, mistakes, error);
  if (!error.empty()) mistakes.push_back(error);
  if (!mistakes.empty()) refuse(mistakes, key);
  return code;
}

/// `run`, `check`, `plan`, `replay`, `reconcile` and --print-config need the settings.
int configured(const Arguments& arguments, const Command& command,
               std::span<const OptionGroup> groups, const Environment& environment,
               const Api& api) {
  auto file = env_file(arguments);
  if (!file) return refuse({file.error().what});
  Settings settings{groups, arguments, environment, *file};
  if (command.verb == Verb::replay)
    return replay_verb(arguments, command.words.front(), settings, groups, environment, api);
  Mistakes mistakes;
  const auto key = find_api_key(environment, *file);
  if (!key) mistakes.push_back(key.error().what);
  const std::string known_key = key ? key->text : std::string{};

  if (arguments.has("print-config")) {
    // Names of endpoints may be missing here, as for `check`.
    configure(settings, api, Verb::check, SystemClock{}.today(), mistakes);
    const int printed = print(config_text(groups, settings, key ? *key : ApiKey{}));
    return mistakes.empty() ? printed : refuse(mistakes, known_key);
  }
  const Config config = configure(settings, api, command.verb, SystemClock{}.today(), mistakes);
  if (key && key->text.empty()) mistakes.push_back(missing_key_message());
  // It would stand in addresses and files. Shorter ones, as in trials, may be a part of any word.
  constexpr std::size_t shortest = 12;
  for (const auto& [name, setting] : settings.all())
    for (const std::string& value : setting.values)
      if (known_key.size() >= shortest && value.find(known_key) != value.npos)
        mistakes.push_back(setting.name() +
                           ": holds the API key, which belongs nowhere but into CALLRAIL_API_KEY; "
                           "write what the option asks for");
  if (!mistakes.empty()) return refuse(mistakes, known_key);
  return extraction(api, config, command.verb, *key, environment);
}

}  // namespace

int program(std::vector<std::string> words, const Environment& environment, const Api& api) {
  const auto groups = option_groups(api);
  const Arguments arguments = parse_arguments(std::move(words), groups);
  const auto refused = [&](const Mistakes& mistakes) {
    return refuse(mistakes, key_to_hide(arguments, environment));
  };
  if (!arguments.mistakes.empty()) return refused(arguments.mistakes);
  if (arguments.has("help")) return print(help_text(api, groups));
  if (arguments.has("version"))
    return print("callrail-batch " + std::string{version} + "\n" +
                 (Parquet::is_built_in() ? "with Parquet, where DuckDB's library is\n"
                                         : "without Parquet\n"));
  Mistakes mistakes;
  const Command command = understand(arguments, mistakes);
  if (!mistakes.empty()) return refused(mistakes);
  switch (command.verb) {
    case Verb::endpoints:
      return endpoints_verb(api, command.words, arguments.has("verbose"), arguments.has("opt-in"),
                            key_to_hide(arguments, environment));
    case Verb::verify: return verify_verb(command.words, arguments.has("strict"), environment);
    case Verb::completion: return completion_verb(api, groups, command.words);
    case Verb::migrate:
    case Verb::history:
    case Verb::copy: return about_database(arguments, command.verb, groups, environment, api);
    case Verb::check:
      if (arguments.has("orphans"))
        return about_database(arguments, command.verb, groups, environment, api);
      break;
    case Verb::run:
    case Verb::plan:
    case Verb::replay:
    case Verb::reconcile: break;
  }
  return configured(arguments, command, groups, environment, api);
}

}  // namespace callrail::cli
