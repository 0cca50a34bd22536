#include "row_lines.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cerrno>
#include <io.hpp>
#include <json_scan.hpp>
#include <json_text.hpp>
#include <utility>

namespace callrail {

Result<RowsOnDisk> RowsOnDisk::open(const Table& table, const std::string& path) {
  RowsOnDisk rows;
  rows.path_ = path;
  rows.file_.reset(std::fopen(path.c_str(), "rbe"));
  if (rows.file_ == nullptr) return std::unexpected(file_error(path, errno));
  for (const Column& column : table.columns)
    append_json_string(column.name, rows.keys_.emplace_back());
  rows.cells_.resize(table.columns.size());
  return rows;
}

Result<std::span<const Cell>> RowsOnDisk::next() {
  char* line = line_.release();
  errno = 0;
  const ssize_t size = ::getline(&line, &room_, file_.get());
  line_.reset(line);
  if (size < 0) {
    if (std::feof(file_.get()) != 0) return {};
    return std::unexpected(file_error(path_, errno));
  }
  bytes_ += static_cast<std::uint64_t>(size);
  ++rows_;
  const Text text{line, static_cast<std::size_t>(size)};
  if (!text.ends_with('\n') || !parse(text.substr(0, text.size() - 1)))
    return fail(
        Code::sink_failed,
        fmt::format("{}: row {} is not as it was written; run again with --restart", path_, rows_));
  return std::span<const Cell>{cells_};
}

bool RowsOnDisk::parse(Text line) {
  if (!simdjson::validate_utf8(line.data(), line.size())) return false;
  std::ranges::fill(cells_, Cell{});
  scratch_.clear();
  if (scratch_.capacity() < line.size()) scratch_.reserve(line.size());
  JsonScan scan{line};
  if (!scan.take('{')) return false;
  if (scan.take('}')) return scan.done();
  std::size_t at = 0;  // members come in the order of the columns, and some do not come
  do {
    const auto key = scan.string();
    if (!key || !scan.take(':')) return false;
    while (at < keys_.size() && keys_[at] != *key) ++at;
    const auto value = scan.value();
    if (at == keys_.size() || !value) return false;
    cells_[at++] = cell_of_json(*value, scratch_);
  } while (scan.take(','));
  return scan.take('}') && scan.done();
}

}  // namespace callrail
