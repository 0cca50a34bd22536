#pragma once

#include <callrail/atomic_file.hpp>
#include <callrail/file_maker.hpp>
#include <callrail/manifest.hpp>
#include <callrail/sink.hpp>
#include <callrail/text_format.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace callrail {

/// One file per table: data/calls.csv. The folder is created when the first table is opened. One
/// sink at a time may write into a folder; see FolderLock.
class FolderSink : public Sink {
 public:
  /// `from` goes into the manifest. With `maker` the rows are kept as text beside their place, as
  /// `.calls.parquet.rows.part`, until the table is whole and the maker gets them.
  FolderSink(std::string folder, TextOptions, Provenance from = {}, FileSystem& = real_files(),
             FileMaker* maker = nullptr);
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override;
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override;
  std::optional<RowLines> lines(const Table& table) const override {
    return make_text_format(options_)->lines(table);
  }

 private:
  class FileWriter;

  std::string file_of(const Table&) const;
  std::string rows_path(const Table&) const;
  Status name_in_manifest(const Table&, const Position&, const TableProof&);

  std::string folder_;
  TextOptions options_;
  Provenance from_;
  FileSystem& files_;
  FileMaker* maker_;
};

/// Writes one table to an open descriptor, such as standard output, and leaves it open.
///
/// Rows go out as they come, so this is the one sink that cannot take anything back: a reader must
/// look at the exit code. The process has to ignore SIGPIPE, or it ends where the error would be.
class StreamSink : public Sink {
 public:
  /// With `stop`, a reader that takes nothing does not keep a run that was asked to stop: the
  /// write then fails with Code::cancelled.
  StreamSink(int fd, TextOptions, FileSystem& = real_files(), std::function<bool()> stop = {});
  using Sink::open;
  /// Fails with Code::bad_request for a second table: nobody could tell the two apart.
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override;
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override;
  std::optional<RowLines> lines(const Table& table) const override {
    return make_text_format(options_)->lines(table);
  }

 private:
  int fd_;
  TextOptions options_;
  FileSystem& files_;
  std::function<bool()> stop_;
  bool used_ = false;
};

/// Spells everything and keeps nothing: what a dry run would have written. Must outlive its
/// writers, which count into it.
class NullSink : public Sink {
 public:
  explicit NullSink(TextOptions options) : options_{options} {}
  using Sink::open;
  Result<std::unique_ptr<Writer>> open(const Table&, const Position&) override;
  Result<bool> publish_finished(const Table&, const Position&, const TableProof&) override;
  std::optional<RowLines> lines(const Table& table) const override {
    return make_text_format(options_)->lines(table);
  }

  std::uint64_t rows() const { return rows_; }    ///< of all tables
  std::uint64_t bytes() const { return bytes_; }  ///< of all tables

 private:
  TextOptions options_;
  std::uint64_t rows_ = 0, bytes_ = 0;
};

}  // namespace callrail
