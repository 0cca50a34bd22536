#pragma once

#include "config.hpp"

#include <callrail/client.hpp>

#include <cstdint>
#include <database.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callrail::cli {

/// Rows of a day, or of all days of an endpoint without any.
struct Difference {
  std::string endpoint, day;  ///< no day: in all
  std::uint64_t at_source = 0, here = 0;
};

/// What the API counts for each of the days of a run, and of endpoints without days in all.
class SourceCounts {
 public:
  /// One request for each day, account and endpoint.
  static SourceCounts ask(const Api&, const Config&, Client&, const Clock&,
                          const std::function<bool()>& stop);

  const std::optional<Error>& ended() const { return ended_; }
  /// Endpoints that could not be counted, and why.
  const std::vector<std::string>& unknown() const { return unknown_; }
  const std::vector<std::string>& days() const { return days_; }
  /// Where the database has other numbers.
  Result<std::vector<Difference>> compare(Database&, const Api&, const Config&) const;

 private:
  std::vector<std::string> days_;
  std::map<std::string, std::map<std::string, std::uint64_t>> by_day_;  ///< endpoint, day
  std::map<std::string, std::uint64_t> in_all_;
  std::vector<std::string> unknown_;
  std::optional<Error> ended_;
};

/// "2026-11-20 calls: 12 at the source, 11 in the database"
std::string spell(const Difference&);
std::string differences_json(const std::vector<Difference>&, const SourceCounts&);

/// Days are read again all of them, because edits show in no count; other endpoints where they
/// differ.
void keep_what_differs(Config&, const std::vector<Difference>&);

/// Endpoints whose rows can be counted without reading them, and the days of --days, in UTC.
void prepare_reconcile(Config&);

}  // namespace callrail::cli
