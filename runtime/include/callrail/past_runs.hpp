#pragma once

#include <callrail/result.hpp>
#include <callrail/table_counts.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

class Database;

/// A row of `runs`: what a run did of an endpoint.
struct PastRun {
  std::int64_t run_id = 0;
  std::string source, endpoint;
  std::string account;  ///< with commas between; empty: all
  std::string mode;     ///< full, delta, range or dry_run
  /// running, success, unavailable, partial, failed, skipped_overlap or cancelled
  std::string status;
  std::string started_at, ended_at;  ///< UTC, "2026-02-10T14:05:06.789Z"; empty: not yet
  std::uint64_t fetched = 0;
  TableCounts counts;
  std::uint64_t requests = 0, retries = 0;
  std::string error, options;
  std::optional<std::uint64_t> rows_per_second;
  std::optional<int> look_back_days;
  std::int64_t pid = 0;
  std::string host;
};

/// What the last so many runs did, the latest first.
Result<std::vector<PastRun>> past_runs(Database&, std::size_t last);

/// Marks what is still `running` as failed where its process is gone: it ended on this machine, or
/// gave no sign of life for a minute. Gives those it marked.
Result<std::vector<PastRun>> end_stale_runs(Database&);

}  // namespace callrail
