#pragma once

#include <callrail/endpoint.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace callrail::cli {

/// What a shell may offer behind an option.
enum class Completes { nothing, choices, endpoints, fields, file, folder };

/// Everything about an option; parsing, help, completion and --print-config read it from here.
struct Option {
  std::string name = {};   ///< "limit", without the dashes
  char letter = 0;         ///< of the short spelling
  std::string value = {};  ///< "N"; empty for a switch
  std::string doc = {};
  std::string environment = {};   ///< the variable that stands in for it
  std::string fallback = {};      ///< the value nobody has to write
  std::string fallback_doc = {};  ///< where the fallback is a rule: "every account the key sees"
  std::vector<std::string> choices = {};
  bool repeatable = false;
  Completes completes = Completes::nothing;
  std::string parameter = {};  ///< of a request, which it fills: "account_id"
  bool asks = false;           ///< shapes the requests, so a replay takes it from the recording
  bool shapes_rows = false;    ///< another value makes it another run
};

struct OptionGroup {
  std::string title;
  std::vector<Option> options;
};

/// The options for an API: those of the program, and one for each request parameter that the keys
/// of other rows fill.
std::vector<OptionGroup> option_groups(const Api&);

struct VerbFacts {
  std::string_view name, words, doc;
};
const std::vector<VerbFacts>& verbs();

/// "-l, --limit N"
std::string spelling(const Option&);

}  // namespace callrail::cli
