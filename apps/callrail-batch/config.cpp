#include "config.hpp"

#include "closest.hpp"
#include "dates.hpp"
#include "numbers.hpp"
#include "params.hpp"

#include <callrail/limiter.hpp>
#include <callrail/url.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace callrail::cli {
namespace {

/// Reads settings one by one; what is wrong goes to the mistakes, and the default stays.
class Reader {
 public:
  Reader(const Settings& settings, Mistakes& mistakes) : settings_{settings}, mistakes_{mistakes} {}

  const Setting* find(std::string_view name) const {
    const Setting& setting = settings_[name];
    return setting.is_set() ? &setting : nullptr;
  }
  bool on(std::string_view name) const { return settings_.on(name); }

  /// "--limit abc: " + why
  void wrong(const Setting& setting, const std::string& why) {
    mistakes_.push_back(setting.name() + " " + quoted(setting.value()) + ": " + why);
  }

  template <class T>
  void number(std::string_view name, T least, T most, T& out, const std::string& allowed) {
    const Setting* setting = find(name);
    if (setting == nullptr) return;
    const auto value = parse_number<T>(setting->value());
    if (value && *value >= least && *value <= most) {
      out = *value;
    } else {
      wrong(*setting, (value ? "" : "not a whole number; ") + allowed);
    }
  }

  /// Index of the value among the option's choices; the default's if it is none.
  std::size_t choice(std::string_view name) {
    const Setting* setting = find(name);
    if (setting == nullptr) return 0;
    const auto& choices = setting->option->choices;
    const std::string_view value = trim(setting->value());
    const auto found = std::ranges::find(choices, value);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    const std::vector<std::string_view> known{choices.begin(), choices.end()};
    std::string allowed;
    for (const auto& word : known) allowed.append(allowed.empty() ? "" : ", ").append(word);
    const std::string near = near_suggestion(value, known);
    wrong(*setting, near + (near.empty() ? "allowed: " : " Allowed: ") + allowed);
    return 0;
  }

 private:
  static std::string quoted(const std::string& value) {
    return value.empty() || value.find(' ') != value.npos ? "\"" + value + "\"" : value;
  }

  const Settings& settings_;
  Mistakes& mistakes_;
};

bool looks_like_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon < 2) return false;
  return std::ranges::all_of(text.substr(0, colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
  });
}

void read_output(Reader& read, Config& config) {
  const Setting& output = *read.find("output");
  const std::string& value = output.value();
  if (value.empty()) {
    read.wrong(output, "name a folder, or - for standard output");
  } else if (looks_like_url(value)) {
    read.wrong(output,
               "only folders and - (standard output) are known; a folder of such a name is "
               "written ./" +
                   value);
  } else if (value == "-") {
    config.output.standard_output = true;
    if (config.extract.endpoints.size() > 1)
      read.wrong(output, "standard output takes one endpoint, not " +
                             std::to_string(config.extract.endpoints.size()) + "; name a folder");
  } else {
    config.output.folder = std::filesystem::path{value}.lexically_normal();
  }
  config.text.format = static_cast<FileFormat>(read.choice("format"));
  config.extract.nested = static_cast<Nested>(read.choice("nested"));
  config.extract.keep_unknown = read.on("keep-unknown");
  config.text.dialect = static_cast<CsvDialect>(read.choice("csv-dialect"));
  config.text.escape_formulas = read.choice("csv-formulas") == 1;
  config.dry_run = read.on("dry-run");
  if (read.on("resume")) config.resume = Resume::always;
  if (read.on("restart")) {
    if (read.on("resume")) read.wrong(*read.find("restart"), "cannot stand beside --resume");
    config.resume = Resume::never;
  }
  if (const Setting* file = read.find("summary-json")) {
    config.summary_json = file->value();
    if (config.summary_json.empty() || config.summary_json == "-")
      read.wrong(*file, "name a file; standard output is for rows");
  }
  if (const Setting* file = read.find("drift-patch")) {
    config.drift_patch = file->value();
    if (config.drift_patch.empty() || config.drift_patch == "-")
      read.wrong(*file, "name a file; standard output is for rows");
  }
  if (const Setting* file = read.find("record")) {
    config.record = file->value();
    if (config.record.empty() || config.record == "-")
      read.wrong(*file, "name a file; standard output is for rows");
  }
}

