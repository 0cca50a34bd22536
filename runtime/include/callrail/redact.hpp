#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// What must not be read by whoever reads a log, a screen or a report.
struct Redaction {
  std::string key;  ///< of the API; pieces of it are hidden too
  /// Members and parameters whose values are credentials, beside those whose name says so
  /// (…_key, token, password, …). The schema marks them.
  std::vector<std::string> secret_names;
  bool mask_people = true;  ///< phone numbers but for their last two digits, e-mail addresses
};

/// The text without secrets. Dates, ids and counts stay as they are: a number counts as a phone
/// number only if it is written like one.
std::string redact(std::string_view text, const Redaction&);

/// Whether a parameter or member of this name holds a credential.
bool names_a_secret(std::string_view name, const Redaction&);

/// The text on one line: line breaks, control characters, marks that turn the reading direction
/// and broken UTF-8 become \n, \x1b, \u202e. What a server sends cannot steer a terminal or fake a
/// line of a log.
std::string escape_controls(std::string_view text);

}  // namespace callrail
