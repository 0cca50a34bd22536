#pragma once

#include <callrail/checkpoint.hpp>

#include <vector>

namespace callrail {

/// The checkpoints of several destinations that one extraction fills.
///
/// They cannot be written at one moment, so a crash may leave some a commit ahead of the others;
/// and a database that does not wait for its disk may come back some commits behind. All of them
/// are told the same facts, so one that is behind holds what those ahead of it held then. Hence:
///
/// - `save` writes the first one last. Without trouble with a disk only the others can be ahead.
/// - `load` gives the oldest word of any, and takes those ahead back to it. What they hold of later
///   windows stays where it is and comes again: a table knows it by its key and changes nothing (a
///   cursor it moved stands on rows it has), a file is cut at the position of that word. So nothing
///   is doubled.
/// - Nothing is lost: each destination has all that the oldest word claims, as its own is not
/// older.
/// - One that knows nothing of an endpoint makes it begin anew everywhere.
///
/// Only destinations of one run may be put together: the run's identity has to name them all.
class TeeCheckpoint final : public Checkpoint {
 public:
  /// They must outlive it; at least one.
  explicit TeeCheckpoint(std::vector<Checkpoint*> checkpoints)
      : checkpoints_{std::move(checkpoints)} {}

  Result<std::optional<SavedEndpoint>> load(Text endpoint) override;
  Status save(Text endpoint, const CheckpointChange&) override;
  Status forget(Text endpoint) override;

 private:
  std::vector<Checkpoint*> checkpoints_;
};

}  // namespace callrail
