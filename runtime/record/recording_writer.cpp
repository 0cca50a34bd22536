#include "gzip.hpp"
#include "lines.hpp"
#include "sink/io.hpp"

#include <callrail/recording_writer.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <utility>

namespace callrail {

struct RecordingWriter::Impl {
  Impl(std::string given_path, Redaction redaction, FileSystem& given_files)
      : path{std::move(given_path)}, cleaner{std::move(redaction)}, files{given_files} {}

  Status create();
  Status make_room();
  Status write(const std::string& line);
  Status close();

  std::string path;
  BodyCleaner cleaner;
  FileSystem& files;
  Packer packer;
  int fd = -1;
  std::size_t answers = 0;
  Status status;
};

namespace {

bool begins_as_gzip(const std::string& path) {
  std::array<char, 2> magic{};
  std::ifstream in{path, std::ios::binary};
  return in.read(magic.data(), magic.size()) && magic[0] == '\x1f' && magic[1] == '\x8b';
}

}  // namespace

/// Whoever reads an old file, or made a link to it, gets nothing of the new one.
Status RecordingWriter::Impl::make_room() {
  struct stat seen {};
  if (files.look(path.c_str(), &seen) != 0) {
    if (errno == ENOENT) return {};
    return std::unexpected(file_error(path, errno));
  }
  if (S_ISDIR(seen.st_mode)) return std::unexpected(file_error(path, EISDIR));
  const bool replaceable = S_ISLNK(seen.st_mode) ||
                           (S_ISREG(seen.st_mode) && (seen.st_size == 0 || begins_as_gzip(path)));
  if (!replaceable)
    return fail(Code::bad_request, path + ": is there already and no recording; name another file");
  if (files.remove(path.c_str()) != 0) return std::unexpected(file_error(path, errno));
  return {};
}

Status RecordingWriter::Impl::create() {
  if (auto room = make_room(); !room) return room;
  fd = open_file(files, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return std::unexpected(file_error(path, errno));
  return {};
}

Status RecordingWriter::Impl::write(const std::string& line) {
  if (!status) return status;
  // Each member goes to the system at once, so that of a killed run the last answers are there.
  return status = write_all(files, fd, packer.pack(line), path);
}

Status RecordingWriter::Impl::close() {
  if (status && sync_file(files, fd) != 0) status = std::unexpected(file_error(path, errno));
  if (files.close(std::exchange(fd, -1)) != 0 && errno != EINTR && status)
    status = std::unexpected(file_error(path, errno));
  return status;
}

RecordingWriter::RecordingWriter(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
RecordingWriter::~RecordingWriter() {
  if (impl_->fd >= 0) impl_->files.close(impl_->fd);
}

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::create(std::string path,
                                                                 const RecordingHeader& header,
                                                                 Redaction redaction,
                                                                 FileSystem& files) {
  std::unique_ptr<RecordingWriter> writer{
      new RecordingWriter{std::make_unique<Impl>(std::move(path), std::move(redaction), files)}};
  if (auto created = writer->impl_->create(); !created)
    return std::unexpected(std::move(created).error());
  if (auto written = writer->impl_->write(header_line(header, writer->impl_->cleaner)); !written)
    return std::unexpected(std::move(written).error());
  return writer;
}

Status RecordingWriter::add(std::string_view target, Clock::Wall at,
                            const std::expected<Response, NetworkError>& result) {
  std::string line = answer_line(target, at, result, impl_->cleaner);
  if (line.size() > Recording::most_unpacked) {
    const NetworkError too_large{"the answer was too large for the recording", true,
                                 Code::bad_answer};
    line = answer_line(target, at, std::unexpected(too_large), impl_->cleaner);
  }
  auto written = impl_->write(line);
  if (written) ++impl_->answers;
  return written;
}

Status RecordingWriter::finish() {
  if (impl_->fd < 0) return impl_->status;
  (void)impl_->write(end_line(impl_->answers, impl_->cleaner));
  return impl_->close();
}

const Status& RecordingWriter::status() const { return impl_->status; }

}  // namespace callrail
