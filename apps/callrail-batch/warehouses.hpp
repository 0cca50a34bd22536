#pragma once

#include "config.hpp"

#include <callrail/warehouse.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace callrail::cli {

/// The databases of a run.
class Warehouses {
 public:
  /// Opens them all, and with --migrate makes their tables first. Takes nothing yet.
  static Result<Warehouses> open(const Config&, const Api&, std::string_view key, const Clock&,
                                 const std::function<void(const std::string&)>& say);

  bool empty() const { return all_.empty(); }
  /// Whether each of them can go on with one and the same run; nothing: they do not agree.
  std::optional<bool> go_on() const;
  /// The first one's; it was begun at this time.
  std::optional<Clock::Wall> began() const;

  /// Takes the endpoints, waiting for other runs as long as --wait says.
  Status begin_run(const Config&, const Clock&,
                   const std::function<void(std::chrono::milliseconds)>& sleep,
                   const std::function<bool()>& stop,
                   const std::function<void(const std::string&)>& say);
  /// Instead, for `read_from` alone: takes nothing.
  Status look(const Config&);
  /// Where a list begins that all of them know: the earliest.
  std::optional<std::string> read_from(const Endpoint&, const Scope&) const;
  void beat();
  /// Puts what became of the rows into the summary, and the summary into the histories.
  Status end_run(Summary&, std::optional<int> signal);

  /// How late rows are edited, and what looking back for them costs; a line for each endpoint of
  /// which enough edits were seen.
  std::vector<std::string> edits_seen(const Summary&) const;

  std::vector<Warehouse*> all() const;
  /// "callrail.db: run 7": what this run is called there.
  std::vector<std::string> numbers() const;

 private:
  struct One {
    std::unique_ptr<Warehouse> warehouse;
    std::string where, identity;
  };
  std::vector<One> all_;
};

/// Opens a database for a verb of its own.
Result<std::unique_ptr<Database>> open_for_verb(const std::string& address, bool may_create);

/// 2, 5 or 8, as why a database cannot be had says.
int exit_code_of(const Error&);

}  // namespace callrail::cli
