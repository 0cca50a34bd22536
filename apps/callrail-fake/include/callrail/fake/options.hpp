#pragma once

#include <callrail/fake/fake_api.hpp>

#include <optional>
#include <span>
#include <string>

namespace callrail::fake {

struct Options {
  enum class Verb : std::uint8_t { serve, dump, help, list_faults, list_quirks };

  Verb verb = Verb::serve;
  FakeOptions fake;
  int port = 8080;
  std::string port_file, log_file;
  std::optional<Instant> now;               ///< what time it is when the fake starts
  std::string endpoint, account, from, to;  ///< of dump
};

/// `system_now` dates the rows of a fake that is not told what time it is: they end with the last
/// day in UTC, so that two fakes of the same seed agree for a day. `key`: from the environment.
Result<Options> read_options(std::span<const char* const> arguments, const Api&, Text key,
                             Instant system_now);

std::string help_text(const Api&);
std::string list_of_faults();
std::string list_of_quirks();

}  // namespace callrail::fake
