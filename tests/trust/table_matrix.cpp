#include "table_matrix.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <map>
#include <set>

namespace callrail::trust {
namespace {

const TableRun& quiet_run(const Setting& setting) {
  static std::map<std::pair<Dialect, Paging>, std::unique_ptr<TableRun>> known;
  auto& run = known[{*setting.database, setting.paging}];
  if (!run) {
    run = std::make_unique<TableRun>(setting);
    (void)run->go();
  }
  return *run;
}

std::vector<Moment> moments(const Setting& setting) {
  const TableRun& run = quiet_run(setting);
  return moments_of(run.asked, run.job.endpoints.front().endpoint->dates);
}

bool is_form(Text word) {
  const char* const wanted = std::getenv("CALLRAIL_MATRIX");
  return wanted != nullptr && word == wanted;
}

/// With sanitizers everything takes many times as long.
std::size_t few() { return is_form("few") ? 5 : 1; }

/// The short form has all cells of a file read by offset, and of the others every so-many-th: what
/// is between the answers of a server and a file is the same, and takes five times as long. The
/// troubles of two points are an odd number, so each of them is met at some.
template <class Of>
auto of_all_settings(const Of& of, std::size_t one_in) {
  decltype(of(Setting{}, {})) out;
  for (const Setting& setting : table_settings()) {
    auto cells = of(setting, moments(setting));
    const bool first = *setting.database == Dialect::sqlite && setting.paging == Paging::offset;
    const std::size_t keep = all_cells() ? 1 : few() * (first ? 1 : one_in);
    std::size_t n = 0;
    std::erase_if(cells, [&](const auto&) { return n++ % keep != 0; });
    out.insert(out.end(), cells.begin(), cells.end());
  }
  return out;
}

}  // namespace

std::map<Dialect, std::uint64_t> table_cells_run, table_kills;

bool all_cells() { return is_form("all"); }

std::vector<Setting> table_settings() {
  std::vector<Setting> out{{.database = Dialect::sqlite},
                           {.paging = Paging::relative, .database = Dialect::sqlite}};
  if (!test::is_there(Dialect::postgresql)) return out;
  out.push_back({.database = Dialect::postgresql});
  if (all_cells()) out.push_back({.paging = Paging::relative, .database = Dialect::postgresql});
  return out;
}

std::vector<Cell> table_network_cells() {
  return of_all_settings(
      [](const Setting& s, const std::vector<Moment>& m) { return network_cells(s, m); }, 5);
}
std::vector<PauseCell> table_pause_cells() {
  return of_all_settings(
      [](const Setting& s, const std::vector<Moment>& m) { return pause_cells(s, m); }, 5);
}
std::vector<GuestCell> table_guest_cells() {
  return of_all_settings(
      [](const Setting& s, const std::vector<Moment>& m) { return guest_cells(s, m); }, 1);
}

std::string TableCell::name() const {
  return fmt::format("{}_{}_at_{}_{}_{}", fault->word, for_good ? "for_good" : "once", call, nth,
                     *setting.database == Dialect::sqlite ? "sqlite" : "postgresql");
}

std::vector<TableCell> table_cells() {
  using Call = test::FaultyDatabase::Call;
  std::vector<TableCell> out;
  for (const Setting& setting : table_settings()) {
    if (setting.paging == Paging::relative) continue;  // the database does not know how pages came
    const bool lite = *setting.database == Dialect::sqlite;
    TableRun quiet{setting};
    disk().forget();
    (void)quiet.go();
    std::map<Call, std::size_t> counted;
    for (const Call call : {Call::open, Call::lock, Call::write, Call::sync})
      counted[call] = disk().count(call);
    std::size_t turn = 0;
    for (const StorageFault& fault : storage_faults()) {
      const Text how = lite ? fault.sqlite : fault.postgresql;
      if (how.empty()) continue;
      const bool of_file = lite && !how.starts_with("kill");
      const bool dies = how.starts_with("kill");
      std::vector<std::string> calls = quiet.call_names;
      if (of_file) {
        const Text name = how.substr(0, how.find(' '));
        for (const Call call : {Call::open, Call::lock, Call::write, Call::sync})
          if (name == test::FaultyDatabase::name_of(call))
            calls.assign(counted[call], std::string{name});
      }
      for (std::size_t i = 0; i < calls.size(); ++i)
        for (const bool for_good : {false, true}) {
          if (for_good && (dies || how == "lost after")) continue;
          if (how == "gone" && !for_good) continue;
          if (how.ends_with("after") && !dies && calls[i] != "commit") continue;
          // The short form: each call meets a few of the faults, and each fault many of the calls;
          // commits meet all of them.
          const std::size_t step = few() * (calls[i] == "commit" ? 1
                                            : lite               ? (dies ? 3 : 7)
                                                                 : (dies ? 4 : 19));
          if (!all_cells() && i != 0 && turn++ % step != 0) continue;
          out.push_back({&fault, setting, i + 1, calls[i], for_good});
        }
    }
  }
  return out;
}

}  // namespace callrail::trust
