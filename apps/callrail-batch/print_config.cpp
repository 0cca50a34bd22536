#include "output_config.hpp"
#include "texts.hpp"

#include <callrail/redact.hpp>

#include <fmt/format.h>

namespace callrail::cli {
namespace {

/// Those that ask for something else than a run have no value to show.
bool is_shown(const Option& option) {
  return option.name != "help" && option.name != "version" && option.name != "print-config" &&
         option.name != "list-endpoints" && option.name != "endpoint-info";
}

std::string shown_value(const Option& option, const Setting& setting) {
  if (option.value.empty()) return setting.is_set() ? "on" : "off";
  if (!setting.is_set())
    return option.fallback_doc.empty() ? "(not set)" : "(" + option.fallback_doc + ")";
  if (!option.repeatable) return public_address(setting.value());
  std::string out;
  for (const std::string& value : setting.values)
    out += (out.empty() ? "" : " ") + public_address(value);
  return out;
}

}  // namespace

std::string config_text(std::span<const OptionGroup> groups, const Settings& settings,
                        const ApiKey& key) {
  const Redaction redaction{.key = key.text, .secret_names = {}, .mask_people = false};
  std::string out;
  const auto line = [&](std::string_view name, std::string_view value, std::string_view origin) {
    out += fmt::format("{:<16} {:<36} {}", name, escape_controls(redact(value, redaction)),
                       escape_controls(redact(origin, redaction)));
    out.resize(out.find_last_not_of(' ') + 1);
    out += '\n';
  };
  line("api key", key.text.empty() ? "(not set)" : "****",
       key.text.empty() ? "" : "set, from " + key.origin);
  for (const OptionGroup& group : groups)
    for (const Option& option : group.options)
      if (is_shown(option))
        line(option.name, shown_value(option, settings[option.name]),
             origin_text(settings[option.name]));
  return out;
}

}  // namespace callrail::cli
