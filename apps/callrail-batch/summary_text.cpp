#include "summary.hpp"
#include "text_table.hpp"

#include <callrail/table.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace callrail::cli {
namespace {

using Row = std::vector<std::string>;
constexpr std::size_t first_number = 1;

std::string spell_seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
}

std::string state_text(const EndpointSummary& endpoint) {
  switch (endpoint.outcome) {
    case Outcome::complete: return is_unavailable(endpoint) ? "unavailable" : "complete";
    case Outcome::failed: return "failed";
    case Outcome::skipped: break;
  }
  // Some lists were refused or could not be read: the file holds the others.
  return endpoint.file.empty() ? "skipped" : "partial";
}

std::string file_or_reason(const EndpointSummary& endpoint) {
  if (endpoint.outcome == Outcome::complete) return endpoint.file;
  return endpoint.file + (endpoint.file.empty() ? "" : "; ") + endpoint.reason;
}

Row row_of(const EndpointSummary& endpoint) {
  return {endpoint.name,
          std::to_string(endpoint.rows),
          std::to_string(endpoint.requests),
          std::to_string(endpoint.retries),
          spell_seconds(endpoint.took),
          std::to_string(endpoint.bytes),
          state_text(endpoint),
          endpoint.proof ? std::string{to_text(*endpoint.proof)} : "-",
          file_or_reason(endpoint)};
}

