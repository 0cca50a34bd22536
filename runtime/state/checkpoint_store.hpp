#pragma once

#include <callrail/checkpoint.hpp>

#include <cstdint>
#include <database.hpp>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callrail {

/// The tables in which a checkpoint is kept, in a file of its own or among others in a warehouse,
/// and the statements on them. None of it begins or ends a transaction: `create`, `begin_run`,
/// `save` and `forget` belong into one of the caller's.
class CheckpointStore {
 public:
  /// What tells the runs in a database apart, and what is known of them.
  struct Run {
    std::string print, options;           ///< as in RunIdentity
    std::int64_t began = 0, touched = 0;  ///< milliseconds since 1970
  };

  /// Of a file that is there for one run.
  explicit CheckpointStore(Database& db) : CheckpointStore{db, {}, {}} {}
  /// Of a database with other tables and perhaps other runs: names of tables begin with `prefix`,
  /// and `run` says whose rows are meant.
  CheckpointStore(Database&, std::string prefix, std::string run);

  /// Where they are not there yet.
  Status create();
  static std::vector<std::string> tables(std::string_view prefix);

  Result<std::optional<Run>> run();
  Status begin_run(const Run&);
  Status touch(std::int64_t now);
  /// Its rows, and those of all its endpoints.
  Status forget_run();
  /// Runs that nobody touched since then.
  Status forget_runs_before(std::int64_t touched);

  /// Code::bad_answer: what is there was not written by `save`.
  Result<std::optional<SavedEndpoint>> load(Text endpoint);
  Status save(Text endpoint, const CheckpointChange&);
  Status forget(Text endpoint);

  /// How often a transaction of this endpoint was counted: whoever lost the connection in a commit
  /// learns from it whether it arrived. In a database with other tables only; `forget` leaves it.
  Result<std::uint64_t> count_commit(Text endpoint);
  Result<std::uint64_t> commits(Text endpoint);

 private:
  const std::string& sql(const char* text);
  std::string key(Text endpoint) const;
  SqlValue run_key() const;
  std::string_view text(std::string_view);
  Status change(const char* statement, std::initializer_list<SqlValue> values);
  Status load_rows(const char* table, std::span<const std::string_view> columns,
                   const std::vector<SqlValue>& rows);
  Status clear(Text endpoint, std::initializer_list<const char*> tables);
  Status save_facts(Text, const SavedEndpoint&);
  Status save_notes(Text, const SavedEndpoint&);
  Status save_lists(Text, const SavedEndpoint&);
  Status save_sum(Text, const SavedEndpoint::Many&);
  Status save_named(Text, const SavedEndpoint::Many&);
  Status save_windows(Text, const SavedEndpoint&, const std::vector<std::size_t>&);
  Status save_keys(Text, const SavedEndpoint&, std::size_t fresh);
  std::unexpected<Error> wrong(std::string_view what) const;
  Result<bool> load_facts(Text, SavedEndpoint&);
  Status load_rest(Text, SavedEndpoint&);
  Status load_many(Text, SavedEndpoint&);

  Database& db_;
  std::string prefix_, run_;
  std::map<const char*, std::string> statements_;     ///< with the prefix
  std::vector<std::unique_ptr<std::string>> mended_;  ///< texts as PostgreSQL takes them
};

}  // namespace callrail
