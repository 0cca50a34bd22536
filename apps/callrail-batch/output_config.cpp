#include "output_config.hpp"

#include "setting_reader.hpp"

#include <algorithm>
#include <database.hpp>

namespace callrail::cli {
namespace {

/// Of files whatever way leads to them; two names of a server nobody can tell.
bool is_same(const std::string& database, const std::string& other) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!database.starts_with(sqlite) || !other.starts_with(sqlite)) return database == other;
  std::error_code unknown;
  const auto file = [&](const std::string& name) {
    return std::filesystem::weakly_canonical(name.substr(sqlite.size()), unknown);
  };
  return database == other || file(database) == file(other);
}

void read_destination(Reader& read, const Setting& output, const std::string& value,
                      Config& config) {
  Destination& to = config.output;
  if (value.empty()) {
    read.wrong(output, value, "name a folder, a database, or - for standard output");
  } else if (names_database(value)) {
    if (std::ranges::any_of(to.databases,
                            [&](const std::string& other) { return is_same(other, value); }))
      read.wrong(output, value, "stands there twice; leave one of them out");
    to.databases.push_back(value);
  } else if (looks_like_url(value)) {
    read.wrong(output, value,
               "only folders, sqlite:FILE, postgresql://… and - (standard output) are known; a "
               "folder of such a name is written ./" +
                   public_address(value));
  } else if (value == "-") {
    to.standard_output = true;
    if (config.extract.endpoints.size() > 1)
      read.wrong(output, value,
                 "standard output takes one endpoint, not " +
                     std::to_string(config.extract.endpoints.size()) + "; name a folder");
  } else {
    const auto folder = std::filesystem::path{value}.lexically_normal();
    if (to.has_folder())
      read.wrong(
          output, value,
          "one folder is enough, and " + to.folder.string() + " is one; databases may be several");
    to.folder = folder;
  }
}

/// 60s, 5m, 2h, or seconds.
std::optional<std::chrono::milliseconds> parse_wait(std::string_view text) {
  text = trim(text);
  std::int64_t unit = 1;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    unit = text.back() == 'm' ? 60 : text.back() == 'h' ? 3600 : 1;
    text.remove_suffix(1);
  }
  const auto number = parse_number<std::int64_t>(text);
  constexpr std::int64_t most = 7 * 24 * 3600;
  if (!number || *number < 0 || *number > most / unit) return std::nullopt;
  return std::chrono::seconds{*number * unit};
}

std::optional<LookBack> parse_look_back(std::string_view text) {
  if (text == "tiers") return LookBack{LookBack::How::tiers, 0};
  if (text == "auto") return LookBack{LookBack::How::learnt, 0};
  if (text == "0") return LookBack{LookBack::How::days, 0};
  if (!text.ends_with('d') || text.find_first_of(" \t") != text.npos) return std::nullopt;
  const auto days = parse_number<int>(text.substr(0, text.size() - 1));
  if (!days || *days < 0 || *days > 1000) return std::nullopt;
  return LookBack{LookBack::How::days, *days};
}

void read_look_back(Reader& read, const Api& api, const Setting& setting, LookBacks& out) {
  constexpr const char* forms =
      "write days such as 14d, or 0, tiers or auto; for one endpoint NAME:14d";
  for (const std::string& value : setting.values) {
    if (split_list(value).empty()) read.wrong(setting, value, forms);
    for (const std::string_view part : split_list(value)) {
      const std::size_t colon = part.find(':');
      const auto how = parse_look_back(trim(part.substr(colon == part.npos ? 0 : colon + 1)));
      if (!how) {
        read.wrong(setting, std::string{part}, forms);
        continue;
      }
      if (colon == part.npos) {
        out.all = *how;
        continue;
      }
      const std::string name{trim(part.substr(0, colon))};
      const Endpoint* const endpoint = api.find(name);
      std::vector<std::string_view> known;
      for (const Endpoint* each : api.endpoints)
        if (!each->dates.cursor.empty()) known.push_back(each->name);
      if (endpoint == nullptr || endpoint->dates.cursor.empty())
        read.wrong(setting, std::string{part},
                   endpoint == nullptr
                       ? "no such endpoint; " + suggestion(name, known)
                       : name + " is read whole every time, so there is nothing to look back for");
      out.own[name] = *how;
    }
  }
}

/// Options that say something of a database and of nothing else.
void refuse_without_database(Reader& read, const Config& config) {
  if (!config.output.databases.empty()) return;
  for (const char* name : {"lookback", "skip-validation", "migrate", "wait"})
    if (const Setting* setting = read.find(name); setting != nullptr && setting->given())
      read.say(*setting, "is for a database; name one with --output sqlite:FILE");
}

/// Options of which a database knows nothing.
void refuse_with_database(Reader& read, Mistakes& mistakes, const Config& config) {
  const Destination& to = config.output;
  if (to.databases.empty()) return;
  if (config.extract.nested == Nested::flatten)
    mistakes.emplace_back(
        "--nested flatten cannot stand beside a database: its columns are those of the schema, "
        "and objects are JSON in them; leave it out");
  if (to.standard_output)
    mistakes.emplace_back(
        "--output - cannot stand beside a database: a stream takes nothing back; name a folder");
  if (!to.has_folder() && !to.standard_output)
    for (const char* name : {"format", "csv-dialect", "csv-formulas"})
      if (const Setting* setting = read.find(name); setting != nullptr && setting->given())
        read.say(*setting, "is for files, and there is only a database; leave it out");
}

}  // namespace

