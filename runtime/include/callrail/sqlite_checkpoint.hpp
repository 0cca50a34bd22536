#pragma once

#include <callrail/checkpoint.hpp>
#include <callrail/clock.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace callrail {

/// What tells two runs apart: only the same one is gone on with.
struct RunIdentity {
  std::string
      print;  ///< of the options that shape rows and requests; no secret can be read from it
  std::string options;  ///< the same for people
};

enum class Resume {
  if_it_fits,  ///< go on with what is there if it is this run and not too old, else begin anew
  always,      ///< or fail
  never,       ///< begin anew
};

/// The checkpoint of a folder, in a database file of its own: `.callrail-run.sqlite`.
///
/// The caller holds the folder's lock. A damaged file is put aside as `.callrail-run.damaged`, and
/// the run begins anew; unless it was to go on, which fails and leaves the file where it is.
class SqliteCheckpoint final : public Checkpoint {
 public:
  static constexpr Text name = ".callrail-run.sqlite";
  /// Rows older than this are not what somebody wants who starts the command again.
  static constexpr std::chrono::hours longest_rest{48};

  /// The clock must outlive the checkpoint.
  static Result<std::unique_ptr<SqliteCheckpoint>> open(const std::string& folder,
                                                        const RunIdentity&, Resume, const Clock&);
  ~SqliteCheckpoint() override;

  /// When the run began, if an earlier process began it.
  std::optional<Clock::Wall> began() const;
  /// Why an unfinished run that was there is not gone on with; empty: there was none.
  const std::string& set_aside() const;

  Result<std::optional<SavedEndpoint>> load(Text endpoint) override;
  Status save(Text endpoint, const CheckpointChange&) override;
  Status forget(Text endpoint) override;

  /// Removes the file: the run is over.
  Status remove();

 private:
  struct State;
  explicit SqliteCheckpoint(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

}  // namespace callrail
