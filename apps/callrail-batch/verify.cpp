#include "verify.hpp"

#include "exit_code.hpp"

#include <callrail/manifest.hpp>
#include <callrail/parquet.hpp>
#include <callrail/sqlite_checkpoint.hpp>
#include <callrail/text_format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace callrail::cli {
namespace {

namespace fs = std::filesystem;

struct Finding {
  std::string text;
  bool good = false;
};

/// Counts the rows of Parquet files, if DuckDB can be had.
class RowCount {
 public:
  explicit RowCount(const std::string& duckdb) : duckdb_{duckdb} {}

  /// Of other files too: nothing.
  std::optional<Result<std::uint64_t>> of(const std::string& path) {
    if (!path.ends_with(file_extension(FileFormat::parquet))) return std::nullopt;
    if (!std::exchange(tried_, true))
      if (auto loaded = Parquet::load(duckdb_)) parquet_ = *std::move(loaded);
    if (parquet_ == nullptr) return std::nullopt;
    return parquet_->rows_in(path);
  }

 private:
  std::string duckdb_;
  std::unique_ptr<Parquet> parquet_;
  bool tried_ = false;
};

Finding compare(const std::string& folder, const ManifestFile& file, RowCount& count) {
  const auto there = measure_file((fs::path{folder} / file.file).string());
  if (!there && there.error().code == Code::not_found) return {"missing", false};
  if (!there) return {there.error().what, false};
  const auto& sum = file.proof.sum;
  if (there->sha256 == file.sha256 && sum && file.proof.proof && sum->rows != file.rows)
    return {fmt::format("as written: but its {} lists had {} rows, and {} were written", sum->lists,
                        sum->rows, file.rows),
            false};
  if (there->sha256 == file.sha256) {
    const auto rows = count.of((fs::path{folder} / file.file).string());
    if (rows && !*rows) return {"as written: but " + rows->error().what, false};
    if (rows && **rows != file.rows)
      return {fmt::format("as written: but it has {} rows, and {} were written", **rows, file.rows),
              false};
    return {fmt::format("as written: {} rows, {} bytes, {}", file.rows, file.bytes,
                        file.proof.proof ? to_text(*file.proof.proof) : "ended by a limit"),
            true};
  }
  if (!file.replaces.empty() && there->sha256 == file.replaces)
    return {"the run that replaces it stopped just before the end; run it again", false};
  return {fmt::format("changed: {} bytes, {} were written", there->bytes, file.bytes), false};
}

/// Files of data that no manifest vouches for.
std::set<std::string> strangers(const std::string& folder, const Manifest& manifest) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder, error}) {
    const std::string name = entry.path().filename().string();
    const bool is_data = std::ranges::any_of(
        file_formats, [&](FileFormat format) { return name.ends_with(file_extension(format)); });
    if (is_data && !name.starts_with('.') && name != Manifest::name &&
        manifest.find(name) == nullptr)
      names.insert(name);
  }
  return names;
}

}  // namespace

int verify(const std::string& folder, bool strict,
           const std::function<void(const std::string&)>& print, std::string& error,
           const std::string& duckdb) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) {
    error = folder + ": there is no such folder; name one that a run wrote into";
    return exit_usage;
  }
  const auto manifest = read_manifest(folder);
  if (!manifest) {
    error = folder + ": " + manifest.error().what;
    return manifest.error().code == Code::sink_failed ? exit_destination : exit_incomplete;
  }
  // Also while it is at work: the lock of a process that is gone may lie there as well.
  const bool unfinished = fs::exists(fs::path{folder} / SqliteCheckpoint::name, failed);
  if (manifest->files.empty() && unfinished) {
    error = folder +
            ": the run into it is not finished, and no file is there yet; wait for it, or start it "
            "again with the same command";
    return exit_incomplete;
  }
  if (manifest->files.empty()) {
    error = folder + ": no " + std::string{Manifest::name} +
            " names a file here; name a folder that a run wrote into";
    return exit_usage;
  }
  std::size_t bad = 0;
  const ManifestFile* unproven = nullptr;
  RowCount count{duckdb};
  for (const ManifestFile& file : manifest->files) {
    const Finding finding = compare(folder, file, count);
    print(file.file + ": " + finding.text);
    bad += finding.good ? 0 : 1;
    if (unproven == nullptr && file.proof.proof && !is_complete(*file.proof.proof))
      unproven = &file;
  }
  for (const std::string& name : strangers(folder, *manifest))
    print(name + ": not in the manifest");
  if (unfinished) print("a run into this folder is not finished; the same command goes on with it");
  if (bad != 0) {
    error =
        fmt::format("{}: {} of {} files are not as they were written; run again what wrote them",
                    folder, bad, manifest->files.size());
    return exit_incomplete;
  }
  if (strict && unproven != nullptr) {
    error = unproven->file + ": " + std::string{to_text(*unproven->proof.proof)} +
            "; read it again, or verify without --strict";
    return exit_unproven;
  }
  return exit_complete;
}

}  // namespace callrail::cli
