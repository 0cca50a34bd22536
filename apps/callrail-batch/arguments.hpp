#pragma once

#include "options.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace callrail::cli {

/// The command line taken apart, before anybody looks at what it means.
struct Arguments {
  std::vector<std::string> words;  ///< what is no option: the verb and its own
  /// By name, in the order given; a switch has one empty value for each time it was given.
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::string> mistakes;

  bool has(std::string_view name) const { return options.contains(name); }
};

/// `arguments` without the program's name.
Arguments parse_arguments(std::vector<std::string> arguments, std::span<const OptionGroup>);

}  // namespace callrail::cli
