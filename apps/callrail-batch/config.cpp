#include "config.hpp"

#include "dates.hpp"
#include "numbers.hpp"
#include "output_config.hpp"
#include "params.hpp"
#include "setting_reader.hpp"

#include <callrail/limiter.hpp>
#include <callrail/url.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace callrail::cli {
namespace {

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
  if (config.output.has_folder() && path == config.output.folder)
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

/// --contract freeze,tags:evolve
void read_contract(Reader& read, const Api& api, Config& config) {
  const Setting* setting = read.find("contract");
  std::optional<bool> all;
  std::map<std::string, bool, std::less<>> own;
  std::vector<std::string_view> known;
  for (const Endpoint* endpoint : api.endpoints) known.push_back(endpoint->name);
  for (const std::string& value : setting != nullptr ? setting->values : std::vector<std::string>{})
    for (const std::string_view part : split_list(value)) {
      const std::size_t colon = part.find(':');
      const auto how = trim(part.substr(colon == part.npos ? 0 : colon + 1));
      const std::string name{colon == part.npos ? "" : trim(part.substr(0, colon))};
      if (how != "freeze" && how != "evolve")
        read.wrong(*setting, std::string{part},
                   "write evolve or freeze; for one endpoint NAME:freeze");
      else if (colon == part.npos)
        all = how == "freeze";
      else if (api.find(name) == nullptr)
        read.wrong(*setting, std::string{part}, "no such endpoint; " + suggestion(name, known));
      else
        own[name] = how == "freeze";
    }
  for (Wanted& wanted : config.extract.endpoints) {
    const auto found = own.find(wanted.endpoint->name);
    wanted.frozen = found == own.end() ? all.value_or(wanted.endpoint->frozen) : found->second;
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
  read_contract(read, api, config);
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
  const Setting& size = *read.find("log-size");
  if (const auto bytes = parse_bytes(size.value()); bytes && (*bytes == 0 || *bytes >= 1000))
    config.log_size = *bytes;
  else
    read.wrong(size, "a size is needed, at least 1kB, such as 10MB; or 0");
  read.number("log-files", std::size_t{0}, std::size_t{1000}, config.log_files,
              "0 to 1000 files may be kept");
  config.log_format = static_cast<LogFormat>(read.choice("log-format"));
  config.log_pii = read.on("log-pii");
  const Setting& bad_pages = *read.find("bad-pages");
  if (bad_pages.value() != "none") config.bad_pages = bad_pages.value();
}

/// Options that only some verbs know.
struct OfVerb {
  const char* option;
  std::vector<Verb> verbs;
  const char* use;
  const char* instead = "leave it out";
};

const std::vector<OfVerb>& verb_options() {
  static const std::vector<OfVerb> all{
      {"offline", {Verb::plan}, "plan"},
      {"compare", {Verb::plan}, "plan"},
      {"json",
       {Verb::run, Verb::plan, Verb::history, Verb::reconcile},
       "a run, plan, history or reconcile"},
      {"orphans", {Verb::check}, "check"},
      {"last", {Verb::history}, "history"},
      {"stale", {Verb::history}, "history"},
      {"fix", {Verb::reconcile}, "reconcile"},
      {"from",
       {Verb::copy},
       "copy",
       "leave it out, or name the first day to read with --start-date"},
      {"replace", {Verb::copy}, "copy"},
      {"destructive", {Verb::run, Verb::migrate}, "migrate, or a run with --migrate"},
  };
  return all;
}

void read_verb(Reader& read, Verb verb, const Settings& settings, Mistakes& mistakes,
               Config& config) {
  config.offline = read.on("offline");
  config.compare = read.on("compare");
  config.json = read.on("json");
  config.fix = read.on("fix");
  config.destructive = read.on("destructive");
  refuse_other_verbs(settings, verb, mistakes);
  if (config.json && verb == Verb::run && config.output.standard_output)
    mistakes.emplace_back("--json cannot stand beside --output -: both write to standard output");
  if (config.offline && config.compare)
    mistakes.push_back(
        "--compare cannot stand beside --offline: it makes requests; leave one of "
        "them out");
  if (config.destructive && verb == Verb::run && !config.sync.migrate)
    mistakes.emplace_back("--destructive: is for migrate, or for a run with --migrate");
  if (verb != Verb::reconcile) return;
  if (!config.days) mistakes.emplace_back("reconcile: name the days to compare with --days N");
  if (config.output.databases.size() != 1 || config.output.count() != 1)
    mistakes.emplace_back(
        "reconcile: name one database with --output sqlite:FILE or postgresql://…");
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
  if (verb != Verb::run) {
    auto endpoints = std::exchange(config.extract.endpoints, {});
    read_output(read, config);
    config.extract.endpoints = std::move(endpoints);
  } else {
    read_output(read, config);
  }
  read_sync(read, api, verb, mistakes, config);
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
  read_verb(read, verb, settings, mistakes, config);
  return config;
}

void refuse_other_verbs(const Settings& settings, Verb verb, Mistakes& mistakes) {
  for (const OfVerb& of : verb_options())
    if (settings[of.option].given() && std::ranges::find(of.verbs, verb) == of.verbs.end())
      mistakes.push_back(std::string{"--"} + of.option + ": is for " + of.use + "; " + of.instead);
}

}  // namespace callrail::cli
