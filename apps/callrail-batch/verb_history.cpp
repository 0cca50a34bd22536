#include "database_verbs.hpp"
#include "exit_code.hpp"
#include "json_writer.hpp"
#include "numbers.hpp"
#include "text_table.hpp"
#include "warehouses.hpp"

#include <callrail/past_runs.hpp>
#include <callrail/redact.hpp>

#include <fmt/format.h>

#include <migrate.hpp>

namespace callrail::cli {
namespace {

std::string history_json(const std::vector<PastRun>& runs) {
  JsonWriter json;
  const auto text = [&](std::string_view name, const std::string& value) {
    json.key(name).text_or_null(escape_controls(value));
  };
  const auto number = [&](std::string_view name, std::uint64_t value) {
    json.key(name).number(value);
  };
  json.open('{');
  json.key("runs").open('[');
  for (const PastRun& run : runs) {
    json.open('{');
    number("run_id", static_cast<std::uint64_t>(run.run_id));
    text("source", run.source);
    text("endpoint", run.endpoint);
    text("account", run.account);
    text("mode", run.mode);
    text("status", run.status);
    text("started_at", run.started_at);
    text("ended_at", run.ended_at);
    number("fetched", run.fetched);
    number("created", run.counts.created);
    number("updated", run.counts.updated);
    number("unchanged", run.counts.unchanged);
    number("rejected", run.counts.rejected);
    number("removed", run.counts.removed);
    number("returned", run.counts.returned);
    number("warnings", run.counts.warnings);
    number("requests", run.requests);
    number("retries", run.retries);
    text("error", run.error);
    text("options", run.options);
    if (run.rows_per_second)
      number("rows_per_second", *run.rows_per_second);
    else
      json.key("rows_per_second").raw("null");
    if (run.look_back_days)
      number("look_back_days", static_cast<std::uint64_t>(*run.look_back_days));
    else
      json.key("look_back_days").raw("null");
    number("pid", static_cast<std::uint64_t>(run.pid));
    text("host", run.host);
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return std::move(json).take();
}

void print_history(const std::vector<PastRun>& runs) {
  TextTable table{{"run", "endpoint", "mode", "status", "started", "fetched", "created", "updated",
                   "unchanged", "rejected", "removed", "warnings", "requests", "error"},
                  5,
                  12};
  for (const PastRun& run : runs)
    table.add({std::to_string(run.run_id), run.endpoint, run.mode, run.status,
               run.started_at.substr(0, std::string_view{"YYYY-MM-DDTHH:MM:SS"}.size()) + "Z",
               std::to_string(run.fetched), std::to_string(run.counts.created),
               std::to_string(run.counts.updated), std::to_string(run.counts.unchanged),
               std::to_string(run.counts.rejected), std::to_string(run.counts.removed),
               std::to_string(run.counts.warnings), std::to_string(run.requests), run.error});
  for (const std::string& line : table.lines()) print_line(line);
}

}  // namespace

int history_verb(const VerbCall& call, std::string& error) {
  const Setting& last = call.settings["last"];
  const auto runs = parse_number<std::size_t>(last.value());
  constexpr std::size_t most = 1'000'000;
  if (!runs || *runs == 0 || *runs > most) {
    error = last.name() + " " + last.value() + ": a number of runs, at least 1, is needed";
    return exit_usage;
  }
  auto database = open_database(call.databases.front(), false);
  if (!database) {
    error = database.error().what;
    return exit_code_of(database.error());
  }
  if (const auto ready = check_history(**database); !ready) {
    error = ready.error().what;
    return exit_code_of(ready.error());
  }
  const bool stale = call.settings.on("stale");
  const auto found = stale ? end_stale_runs(**database) : past_runs(**database, *runs);
  if (!found) {
    error = found.error().what;
    return exit_code_of(found.error());
  }
  if (call.settings.on("json")) {
    print_text(history_json(*found));
  } else if (found->empty()) {
    print_line((*database)->where() + (stale ? ": no run whose process is gone" : ": no run yet"));
  } else {
    print_history(*found);
  }
  return exit_complete;
}

}  // namespace callrail::cli
