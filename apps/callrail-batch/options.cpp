#include "options.hpp"

#include <callrail/limiter.hpp>

#include <algorithm>

namespace callrail::cli {
namespace {

/// Fields of the first endpoint with at least two, for examples in help texts.
std::string field_example(const Api& api) {
  for (const Endpoint* endpoint : api.endpoints)
    if (endpoint->fields.size() >= 2) {
      const std::string both =
          std::string{endpoint->fields[0].name} + "," + std::string{endpoint->fields[1].name};
      return both + " or " + std::string{endpoint->name} + ":" + both;
    }
  return "a,b";
}

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

/// Parameters that the keys of other rows fill, in the order the table names them.
std::vector<Option> parent_options(const Api& api) {
  std::vector<Option> options;
  for (const Endpoint* endpoint : api.endpoints)
    for (const Parent& parent : endpoint->parents) {
      if (parent.endpoint.empty()) continue;  // words: --param
      if (std::ranges::find(options, parent.parameter, &Option::parameter) != options.end())
        continue;
      std::string name{parent.parameter};
      std::ranges::replace(name, '_', '-');
      options.push_back(
          {.name = name,
           .value = "ID",
           .doc = "only these " + std::string{parent.endpoint} + "; repeatable, or with commas",
           .environment = "CALLRAIL_" + upper(parent.parameter),
           .fallback_doc = "all the key sees",
           .repeatable = true,
           .parameter = std::string{parent.parameter},
           .asks = true,
           .shapes_rows = true});
    }
  return options;
}

std::vector<Option> selection_options(const Api& api) {
  std::vector<Option> options{
      {.name = "endpoints",
       .letter = 'e',
       .value = "NAMES",
       .doc = "what to read, with commas between",
       .environment = "CALLRAIL_ENDPOINTS",
       .repeatable = true,
       .completes = Completes::endpoints,
       .asks = true,
       .shapes_rows = true},
      {.name = "all",
       .doc = "read every endpoint, but those that are read only when named: endpoints --opt-in",
       .asks = true,
       .shapes_rows = true},
      {.name = "fields",
       .value = "NAMES",
       .doc = "columns, in this order: " + field_example(api) + "; repeatable",
       .fallback_doc = "every field of the schema",
       .repeatable = true,
       .completes = Completes::fields,
       .asks = true,
       .shapes_rows = true},
      {.name = "exclude-fields",
       .value = "NAMES",
       .doc = "columns to leave out, spelled alike",
       .repeatable = true,
       .completes = Completes::fields,
       .asks = true,
       .shapes_rows = true},
  };
  for (Option& parent : parent_options(api)) options.push_back(std::move(parent));
  options.push_back({.name = "param",
                     .value = "NAME=WORDS",
                     .doc = "only rows with these words, with commas between, of endpoints with "
                            "such a filter; or what their answers are asked for, one by one",
                     .repeatable = true,
                     .asks = true,
                     .shapes_rows = true});
  const std::string kept = std::to_string(api.keeps_months) + " months";
  options.insert(
      options.end(),
      {{.name = "start-date",
        .value = "DAY",
        .doc = "first day, YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS]",
        .fallback_doc = "as far back as rows are kept: " + kept,
        .asks = true,
        .shapes_rows = true},
       {.name = "end-date",
        .value = "DAY",
        .doc = "last day, included",
        .fallback_doc = "now",
        .asks = true,
        .shapes_rows = true},
       {.name = "days",
        .value = "N",
        .doc = "the last N days and today, instead of --start-date",
        .asks = true,
        .shapes_rows = true},
       {.name = "time-zone",
        .value = "ZONE",
        .doc = "whose days: an IANA name (America/New_York), or \"user\": the key owner's",
        .fallback = "user",
        .asks = true,
        .shapes_rows = true},
       {.name = "limit",
        .letter = 'l',
        .value = "N",
        .doc = "at most N rows of each endpoint",
        .environment = "CALLRAIL_LIMIT",
        .fallback_doc = "no limit",
        .asks = true,
        .shapes_rows = true}});
  return options;
}

/// What there is to fetch: "recording (mp3) of …".
std::string media_text(const Api& api) {
  std::string out;
  for (const Endpoint* endpoint : api.endpoints)
    for (const Media& media : endpoint->media)
      out += (out.empty() ? "" : ", ") + std::string{media.field} + " (" +
             std::string{media.extension} + ") of " + std::string{endpoint->name};
  return out.empty() ? "what belongs to rows" : out;
}

std::vector<Option> output_options(const Api& api) {
  return {
      {.name = "output",
       .letter = 'o',
       .value = "DEST",
       .doc = "a folder, - for standard output (one endpoint), sqlite:FILE or postgresql://…; "
              "repeatable: one extraction fills a folder and databases",
       .environment = "DATA_DIR",
       .fallback = "./data",
       .repeatable = true,
       .completes = Completes::folder},
      {.name = "format",
       .letter = 'f',
       .value = "FORMAT",
       .doc = "csv, jsonl, json, xml or, in a folder, parquet",
       .fallback = "csv",
       .choices = {"csv", "jsonl", "json", "xml", "parquet"},
       .completes = Completes::choices,
       .shapes_rows = true},
      {.name = "nested",
       .value = "HOW",
       .doc = "objects: json (one cell of JSON) or flatten (a column for each member)",
       .fallback = "json",
       .choices = {"json", "flatten"},
       .completes = Completes::choices,
       .shapes_rows = true},
      {.name = "keep-unknown",
       .doc = "members the schema does not know, as JSON in a last column _extra",
       .shapes_rows = true},
      {.name = "csv-dialect",
       .value = "DIALECT",
       .doc = "rfc4180, or excel: the same behind a byte order mark",
       .fallback = "rfc4180",
       .choices = {"rfc4180", "excel"},
       .completes = Completes::choices,
       .shapes_rows = true},
      {.name = "csv-formulas",
       .value = "HOW",
       .doc = "keep, or escape cells that a spreadsheet would run",
       .fallback = "keep",
       .choices = {"keep", "escape"},
       .completes = Completes::choices,
       .shapes_rows = true},
      {.name = "resume", .doc = "go on with the unfinished run of this folder, or fail"},
      {.name = "restart", .doc = "begin anew, whatever is unfinished there"},
      {.name = "dry-run",
       .doc = "do everything but writing rows; of a database: tell what would change in it"},
      {.name = "recordings",
       .value = "DIR",
       .doc = "fetch the files behind rows too, each by a request: " + media_text(api),
       .fallback_doc = "none",
       .completes = Completes::folder,
       .shapes_rows = true},
      {.name = "recordings-bytes",
       .value = "SIZE",
       .doc = "so much of them in this run at most; the same command goes on with the rest",
       .fallback = "5GB"},
      {.name = "recordings-requests",
       .value = "N",
       .doc = "so many requests for them in this run at most",
       .fallback = "5000"},
      {.name = "summary-json",
       .value = "FILE",
       .doc = "the summary as JSON too",
       .completes = Completes::file},
      {.name = "drift-patch",
       .value = "FILE",
       .doc = "what differs from the schema, as a patch for callrail-codegen accept",
       .completes = Completes::file},
      {.name = "record",
       .value = "FILE",
       .doc = "keep every answer, without key and secrets, for replay",
       .completes = Completes::file},
  };
}

std::vector<Option> database_options() {
  return {
      {.name = "mode",
       .value = "MODE",
       .doc = "full: everything the API keeps; delta: what is new, and the look-back",
       .fallback_doc = "delta for databases alone, else full",
       .choices = {"full", "delta"},
       .completes = Completes::choices,
       .shapes_rows = true},
      {.name = "full", .doc = "the same as --mode full, for every endpoint", .shapes_rows = true},
      {.name = "full-sync", .doc = "the same as --full", .shapes_rows = true},
      {.name = "lookback",
       .value = "HOW",
       .doc = "how far delta reads behind what it knows, because rows are edited later: 7d, 0, "
              "tiers (1 day; 7 once a day, 30 once a week) or auto (as edits came so far); of one "
              "endpoint: NAME:14d",
       .fallback_doc = "as the schema says of an endpoint",
       .repeatable = true,
       .shapes_rows = true},
      {.name = "skip-validation", .doc = "look at keys only; quality_issues stays as it is"},
      {.name = "wait",
       .value = "TIME",
       .doc = "wait so long for another run with the same database to end: 60s, 5m",
       .fallback = "0s"},
      {.name = "migrate", .doc = "make the tables first, or what changed in them"},
      {.name = "destructive",
       .doc = "with migrate: also what loses something, a column that is gone or of another type"},
  };
}

std::vector<Option> request_options(const Api& api) {
  return {
      {.name = "batch-size",
       .letter = 'b',
       .value = "N",
       .doc = "rows a page, 1 to " + std::to_string(api.paging.most),
       .environment = "BATCH_SIZE",
       .fallback = std::to_string(api.paging.most),
       .asks = true,
       .shapes_rows = true},
      {.name = "paging",
       .value = "STYLE",
       .doc = "offset or relative, where an endpoint offers it",
       .fallback_doc = "what the endpoint does best",
       .choices = {"offset", "relative"},
       .completes = Completes::choices,
       .asks = true,
       .shapes_rows = true},
      {.name = "jobs",
       .letter = 'j',
       .value = "N",
       .doc = "requests in flight, 1 to 64",
       .fallback = "4"},
      {.name = "limits",
       .value = "LIMITS",
       .doc = "requests at most, such as 10/s,120/m,1000/h,10000/d, or none",
       .environment = "CALLRAIL_LIMITS",
       .fallback = to_string(api.limits)},
      {.name = "max-retries",
       .value = "N",
       .doc = "further tries of a request that failed",
       .environment = "MAX_RETRIES",
       .fallback = std::to_string(api.retry.attempts - 1),
       .asks = true},
      {.name = "timeout", .value = "S", .doc = "seconds for one request", .fallback = "30"},
      {.name = "base-url",
       .value = "URL",
       .doc = "another address of the API; plain http only to this machine",
       .environment = "CALLRAIL_BASE_URL",
       .fallback = std::string{api.url},
       .asks = true,
       .shapes_rows = true},
      {.name = "contract",
       .value = "HOW",
       .doc = "freeze: a field the schema does not know, or a value of another type, ends its "
              "endpoint before the row is stored; evolve keeps it and says so; of one endpoint: "
              "NAME:freeze; not named: what the schema says of the endpoint, or else evolve",
       .repeatable = true},
      {.name = "strict",
       .doc = "answers that differ from the schema are an error (exit code 6), and so are lists "
              "that cannot be proven complete (7)"},
  };
}

std::vector<Option> message_options() {
  return {
      {.name = "progress",
       .value = "WHEN",
       .doc = "auto: two lines on a terminal, else a line now and then; always; never",
       .fallback = "auto",
       .choices = {"auto", "always", "never"},
       .completes = Completes::choices},
      {.name = "quiet", .letter = 'q', .doc = "only errors"},
      {.name = "verbose", .letter = 'v', .doc = "more: log lines, details of endpoints"},
      {.name = "log-level",
       .value = "LEVEL",
       .doc = "DEBUG, INFO, WARNING, ERROR or CRITICAL",
       .environment = "LOG_LEVEL",
       .fallback = "INFO",
       .choices = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"},
       .completes = Completes::choices},
      {.name = "log-file",
       .value = "FILE",
       .doc = "- for standard error, none for no log",
       .fallback = "logs/callrail-batch.log",
       .completes = Completes::file},
      {.name = "log-size",
       .value = "SIZE",
       .doc = "of the log file before it becomes .1.log, such as 10MB; 0: it is never put away",
       .environment = "LOG_SIZE",
       .fallback = "10MB"},
      {.name = "log-files",
       .value = "N",
       .doc = "older log files that are kept, 0 to 1000",
       .environment = "LOG_FILES",
       .fallback = "5"},
      {.name = "log-format",
       .value = "FORMAT",
       .doc = "text or json",
       .fallback = "text",
       .choices = {"text", "json"},
       .completes = Completes::choices},
      {.name = "bad-pages",
       .value = "DIR",
       .doc = "keeps answers that could not be used, at most 10 a run; none for nowhere",
       .fallback = "logs/bad-pages",
       .completes = Completes::folder},
      {.name = "log-pii", .doc = "do not mask phone numbers and e-mail addresses in messages"},
  };
}

std::vector<Option> verb_options() {
  return {
      {.name = "offline", .doc = "plan: make no request, use the counts of the last run or plan"},
      {.name = "compare",
       .doc = "plan: count the last 7, 30 and 90 days too, instead of estimating them"},
      {.name = "json",
       .doc = "the plan, the summary of a run, the history or the differences as JSON on standard "
              "output, and nothing else there"},
      {.name = "orphans",
       .doc = "check: rows of a database that refer to rows it does not have; no request"},
      {.name = "last", .value = "N", .doc = "history: so many runs", .fallback = "20"},
      {.name = "stale", .doc = "history: mark runs whose process is gone as failed"},
      {.name = "fix", .doc = "reconcile: read these days again"},
      {.name = "from", .value = "DATABASE", .doc = "copy: where the rows are"},
      {.name = "replace", .doc = "copy: instead of what is in the other database"},
  };
}

std::vector<Option> program_options() {
  return {
      {.name = "env-file",
       .value = "FILE",
       .doc = "variables, read as if set; set ones win",
       .fallback = "./.env",
       .completes = Completes::file},
      {.name = "no-env-file", .doc = "read no such file"},
      {.name = "print-config", .doc = "show every value and where it came from, and stop"},
      {.name = "opt-in", .doc = "with endpoints: those that --all leaves out, and what they cost"},
      {.name = "list-endpoints", .doc = "the same as: endpoints"},
      {.name = "endpoint-info",
       .value = "NAME",
       .doc = "the same as: endpoints NAME",
       .completes = Completes::endpoints},
      {.name = "help", .letter = 'h', .doc = "this text"},
      {.name = "version", .doc = "name and version"},
  };
}

}  // namespace

std::vector<OptionGroup> option_groups(const Api& api) {
  std::vector<OptionGroup> groups{{"What to read", selection_options(api)},
                                  {"Where to, and how", output_options(api)},
                                  {"Databases", database_options()},
                                  {"Requests", request_options(api)},
                                  {"Messages", message_options()}};
  groups.push_back({"Of some verbs", verb_options()});
  groups.push_back({"Program", program_options()});
  return groups;
}

const std::vector<VerbFacts>& verbs() {
  static const std::vector<VerbFacts> all{
      {"run", "", "read endpoints into files or databases (what happens without a verb)"},
      {"endpoints", "[NAME…]",
       "the names of the endpoints of --all; or path, filters and fields of some"},
      {"check", "", "try the key, the permission for each endpoint, and where rows are to go"},
      {"plan", "", "how many requests it would take, and how long; reads no rows"},
      {"verify", "FOLDER", "compare the files of a folder with its manifest"},
      {"replay", "RECORDING", "make the files again from a recording, without a network or a key"},
      {"migrate", "", "make the tables of a database, or what changed in them"},
      {"history", "", "the last runs into a database"},
      {"reconcile", "", "compare the number of rows of each of the last --days N with the API"},
      {"copy", "",
       "the tables of one database into another: --from sqlite:… --output postgresql://…"},
      {"completion", "bash|zsh|fish", "a script that lets the shell complete options and names"},
  };
  return all;
}

std::string spelling(const Option& option) {
  std::string out = option.letter != 0 ? std::string{'-', option.letter} + ", " : "    ";
  out += "--" + option.name;
  if (!option.value.empty()) out += " " + option.value;
  return out;
}

}  // namespace callrail::cli