void read_media(Reader& read, Verb verb, Mistakes& mistakes, Config& config) {
  const Setting* folder = read.find("recordings");
  for (const char* name : {"recordings-bytes", "recordings-requests"})
    if (folder == nullptr && read.find(name)->given())
      read.wrong(*read.find(name), "says how much --recordings may fetch; name its folder too");
  read.number<std::uint64_t>("recordings-requests", 1, std::numeric_limits<std::uint64_t>::max(),
                             config.media.most_requests, "at least 1 request is needed");
  const Setting& bytes = *read.find("recordings-bytes");
  if (const auto size = parse_bytes(bytes.value()); size && *size > 0)
    config.media.most_bytes = *size;
  else
    read.wrong(bytes, "write bytes, or a size such as 500MB or 5GB");
  if (folder == nullptr) return;
  if (verb == Verb::replay) {
    mistakes.push_back(
        "--recordings: what --record keeps of a run has no such bytes in it; leave it out");
    return;
  }
  if (folder->value().empty() || folder->value() == "-" || looks_like_url(folder->value()))
    return read.wrong(*folder, "name a folder");
  const auto path = std::filesystem::path{folder->value()}.lexically_normal();
  config.media.folder = path.string();
  if (!config.output.standard_output && path == config.output.folder)
    read.wrong(*folder, "name another folder than --output, such as " +
                            (path / "recordings").lexically_normal().string());
  const auto& wanted = config.extract.endpoints;
  if (verb == Verb::run && !wanted.empty() &&
      std::ranges::all_of(wanted, [](const Wanted& w) { return w.endpoint->media.empty(); }))
    read.wrong(*folder,
               "none of the endpoints that are read has any; callrail-batch endpoints "
               "NAME tells which has");
}

void read_dates(Reader& read, Clock::Wall now, Mistakes& mistakes, DateRange& range,
                std::optional<int>& days) {
  const Setting& zone = *read.find("time-zone");
  range.zone = trim(zone.value());
  if (range.zone != zone.option->fallback && !is_known_zone(range.zone))
    read.wrong(zone, "no such time zone; write an IANA name such as Europe/Berlin, or user");
  const auto moment = [&](const Setting* setting) {
    std::optional<Moment> value;
    if (setting != nullptr && !(value = parse_moment(setting->value())))
      read.wrong(*setting, "not a day of the calendar; write YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS]");
    return value;
  };
  const Setting* start = read.find("start-date");
  const Setting* end = read.find("end-date");
  const auto first = moment(start), last = moment(end);
  if (start != nullptr) range.from = start->value();
  if (end != nullptr) range.to = end->value();
  if (first && last && last->last < first->first)
    read.wrong(*end, "lies before --start-date " + start->value() + "; exchange the two");
  if (first && end == nullptr &&
      std::chrono::floor<std::chrono::days>(first->first) > latest_today(now))
    read.wrong(*start, "lies in the future, and there is no --end-date; write a day until today");

  if (read.find("days") != nullptr) {
    int count = 0;
    read.number("days", 1, 100'000, count, "a number of days, at least 1, is needed");
    if (start != nullptr || end != nullptr)
      mistakes.push_back(std::string{"--days cannot stand beside "} +
                         (start != nullptr ? "--start-date" : "--end-date") +
                         ": it counts back from today; leave one of them out");
    days = count;
    range.from = days_before(today_in(range.zone, now), count);
  }
}

void read_requests(Reader& read, const Api& api, Config& config) {
  auto& extract = config.extract;
  extract.page_size = api.paging.most;
  read.number("batch-size", 1, api.paging.most, extract.page_size,
              "1 to " + std::to_string(api.paging.most) + " rows a page are allowed");
  if (read.find("limit") != nullptr) {
    std::int64_t limit = 1;
    read.number<std::int64_t>("limit", 1, std::numeric_limits<std::int64_t>::max(), limit,
                              "at least 1 row is needed; leave it out for no limit");
    extract.limit = static_cast<std::uint64_t>(limit);
  }
  if (read.find("paging") != nullptr) extract.paging = static_cast<Paging>(read.choice("paging"));
  read.number("jobs", 1, 64, config.jobs, "1 to 64 requests in flight are allowed");
  read.number("max-retries", 0, 1000, config.max_retries, "0 to 1000 further tries are allowed");

  const Setting& timeout = *read.find("timeout");
  const auto seconds = parse_number<double>(timeout.value());
  if (seconds && std::isfinite(*seconds) && *seconds >= 0.001 && *seconds <= 86'400) {
    config.timeout = std::chrono::milliseconds{std::llround(*seconds * 1000)};
  } else {
    read.wrong(timeout, "seconds are needed, more than 0 and at most 86400");
  }
  config.limits.assign(api.limits.begin(), api.limits.end());
  if (const Setting* limits = read.find("limits")) {
    if (auto parsed = parse_limits(trim(limits->value())))
      config.limits = std::move(*parsed);
    else
      read.wrong(*limits, parsed.error().what);
  }
  const Setting& url = *read.find("base-url");
  if (auto checked = check_base_url(trim(url.value())))
    extract.base_url = std::move(*checked);
  else
    read.wrong(url, checked.error().what);
  config.strict = read.on("strict");
}

void read_messages(Reader& read, Config& config) {
  config.progress = static_cast<ProgressMode>(read.choice("progress"));
  config.quiet = read.on("quiet");
  config.verbose = read.on("verbose");
  const Setting& level = *read.find("log-level");
  if (const auto parsed = parse_log_level(trim(level.value())))
    config.log_level = *parsed;
  else
    (void)read.choice("log-level");
  const Setting& file = *read.find("log-file");
  config.log_file = file.value();
  config.log_file_named = file.given();
  if (config.log_file.empty()) read.wrong(file, "name a file, - for standard error, or none");
  config.log_format = static_cast<LogFormat>(read.choice("log-format"));
  config.log_pii = read.on("log-pii");
  const Setting& bad_pages = *read.find("bad-pages");
  if (bad_pages.value() != "none") config.bad_pages = bad_pages.value();
}

void read_plan(Reader& read, Verb verb, Mistakes& mistakes, Config& config) {
  config.offline = read.on("offline");
  config.compare = read.on("compare");
  config.plan_json = read.on("json");
  for (const char* name : {"offline", "compare", "json"})
    if (verb == Verb::run && read.on(name))
      mistakes.push_back(std::string{"--"} + name + ": is for plan: callrail-batch plan --" + name);
  if (config.offline && config.compare)
    mistakes.push_back(
        "--compare cannot stand beside --offline: it makes requests; leave one of "
        "them out");
}

/// The request parameters that options fill: each option knows its own.
void read_fixed(const Settings& settings, Mistakes& mistakes, ExtractOptions& extract) {
  for (const auto& [name, setting] : settings.all()) {
    if (setting.option->parameter.empty() || !setting.is_set()) continue;
    auto& fixed = extract.fixed[setting.option->parameter];
    for (const std::string& value : setting.values)
      for (const std::string_view id : split_list(value))
        if (std::ranges::find(fixed, id) == fixed.end()) fixed.emplace_back(id);
    const bool clean = std::ranges::all_of(fixed, [](const std::string& id) {
      return std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~' && c != '/'; });
    });
    if (fixed.empty() || !clean)
      mistakes.push_back(setting.name() + ": " +
                         (fixed.empty() ? "an id is needed" : "an id has letters and digits only"));
  }
}

/// Endpoints go in by name, whoever chose them: --all may mean others tomorrow.
void keep_asked(const Settings& settings, Config& config) {
  for (const auto& [name, setting] : settings.all())
    if (setting.option->asks && setting.is_set() && !setting.option->value.empty())
      config.asked.emplace(name, setting.values);
  std::string names;
  for (const Wanted& wanted : config.extract.endpoints)
    names.append(names.empty() ? "" : ",").append(wanted.endpoint->name);
  config.asked.insert_or_assign("endpoints", std::vector{names});
}

}  // namespace

