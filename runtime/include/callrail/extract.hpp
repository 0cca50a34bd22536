#pragma once

#include <callrail/checkpoint.hpp>
#include <callrail/client.hpp>
#include <callrail/drift.hpp>
#include <callrail/endpoint.hpp>
#include <callrail/key_list.hpp>
#include <callrail/media.hpp>
#include <callrail/selection.hpp>
#include <callrail/sink.hpp>
#include <callrail/table_counts.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

struct Wanted {
  const Endpoint* endpoint = nullptr;
  Selection fields;
  bool named = false;   ///< The user named the fields: all of them go into the request.
  bool written = true;  ///< false: asked for like the others, for whoever needs its keys
  /// A field the schema does not know, or a value of another type, ends it before the row is
  /// written.
  bool frozen = false;
};

/// Days as the user wrote them, both included; read in `zone`.
struct DateRange {
  std::string from,
      to;  ///< YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS]; empty: as far as the API keeps rows
  std::string zone = "user";  ///< an IANA name, or the API's word for the key owner's zone
};

struct ExtractOptions {
  std::string base_url;
  std::vector<Wanted> endpoints;
  /// Values of request parameters the user fixed: "account_id" → {…}, "company_id" → {…}.
  std::map<std::string, std::vector<std::string>, std::less<>> fixed;
  /// Those of `fixed` that narrow only what is written, and no list that is read for its keys.
  std::set<std::string, std::less<>> narrow_written = {};
  DateRange range;
  std::optional<std::uint64_t> limit;  ///< rows per endpoint
  int page_size = 250;
  std::optional<Paging> paging;  ///< where an endpoint offers it; else its preferred style
  Nested nested = Nested::json;
  bool keep_unknown = false;  ///< members the schema does not know, in a last column `_extra`
  /// A folder where pages that wait for the rest of their window may be put aside, in files without
  /// a name; empty: they stay in memory, all of them.
  std::string scratch = {};
  /// When the run began, where it began in an earlier process: its days end where they did then.
  std::optional<Clock::Wall> began;
  /// Where a list begins that was read before, spelled as `range.from` and in its zone; nothing:
  /// with the range. Never before it.
  std::function<std::optional<std::string>(const Endpoint&, const Scope&)> read_from = {};
  MediaQueue* media = nullptr;  ///< told of written rows that have something to fetch
};

/// skipped: some or all of its lists were left out, because the key may not read them or they could
/// not be read; there is a file of the others.
enum class Outcome { complete, failed, skipped };

struct EndpointSummary {
  std::string name;
  Outcome outcome = Outcome::complete;
  std::string reason;  ///< why failed or skipped
  std::optional<Code> code;
  std::string file;    ///< where the rows went
  std::string window;  ///< "2024-10-22..2026-11-21 America/New_York"; empty: read whole
  std::uint64_t rows = 0;
  std::uint64_t lists = 0;          ///< read for it: one for each account, or company of an account
  std::uint64_t unknown_lists = 0;  ///< of these, with 404: they were taken for empty
  std::uint64_t announced = 0;      ///< sum of the totals the API gave; meaningful if `counted`
  bool counted = false;             ///< every list came with a total
  std::optional<Proof> proof;       ///< of the weakest window; nothing: not read to the end
  std::vector<WindowProof> windows;
  std::optional<ListSum> sum;  ///< of very many lists: `windows` are a few that are not proven
  std::uint64_t repeated = 0;  ///< rows that came twice and were written once
  bool resumed = false;        ///< an earlier process began it
  std::uint64_t requests = 0, retries = 0, bytes = 0;  ///< bytes written
  std::chrono::milliseconds took{0};
  std::vector<std::string> warnings;
  Drift drift;
  std::vector<StoredRows> stored;  ///< of databases; whoever opened them fills this in
};

/// The API knows none of its lists: it has no such thing for this key. That is no failure.
inline bool is_unavailable(const EndpointSummary& endpoint) {
  return endpoint.outcome == Outcome::complete && endpoint.rows == 0 && endpoint.lists != 0 &&
         endpoint.unknown_lists >= endpoint.lists;
}

struct Summary {
  std::vector<EndpointSummary> endpoints;
  std::optional<Error> ended;  ///< what ended the run early: 401, destination, cancelled
  ClientStats traffic;
  std::chrono::milliseconds took{0};
  std::vector<std::string> warnings;  ///< not of one endpoint
  bool resumable = false;             ///< something is left that the same command can go on with
  std::optional<MediaSummary> media;  ///< of what was fetched for the rows, if anything was to be
};

/// Told what happens while it happens; the command line shows it.
class Events {
 public:
  virtual ~Events() = default;
  virtual void started(const EndpointSummary&, std::size_t number, std::size_t of) {
    (void)number, (void)of;
  }
  /// `expected`: rows in all, as far as the API said so far.
  virtual void progress(const EndpointSummary&, std::optional<std::uint64_t> expected) {
    (void)expected;
  }
  virtual void finished(const EndpointSummary&, std::size_t number, std::size_t of) {
    (void)number, (void)of;
  }
  virtual void warning(const std::string& text) { (void)text; }
  /// Some of the pages, for whoever wants to know more of them than whether they differ from the
  /// schema: the first of a few lists, the second, fourth, eighth… and every fiftieth of an
  /// endpoint, and some that do differ. `page` is gone afterwards, and has Body::padding readable
  /// bytes behind.
  virtual void sample(const Endpoint&, std::string_view page, const Drift& of_page) {
    (void)page, (void)of_page;
  }
  /// An answer was of no use; it may be asked for again. Whoever keeps the page says in the error
  /// where it is.
  virtual void bad_page(const std::string& what, std::string_view page, Error& error) {
    (void)what, (void)page, (void)error;
  }
};

/// Reads everything asked for into the sink, endpoint by endpoint, with `client.jobs()` requests in
/// flight. Rows keep the order of accounts, companies and pages whatever the number of jobs.
///
/// With a checkpoint the run goes on where an earlier process with the same options stopped, and
/// leaves behind what a later one needs.
Summary extract(const Api&, const ExtractOptions&, Client&, Sink&, const Clock&, Events&,
                const std::function<bool()>& stop, Checkpoint* checkpoint = nullptr);

}  // namespace callrail
