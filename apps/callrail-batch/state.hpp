#pragma once

#include "config.hpp"
#include "environment.hpp"

#include <callrail/ledger.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// What a run leaves for those that come after it, in a folder of the user.
namespace callrail::cli {

/// CALLRAIL_STATE_DIR, else callrail-batch in XDG_STATE_HOME or ~/.local/state; empty: no such
/// place.
std::string state_folder(const Environment&);

/// One name for each key and address of the API, from which the key cannot be read: SHA-256.
std::string state_name(std::string_view base_url, std::string_view key);

struct State {
  std::string folder;  ///< empty: there is none
  std::string name;
};

/// The ledger of this key and address; makes the folder. Ledgers nobody used for long are removed.
Result<std::unique_ptr<Ledger>> open_ledger(const State&, const Clock&);

/// How many rows an endpoint had, as of a run or a plan.
struct Counted {
  std::uint64_t rows = 0, lists = 0;
  bool rows_known = true;                     ///< else only the number of lists
  std::string from = {}, to = {}, zone = {};  ///< of an endpoint with dates
  Clock::Wall at{};
  bool operator==(const Counted&) const = default;
};
using Counts = std::map<std::string, Counted, std::less<>>;

/// What a run learnt: only of lists it read to the end, with totals.
Counts counts_of(const Summary&, const Config&, const Clock&);

/// From NAME.counts.json; an unreadable file is as good as none.
Counts read_counts(const State&);
/// Adds to what is there.
Status write_counts(const State&, const Counts&);

}  // namespace callrail::cli
