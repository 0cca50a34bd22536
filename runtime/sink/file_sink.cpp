#include "slices.hpp"

#include <callrail/file_sink.hpp>

#include <utility>

namespace callrail {

namespace {

class FileWriter : public Writer {
 public:
  FileWriter(const Table& table, const TextOptions& options, std::unique_ptr<AtomicFile> file)
      : table_{table}, format_{make_text_format(options)}, file_{std::move(file)} {}

  Status begin() {
    text_.clear();
    format_->begin(table_, text_);
    return file_->append(text_);
  }

  Status write(const Rows& rows) override {
    return in_slices(rows, [&](const Rows& slice) {
      text_.clear();
      format_->rows(table_, slice, text_);
      return file_->append(text_);
    });
  }

  Status finish() override {
    if (!std::exchange(ended_, true)) {
      text_.clear();
      format_->end(table_, text_);
      if (auto appended = file_->append(text_); !appended) return appended;
    }
    return file_->finish();
  }

  std::uint64_t bytes() const override { return file_->bytes(); }
  std::string where() const override { return file_->path(); }

 private:
  const Table& table_;
  std::unique_ptr<TextFormat> format_;
  std::unique_ptr<AtomicFile> file_;
  std::string text_;
  bool ended_ = false;
};

std::string path_in(const std::string& folder, Text name) {
  std::string path = folder;
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(name);
}

}  // namespace

FolderSink::FolderSink(std::string folder, TextOptions options, FileSystem& files)
    : folder_{std::move(folder)}, options_{options}, files_{files} {}

Result<std::unique_ptr<Writer>> FolderSink::open(const Table& table) {
  if (!folder_.empty())
    if (auto made = make_folders(folder_, files_); !made)
      return std::unexpected(std::move(made).error());
  std::string name{table.name};
  name += file_extension(options_.format);
  auto file = AtomicFile::open(path_in(folder_, name), files_);
  if (!file) return std::unexpected(std::move(file).error());
  auto writer = std::make_unique<FileWriter>(table, options_, *std::move(file));
  if (auto begun = writer->begin(); !begun) return std::unexpected(std::move(begun).error());
  return writer;
}

}  // namespace callrail
