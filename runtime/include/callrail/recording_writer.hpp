#pragma once

#include <callrail/atomic_file.hpp>
#include <callrail/recording.hpp>
#include <callrail/redact.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace callrail {

/// Writes what `Recording` reads. The key never gets into the file, nor do the values of members
/// that `Redaction` calls secret.
class RecordingWriter {
 public:
  /// Takes the place of an earlier recording; of any other file it does not (bad_request). The file
  /// is for its owner alone, and there at once: a run that is killed leaves what it had.
  static Result<std::unique_ptr<RecordingWriter>> create(std::string path, const RecordingHeader&,
                                                         Redaction, FileSystem& = real_files());
  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// After a failure (sink_failed) every later call fails with the same error.
  Status add(std::string_view target, Clock::Wall at, const std::expected<Response, NetworkError>&);
  /// Marks the recording as whole, and waits until it is on the disk.
  Status finish();
  const Status& status() const;

 private:
  struct Impl;
  explicit RecordingWriter(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace callrail
