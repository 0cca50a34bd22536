// Where the parts of a run meet.
#include "extraction.hpp"

#include "check.hpp"
#include "database_verbs.hpp"
#include "destinations.hpp"
#include "drift_patch.hpp"
#include "exit_code.hpp"
#include "folder.hpp"
#include "media_stage.hpp"
#include "planning.hpp"
#include "process.hpp"
#include "reconcile.hpp"
#include "schema_text.hpp"
#include "state.hpp"
#include "summary.hpp"
#include "tape.hpp"
#include "terminal.hpp"
#include "unknown_ids.hpp"
#include "version.hpp"
#include "watch.hpp"

#include <callrail/atomic_file.hpp>
#include <callrail/connection.hpp>
#include <callrail/file_sink.hpp>
#include <callrail/parquet.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <migrate.hpp>
#include <random>
#include <thread>
#include <unistd.h>

namespace callrail::cli {
namespace {

void add_secret_names(std::span<const Field> fields, std::vector<std::string>& names) {
  for (const Field& field : fields) {
    if (field.secret) names.emplace_back(field.name);
    add_secret_names(field.members, names);
  }
}

Redaction redaction_for(const Api& api, const Config& config, const ApiKey& key) {
  Redaction redaction{.key = key.text, .secret_names = {}, .mask_people = !config.log_pii};
  for (const Endpoint* endpoint : api.endpoints)
    add_secret_names(endpoint->fields, redaction.secret_names);
  return redaction;
}

CurlOptions transport_options(const Api& api, const Config& config, const ApiKey& key) {
  CurlOptions options = curl_options(api, config.extract.base_url, key.text);
  options.user_agent = fmt::format("callrail-batch/{}", version);
  options.timeout = config.timeout;
  options.connections = std::max(options.connections, config.jobs);
  return options;
}

ClientOptions client_options(const Api& api, const Config& config) {
  ClientOptions options = client_options(api);
  options.jobs = config.jobs;
  options.max_retries = config.max_retries;
  return options;
}

/// Of this process, for the log: databases number runs each for itself.
std::string run_name(Clock::Wall now) {
  return fmt::format("{:%Y%m%dT%H%M%S}-{}", std::chrono::floor<std::chrono::seconds>(now),
                     ::getpid());
}

Result<Log> open_log(const Api& api, const Config& config, const Redaction& redaction,
                     Console& console) {
  LogOptions options;
  options.level = config.log_level;
  options.format = config.log_format;
  options.redaction = redaction;
  options.rotate_bytes = config.log_size;
  options.rotate_files = config.log_files;
  options.run = run_name(config.now);
  for (const Endpoint* endpoint : api.endpoints) options.endpoints.emplace_back(endpoint->name);
  const bool to_screen = config.log_file == "-" || (config.verbose && !config.quiet);
  if (to_screen) options.print = [&console](std::string_view line) { console.log_line(line); };
  if (config.log_file != "-" && config.log_file != "none") options.file = config.log_file;
  auto log = Log::open(options);
  if (log || config.log_file_named) return log;
  // Nobody asked for this file, so nobody should miss the rows because of it.
  console.warning(log.error().what);
  options.file.clear();
  return Log::open(options);
}

Status write_summary(const std::string& file, const std::string& json) {
  auto out = AtomicFile::open(file);
  if (!out) return std::unexpected(std::move(out).error());
  if (auto written = (*out)->append(json); !written) return written;
  return (*out)->finish();
}

/// A line now and then: there may be thousands of files, and each takes a second or so.
std::function<void(const MediaSummary&)> tell_media(Console& console, Log& log,
                                                    const Clock& clock) {
  return [&, told = clock.now()](const MediaSummary& media) mutable {
    if (clock.now() - told < std::chrono::seconds{10}) return;
    told = clock.now();
    const std::string line = media_lines(media).front();
    log.info(line);
    console.line(line);
  };
}

/// What to do about answers that differ from the schema.
std::string next_step(const Summary& summary, const Config& config) {
  bool differs = false, unknown = false;
  for (const EndpointSummary& endpoint : summary.endpoints) {
    differs = differs || !endpoint.drift.empty();
    unknown = unknown || !endpoint.drift.unknown_fields.empty();
  }
  if (!differs) return {};
  return std::string{"the answers differ from the schema: --drift-patch FILE writes the change"} +
         (unknown && !config.extract.keep_unknown
              ? ", --keep-unknown keeps unknown fields meanwhile"
              : "");
}

int run(const Api& api, const Config& config, const Redaction& redaction, Client& client,
        Tape& tape, Console& console, Log& log, Destinations& to, const State* state,
        MediaStage* media) {
  const SystemClock clock;  // a person sees the time that passes for them
  Progress progress{console, clock, config.progress != ProgressMode::never};
  Watch watch{console, progress, log};
  client.on_wait = [&](const Waiting& waiting) { watch.waiting(waiting); };
  client.on_idle = [&] { watch.idle(); };
  BadPages bad_pages{config.bad_pages, redaction, clock};
  if (!config.bad_pages.empty()) watch.keep_bad_pages(bad_pages);

  for (const std::string& warning : to.warnings()) watch.warning(warning);
  for (const std::string& news : to.news()) {
    log.info(news);
    console.line(news);
  }
  log.info(fmt::format("callrail-batch {}: {} endpoints from {}{}", version,
                       config.extract.endpoints.size(), config.extract.base_url,
                       config.dry_run ? ", dry run" : ""));
  const auto stop = [&] {
    to.beat();
    return stop_signal().has_value() || tape.failed();
  };
  Summary summary =
      extract(api, config.extract, client, to.sink(), tape.day(), watch, stop, to.checkpoint());
  progress.end();
  tape.correct(summary);
  if (media != nullptr) {
    summary.media = media->finish(summary, client, clock, stop, tell_media(console, log, clock));
    summary.traffic = client.stats;
    summary.took += summary.media->took;
  }
  const auto stored = to.end_run(summary, stop_signal());
  if (state != nullptr)
    if (auto kept = write_counts(*state, counts_of(summary, config, clock)); !kept)
      log.warning("the counts for plan --offline: " + kept.error().what);
  for (const std::string& warning : summary.warnings) watch.warning(warning);

  int code = exit_code(summary, config.strict, stop_signal());
  std::string error = last_words(code, summary);
  if (!stored && (code == exit_complete || code == exit_incomplete)) {
    code = exit_code_of(stored.error());
    error = stored.error().what;
  }
  if (to.has_databases() && (code == exit_complete || code == exit_incomplete))
    if (auto unknown = unknown_ids(api, config, summary, client, clock, stop); !unknown.empty()) {
      code = exit_incomplete;
      error = std::move(unknown);
    }
  if (const auto recorded = tape.finish(); !recorded && code != exit_destination) {
    code = exit_destination;
    error = recorded.error().what + " (only the recording is incomplete)";
  }
  const AllRemarks remarks = remarks_of(watch.shapes());
  for (const std::string& line : summary_lines(summary, remarks)) console.line(line);
  for (const EndpointSummary& endpoint : summary.endpoints)
    for (const std::string& line : finding_lines(endpoint, remarks)) log.warning(line);
  if (!config.drift_patch.empty()) {
    const auto patch = drift_patch(
        api, summary, watch.shapes(), remarks, schema_text(),
        fmt::format("{:%Y-%m-%d}", std::chrono::floor<std::chrono::seconds>(tape.day().today())));
    const auto said = write_drift_patch(config.drift_patch, patch);
    if (!said && code == exit_complete) code = exit_destination;
    if (!said && code == exit_destination && error.empty())
      error = "--drift-patch " + said.error().what;
    else if (!said)
      watch.warning("--drift-patch " + said.error().what);
    for (const std::string& line : said.value_or(std::vector<std::string>{})) {
      console.line(line);
      log.info(line);
    }
  } else if (const std::string step = next_step(summary, config); !step.empty()) {
    console.line(step);
  }
  if (!config.summary_json.empty()) {
    const RunFacts facts{std::string{version}, code, error, config.dry_run};
    const auto clean = [&](std::string_view text) { return console.clean(text); };
    const auto written =
        write_summary(config.summary_json, summary_json(summary, facts, clean, remarks));
    if (!written && code == exit_complete) {
      code = exit_destination;
      error = "--summary-json " + written.error().what;
    } else if (!written) {
      watch.warning("--summary-json " + written.error().what);
    }
  }
  if (config.json) {
    const auto clean = [&](std::string_view text) { return console.clean(text); };
    const std::string json =
        summary_json(summary, {std::string{version}, code, error, config.dry_run}, clean, remarks);
    if (!print_text(json) && code == exit_complete) code = exit_destination;
  }
  if (config.sync.mode == SyncMode::delta)
    for (const std::string& line : to.databases().edits_seen(summary)) {
      console.line(line);
      log.info(line);
    }
  const Totals totals = totals_of(summary);
  log.info(
      fmt::format("exit code {} after {}: {} endpoints ok, {} failed, {} skipped, {} records, "
                  "{} requests",
                  code, spell_time(summary.took), totals.complete, totals.failed, totals.skipped,
                  totals.rows, summary.traffic.requests));
  if (code != exit_complete) {
    log.error(error);
    console.error(error);
  }
  return code;
}

/// Compares the database with the API, and reads again what `read_again` says if that is wanted.
int run_reconcile(const Api& api, Config& config, Client& client, const Clock& clock,
                  Console& console, Log& log, const std::function<int()>& read_again) {
  client.on_wait = [&](const Waiting& waiting) { console.line(waiting_text(waiting)); };
  const auto failed = [&](int code, const std::string& why) {
    log.error(why);
    console.error(why);
    return code;
  };
  auto database = open_database(config.output.databases.front(), false);
  if (!database) return failed(exit_code_of(database.error()), database.error().what);
  if (const auto ready = check_tables(**database, api); !ready)
    return failed(exit_code_of(ready.error()), ready.error().what + ". Nothing was requested");
  const auto source =
      SourceCounts::ask(api, config, client, clock, [] { return stop_signal().has_value(); });
  if (stop_signal()) return failed(exit_signal + *stop_signal(), "interrupted");
  if (source.ended())
    return failed(
        exit_bad_key,
        source.ended()->what + "; the key was refused: check CALLRAIL_API_KEY, then run again");
  auto differences = source.compare(**database, api, config);
  if (!differences) return failed(exit_destination, differences.error().what);
  const std::size_t found = differences->size();
  for (const Difference& each : *differences) {
    log.warning(spell(each));
    if (!config.json) print_line(spell(each));
  }
  int code = exit_complete;
  if (config.fix) {
    keep_what_differs(config, *differences);
    code = read_again();
    differences = source.compare(**database, api, config);
    if (!differences) return failed(exit_destination, differences.error().what);
  }
  if (config.json) {
    print_text(differences_json(*differences, source));
  } else {
    for (const Difference& each : config.fix ? *differences : std::vector<Difference>{})
      print_line("still: " + spell(each));
    print_line(fmt::format("{} days: {} differences{}", source.days().size(), found,
                           config.fix ? fmt::format(", {} left", differences->size()) : ""));
  }
  for (const std::string& why : source.unknown()) console.warning(why);
  if (code != exit_complete) return code;
  if (!source.unknown().empty())
    return failed(exit_incomplete,
                  "not all endpoints could be counted: " + source.unknown().front());
  if (differences->empty()) return exit_complete;
  return failed(exit_incomplete,
                config.fix ? "some days still differ; rows may have come meanwhile: run again"
                           : "the database and the API differ; reconcile --fix reads these days "
                             "again");
}

int run_check(const Api& api, const Config& config, Client& client, const Clock& clock,
              Console& console, Log& log) {
  client.on_wait = [&](const Waiting& waiting) { console.line(waiting_text(waiting)); };
  const auto print = [&](const std::string& line) {
    const std::string out = console.clean(line) + "\n";
    log.info(line);
    if (::write(STDOUT_FILENO, out.data(), out.size()) < 0) return;
  };
  const auto result = check(
      api, config, client, clock, [] { return stop_signal().has_value(); }, print);
  if (result.exit_code == exit_complete) return exit_complete;
  console.error(result.error);
  return stop_signal() ? exit_signal + *stop_signal() : result.exit_code;
}

}  // namespace

int extraction(const Api& api, Config config, Verb verb, const ApiKey& key,
               const Environment& environment, const Recording* recording) {
  watch_signals();
  if (verb == Verb::reconcile) prepare_reconcile(config);
  const Redaction redaction = redaction_for(api, config, key);
  Screen screen{standard_error(config.progress, environment)};
  Console console{screen, redaction, config.quiet || (config.json && verb == Verb::run)};
  auto log = open_log(api, config, redaction, console);
  if (!log) {
    console.error(log.error().what);
    return exit_usage;
  }
  const bool writes =
      verb == Verb::run || verb == Verb::replay || (verb == Verb::reconcile && config.fix);
  const bool to_folder = writes && !config.dry_run && config.output.has_folder();
  if (to_folder)
    if (const std::string why = why_not_writable(config.output.folder); !why.empty()) {
      console.error("output " + config.output.folder.string() + ": " + why +
                    "; name another folder with --output. Nothing was requested");
      return exit_destination;
    }
  std::unique_ptr<Parquet> parquet;
  if ((writes || verb == Verb::check) && config.text.format == FileFormat::parquet &&
      config.output.has_folder()) {
    auto loaded = Parquet::load(environment(duckdb_variable).value_or(""));
    if (!loaded) {
      console.error("--format parquet: " + loaded.error().what + ". Nothing was requested");
      return exit_usage;
    }
    parquet = *std::move(loaded);
    log->info("parquet by " + parquet->version());
  }
  if (writes && !config.drift_patch.empty())
    if (const std::string why = why_no_patch(config, api); !why.empty()) {
      console.error("--drift-patch " + config.drift_patch + ": " + why + ". Nothing was requested");
      return exit_usage;
    }
  if (writes && config.output.standard_output && !config.dry_run && standard_output_was_closed()) {
    console.error(
        "output -: standard output is closed; lead it into a file or a program. Nothing was "
        "requested");
    return exit_destination;
  }

  // These are written down, and people put a key wherever a word belongs.
  for (auto& [name, value] : config.run_options) value = redact(value, redaction);
  const SystemClock wall;  // outlives the folder, which notes when it was last written
  const auto say = [&](const std::string& text) {
    log->info(text);
    console.line(text);
  };
  const auto not_begun = [&](const Error& error) {
    console.error(error.what + ". Nothing was requested");
    return exit_code_of(error);
  };
  std::optional<Destinations> to;
  if (writes) {
    auto opened =
        Destinations::open(config, api, key.text, wall, recording == nullptr, say, parquet.get());
    if (!opened) return not_begun(opened.error());
    to = *std::move(opened);
    if (config.sync.mode == SyncMode::delta)
      config.extract.read_from = begin_of_lists(to->databases(), *log);
    config.extract.scratch = scratch_of(config);
  }
  auto tape = recording != nullptr
                  ? Tape::play(api, config, redaction, *recording)
                  : Tape::of_network(api, config, redaction, transport_options(api, config, key));
  if (!tape) {
    console.error(tape.error().what + ". Nothing was requested");
    return tape.error().code == Code::bad_request ? exit_usage : exit_destination;
  }
  for (const std::string& warning : (*tape)->warnings()) {
    console.warning(warning);
    log->warning(warning);
  }
  std::unique_ptr<MediaStage> media;
  if (verb == Verb::run && config.media.wanted()) {
    auto opened = MediaStage::open(api, config, key.text, wall);
    if (!opened) {
      console.error("--recordings " + opened.error().what + ". Nothing was requested");
      return opened.error().code == Code::held          ? exit_held
             : opened.error().code == Code::bad_request ? exit_usage
                                                        : exit_destination;
    }
    media = *std::move(opened);
    config.extract.media = &media->queue();
  }
  const State state{state_folder(environment), state_name(config.extract.base_url, key.text)};
  const auto warn = [&](const std::string& text) {
    log->warning(text);
    console.warning(text);
  };
  Clock& clock = (*tape)->clock();
  std::unique_ptr<Ledger> ledger;
  if (recording == nullptr) {
    if (auto opened = open_ledger(state, clock)) {
      ledger = *std::move(opened);
      ledger->on_warning = warn;
    } else {
      warn("requests of other runs are not known, and limits are kept by this process alone: " +
           opened.error().what);
    }
  }
  const auto limits = recording != nullptr ? std::vector<RateLimit>{} : config.limits;
  Limiter limiter = ledger ? Limiter{limits, *ledger, config.timeout} : Limiter{limits};
  Client client{(*tape)->transport(), limiter, clock, client_options(api, config),
                std::random_device{}()};
  if (verb == Verb::check) return run_check(api, config, client, clock, console, *log);
  if (verb == Verb::plan) {
    client.on_wait = [&](const Waiting& waiting) { console.line(waiting_text(waiting)); };
    Warehouses databases;
    if (config.sync.mode == SyncMode::delta) {
      Config looking = config;
      looking.dry_run = true;
      auto opened = Warehouses::open(looking, api, key.text, wall, say);
      const auto looked =
          opened ? opened->look(looking) : Status{std::unexpected(std::move(opened).error())};
      if (looked) {
        databases = *std::move(opened);
        config.extract.read_from = begin_of_lists(databases, *log);
      } else {
        warn(looked.error().what + "; planned as a full load");
      }
    }
    return planning(api, config, client, limiter, clock, state, console, *log);
  }
  const auto read = [&](const Config& wanted) {
    if (auto begun = to->begin_run(
            wanted, wall, [](auto time) { std::this_thread::sleep_for(time); },
            [] { return stop_signal().has_value(); }, say);
        !begun)
      return not_begun(begun.error());
    for (const std::string& number : to->databases().numbers()) log->info(number);
    return run(api, wanted, redaction, client, **tape, console, *log, *to,
               recording == nullptr ? &state : nullptr, media.get());
  };
  if (verb != Verb::reconcile) return read(config);
  return run_reconcile(api, config, client, clock, console, *log, [&] {
    Config again = config;
    again.json = false;
    return read(again);
  });
}

}  // namespace callrail::cli
