#pragma once

#include <callrail/atomic_file.hpp>
#include <callrail/clock.hpp>
#include <callrail/media.hpp>

#include <memory>
#include <string>

namespace callrail {

/// Files named by the keys of their rows, and `_media.sqlite`, which knows what is wanted, here
/// (bytes, SHA-256) and missing (since when, why). A file is renamed to its name when it is whole,
/// and only then noted; a whole file nobody noted is noted when its turn comes, so whatever moment
/// a process is killed at, what stands there need not be fetched again. Folder and files are for
/// the owner alone (0700, 0600).
class MediaFolder final : public MediaStore {
 public:
  static constexpr Text index_name = "_media.sqlite";
  /// What the API no longer had is asked for again when its row is read after so long.
  static constexpr std::chrono::days missing_for{7};

  /// Creates the folder. The caller holds its lock. `base_url`: whose rows these are; a folder
  /// holds those of one API. `api`, `clock` and `files` outlive it.
  static Result<std::unique_ptr<MediaFolder>> open(const std::string& folder, const Api& api,
                                                   const std::string& base_url, const Clock& clock,
                                                   FileSystem& files = real_files());
  ~MediaFolder() override;

  void add(const Endpoint&, const Media&, const Scope&, Text key) override;
  Status commit() override;
  Result<std::optional<MediaItem>> next() override;
  Result<std::unique_ptr<MediaWriter>> open(const MediaItem&, const Media&) override;
  Status missing(const MediaItem&, std::string_view why) override;
  Status failed(const MediaItem&, std::string_view why) override;
  Result<Counts> count() override;
  std::string where() const override;

 private:
  struct State;
  class Writer;
  explicit MediaFolder(std::unique_ptr<State>);
  std::unique_ptr<State> state_;
};

/// The name of a file: the key, with %XX for what a name had better not hold.
std::string media_file_name(Text key, Text extension);

/// Counts what a run would fetch, and how many of the files are there. Writes nothing.
class MediaCount final : public MediaQueue {
 public:
  explicit MediaCount(std::string folder) : folder_{std::move(folder)} {}
  void add(const Endpoint&, const Media&, const Scope&, Text key) override;
  Status commit() override { return {}; }
  MediaSummary summary() const;

 private:
  std::string folder_;
  std::uint64_t here_ = 0, left_ = 0;
};

}  // namespace callrail
