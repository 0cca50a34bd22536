#pragma once

#include "closest.hpp"
#include "config.hpp"
#include "numbers.hpp"
#include "output_config.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// Reads settings one by one; what is wrong goes to the mistakes, and the default stays.
class Reader {
 public:
  Reader(const Settings& settings, Mistakes& mistakes) : settings_{settings}, mistakes_{mistakes} {}

  const Setting* find(std::string_view name) const {
    const Setting& setting = settings_[name];
    return setting.is_set() ? &setting : nullptr;
  }
  bool on(std::string_view name) const { return settings_.on(name); }

  /// "--limit abc: " + why
  void wrong(const Setting& setting, const std::string& why) {
    wrong(setting, setting.value(), why);
  }
  /// Of several values this one.
  void wrong(const Setting& setting, const std::string& value, const std::string& why) {
    mistakes_.push_back(setting.name() + " " + quoted(public_address(value)) + ": " + why);
  }
  /// "--limit: " + why, where it is not the value that is wrong.
  void say(const Setting& setting, const std::string& why) {
    mistakes_.push_back(setting.name() + ": " + why);
  }

  template <class T>
  void number(std::string_view name, T least, T most, T& out, const std::string& allowed) {
    const Setting* setting = find(name);
    if (setting == nullptr) return;
    const auto value = parse_number<T>(setting->value());
    if (value && *value >= least && *value <= most) {
      out = *value;
    } else {
      wrong(*setting, (value ? "" : "not a whole number; ") + allowed);
    }
  }

  /// Index of the value among the option's choices; the default's if it is none.
  std::size_t choice(std::string_view name) {
    const Setting* setting = find(name);
    if (setting == nullptr) return 0;
    const auto& choices = setting->option->choices;
    const std::string_view value = trim(setting->value());
    const auto found = std::ranges::find(choices, value);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    const std::vector<std::string_view> known{choices.begin(), choices.end()};
    std::string allowed;
    for (const auto& word : known) allowed.append(allowed.empty() ? "" : ", ").append(word);
    const std::string near = near_suggestion(value, known);
    wrong(*setting, near + (near.empty() ? "allowed: " : " Allowed: ") + allowed);
    return 0;
  }

 private:
  static std::string quoted(const std::string& value) {
    return value.empty() || value.find(' ') != value.npos ? "\"" + value + "\"" : value;
  }

  const Settings& settings_;
  Mistakes& mistakes_;
};

}  // namespace callrail::cli