/// "1.2 MB"
std::string spell_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  constexpr std::array units{"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace

namespace {

Row row_of(const std::string& name, const TableCounts& counts, std::chrono::milliseconds took) {
  return {name,
          std::to_string(counts.created),
          std::to_string(counts.updated),
          std::to_string(counts.unchanged),
          std::to_string(counts.rejected),
          std::to_string(counts.removed),
          std::to_string(counts.returned),
          std::to_string(counts.warnings),
          "(" + spell_seconds(took) + ")"};
}

/// What became of the rows in each database.
void add_stored(const Summary& summary, std::vector<std::string>& lines) {
  for (const StoredRows& total : stored_totals(summary)) {
    TextTable rows{{total.where, "created", "updated", "unchanged", "rejected", "removed",
                    "returned", "warnings", ""},
                   first_number,
                   7};
    for (const EndpointSummary& endpoint : summary.endpoints)
      for (const StoredRows& stored : endpoint.stored)
        if (stored.where == total.where)
          rows.add(row_of(endpoint.name, stored.counts, endpoint.took));
    rows.add(row_of("total", total.counts, summary.took));
    std::ranges::move(rows.lines(), std::back_inserter(lines));
  }
}

}  // namespace

std::vector<StoredRows> stored_totals(const Summary& summary) {
  std::vector<StoredRows> totals;
  for (const EndpointSummary& endpoint : summary.endpoints)
    for (const StoredRows& stored : endpoint.stored) {
      auto total = std::ranges::find(totals, stored.where, &StoredRows::where);
      if (total == totals.end()) {
        totals.push_back({stored.where, {}});
        total = totals.end() - 1;
      }
      TableCounts& sum = total->counts;
      sum.created += stored.counts.created;
      sum.updated += stored.counts.updated;
      sum.unchanged += stored.counts.unchanged;
      sum.rejected += stored.counts.rejected;
      sum.removed += stored.counts.removed;
      sum.returned += stored.counts.returned;
      sum.warnings += stored.counts.warnings;
    }
  return totals;
}

Totals totals_of(const Summary& summary) {
  Totals totals;
  totals.warnings = summary.warnings.size();
  for (const EndpointSummary& endpoint : summary.endpoints) {
    totals.complete += endpoint.outcome == Outcome::complete ? 1 : 0;
    totals.failed += endpoint.outcome == Outcome::failed ? 1 : 0;
    totals.skipped += endpoint.outcome == Outcome::skipped ? 1 : 0;
    totals.rows += endpoint.rows;
    totals.repeated += endpoint.repeated;
    totals.bytes += endpoint.bytes;
    totals.warnings += endpoint.warnings.size();
    for (const StoredRows& stored : endpoint.stored) {
      totals.rejected += stored.counts.rejected;
      totals.warnings += stored.counts.warnings;
    }
  }
  return totals;
}

/// Fields that are missing together are missing for one reason, a plan or a role: one line.
std::vector<std::string> missing_lines(const std::string& endpoint, const Drift::Findings& missing,
                                       std::uint64_t rows) {
  std::vector<std::string> gone, lines;
  std::map<std::size_t, std::vector<std::string>, std::greater<>> by_count;
  for (const auto& [path, finding] : missing) {
    // Nested ones are counted by object, and say nothing about rows.
    const bool nested = path.find('.') != path.npos;
    const bool is_gone = rows != 0 && finding.count >= rows && !nested;
    (is_gone ? gone : by_count[finding.count]).push_back(path);
  }
  if (!gone.empty())
    lines.push_back(
        fmt::format("{}: {} gone, in none of {} rows: {}", endpoint,
                    gone.size() == 1 ? "a field is" : fmt::format("{} fields are", gone.size()),
                    rows, fmt::join(gone, ", ")));
  for (const auto& [count, paths] : by_count)
    lines.push_back(
        paths.size() == 1
            ? fmt::format("{}: missing field \"{}\" in {} rows", endpoint, paths.front(), count)
            : fmt::format("{}: {} fields missing in {} rows: {}", endpoint, paths.size(), count,
                          fmt::join(paths, ", ")));
  return lines;
}

std::vector<std::string> drift_lines(const std::string& endpoint, const Drift& drift) {
  std::vector<std::string> lines;
  const auto add = [&](const char* what, const Drift::Findings& findings) {
    for (const auto& [path, finding] : findings)
      lines.push_back(fmt::format("{}: {} \"{}\" in {} rows{}{}", endpoint, what, path,
                                  finding.count, finding.example.empty() ? "" : ", e.g. ",
                                  finding.example));
  };
  add("unknown field", drift.unknown_fields);
  std::ranges::move(missing_lines(endpoint, drift.missing_fields, drift.rows),
                    std::back_inserter(lines));
  add("unknown value", drift.unknown_values);
  add("changed type of", drift.changed_types);
  add("repeated field", drift.repeated_fields);
  add("unusual format of", drift.broken_formats);
  if (!drift.withheld.empty()) {
    std::size_t values = 0;
    std::vector<std::string_view> names;
    for (const auto& [path, finding] : drift.withheld)
      values += finding.count, names.push_back(path);
    lines.push_back(
        fmt::format("{}: {} values not kept in {}, their names sound like credentials: {}",
                    endpoint, values, extra_column, fmt::join(names, ", ")));
  }
  return lines;
}

std::vector<std::string> media_lines(const MediaSummary& media) {
  std::vector<std::string> lines;
  if (media.tried) {
    lines.push_back(fmt::format(
        "recordings in {}: {} fetched ({}), {} here before, {} missing at the API, {} failed, {} "
        "left, {} requests",
        media.where, media.fetched, spell_bytes(media.bytes), media.here, media.missing,
        media.failed, media.left, media.requests));
  } else {
    lines.push_back(fmt::format("recordings in {}: {} to be fetched, {} here", media.where,
                                media.left, media.here));
  }
  for (const std::string& failure : media.failures) lines.push_back("  " + failure);
  if (!media.used_up.empty())
    lines.push_back(
        fmt::format("  the budget of {} is used up: the same command goes on with the {} left",
                    media.used_up, media.left));
  return lines;
}

bool media_incomplete(const Summary& summary) {
  return summary.media && (summary.media->failed != 0 || summary.media->ended);
}

std::vector<std::string> finding_lines(const EndpointSummary& endpoint, const AllRemarks& remarks) {
  auto lines = drift_lines(endpoint.name, endpoint.drift);
  if (const auto found = remarks.find(endpoint.name); found != remarks.end())
    std::ranges::move(remark_lines(endpoint.name, found->second), std::back_inserter(lines));
  return lines;
}

std::vector<std::string> summary_lines(const Summary& summary, const AllRemarks& remarks) {
  std::vector<std::string> lines;
  for (const EndpointSummary& endpoint : summary.endpoints)
    std::ranges::move(finding_lines(endpoint, remarks), std::back_inserter(lines));
  if (!summary.endpoints.empty()) {
    TextTable rows{{"endpoint", "records", "requests", "retries", "time", "bytes", "state", "proof",
                    "file or reason"},
                   first_number,
                   5};
    for (const EndpointSummary& endpoint : summary.endpoints) rows.add(row_of(endpoint));
    std::ranges::move(rows.lines(), std::back_inserter(lines));
  }
  add_stored(summary, lines);
  const Totals totals = totals_of(summary);
  const ClientStats& traffic = summary.traffic;
  const auto waited = traffic.waited_for_limits + traffic.waited_for_retries;
  lines.push_back(fmt::format("total time {}, endpoints {} ok, {} failed, {} skipped",
                              spell_seconds(summary.took), totals.complete, totals.failed,
                              totals.skipped));
  const bool stored = !stored_totals(summary).empty();
  lines.push_back(fmt::format("records {}, repeated {}, {}errors {}, warnings {}", totals.rows,
                              totals.repeated,
                              stored ? fmt::format("rejected {}, ", totals.rejected) : "",
                              totals.failed + totals.skipped, totals.warnings));
  lines.push_back(fmt::format("requests {}, retries {}, waited {} (limits {}, retries {})",
                              traffic.requests, traffic.retries, spell_seconds(waited),
                              spell_seconds(traffic.waited_for_limits),
                              spell_seconds(traffic.waited_for_retries)));
  lines.push_back(fmt::format("received {}, written {}", spell_bytes(traffic.wire_bytes),
                              spell_bytes(totals.bytes)));
  if (summary.media) std::ranges::move(media_lines(*summary.media), std::back_inserter(lines));
  return lines;
}

}  // namespace callrail::cli
