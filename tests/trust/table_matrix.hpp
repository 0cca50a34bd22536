#pragma once

#include "fault_matrix.hpp"
#include "table_run.hpp"

#include <string>
#include <vector>

/// The fault matrix where rows go into tables. The faults and the points are those of
/// fault_matrix.hpp; what comes on top is what only databases do.
namespace callrail::trust {

std::vector<Cell> table_network_cells();
std::vector<PauseCell> table_pause_cells();
std::vector<GuestCell> table_guest_cells();

/// The n-th call to the database fails, or the process dies at it.
struct TableCell {
  const StorageFault* fault = nullptr;
  Setting setting;
  std::size_t nth = 1;
  std::string call;  ///< "commit"; of SQLite, where its file fails: "write"
  bool for_good = false;

  std::string name() const;
  bool is_death() const { return fault->word.starts_with("kill"); }
};
std::vector<TableCell> table_cells();

/// Whether all cells run: CALLRAIL_MATRIX=all, the long form; "few" is for sanitizers. Else they
/// are chosen so that each trouble, and each call, comes with each other property at least once.
bool all_cells();
std::vector<Setting> table_settings();
extern std::map<Dialect, std::uint64_t> table_cells_run, table_kills;

}  // namespace callrail::trust
