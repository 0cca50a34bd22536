#pragma once

#include <callrail/clock.hpp>
#include <callrail/result.hpp>

#include <string>

namespace callrail {

/// Keeps a folder for one run. The lock belongs to the process: it is gone when the process is,
/// however that ended.
class FolderLock {
 public:
  /// The folder must exist. Fails with Code::held, naming who holds it, if another process does;
  /// with Code::sink_failed if there can be no lock.
  static Result<FolderLock> take(const std::string& folder, const Clock&);

  FolderLock(FolderLock&&) noexcept;
  FolderLock& operator=(FolderLock&&) noexcept;
  ~FolderLock();

 private:
  FolderLock(int fd, std::string path) : fd_{fd}, path_{std::move(path)} {}

  int fd_ = -1;
  std::string path_;
};

}  // namespace callrail
