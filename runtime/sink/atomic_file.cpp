#include "io.hpp"

#include <callrail/atomic_file.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <unistd.h>
#include <utility>

namespace callrail {

namespace {

constexpr std::size_t buffer_size = 256 * 1024;

/// Tells apart the files of one process. The process id tells apart processes, and O_EXCL what is
/// left of an earlier process with the same id.
std::atomic<unsigned> next_number = 1;
constexpr int most_tries = 1000;

/// Whether the file system cannot sync folders, which is no reason to refuse to write there.
bool cannot_sync_folders(int error) { return error == EINVAL || error == ENOTSUP; }

}  // namespace

Result<std::unique_ptr<AtomicFile>> AtomicFile::open(std::string path, FileSystem& files) {
  std::unique_ptr<AtomicFile> file{new AtomicFile{std::move(path), files}};
  if (auto created = file->create(); !created) return std::unexpected(std::move(created).error());
  return file;
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::go_on(std::string path, const Position& position,
                                                      FileSystem& files) {
  std::unique_ptr<AtomicFile> file{new AtomicFile{std::move(path), files}};
  file->outlives_ = true;
  file->hash_.emplace();
  if (auto begun = file->take_up(position); !begun)
    return std::unexpected(std::move(begun).error());
  return file;
}

std::string AtomicFile::temporary_of(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  return path.substr(0, name) + "." + path.substr(name) + ".part";
}

AtomicFile::~AtomicFile() {
  if (!outlives_)
    discard();
  else if (fd_ >= 0)
    files_.close(std::exchange(fd_, -1));
}

Status AtomicFile::create() {
  // The rename would find out too, but only after everything has been read and written.
  if (auto status = check_place(files_, path_); !status) return give_up(status.error());
  const std::string folder = path_.substr(0, path_.rfind('/') + 1);
  const std::string name = path_.substr(folder.size());
  for (int tries = 0; fd_ < 0; ++tries) {
    temporary_ = folder + "." + name + ".part-" + std::to_string(::getpid()) + "-" +
                 std::to_string(next_number++);
    fd_ = open_file(files_, temporary_, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd_ >= 0) break;
    const int error = errno;
    if (error == EEXIST && tries < most_tries) continue;
    temporary_.clear();
    return give_up(file_error(path_, error));
  }
  buffer_.reserve(buffer_size);
  return {};
}

/// Goes on with the temporary file if it begins as the position says, else begins a new one.
Status AtomicFile::take_up(const Position& position) {
  if (auto status = check_place(files_, path_); !status) return give_up(status.error());
  temporary_ = temporary_of(path_);
  buffer_.reserve(buffer_size);
  if (position.bytes != 0) {
    fd_ = open_file(files_, temporary_, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd_ >= 0) {
      auto there = is_there(position);
      if (!there) return give_up(std::move(there).error());
      if (*there) {
        bytes_ = position.bytes;
        return {};
      }
      files_.close(std::exchange(fd_, -1));
    } else if (errno != ENOENT) {
      return give_up(file_error(temporary_, errno));
    }
    hash_.emplace();
  }
  if (files_.remove(temporary_.c_str()) != 0 && errno != ENOENT)
    return give_up(file_error(temporary_, errno));
  fd_ = open_file(files_, temporary_, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd_ < 0) return give_up(file_error(path_, errno));
  return {};
}

/// Reads up to the position, and cuts off what was written behind it and never committed.
Result<bool> AtomicFile::is_there(const Position& position) {
  const auto there = hash_up_to(position.bytes);
  if (!there) return std::unexpected(there.error());
  if (*there != position.bytes || hash_->hex() != position.sha256) return false;
  if (files_.truncate(fd_, static_cast<off_t>(position.bytes)) != 0)
    return std::unexpected(file_error(temporary_, errno));
  return true;
}

/// Reads from where the descriptor stands; gives how many bytes there were.
Result<std::uint64_t> AtomicFile::hash_up_to(std::uint64_t bytes) {
  std::string piece(buffer_size, '\0');
  std::uint64_t left = bytes;
  while (left != 0) {
    const ssize_t got = files_.read(fd_, piece.data(), std::min<std::uint64_t>(left, piece.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(file_error(temporary_, errno));
    if (got == 0) break;
    hash_->add({piece.data(), static_cast<std::size_t>(got)});
    left -= static_cast<std::uint64_t>(got);
  }
  return bytes - left;
}

Status AtomicFile::take_in() {
  if (error_) return std::unexpected(*error_);
  // Opened anew: they may have put another file there.
  files_.close(std::exchange(fd_, -1));
  fd_ = open_file(files_, temporary_, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd_ < 0) return give_up(file_error(path_, errno));
  hash_.emplace();
  const auto there = hash_up_to(std::numeric_limits<std::uint64_t>::max());
  if (!there) return give_up(there.error());
  bytes_ = *there;
  return {};
}

Status AtomicFile::append(std::string_view text) {
  if (error_) return std::unexpected(*error_);
  bytes_ += text.size();
  if (hash_) hash_->add(text);
  if (buffer_.size() + text.size() < buffer_size) {
    buffer_.append(text);
    return {};
  }
  if (auto flushed = flush(); !flushed) return flushed;
  if (text.size() < buffer_size) {
    buffer_.append(text);
    return {};
  }
  if (auto written = write_all(files_, fd_, text, path_); !written)
    return give_up(std::move(written).error());
  return {};
}

Status AtomicFile::flush() {
  if (auto written = write_all(files_, fd_, buffer_, path_); !written)
    return give_up(std::move(written).error());
  buffer_.clear();
  return {};
}

/// The descriptor is gone whatever close says, so it is not tried again; after a sync an
/// interrupted close has lost nothing.
Status AtomicFile::close() {
  const int closed = files_.close(std::exchange(fd_, -1));
  if (closed != 0 && errno != EINTR) return give_up(file_error(path_, errno));
  return {};
}

Result<Position> AtomicFile::commit() {
  if (error_) return std::unexpected(*error_);
  if (auto flushed = flush(); !flushed) return std::unexpected(flushed.error());
  // A failed sync is final: the system may drop the unwritten pages and call the next one a
  // success.
  if (sync_file(files_, fd_) != 0)
    return std::unexpected(give_up(file_error(path_, errno)).error());
  // The name is as new as the bytes, and lives in the folder.
  if (outlives_ && !std::exchange(name_synced_, true))
    if (auto synced = sync_folder(); !synced)
      return std::unexpected(give_up(synced.error()).error());
  return Position{.bytes = bytes_, .rows = 0, .sha256 = hash_ ? hash_->hex() : std::string{}};
}

Status AtomicFile::sync_folder() {
  const int folder = open_file(files_, folder_of(path_), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return std::unexpected(file_error(path_, errno));
  const int error = sync_file(files_, folder) == 0 ? 0 : errno;
  files_.close(folder);
  if (error == 0 || cannot_sync_folders(error)) return {};
  return std::unexpected(file_error(path_, error));
}

Status AtomicFile::finish() {
  if (finished_ && !error_) return {};
  if (auto position = commit(); !position) return std::unexpected(position.error());
  return publish();
}

Status AtomicFile::publish() {
  if (error_) return std::unexpected(*error_);
  if (finished_) return {};
  if (auto closed = close(); !closed) return closed;

  // Opened before the rename, so that this can still fail without a trace.
  const int folder = open_file(files_, folder_of(path_), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return give_up(file_error(path_, errno));
  if (files_.rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    files_.close(folder);
    return give_up(file_error(path_, error));
  }
  finished_ = true;
  temporary_.clear();
  const int error = sync_file(files_, folder) == 0 ? 0 : errno;
  files_.close(folder);
  if (error == 0 || cannot_sync_folders(error)) return {};
  error_ = file_error(path_ + " is written, but a power cut may undo it", error);
  return std::unexpected(*error_);
}

Status AtomicFile::give_up(Error error) {
  if (!outlives_)
    discard();
  else if (fd_ >= 0)
    files_.close(std::exchange(fd_, -1));
  error_ = std::move(error);
  return std::unexpected(*error_);
}

void AtomicFile::discard() {
  if (fd_ >= 0) files_.close(std::exchange(fd_, -1));
  if (!temporary_.empty()) files_.remove(temporary_.c_str());
  temporary_.clear();
}

}  // namespace callrail
