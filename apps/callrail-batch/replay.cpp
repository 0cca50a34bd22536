#include "replay.hpp"

#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace callrail::cli {
namespace {

constexpr std::string_view endpoints_option = "endpoints", all_option = "all";

using Words = std::vector<std::string>;

/// The values of an option, one by one, however commas and repetition divide them.
Words words_of(const Words& values) {
  Words words;
  for (const std::string& value : values)
    for (const std::string_view word : split_list(value)) words.emplace_back(word);
  return words;
}

std::string joined(const Words& words) { return fmt::format("{}", fmt::join(words, ",")); }

/// The endpoints named on the command line, which must be among the recorded ones.
Words narrowed(const Setting& named, const Words& recorded, const std::string& file,
               Mistakes& mistakes) {
  Words wanted;
  if (named.origin != Origin::option) return wanted;
  for (std::string& name : words_of(named.values)) {
    if (std::ranges::find(recorded, name) == recorded.end())
      mistakes.push_back(fmt::format("--{} {}: not in the recording {}, which has {}",
                                     endpoints_option, name, file, joined(recorded)));
    else if (std::ranges::find(wanted, name) == wanted.end())
      wanted.push_back(std::move(name));
  }
  return wanted;
}

void refuse_otherwise(const Setting& given, const Words& recorded, const std::string& file,
                      Mistakes& mistakes) {
  if (given.origin != Origin::option || words_of(given.values) == words_of(recorded)) return;
  const std::string how = recorded.empty() ? fmt::format("without --{}", given.option->name)
                                           : fmt::format("with {}", joined(recorded));
  mistakes.push_back(
      fmt::format("{} {}: the recording {} was made {}, and a replay asks what was recorded; leave "
                  "it out",
                  given.name(), joined(given.values), file, how));
}

}  // namespace

Words ask_as_recorded(Settings& settings, std::span<const OptionGroup> groups,
                      const Recording& recording, Mistakes& mistakes) {
  const auto& options = recording.header().options;
  Words written;
  if (settings[all_option].is_set() && settings[endpoints_option].origin == Origin::option)
    mistakes.push_back("--all cannot stand beside --endpoints; leave one of them out");
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options) {
      if (!option.asks) continue;
      const auto found = options.find(option.name);
      const Words recorded = found == options.end() ? Words{} : found->second;
      if (option.name == endpoints_option)
        written = narrowed(settings[option.name], words_of(recorded), recording.name(), mistakes);
      else if (option.name != all_option)
        refuse_otherwise(settings[option.name], recorded, recording.name(), mistakes);
      settings.set(option, recorded, Origin::recording, recording.name());
    }
  return written;
}

void write_only(const Words& endpoints, Config& config, Mistakes& mistakes) {
  std::size_t count = 0;
  for (Wanted& wanted : config.extract.endpoints) {
    wanted.written =
        endpoints.empty() || std::ranges::find(endpoints, wanted.endpoint->name) != endpoints.end();
    count += wanted.written ? 1 : 0;
  }
  if (config.output.standard_output && count > 1)
    mistakes.push_back(fmt::format(
        "--output -: standard output takes one endpoint, not {}; name it with --endpoints", count));
}

}  // namespace callrail::cli
