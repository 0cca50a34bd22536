#pragma once

#include "config.hpp"

#include <callrail/clock.hpp>
#include <callrail/folder_lock.hpp>
#include <callrail/manifest.hpp>
#include <callrail/sqlite_checkpoint.hpp>

#include <memory>
#include <string>

namespace callrail::cli {

/// A folder that is ours while we write into it, and what an earlier run left in it.
struct HeldFolder {
  FolderLock lock;
  std::unique_ptr<SqliteCheckpoint> checkpoint;  ///< none: nobody will go on with this run
  bool created = false;                          ///< the folder was not there
  std::string news;                              ///< a line for people: what is gone on with
  std::string warning;                           ///< what is not gone on with, and why
};

/// Creates the folder, takes its lock, and opens its checkpoint. `key` tells runs of two keys
/// apart; only a hash of it is kept. Changes what of `config` an earlier process decided.
Result<HeldFolder> hold_folder(Config& config, const Api&, std::string_view key, const Clock&,
                               bool may_go_on);

/// Rows read under another schema, by another program or for somebody else are another run's; and
/// so are those for other destinations, where there are several.
RunIdentity run_identity(const Config&, std::string_view key);

/// The days of a run end where they did when it was begun.
void go_on_as_begun(Config&, Clock::Wall began);

/// The options that shape the rows, for the manifest.
Provenance provenance_of(const Config&, Clock::Wall began);

}  // namespace callrail::cli
