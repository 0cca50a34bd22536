#include "io.hpp"

#include <callrail/atomic_file.hpp>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
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

AtomicFile::~AtomicFile() { discard(); }

Status AtomicFile::create() {
  // The rename would find out too, but only after everything has been read and written.
  struct stat seen{};
  if (files_.look(path_.c_str(), &seen) == 0) {
    if (S_ISDIR(seen.st_mode)) return give_up(file_error(path_, EISDIR));
  } else if (errno != ENOENT) {
    return give_up(file_error(path_, errno));
  }
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

Status AtomicFile::append(std::string_view text) {
  if (error_) return std::unexpected(*error_);
  bytes_ += text.size();
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

Status AtomicFile::finish() {
  if (error_) return std::unexpected(*error_);
  if (finished_) return {};
  if (auto flushed = flush(); !flushed) return flushed;
  // A failed sync is final: the system may drop the unwritten pages and call the next one a
  // success.
  if (sync_file(files_, fd_) != 0) return give_up(file_error(path_, errno));
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
  discard();
  error_ = std::move(error);
  return std::unexpected(*error_);
}

void AtomicFile::discard() {
  if (fd_ >= 0) files_.close(std::exchange(fd_, -1));
  if (!temporary_.empty()) files_.remove(temporary_.c_str());
  temporary_.clear();
}

}  // namespace callrail
