#pragma once

#include "faulty_database.hpp"
#include "small_run.hpp"

#include <chrono>
#include <string>
#include <vector>

/// The fault matrix as data: what may go wrong × when × where the rows go. What has to come out is
/// computed from what sort of trouble it is, not listed.
namespace callrail::trust {

/// Sorts of trouble, by what they leave to be done.
enum class Nature : std::uint8_t {
  passing,  ///< asking again helps
  final,    ///< asking again is in vain
  key,      ///< the key is refused: nothing else will work either
  refused,  ///< this key may not read this list
  unknown,  ///< the list does not exist
  cheats,   ///< says something wrong about the list, and the rows are right
  values,   ///< a row has other values or fields than expected, and is a row all the same
  moves,    ///< the list itself changes
};

struct Trouble {
  Text word;  ///< as callrail-fake spells faults, or its mutations where the list moves
  Nature nature;
};

enum class Point : std::uint8_t {
  first_request,  ///< the accounts, before anything else
  first_page,
  mid_page,
  last_page,        ///< which is not full, or whatever comes last
  window_boundary,  ///< the first page of another window; only where a run has several
};

/// A point as the number of a request, seen in a run nobody disturbs.
struct Moment {
  Point point;
  std::uint64_t nth;
};
/// `asked`: the addresses of such a run, the first of them for the accounts.
std::vector<Moment> moments_of(const std::vector<std::string>& asked, const Dates&);

struct Cell {
  Trouble trouble;
  Point point = Point::first_page;
  std::uint64_t nth = 1;  ///< the request to the list at this point
  bool for_good = false;  ///< from then on, not once
  Setting setting;

  std::string name() const;  ///< "reset_once_at_mid_page_to_jsonl_by_offset"
};

std::vector<Cell> network_cells(const Setting&, const std::vector<Moment>&);
std::vector<Cell> network_cells();  ///< into files

/// What has to come out of a cell.
enum class Expected : std::uint8_t {
  same,            ///< complete, and byte for byte as undisturbed
  same_rows,       ///< complete, and as many rows
  failed,          ///< says so, and leaves what stood there before
  said,            ///< says that something is missing
  empty_said,      ///< a file without rows, and a word about it
  honest,          ///< as undisturbed, or says so
  not_a_row_lost,  ///< the rows that stayed are all there, once each; or says so
};
Expected expected(const Cell&);

/// What may go wrong where the rows go, and how each sort of sink meets it; or why it cannot.
struct StorageFault {
  Text word;
  Text files;       ///< as DiskCell spells it
  Text sqlite;      ///< the call of its file that fails, and the result: "write FULL"
  Text postgresql;  ///< the SQLSTATE its server raises, or "lost", "lost after", "gone"
  Text elsewhere;   ///< why the sinks without a word have no cell
};
const std::vector<StorageFault>& storage_faults();

/// Trouble with the disk or the process, at the n-th call that changes a file.
struct DiskCell {
  enum class What : std::uint8_t {
    no_space,
    write_error,
    quota,
    short_write,
    interrupted,
    kill_before,
    kill_after,
    power_cut
  };
  What what = What::no_space;
  std::size_t call = 1;
  std::string call_name;  ///< "write", and the last step of its path
  Setting setting;

  std::string name() const;
  bool is_death() const { return what >= What::kill_before; }
};
std::vector<DiskCell> disk_cells();

/// The process stands still for a while, as after a STOP or on a machine that sleeps, and goes on.
struct PauseCell {
  Point point = Point::first_page;
  std::uint64_t nth = 1;  ///< the request to the list that is under way; 0: to another one
  std::chrono::seconds length{1};
  bool connection_lost = false;  ///< meanwhile
  Setting setting;

  std::string name() const;
};
std::vector<PauseCell> pause_cells(const Setting&, const std::vector<Moment>&);
std::vector<PauseCell> pause_cells();  ///< into files

/// Another process comes to the folder while a run writes into it.
struct GuestCell {
  enum class What : std::uint8_t {
    same,    ///< the same command once more
    other,   ///< another command
    anew,    ///< the same command, with --restart
    replay,  ///< of a recording
  };
  What what = What::same;
  Point point = Point::first_page;
  std::uint64_t nth = 1;
  Setting setting;

  std::string name() const;
};
std::vector<GuestCell> guest_cells(const Setting&, const std::vector<Moment>&);
std::vector<GuestCell> guest_cells();  ///< into files

/// The database of the checkpoint fails at the n-th call of a sort.
struct DatabaseCell {
  test::FaultyDatabase::Call call = test::FaultyDatabase::Call::write;
  int result = 0;  ///< as SQLite spells it
  std::string result_name;
  std::size_t nth = 1;
  bool for_good = false;

  std::string name() const;
};
std::vector<DatabaseCell> database_cells();

std::string spelled(Text);  ///< for the name of a test

/// What a run that nobody disturbs makes.
const std::string& quiet_output(const Setting&);
extern std::uint64_t cells_run;

}  // namespace callrail::trust
