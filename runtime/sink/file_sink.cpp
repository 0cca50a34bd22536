#include "io.hpp"
#include "slices.hpp"
#include "text_formats.hpp"

#include <callrail/file_sink.hpp>

#include <utility>

namespace callrail {

namespace {

std::string path_in(const std::string& folder, Text name) {
  std::string path = folder;
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(name);
}

}  // namespace

class FolderSink::FileWriter : public Writer {
 public:
  FileWriter(FolderSink& sink, const Table& table, std::unique_ptr<AtomicFile> file)
      : sink_{sink},
        table_{table},
        format_{make_text_format(sink.options_)},
        file_{std::move(file)} {}

  Status begin(const Position& position) {
    if (file_->bytes() != 0) {
      format_->go_on(table_, position.rows);
      rows_ = position.rows;
      return {};
    }
    text_.clear();
    format_->begin(table_, text_);
    return file_->append(text_);
  }

  Status write(const Rows& rows) override {
    rows_ += rows.count;
    if (rows.lines != nullptr)
      return take_lines(rows, [&](Text lines) { return file_->append(lines); });
    return in_slices(rows, [&](const Rows& slice) {
      text_.clear();
      format_->rows(table_, slice, text_);
      return file_->append(text_);
    });
  }

  Result<Position> commit() override {
    auto position = file_->commit();
    if (position) position->rows = rows_;
    return position;
  }

  Result<Position> finish() override {
    if (!std::exchange(ended_, true)) {
      text_.clear();
      format_->end(table_, text_);
      if (auto appended = file_->append(text_); !appended)
        return std::unexpected(std::move(appended).error());
    }
    auto position = commit();
    if (position && sink_.maker_ != nullptr) position = make();
    if (position) finished_ = *position;
    return position;
  }

  Status publish(const TableProof& proof) override {
    if (auto named = sink_.name_in_manifest(table_, finished_, proof); !named) return named;
    if (made_ == nullptr) return file_->publish();
    // Nobody needs them any more, and the folder is synced behind the rename.
    file_->discard();
    return made_->publish();
  }

  void discard() override {
    file_->discard();
    if (made_ != nullptr) made_->discard();
  }
  std::uint64_t bytes() const override { return (made_ != nullptr ? made_ : file_)->bytes(); }
  std::string where() const override { return path_in(sink_.folder_, sink_.file_of(table_)); }

 private:
  /// The rows stay until `publish`: whoever dies before it is kept that this is finished makes it
  /// again.
  Result<Position> make() {
    auto made = AtomicFile::go_on(where(), {}, sink_.files_);
    if (!made) return std::unexpected(std::move(made).error());
    const auto done = sink_.maker_->make(table_, file_->temporary(), (*made)->temporary());
    if (!done) return std::unexpected(Error{done.error()}.in(where()));
    if (auto taken = (*made)->take_in(); !taken) return std::unexpected(std::move(taken).error());
    auto position = (*made)->commit();
    if (!position) return position;
    position->rows = rows_;
    made_ = *std::move(made);
    return position;
  }

  FolderSink& sink_;
  const Table& table_;
  std::unique_ptr<TextFormat> format_;
  std::unique_ptr<AtomicFile> file_;
  std::unique_ptr<AtomicFile> made_;  ///< out of the rows in `file_`
  std::string text_;
  std::uint64_t rows_ = 0;
  bool ended_ = false;
  Position finished_;
};

FolderSink::FolderSink(std::string folder, TextOptions options, Provenance from, FileSystem& files,
                       FileMaker* maker)
    : folder_{std::move(folder)},
      options_{options},
      from_{std::move(from)},
      files_{files},
      maker_{maker} {}

std::string FolderSink::file_of(const Table& table) const {
  return std::string{table.name} + std::string{file_extension(options_.format)};
}

std::string FolderSink::rows_path(const Table& table) const {
  return path_in(folder_, file_of(table) + (maker_ != nullptr ? ".rows" : ""));
}

Result<std::unique_ptr<Writer>> FolderSink::open(const Table& table, const Position& position) {
  if (maker_ == nullptr && options_.format == FileFormat::parquet)
    return fail(Code::bad_request, path_in(folder_, file_of(table)) + ": nobody makes such files");
  if (!folder_.empty())
    if (auto made = make_folders(folder_, files_); !made)
      return std::unexpected(std::move(made).error());
  if (maker_ != nullptr)
    if (auto free = check_place(files_, path_in(folder_, file_of(table))); !free)
      return std::unexpected(std::move(free).error());
  auto file = AtomicFile::go_on(rows_path(table), position, files_);
  if (!file) return std::unexpected(std::move(file).error());
  auto writer = std::make_unique<FileWriter>(*this, table, *std::move(file));
  if (auto begun = writer->begin(position); !begun)
    return std::unexpected(std::move(begun).error());
  return writer;
}

Status FolderSink::name_in_manifest(const Table& table, const Position& position,
                                    const TableProof& proof) {
  // Read each time: whoever looks after the folder may have changed it since.
  auto manifest = read_manifest(folder_, files_);
  if (!manifest) return fail(Code::sink_failed, path_in(folder_, {}) + manifest.error().what);
  const std::string name = file_of(table);
  ManifestFile file{.file = name,
                    .table = std::string{table.name},
                    .rows = position.rows,
                    .bytes = position.bytes,
                    .sha256 = position.sha256,
                    .replaces = {},
                    .from = from_,
                    .proof = proof};
  // Not what the manifest names: that may never have come, because its run died before the rename.
  if (const auto there = measure_file(path_in(folder_, name), files_);
      there && there->sha256 != file.sha256)
    file.replaces = there->sha256;
  manifest->put(std::move(file));
  return write_manifest(folder_, *manifest, files_);
}

Result<bool> FolderSink::publish_finished(const Table& table, const Position& position,
                                          const TableProof& proof) {
  const std::string path = path_in(folder_, file_of(table));
  if (maker_ != nullptr) files_.remove(AtomicFile::temporary_of(rows_path(table)).c_str());
  auto file = AtomicFile::go_on(path, position, files_);
  if (!file) return std::unexpected(std::move(file).error());
  if ((*file)->bytes() == position.bytes) {
    if (auto named = name_in_manifest(table, position, proof); !named)
      return std::unexpected(std::move(named).error());
    if (auto published = (*file)->publish(); !published)
      return std::unexpected(std::move(published).error());
    return true;
  }
  (*file)->discard();
  // The rename was the last thing the earlier process did, or somebody moved the file.
  const auto there = measure_file(path, files_);
  if (!there && there.error().code != Code::not_found) return std::unexpected(there.error());
  if (!there || there->bytes != position.bytes || there->sha256 != position.sha256) return false;
  // The earlier process may have died between its rename and the sync of the folder.
  if (auto synced = (*file)->sync_folder(); !synced)
    return std::unexpected(std::move(synced).error());
  return true;
}

}  // namespace callrail
