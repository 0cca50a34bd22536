#pragma once

#include "arguments.hpp"
#include "env_file.hpp"
#include "environment.hpp"

namespace callrail::cli {

enum class Origin { option, environment, env_file, recording, fallback };

/// The value of an option, from wherever it came.
struct Setting {
  const Option* option = nullptr;
  std::vector<std::string> values;  ///< empty: not set
  Origin origin = Origin::fallback;
  std::string place;  ///< ".env:3", "run.rec"

  bool given() const { return origin != Origin::fallback; }
  bool is_set() const { return !values.empty(); }
  /// The one that counts.
  const std::string& value() const { return values.back(); }
  /// "--limit", or "--limit (CALLRAIL_LIMIT in the environment)": where to mend it.
  std::string name() const;
};

/// Option, environment, .env, default: the first that is there wins.
class Settings {
 public:
  Settings(std::span<const OptionGroup>, const Arguments&, const Environment&, const EnvFile&);

  /// `name` must be an option's.
  const Setting& operator[](std::string_view name) const { return settings_.find(name)->second; }
  bool on(std::string_view name) const { return (*this)[name].is_set(); }
  const std::map<std::string, Setting, std::less<>>& all() const { return settings_; }
  /// Replaces what is there; no values: the default.
  void set(const Option&, std::vector<std::string> values, Origin, std::string place);

 private:
  std::map<std::string, Setting, std::less<>> settings_;
};

/// "environment", ".env:3", "option", "the recording", "default"
std::string origin_text(const Setting&);

}  // namespace callrail::cli
