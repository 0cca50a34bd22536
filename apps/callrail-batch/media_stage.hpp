#pragma once

#include "config.hpp"

#include <callrail/fetch_media.hpp>
#include <callrail/folder_lock.hpp>
#include <callrail/media_folder.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace callrail::cli {

/// The files behind rows, beside a run: notes them while rows are read, and fetches them
/// afterwards.
class MediaStage {
 public:
  /// Takes the folder for this run; a dry run only looks. Api, config and clock outlive it.
  static Result<std::unique_ptr<MediaStage>> open(const Api&, const Config&, std::string key,
                                                  const Clock&);

  MediaQueue& queue();
  /// `summary`: of the run so far; where that was ended early, nothing is fetched.
  MediaSummary finish(const Summary& summary, Client&, const Clock&,
                      const std::function<bool()>& stop,
                      const std::function<void(const MediaSummary&)>& progress);

 private:
  MediaStage(const Api& api, const Config& config, std::string key)
      : api_{api}, config_{config}, key_{std::move(key)}, count_{config.media.folder} {}

  const Api& api_;
  const Config& config_;
  std::string key_;
  MediaCount count_;
  std::optional<FolderLock> lock_;
  std::unique_ptr<MediaFolder> folder_;  ///< none: a dry run
};

}  // namespace callrail::cli
