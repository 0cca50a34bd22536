#include "exit_code.hpp"

#include "summary.hpp"

#include <algorithm>
#include <csignal>

namespace callrail::cli {
namespace {

bool unfinished(const EndpointSummary& endpoint) { return endpoint.outcome != Outcome::complete; }

const EndpointSummary* first_with(const Summary& summary, Code code) {
  const auto found = std::ranges::find_if(summary.endpoints, [&](const EndpointSummary& endpoint) {
    return unfinished(endpoint) && endpoint.code == code;
  });
  return found == summary.endpoints.end() ? nullptr : &*found;
}

bool media_ended(const Summary& summary, Code code) {
  return summary.media && summary.media->ended && summary.media->ended->code == code;
}

bool has(const Summary& summary, Code code) {
  return media_ended(summary, code) || (summary.ended && summary.ended->code == code) ||
         first_with(summary, code) != nullptr;
}

/// An API that answers is in reach, whatever it answers: then asking again later is only a hope.
bool out_of_reach(const Summary& summary) {
  if (summary.traffic.quota_used_up) return has(summary, Code::try_later);
  if (summary.traffic.answers != 0) return false;
  if (summary.ended) return summary.ended->code == Code::try_later;
  return !summary.endpoints.empty() &&
         std::ranges::all_of(summary.endpoints, [](const EndpointSummary& endpoint) {
           return unfinished(endpoint) && endpoint.code == Code::try_later;
         });
}

/// What ended the run, or the first endpoint that went wrong with this code.
std::string reason(const Summary& summary, std::optional<Code> code) {
  if (summary.ended && (!code || summary.ended->code == *code)) return summary.ended->what;
  for (const EndpointSummary& endpoint : summary.endpoints)
    if (unfinished(endpoint) && (!code || endpoint.code == *code))
      return endpoint.reason.starts_with(endpoint.name) ? endpoint.reason
                                                        : endpoint.name + ": " + endpoint.reason;
  if (summary.media && summary.media->ended && (!code || summary.media->ended->code == *code))
    return summary.media->ended->what;
  return {};
}

template <class Which>
std::string names_of(const Summary& summary, Which which) {
  std::string names;
  for (const EndpointSummary& endpoint : summary.endpoints)
    if (which(endpoint)) names += (names.empty() ? "" : ",") + endpoint.name;
  return names;
}

bool failed(const EndpointSummary& endpoint) { return endpoint.outcome == Outcome::failed; }
bool refused(const EndpointSummary& endpoint) {
  return endpoint.outcome == Outcome::skipped && endpoint.code == Code::forbidden;
}
/// Some of its lists could not be read, and its file is finished without them.
bool is_partial(const EndpointSummary& endpoint) {
  return endpoint.outcome == Outcome::skipped && !refused(endpoint);
}

/// Whether all rows are read, and only files behind them are not.
bool only_media(const Summary& summary) {
  return media_incomplete(summary) && !summary.ended &&
         std::ranges::none_of(summary.endpoints, unfinished);
}

std::string media_missing(const MediaSummary& media) {
  std::string out =
      std::to_string(media.failed + (media.ended ? media.left : 0)) + " recordings not fetched: ";
  out += media.ended ? media.ended->what : media.failures.front();
  return out + "; run the same command again: it asks for these only";
}

std::string quota_used_up(const Summary& summary) {
  const Totals totals = totals_of(summary);
  std::string out = reason(summary, Code::try_later);
  if (summary.resumable || only_media(summary))
    out += "; run the same command again then: it goes on where this stopped";
  else if (totals.complete != 0)
    out += "; run again then with --endpoints " + names_of(summary, failed);
  else
    out += "; nothing could be read: run again then";
  return out;
}

std::uint64_t rejected_rows(const Summary& summary) {
  std::uint64_t rows = 0;
  for (const EndpointSummary& endpoint : summary.endpoints)
    for (const StoredRows& stored : endpoint.stored) rows += stored.counts.rejected;
  return rows;
}

std::string rejected(const Summary& summary) {
  for (const EndpointSummary& endpoint : summary.endpoints)
    for (const StoredRows& stored : endpoint.stored)
      if (stored.counts.rejected != 0)
        return std::to_string(stored.counts.rejected) + " rows of " + endpoint.name +
               " were rejected, the others are stored: the table rejects of " + stored.where +
               " has them and says why";
  return {};
}

std::string incomplete(const Summary& summary) {
  if (rejected_rows(summary) != 0 && !summary.ended && !media_incomplete(summary) &&
      std::ranges::none_of(summary.endpoints, unfinished))
    return rejected(summary);
  if (only_media(summary)) return media_missing(*summary.media);
  const Totals totals = totals_of(summary);
  std::string out = std::to_string(totals.failed + totals.skipped) + " of " +
                    std::to_string(summary.endpoints.size()) + " endpoints not read";
  if (const std::string why = reason(summary, {}); !why.empty()) out += ": " + why;
  const std::string failures = names_of(summary, failed);
  const std::string refusals = names_of(summary, refused);
  const std::string partial = names_of(summary, is_partial);
  if (!failures.empty() && summary.resumable)
    out += "; run the same command again: it goes on where " + failures + " stopped";
  else if (!failures.empty())
    out += "; run again with --endpoints " + failures;
  if (!refusals.empty())
    out += "; ask for the permission to read " + refusals + ", or leave it out";
  if (!partial.empty())
    out +=
        "; some lists of " + partial + " could not be read: run again with --endpoints " + partial;
  return out;
}

bool into_databases(const Summary& summary) {
  return std::ranges::any_of(
      summary.endpoints, [](const EndpointSummary& endpoint) { return !endpoint.stored.empty(); });
}

std::string drifted(const Summary& summary) {
  for (const EndpointSummary& endpoint : summary.endpoints)
    if (!endpoint.drift.empty()) {
      const auto lines = drift_lines(endpoint.name, endpoint.drift);
      return lines.front() +
             "; the answers differ from the schema: extend it, or run without --strict";
    }
  return {};
}

const EndpointSummary* first_unproven(const Summary& summary) {
  const auto found = std::ranges::find_if(summary.endpoints, [](const EndpointSummary& endpoint) {
    return endpoint.proof && !is_complete(*endpoint.proof);
  });
  return found == summary.endpoints.end() ? nullptr : &*found;
}

std::string not_proven(const Summary& summary) {
  const EndpointSummary* endpoint = first_unproven(summary);
  if (endpoint == nullptr) return {};
  std::string text = endpoint->name + ": " + std::string{to_text(*endpoint->proof)};
  const auto window = std::ranges::find_if(
      endpoint->windows, [&](const WindowProof& each) { return each.proof == endpoint->proof; });
  if (window != endpoint->windows.end()) {
    if (!window->scope.empty()) text += ", " + window->scope;
    if (!window->from.empty()) text += ", " + window->from + ".." + window->to;
    if (!window->why.empty()) text += ": " + window->why;
  }
  return text + "; run again, or without --strict";
}

}  // namespace

int exit_code(const Summary& summary, bool strict, std::optional<int> signal) {
  if ((summary.ended && summary.ended->code == Code::cancelled) ||
      media_ended(summary, Code::cancelled))
    return exit_signal + signal.value_or(SIGINT);
  if (has(summary, Code::bad_key)) return exit_bad_key;
  if (has(summary, Code::held)) return exit_held;
  if (has(summary, Code::sink_failed)) return exit_destination;
  if (out_of_reach(summary)) return exit_out_of_reach;
  if (summary.ended || std::ranges::any_of(summary.endpoints, unfinished) ||
      media_incomplete(summary) || rejected_rows(summary) != 0)
    return exit_incomplete;
  const bool drift = std::ranges::any_of(
      summary.endpoints, [](const EndpointSummary& endpoint) { return !endpoint.drift.empty(); });
  if (strict && drift) return exit_drift;
  return strict && first_unproven(summary) != nullptr ? exit_unproven : exit_complete;
}

std::string last_words(int code, const Summary& summary) {
  switch (code) {
    case exit_complete: return {};
    case exit_incomplete: return incomplete(summary);
    case exit_bad_key:
      return reason(summary, Code::bad_key) +
             "; the key was refused: check CALLRAIL_API_KEY, then run again";
    case exit_out_of_reach:
      if (summary.traffic.quota_used_up) return quota_used_up(summary);
      return reason(summary, Code::try_later) +
             (summary.resumable
                  ? "; run the same command again later: it goes on where this stopped"
                  : "; nothing could be read: run again later");
    case exit_destination: {
      // Most destinations name the next step themselves.
      const std::string why = reason(summary, Code::sink_failed);
      return why + (why.find("; ") == why.npos ? "; mend the destination, then run again" : "") +
             (into_databases(summary) ? " (rows that were committed stay)"
                                      : " (earlier files are as they were)");
    }
    case exit_held: return reason(summary, Code::held);
    case exit_drift: return drifted(summary);
    case exit_unproven: return not_proven(summary);
    default: break;
  }
  if (only_media(summary))
    return "interrupted; all rows are read, and so are the recordings fetched so far: run the same "
           "command again, and it fetches the others";
  return summary.resumable
             ? "interrupted; what was read is kept: run the same command again, and it goes on"
         : into_databases(summary)
             ? "interrupted; rows that were committed stay: run again"
             : "interrupted; files already finished are whole, the others are as they were: run "
               "again";
}

}  // namespace callrail::cli
