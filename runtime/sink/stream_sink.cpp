#include "io.hpp"
#include "slices.hpp"

#include <callrail/file_sink.hpp>

#include <optional>
#include <unistd.h>
#include <utility>

namespace callrail {

namespace {

class StreamWriter : public Writer {
 public:
  StreamWriter(const Table& table, const TextOptions& options, int fd, FileSystem& files,
               std::function<bool()> stop)
      : table_{table},
        format_{make_text_format(options)},
        fd_{fd},
        files_{files},
        stop_{std::move(stop)} {}

  Status begin() {
    format_->begin(table_, text_);
    return send();
  }

  Status write(const Rows& rows) override {
    return in_slices(rows, [&](const Rows& slice) {
      format_->rows(table_, slice, text_);
      return send();
    });
  }

  Result<Position> commit() override { return Position{.bytes = bytes_, .rows = 0, .sha256 = {}}; }
  Result<Position> finish() override {
    if (!std::exchange(ended_, true)) format_->end(table_, text_);
    if (auto sent = send(); !sent) return std::unexpected(std::move(sent).error());
    return commit();
  }
  Status publish(const TableProof&) override { return {}; }
  void discard() override {}

  std::uint64_t bytes() const override { return bytes_; }
  bool all_or_nothing() const override { return false; }
  std::string where() const override {
    return fd_ == STDOUT_FILENO ? "standard output" : "descriptor " + std::to_string(fd_);
  }

 private:
  /// After a failure part of the text may be out, so nothing more may follow it.
  Status send() {
    if (error_) return std::unexpected(*error_);
    auto sent = stop_ ? write_all(files_, fd_, text_, where(), stop_)
                      : write_all(files_, fd_, text_, where());
    if (!sent) {
      error_ = sent.error();
      return sent;
    }
    bytes_ += text_.size();
    text_.clear();
    return {};
  }

  const Table& table_;
  std::unique_ptr<TextFormat> format_;
  int fd_;
  FileSystem& files_;
  std::function<bool()> stop_;
  std::string text_;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace

StreamSink::StreamSink(int fd, TextOptions options, FileSystem& files, std::function<bool()> stop)
    : fd_{fd}, options_{options}, files_{files}, stop_{std::move(stop)} {}

Result<bool> StreamSink::publish_finished(const Table&, const Position&, const TableProof&) {
  return false;
}

Result<std::unique_ptr<Writer>> StreamSink::open(const Table& table, const Position&) {
  if (used_)
    return fail(Code::bad_request,
                "a stream takes one endpoint; choose one, or write into a folder");
  used_ = true;
  auto writer = std::make_unique<StreamWriter>(table, options_, fd_, files_, stop_);
  if (auto begun = writer->begin(); !begun) return std::unexpected(std::move(begun).error());
  return writer;
}

}  // namespace callrail
