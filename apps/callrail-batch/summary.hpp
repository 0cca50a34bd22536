#pragma once

#include "shape.hpp"

#include <callrail/extract.hpp>

#include <functional>
#include <string>
#include <vector>

namespace callrail::cli {

struct Totals {
  std::size_t complete = 0, failed = 0, skipped = 0;
  std::uint64_t rows = 0, repeated = 0, bytes = 0;
  std::uint64_t rejected = 0;  ///< rows a database could not take, in its table rejects
  std::size_t warnings = 0;
};
Totals totals_of(const Summary&);

/// What became of the rows of all endpoints, for each database.
std::vector<StoredRows> stored_totals(const Summary&);

/// What became of the files behind rows, in a line or a few.
std::vector<std::string> media_lines(const MediaSummary&);
/// Whether some of them could not be fetched; those a budget left are no failure.
bool media_incomplete(const Summary&);

/// What differs from the schema, a line each; a table with a line for each endpoint; the totals.
std::vector<std::string> summary_lines(const Summary&, const AllRemarks& = {});

/// `calls: unknown field "x" in 212 rows, e.g. "30309"`
std::vector<std::string> drift_lines(const std::string& endpoint, const Drift&);

/// These, and what pages showed beyond them.
std::vector<std::string> finding_lines(const EndpointSummary&, const AllRemarks&);

/// Facts of the run that the summary of the extraction does not know.
struct RunFacts {
  std::string version;
  int exit_code = 0;
  std::string error;  ///< the last line on standard error; empty after exit code 0
  bool dry_run = false;
};

/// The numbers of `summary_lines` as one JSON object. The names are a contract:
///
///   program, version, exit_code, error (text or null), dry_run, seconds,
///   endpoints_ok, endpoints_failed, endpoints_skipped, errors (those two together),
///   rows, repeated, rejected, warnings (those of rows included), requests, retries, refused_429,
///   waited_seconds, waited_for_limits_seconds, waited_for_retries_seconds,
///   bytes (written), received_bytes, recordings (null without --recordings, else { folder, tried
///     (false: only counted), fetched, bytes, here (before), missing (the API has them no more),
///     failed, left (not tried), requests, seconds, used_up (the budget, or null), failures: [text]
///     }),
///   stored: [{ database, created, updated, unchanged, rejected, removed, returned, warnings }]
///   (one
///     for each database, all endpoints together), warning_texts, endpoints: [{
///     name, state (complete, failed, skipped), reason (text or null), rows,
///     announced (what the API said there is, or null), proof (proven, proven with churn,
///     unproven, contradicted, or null where a limit ended the reading), count_differs (whether
///     rows and announced do not add up), resumed (whether an earlier process began it), repeated,
///     requests, retries, seconds, bytes, file (text or null), window (text or null),
///     windows: [{ scope, from, to, rows, announced, proof, why }], sum (of an endpoint with very
///     many lists; its windows are a few that are not proven): { lists, rows, proven, …, unread,
///     unknown, left_out, doubtful }, stored: [as above], warnings: [text],
///     drift: { unknown_fields, missing_fields, unknown_values, changed_types, broken_formats,
///              repeated_fields, withheld: { path: { count, example } },
///              null_since: { field: { since (day), rows } },
///              id_forms: { field: { now, was (or null), rows, of_rows } } } }]
///
/// Every text passes `clean` (secrets, control characters) before it is written.
using Clean = std::function<std::string(std::string_view)>;
std::string summary_json(const Summary&, const RunFacts&, const Clean& clean,
                         const AllRemarks& = {});

}  // namespace callrail::cli
