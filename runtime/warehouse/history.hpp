#pragma once

#include <callrail/warehouse.hpp>

#include <cstdint>
#include <database.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callrail {

/// The rows of `runs` and `_lease` that are this run's. All of it happens within transactions.
class History {
 public:
  struct Facts {
    SyncMode mode = SyncMode::delta;
    std::string options, source, print;
    std::map<std::string, std::string, std::less<>> narrowed = {};  ///< endpoints of --fields
  };
  History(Database& db, Facts facts) : db_{db}, facts_{std::move(facts)} {}

  std::int64_t run() const { return run_; }
  /// Finds the number of this run: that of the one that is gone on with, or the next.
  Status number(bool goes_on);
  /// Takes the endpoints; of those whose holder is gone, its run ends as failed. Code::held if
  /// somebody else has one of them.
  Status take(const std::vector<const Endpoint*>&, const std::string& accounts);
  /// Fails with Code::held if somebody else took the endpoint meanwhile.
  Status still_ours(Text endpoint);
  /// All of those that were taken; whether they are still ours, the next commit tells.
  Status beat();
  Status give_back();

  /// Begins the rows of `runs`, or finds those an earlier process began, and how far they got.
  Status begin(const std::vector<const Endpoint*>&, const std::string& accounts,
               const std::string& now, const std::map<std::string, int>& look_back_days,
               std::map<std::string, TableCounts>& counts);
  /// One row for each, of a run that found them taken.
  Status note_overlap(const std::vector<const Endpoint*>&, const std::string& accounts,
                      const std::string& now, const std::string& why);
  /// How far an endpoint has come.
  Status count(Text endpoint, const TableCounts&);
  /// `looked_back`: days whose rows were read again, for `--lookback tiers`.
  Status end(const EndpointSummary&, const TableCounts&, const std::string& status,
             const std::string& now, std::optional<int> looked_back);
  /// Those the summary has no word about.
  Status end_rest(const std::string& status, const std::string& why, const std::string& now);

 private:
  Status change(std::string_view statement, std::span<const SqlValue> values);

  Database& db_;
  Facts facts_;
  std::int64_t run_ = 0;
};

/// Code::held: a run has a lease of this database. Within a transaction.
Status nobody_runs(Database&);

/// "full", "delta", "range", "dry_run"
Text to_text(SyncMode);

/// Accounts as they stand in `runs` and `_lease`: "ACC1,ACC2"; empty: all.
std::string join_accounts(const std::vector<std::string>&);

/// "success", "unavailable", "partial", "failed" or "cancelled". The program ends with 0 exactly
/// where all of them are one of the first two, so only `strict` takes a list without proof, or a
/// difference from the schema, for more than a word in `error`. A rejected row is never a success.
Text status_of(const EndpointSummary&, const TableCounts&, bool cancelled, bool strict);

/// What is to be said about how an endpoint ended; empty: nothing.
std::string words_about(const EndpointSummary&);

}  // namespace callrail
