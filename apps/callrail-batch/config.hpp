#pragma once

#include "settings.hpp"

#include <callrail/clock.hpp>
#include <callrail/extract.hpp>
#include <callrail/log.hpp>
#include <callrail/look_back.hpp>
#include <callrail/sqlite_checkpoint.hpp>
#include <callrail/sync_mode.hpp>
#include <callrail/text_format.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace callrail::cli {

/// In the order of `verbs()`.
enum class Verb {
  run,
  endpoints,
  check,
  plan,
  verify,
  replay,
  migrate,
  history,
  reconcile,
  copy,
  completion,
};
enum class ProgressMode { automatic, always, never };

struct Destination {
  bool standard_output = false;
  std::filesystem::path folder;             ///< empty: none
  std::vector<std::string> databases = {};  ///< "sqlite:callrail.db", "postgresql://…"
  bool has_folder() const { return !folder.empty(); }
  std::size_t count() const { return databases.size() + (has_folder() || standard_output ? 1 : 0); }
};

/// How databases are kept current.
struct SyncConfig {
  SyncMode mode = SyncMode::full;
  LookBacks look_back;
  bool checks = true;
  bool migrate = false;               ///< first make the tables what they should be
  std::chrono::milliseconds wait{0};  ///< for another run to let go of a database
};

/// What --recordings is about.
struct MediaConfig {
  std::string folder;  ///< empty: nothing is fetched
  std::uint64_t most_bytes = 0, most_requests = 0;
  constexpr bool wanted() const { return !folder.empty(); }
};

/// What the user wants, checked.
struct Config {
  ExtractOptions extract;
  Destination output;
  SyncConfig sync;
  TextOptions text;
  bool dry_run = false;
  bool strict = false;
  std::string summary_json;
  std::string drift_patch;  ///< the file for what differs from the schema; empty: none
  Resume resume = Resume::if_it_fits;
  std::optional<int> days;  ///< as the user wrote it; `extract.range` has what it means today
  /// The options that shape the rows, as they were given: the same ones make the same run.
  std::vector<std::pair<std::string, std::string>> run_options;
  MediaConfig media;
  std::string record;  ///< the file to keep answers in; empty: none

  Clock::Wall now{};  ///< what dates are counted from
  /// Values of the options that shape requests, by name, so that a replay can ask the same.
  std::map<std::string, std::vector<std::string>, std::less<>> asked;

  std::vector<RateLimit> limits;
  int jobs = 4;
  int max_retries = 3;
  std::chrono::milliseconds timeout{30'000};

  ProgressMode progress = ProgressMode::automatic;
  bool quiet = false;
  bool verbose = false;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::text;
  std::uint64_t log_size = 0;  ///< bytes; 0: one file
  std::size_t log_files = 5;   ///< beside it
  std::string log_file;
  bool log_file_named = false;  ///< by the user: then it must be writable
  bool log_pii = false;
  std::string bad_pages;  ///< folder for answers that could not be used; empty: none

  bool json = false;  ///< the plan or the summary as one JSON object on standard output
  bool offline = false, compare = false;  ///< of `plan`
  bool fix = false;                       ///< of `reconcile`
  bool destructive = false;               ///< tables may lose what a new schema has no place for
};

using Mistakes = std::vector<std::string>;

/// Checks every value; each mistake is a line that names the option, the reason and what is
/// allowed. `check` and `plan` need no endpoints: without any they mean all.
Config configure(const Settings&, const Api&, Verb, Clock::Wall now, Mistakes&);

/// Options that only other verbs know.
void refuse_other_verbs(const Settings&, Verb, Mistakes&);

/// The endpoints and their fields: --endpoints, --all, --fields, --exclude-fields.
std::vector<Wanted> choose(const Settings&, const Api&, Verb, Mistakes&);

}  // namespace callrail::cli
