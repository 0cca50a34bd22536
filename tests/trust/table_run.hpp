#pragma once

#include "databases.hpp"
#include "faulty_connection.hpp"
#include "faulty_database.hpp"
#include "small_run.hpp"

#include <callrail/warehouse.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The small extraction as the program makes it into a database that knows an earlier state of the
/// list: the whole run, with its history, its lease and its checkpoint. Only the network, time and
/// what goes wrong are made up.
namespace callrail::trust {

/// Under every file of SQLite from its first use on: nothing waits for the disk.
test::FaultyDatabase& disk();

/// A database of one dialect that every run begins with, as an earlier run left it.
class Bed {
 public:
  /// One each.
  static Bed& of(Dialect);
  static void drop_all();

  bool is_made() const { return made_; }
  /// Empty tables, for a run that makes the earlier state.
  void make();
  /// What is there now is what every run begins with.
  void keep();
  void restore();
  std::string address() const { return scratch_.address(); }
  /// Another connection, to look at what is there.
  Database& look();

 private:
  explicit Bed(Dialect);
  std::vector<std::string> tables();

  Dialect dialect_;
  test::ScratchDatabase scratch_;
  std::unique_ptr<Database> look_;
  std::string kept_;  ///< of SQLite: the file
  bool made_ = false;
};

class TableRun : public SmallRun {
 public:
  using Fault = test::FaultyConnection::Fault;

  /// Where `adapt` makes another world, nothing happens to the list but by `changes`.
  explicit TableRun(const Setting& setting, std::vector<std::string> faults = {},
                    std::vector<std::string> changes = {},
                    const std::function<void(fake::FakeOptions&)>& adapt = {});

  /// Runs once, until it ends or dies. What keeps it from beginning is what it ended with.
  sim::Report go();
  /// The same command again, until there is nothing left to go on with.
  sim::Report go_on_to_the_end();
  /// The API has no faults any more.
  void mend_api();

  /// All that readers of the tables see, and how far they were read; a line each.
  std::vector<std::string> tables() const;
  /// The rows of the list that are shown: key and note.
  std::vector<std::string> rows_shown() const;
  /// The same of the API, now.
  std::vector<std::string> rows_listed() const;
  std::vector<std::string> ask(std::string_view statement) const;
  /// What must not be at any time, whatever went wrong; empty: nothing of it.
  std::vector<std::string> contradictions() const;

  Bed& bed() const { return bed_; }
  Dialect dialect() const { return dialect_; }

  std::optional<Fault> fault;  ///< of the next connection
  std::string poison;          ///< rows with this text are refused
  bool says_which = true;
  SyncMode mode = SyncMode::delta;
  int look_back = 1000;  ///< days: such a run reads all of the list again
  Resume resume = Resume::if_it_fits;
  std::string print = "print";       ///< of the command
  const Clock* skewed = nullptr;     ///< what the program takes for the time; the list has its own
  int code = 0;                      ///< what the last run ended with
  bool began = false;                ///< the last run got as far as requests
  std::vector<WindowProof> windows;  ///< of the last run, as it told them
  std::optional<Error> not_ended;    ///< the history could not be told how it ended
  std::size_t calls = 0, hits = 0, requests = 0, reconnects = 0;  ///< of the last run
  std::vector<std::string> call_names;                            ///< of the last run

  /// Another process, which comes while this one runs; it is turned away with Code::held.
  Result<std::unique_ptr<Warehouse>> guest(Resume, const std::string& print);

 private:
  WarehouseOptions options(Resume, const std::string& print);
  sim::Report not_begun(Error);

  Dialect dialect_;
  Bed& bed_;
};

/// What a run that nobody disturbs makes of the tables, and what they were before it.
const std::vector<std::string>& quiet_tables(const Setting&);
const std::vector<std::string>& earlier_tables(Dialect);

}  // namespace callrail::trust