bool looks_like_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon < 2) return false;
  return std::ranges::all_of(text.substr(0, colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

std::string public_address(std::string_view address) {
  std::string out{address};
  const std::size_t slashes = out.find("://");
  if (slashes == out.npos) return out;
  const std::size_t host = slashes + 3, end = std::min(out.find('/', host), out.size());
  // A password may have an @ of its own.
  if (const std::size_t at = out.rfind('@', end); at != out.npos && at > host)
    if (const std::size_t colon = out.find(':', host); colon < at)
      out.replace(colon + 1, at - colon - 1, "****");
  for (const std::string_view name : {"password=", "sslpassword="})
    for (std::size_t at = out.find(name); at != out.npos; at = out.find(name, at + 1)) {
      const std::size_t from = at + name.size();
      out.replace(from, std::min(out.find('&', from), out.size()) - from, "****");
    }
  return out;
}

void read_output(Reader& read, Config& config) {
  const Setting& output = *read.find("output");
  for (const std::string& value : output.values) read_destination(read, output, value, config);
  if (config.output.standard_output && config.output.has_folder())
    read.say(output, "a folder cannot stand beside - (standard output); leave one of them out");
  config.text.format = static_cast<FileFormat>(read.choice("format"));
  const bool parquet = config.text.format == FileFormat::parquet;
  if (parquet && config.output.standard_output)
    read.wrong(*read.find("format"),
               "is for folders: its end tells where everything is, so nobody can read it as it "
               "comes; name a folder with --output, or write jsonl");
  config.extract.nested = static_cast<Nested>(read.choice("nested"));
  // A table has a place for what the schema does not know, and so has a file with typed columns.
  config.extract.keep_unknown =
      read.on("keep-unknown") || !config.output.databases.empty() || parquet;
  config.text.dialect = static_cast<CsvDialect>(read.choice("csv-dialect"));
  config.text.escape_formulas = read.choice("csv-formulas") == 1;
  config.dry_run = read.on("dry-run");
  if (read.on("resume")) config.resume = Resume::always;
  if (read.on("restart")) {
    if (read.on("resume")) read.wrong(*read.find("restart"), "cannot stand beside --resume");
    config.resume = Resume::never;
  }
  for (const auto& [name, file] : {std::pair{"summary-json", &config.summary_json},
                                   {"drift-patch", &config.drift_patch},
                                   {"record", &config.record}})
    if (const Setting* setting = read.find(name)) {
      *file = setting->value();
      if (file->empty() || *file == "-")
        read.wrong(*setting, "name a file; standard output is for rows");
    }
}

void read_sync(Reader& read, const Api& api, Verb verb, Mistakes& mistakes, Config& config) {
  SyncConfig& sync = config.sync;
  const Destination& to = config.output;
  const bool database = !to.databases.empty();
  const bool full = read.on("full") || read.on("full-sync");
  const Setting* const mode = read.find("mode");
  const bool delta = mode != nullptr && read.choice("mode") == 1;
  refuse_without_database(read, config);
  refuse_with_database(read, mistakes, config);
  const Setting* dated = nullptr;
  for (const char* name : {"days", "end-date", "start-date"})
    if (const Setting* setting = read.find(name)) dated = setting;

  const std::string full_name = read.on("full-sync") ? "--full-sync"
                                : read.on("full")    ? "--full"
                                                     : "--mode full";
  if (full && delta)
    mistakes.push_back(full_name + " cannot stand beside --mode delta; leave one of them out");
  if (dated != nullptr && (full || (mode != nullptr && !delta)))
    mistakes.push_back(full_name + " cannot stand beside --" + dated->option->name +
                       ": it reads all there is, whatever the day; leave one of them out");
  if (dated != nullptr && delta)
    mistakes.push_back("--mode delta cannot stand beside --" + dated->option->name +
                       ": it begins where the last run ended; leave one of them out");
  if (delta && !database)
    mistakes.emplace_back(
        "--mode delta: files do not tell how far they go; name a database with --output "
        "sqlite:FILE");
  // A folder is to hold everything, whatever stands beside it.
  if (dated != nullptr)
    sync.mode = SyncMode::range;
  else if (delta || (database && !to.has_folder() && !full && mode == nullptr))
    sync.mode = SyncMode::delta;
  else
    sync.mode = SyncMode::full;

  if (const Setting* look_back = read.find("lookback")) {
    read_look_back(read, api, *look_back, sync.look_back);
    if (database && sync.mode != SyncMode::delta)
      read.say(*look_back, std::string{"is for --mode delta, and "} +
                               (dated != nullptr ? "--" + dated->option->name + " names days"
                                : to.has_folder() && !full ? "a folder is filled whole"
                                                           : "this reads everything") +
                               "; leave it out");
  }
  sync.checks = !read.on("skip-validation");
  sync.migrate = read.on("migrate");
  const Setting& wait = *read.find("wait");
  if (const auto time = parse_wait(wait.value()))
    sync.wait = *time;
  else
    read.wrong(wait, "write a time such as 60s, 5m or 2h");

  if (!database) return;
  if (dated == nullptr) {
    // Both ends of a window are then instants, by which rows that are gone can be told.
    const Setting& zone = *read.find("time-zone");
    if (zone.given() && config.extract.range.zone != "UTC")
      read.say(zone,
               "says whose days --start-date, --end-date and --days mean; without them a database "
               "is read in UTC; leave it out");
    config.extract.range.zone = "UTC";
  }
  if (verb == Verb::replay)
    mistakes.emplace_back(
        "--output: a recording is replayed into files, because it does not tell where a database "
        "began to read; name a folder");
  if (!config.record.empty() && sync.mode == SyncMode::delta)
    mistakes.emplace_back(
        "--record cannot stand beside --mode delta: nobody could tell where its lists began; "
        "name days, or add --full");
}

}  // namespace callrail::cli
