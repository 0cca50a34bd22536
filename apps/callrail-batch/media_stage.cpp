#include "media_stage.hpp"

#include "version.hpp"

#include <callrail/url.hpp>

#include <fmt/format.h>

namespace callrail::cli {
namespace {

CurlMediaOptions transport_options(const Config& config) {
  CurlMediaOptions options;
  options.user_agent = fmt::format("callrail-batch/{}", version);
  const auto base = parse_url(config.extract.base_url);
  options.plain_http = base && is_loopback(base->host);
  return options;
}

bool may_go_on(const Summary& summary) { return !summary.ended && !summary.traffic.quota_used_up; }

}  // namespace

Result<std::unique_ptr<MediaStage>> MediaStage::open(const Api& api, const Config& config,
                                                     std::string key, const Clock& clock) {
  std::unique_ptr<MediaStage> stage{new MediaStage{api, config, std::move(key)}};
  if (config.dry_run) return stage;
  const std::string& folder = config.media.folder;
  if (auto made = make_folders(folder); !made) return std::unexpected(std::move(made).error());
  auto lock = FolderLock::take(folder, clock);
  if (!lock) return std::unexpected(std::move(lock).error());
  stage->lock_ = *std::move(lock);
  auto opened = MediaFolder::open(folder, api, config.extract.base_url, clock);
  if (!opened) return std::unexpected(std::move(opened).error());
  stage->folder_ = *std::move(opened);
  return stage;
}

MediaQueue& MediaStage::queue() {
  if (folder_ != nullptr) return *folder_;
  return count_;
}

MediaSummary MediaStage::finish(const Summary& summary, Client& client, const Clock& clock,
                                const std::function<bool()>& stop,
                                const std::function<void(const MediaSummary&)>& progress) {
  if (folder_ == nullptr) return count_.summary();
  auto kept = folder_->commit();
  if (kept && may_go_on(summary)) {
    const MediaOptions options{.base_url = config_.extract.base_url,
                               .key = key_,
                               .most_bytes = config_.media.most_bytes,
                               .most_requests = config_.media.most_requests};
    CurlMediaTransport transport{transport_options(config_)};
    return fetch_media(api_, options, *folder_, client, transport, clock, stop, progress);
  }
  MediaSummary out;
  out.where = folder_->where();
  out.tried = false;
  if (!kept) out.ended = std::move(kept).error();
  if (const auto counts = folder_->count()) {
    out.here = counts->here;
    out.left = counts->wanted;
    out.missing = counts->missing;
  }
  return out;
}

}  // namespace callrail::cli
