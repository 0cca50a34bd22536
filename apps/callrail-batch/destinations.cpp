#include "destinations.hpp"

#include "process.hpp"

#include <callrail/file_sink.hpp>
#include <callrail/tee_checkpoint.hpp>
#include <callrail/tee_sink.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <set>
#include <unistd.h>

namespace callrail::cli {
namespace {

/// The folder or the stream; nothing where there are databases only.
std::unique_ptr<Sink> make_file_sink(const Config& config, FileMaker* maker) {
  if (!config.output.has_folder() && !config.output.standard_output) return nullptr;
  if (config.dry_run) return std::make_unique<NullSink>(config.text);
  if (config.output.standard_output)
    return std::make_unique<StreamSink>(STDOUT_FILENO, config.text, real_files(),
                                        [] { return stop_signal().has_value(); });
  return std::make_unique<FolderSink>(
      config.output.folder.string(), config.text,
      provenance_of(config, config.extract.began.value_or(config.now)), real_files(), maker);
}

}  // namespace

Result<Destinations> Destinations::open(Config& config, const Api& api, std::string_view key,
                                        const Clock& clock, bool may_go_on,
                                        const std::function<void(const std::string&)>& say,
                                        FileMaker* maker) {
  Destinations to;
  const auto open_all = [&]() -> Status {
    to.held_.reset();
    to.databases_ = std::make_unique<Warehouses>();
    auto databases = Warehouses::open(config, api, key, clock, say);
    if (!databases) return std::unexpected(std::move(databases).error());
    *to.databases_ = *std::move(databases);
    if (config.dry_run || !config.output.has_folder()) return {};
    auto held = hold_folder(config, api, key, clock, may_go_on);
    if (!held) return std::unexpected(std::move(held).error());
    if (held->created) to.created_ = config.output.folder;
    to.held_ = std::make_unique<HeldFolder>(*std::move(held));
    return {};
  };
  if (auto status = open_all(); !status) return std::unexpected(std::move(status).error());
  if (to.has_databases()) {
    const auto going_on = to.databases_->go_on();
    const bool folder_goes_on = to.held_ != nullptr && to.held_->checkpoint != nullptr &&
                                to.held_->checkpoint->began().has_value();
    if (!going_on || (to.held_ != nullptr && *going_on != folder_goes_on)) {
      to.warnings_.emplace_back(
          "an unfinished run is not gone on with: not all destinations know of it");
      config.resume = Resume::never;
      config.extract.began.reset();
      if (auto status = open_all(); !status) return std::unexpected(std::move(status).error());
    } else if (*going_on && to.held_ == nullptr) {
      go_on_as_begun(config, *to.databases_->began());
      to.news_.push_back(
          fmt::format("goes on with the run begun at {:%Y-%m-%dT%H:%M:%SZ}, whose days end there; "
                      "--restart begins anew",
                      std::chrono::floor<std::chrono::seconds>(*config.extract.began)));
    }
  }
  if (to.held_ != nullptr) {
    if (!to.held_->warning.empty()) to.warnings_.push_back(to.held_->warning);
    if (!to.held_->news.empty()) to.news_.push_back(to.held_->news);
  }
  to.put_together(config, maker);
  return to;
}

/// A folder leads, wherever it was named: it is the one that goes on behind a byte.
void Destinations::put_together(const Config& config, FileMaker* maker) {
  std::vector<Sink*> sinks;
  std::vector<Checkpoint*> checkpoints;
  files_ = make_file_sink(config, maker);
  if (files_ != nullptr) sinks.push_back(files_.get());
  if (held_ != nullptr && held_->checkpoint != nullptr)
    checkpoints.push_back(held_->checkpoint.get());
  for (Warehouse* const warehouse : databases_->all()) {
    sinks.push_back(warehouse);
    checkpoints.push_back(warehouse);
  }
  sink_ = sinks.front();
  checkpoint_ = checkpoints.empty() ? nullptr : checkpoints.front();
  if (sinks.size() > 1) {
    tee_ = std::make_unique<TeeSink>(std::move(sinks));
    sink_ = tee_.get();
  }
  if (checkpoints.size() > 1) {
    checkpoints_ = std::make_unique<TeeCheckpoint>(std::move(checkpoints));
    checkpoint_ = checkpoints_.get();
  }
}

Status Destinations::end_run(Summary& summary, std::optional<int> signal) {
  // Before the folder's: that one decides whether there is a run to go on with.
  auto ended = databases_->end_run(summary, signal);
  if (held_ != nullptr && held_->checkpoint != nullptr && !summary.resumable)
    if (const auto removed = held_->checkpoint->remove(); !removed)
      summary.warnings.push_back(removed.error().what);
  return ended;
}

Destinations::~Destinations() {
  if (held_ == nullptr || created_.empty()) return;
  held_.reset();
  // A folder with files stays.
  std::error_code not_empty;
  std::filesystem::remove(created_, not_empty);
}

std::function<std::optional<std::string>(const Endpoint&, const Scope&)> begin_of_lists(
    const Warehouses& databases, Log& log) {
  return [&databases, &log, told = std::set<std::string, std::less<>>{}](
             const Endpoint& endpoint, const Scope& scope) mutable {
    auto from = databases.read_from(endpoint, scope);
    if (from)
      log.debug(fmt::format("{}: delta from {}", endpoint.name, *from));
    else if (told.insert(std::string{endpoint.name}).second)
      log.info(fmt::format("{}: no history in the database: a full load of all the API keeps",
                           endpoint.name));
    return from;
  };
}

std::string scratch_of(const Config& config) {
  if (config.dry_run) return {};
  if (config.output.has_folder()) return config.output.folder.string();
  constexpr std::string_view file = "sqlite:";
  for (const std::string& database : config.output.databases)
    if (database.starts_with(file)) {
      const auto folder = std::filesystem::path{database.substr(file.size())}.parent_path();
      return folder.empty() ? "." : folder.string();
    }
  std::error_code none;
  return config.output.databases.empty() ? std::string{}
                                         : std::filesystem::temp_directory_path(none).string();
}

}  // namespace callrail::cli
