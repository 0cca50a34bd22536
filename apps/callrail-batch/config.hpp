#pragma once

#include "settings.hpp"

#include <callrail/clock.hpp>
#include <callrail/extract.hpp>
#include <callrail/log.hpp>
#include <callrail/text_format.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace callrail::cli {

enum class Verb { run, endpoints, check, completion };
enum class ProgressMode { automatic, always, never };

struct Destination {
  bool standard_output = false;
  std::filesystem::path folder;
};

/// What the user wants, checked.
struct Config {
  ExtractOptions extract;
  Destination output;
  TextOptions text;
  bool dry_run = false;
  bool strict = false;
  std::string summary_json;

  std::vector<RateLimit> limits;
  int jobs = 4;
  int max_retries = 3;
  std::chrono::milliseconds timeout{30'000};

  ProgressMode progress = ProgressMode::automatic;
  bool quiet = false;
  bool verbose = false;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::text;
  std::string log_file;
  bool log_file_named = false;  ///< by the user: then it must be writable
  bool log_pii = false;
  std::string bad_pages;  ///< folder for answers that could not be used; empty: none
};

using Mistakes = std::vector<std::string>;

/// Checks every value; each mistake is a line that names the option, the reason and what is
/// allowed. `check` needs no endpoints: without any it means all.
Config configure(const Settings&, const Api&, Verb, Clock::Wall now, Mistakes&);

/// The endpoints and their fields: --endpoints, --all, --fields, --exclude-fields.
std::vector<Wanted> choose(const Settings&, const Api&, Verb, Mistakes&);

}  // namespace callrail::cli