Config configure(const Settings& settings, const Api& api, Verb verb, Clock::Wall now,
                 Mistakes& mistakes) {
  Config config;
  config.now = now;
  Reader read{settings, mistakes};
  config.extract.endpoints = choose(settings, api, verb, mistakes);
  read_fixed(settings, mistakes, config.extract);
  read_params(settings, api, mistakes, config.extract);
  read_dates(read, now, mistakes, config.extract.range, config.days);
  // `check` writes no rows, so one endpoint or many does not matter to it; of a replay it is not
  // known yet which ones are written.
  if (verb == Verb::check || verb == Verb::plan || verb == Verb::replay) {
    auto endpoints = std::exchange(config.extract.endpoints, {});
    read_output(read, config);
    config.extract.endpoints = std::move(endpoints);
  } else {
    read_output(read, config);
  }
  read_media(read, verb, mistakes, config);
  read_requests(read, api, config);
  read_messages(read, config);
  for (const auto& [name, setting] : settings.all()) {
    if (!setting.option->shapes_rows || !setting.is_set()) continue;
    std::string value;
    for (const std::string& each : setting.values) value += (value.empty() ? "" : ",") + each;
    config.run_options.emplace_back(name, std::move(value));
  }
  keep_asked(settings, config);
  if (!config.record.empty() && verb != Verb::run)
    mistakes.push_back("--record: only a run is recorded; leave it out");
  if (!config.drift_patch.empty() && (verb == Verb::check || verb == Verb::plan) &&
      !settings.on("print-config"))
    mistakes.push_back("--drift-patch: is for a run or a replay, which read rows; leave it out");
  // A recording holds a run from its beginning, or it could not be replayed.
  if (!config.record.empty() && config.resume == Resume::always)
    mistakes.push_back(
        "--record cannot stand beside --resume: it records a run from its beginning");
  if (!config.record.empty()) config.resume = Resume::never;
  read_plan(read, verb, mistakes, config);
  return config;
}

}  // namespace callrail::cli
