#pragma once

#include "memory_checkpoint.hpp"
#include "memory_files.hpp"

#include <callrail/clock.hpp>
#include <callrail/extract.hpp>
#include <callrail/file_sink.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// The one place where the proof of the proof touches the extraction: how one is started, and what
/// its summary claims. Whoever changes `extract` or the sinks changes this file and no other.
namespace callrail::sim {

/// Whether "complete" means that ids and totals were compared, so that a run which lost rows to a
/// list that moved says so. While it is off, the tests expect to see such losses.
inline constexpr bool claims_are_proven = true;
/// Whether a run goes on where one that died left off. While it is off, runs begin anew, and what a
/// killed one left behind stays there.
inline constexpr bool runs_resume = true;

inline const std::string folder = "data";
inline const std::string base_url = "http://127.0.0.1:8080";

/// What somebody asks for.
struct Job {
  std::vector<Wanted> endpoints;
  DateRange range;
  int page_size = 250;
  std::optional<Paging> paging;
  FileFormat format = FileFormat::csv;
  bool stream = false;  ///< to a pipe instead of a folder
  int jobs = 4;
  int max_retries = 3;
  std::vector<RateLimit> limits;
  std::uint64_t seed = 1;  ///< of the jitter between retries
};

/// What a run says of one endpoint.
struct Told {
  std::string endpoint;
  bool complete = false;  ///< all rows are there, without any "but"
  bool failed = false;    ///< nothing is there
  std::string words;
  std::uint64_t rows = 0;
};

struct Report {
  std::vector<Told> told;
  std::optional<Error> ended;
  ClientStats traffic;
  bool resumable = false;
  bool cancelled() const { return ended && ended->code == Code::cancelled; }
  bool complete() const {
    return !ended && std::ranges::all_of(told, [](const Told& t) { return t.complete; });
  }
  /// Whether somebody who reads the summary knows that something is not as it should be.
  bool admits() const { return !complete(); }
};

inline Told told(const EndpointSummary& e) {
  const bool proven = e.proof && is_complete(*e.proof);
  Told out{e.name, e.outcome == Outcome::complete && proven, e.outcome == Outcome::failed, e.reason,
           e.rows};
  for (const std::string& warning : e.warnings) out.words += "; " + warning;
  return out;
}

inline ClientOptions client_options(const Api& api, const Job& job) {
  ClientOptions options;
  options.jobs = job.jobs;
  options.max_retries = job.max_retries;
  options.retry_statuses.assign(api.retry.statuses.begin(), api.retry.statuses.end());
  return options;
}

inline ExtractOptions extract_options(const Job& job, std::optional<Clock::Wall> began) {
  ExtractOptions options;
  options.base_url = base_url;
  options.endpoints = job.endpoints;
  options.range = job.range;
  options.page_size = job.page_size;
  options.paging = job.paging;
  options.began = began;
  return options;
}

inline Report report_of(const Summary& summary) {
  Report report;
  for (const EndpointSummary& e : summary.endpoints) report.told.push_back(told(e));
  report.ended = summary.ended;
  report.traffic = summary.traffic;
  report.resumable = summary.resumable;
  return report;
}

/// Runs once. `began`: when an earlier process began what the checkpoint holds.
inline Report run(const Api& api, const Job& job, Clock& clock, Transport& transport, Sink& sink,
                  Checkpoint* checkpoint, std::optional<Clock::Wall> began,
                  const std::function<bool()>& stop) {
  Limiter limiter{job.limits};
  Client client{transport, limiter, clock, client_options(api, job), job.seed};
  Events silent;
  return report_of(
      extract(api, extract_options(job, began), client, sink, clock, silent, stop, checkpoint));
}

/// Runs once, going on with what an earlier process left in the checkpoint. The disk may throw
/// test::Crash; a process that was killed says nothing.
inline Report run(const Api& api, const Job& job, Clock& clock, Transport& transport,
                  test::MemoryFiles& files, test::MemoryCheckpoint& checkpoint,
                  const std::function<bool()>& stop) {
  const TextOptions text{.format = job.format};
  std::unique_ptr<Sink> sink;
  if (job.stream)
    sink = std::make_unique<StreamSink>(files.open_pipe(), text, files);
  else
    sink = std::make_unique<FolderSink>(folder, text, Provenance{}, files);
  const auto began = checkpoint.began;
  if (!began) checkpoint.began = clock.today();
  Report report =
      run(api, job, clock, transport, *sink, job.stream ? nullptr : &checkpoint, began, stop);
  if (!report.resumable && !files.dead()) checkpoint.clear();
  return report;
}

inline Report run(const Api& api, const Job& job, Clock& clock, Transport& transport,
                  test::MemoryFiles& files, const std::function<bool()>& stop) {
  test::MemoryCheckpoint checkpoint{files};
  return run(api, job, clock, transport, files, checkpoint, stop);
}

/// Where the rows of an endpoint end up.
inline std::string path_of(const Job& job, Text endpoint) {
  return folder + '/' + std::string{endpoint} + std::string{file_extension(job.format)};
}

/// Whether a file is something a finished run should not leave behind.
inline bool is_leftover(Text name) { return name.find(".part") != Text::npos; }

}  // namespace callrail::sim
