#pragma once

#include <callrail/position.hpp>
#include <callrail/result.hpp>
#include <callrail/sha256.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>

namespace callrail {

/// The system calls that write files, with their own return values and errno. Tests hand in one
/// that fails.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual int open(const char* path, int flags, mode_t mode) = 0;
  virtual ssize_t write(int fd, const char* data, std::size_t size) = 0;
  virtual ssize_t read(int fd, char* data, std::size_t size) = 0;
  virtual int truncate(int fd, off_t size) = 0;
  virtual int wait_writable(int fd) = 0;  ///< poll, without a timeout
  virtual int sync(int fd) = 0;
  virtual int close(int fd) = 0;
  virtual int rename(const char* from, const char* to) = 0;
  virtual int remove(const char* path) = 0;
  virtual int make_folder(const char* path, mode_t mode) = 0;
  virtual int look(const char* path, struct stat* out) = 0;         ///< lstat: a link itself
  virtual int look_behind(const char* path, struct stat* out) = 0;  ///< stat: what a link leads to
};

FileSystem& real_files();

/// Creates a folder and those above it, for the owner alone (0700). One that exists stays as it is.
Status make_folders(const std::string& path, FileSystem& = real_files());

/// A file that is seen whole or not at all: written beside its place (0600), and put there by a
/// rename once its bytes are on the disk. What stood there before stays until then.
class AtomicFile {
 public:
  /// Written as `.calls.csv.part-<pid>-<n>`. The folder must exist. A link at `path` is replaced,
  /// not followed.
  static Result<std::unique_ptr<AtomicFile>> open(std::string path, FileSystem& = real_files());
  /// Written as `.calls.csv.part`, which outlives the writer, so that another one goes on at
  /// `position`; `bytes` tells whether that was there, byte for byte. The caller sees to it that
  /// nobody else writes it.
  static Result<std::unique_ptr<AtomicFile>> go_on(std::string path, const Position& position,
                                                   FileSystem& = real_files());

  /// `data/.calls.csv.part` of `data/calls.csv`.
  static std::string temporary_of(const std::string& path);

  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Without a successful `finish` a file from `open` goes, and nothing has happened.
  ~AtomicFile();

  /// After a failure the temporary file is gone if it came from `open`, and every later call fails
  /// with the same error.
  Status append(std::string_view text);

  /// In place of `append`, once: what somebody else wrote into `temporary`, all of it.
  Status take_in();

  /// Waits until all of it is on the disk. With the hash where it came from `go_on`.
  Result<Position> commit();

  /// Makes the file visible. One failure comes too late to take it back: if the folder cannot be
  /// synced after the rename, the file is there and whole but may not outlive a power cut, and the
  /// error says so.
  Status publish();

  /// `commit` and `publish`.
  Status finish();

  /// Removes what was written, also if it was to outlive the writer.
  void discard();

  const std::string& path() const { return path_; }
  const std::string& temporary() const { return temporary_; }
  std::uint64_t bytes() const { return bytes_; }  ///< appended so far

  Status sync_folder();

 private:
  AtomicFile(std::string path, FileSystem& files) : files_{files}, path_{std::move(path)} {}

  Status create();
  Status take_up(const Position&);
  Result<bool> is_there(const Position&);
  Result<std::uint64_t> hash_up_to(std::uint64_t bytes);
  Status flush();

  Status close();
  Status give_up(Error);

  FileSystem& files_;
  std::string path_, temporary_, buffer_;
  int fd_ = -1;
  bool finished_ = false, outlives_ = false, name_synced_ = false;
  std::uint64_t bytes_ = 0;
  std::optional<Sha256> hash_;
  std::optional<Error> error_;
};

}  // namespace callrail
